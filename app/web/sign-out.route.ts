import { redirect, type ActionFunctionArgs } from 'react-router'
import { appContext } from './context.ts'
import { languageOf } from './language.ts'
import { demandSameOrigin } from './origin.server.ts'
import { refuse } from './refusal.server.ts'

/** Ends the session of this browser, in the database too. */
export async function action({ request, context }: ActionFunctionArgs) {
  const { auth, config, log } = context.get(appContext)
  try {
    demandSameOrigin(request, config.publicUrl)
    const cookies = await auth.signOut(request.headers)
    return redirect('/sign-in', { status: 303, headers: cookies.map((cookie) => ['Set-Cookie', cookie] as [string, string]) })
  } catch (error) {
    throw refuse(error, languageOf(request), log)
  }
}

export const loader = () => redirect('/')
