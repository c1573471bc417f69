import { redirect, type LoaderFunctionArgs } from 'react-router'
import { addressOf } from './addresses.ts'
import { appContext } from './context.ts'
import { callbackOf } from './oidc.server.ts'
import { ownPath } from './own-path.ts'

/** Sends the browser to the organisation's own sign-in; `?to=` is the page to come back to. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const { auth } = context.get(appContext)
  const url = new URL(request.url)
  const to = ownPath(url.searchParams.get('to'))
  if (!auth.oidc) return redirect('/sign-in', 303)
  const begun = await auth.oidc.begin({ redirectUri: callbackOf(url.origin), backTo: to })
  if ('refusal' in begun) return redirect(addressOf('/sign-in', { to: to === '/' ? null : to, oidc: begun.refusal }), 303)
  return redirect(begun.url, { status: 303, headers: { 'Set-Cookie': begun.cookie } })
}
