import { redirect, type ActionFunctionArgs } from 'react-router'
import { languages } from '../platform/i18n.ts'
import { appContext } from './context.ts'
import { demandSameOrigin } from './origin.server.ts'
import { ownPath } from './own-path.ts'
import { readForm } from './write.server.ts'

const preferences: Record<string, readonly string[]> = { language: languages, type: ['normal', 'large'] }

/** Keeps the language or the size of letters this browser wants, and goes back to the page it was asked on. */
export async function action({ request, context }: ActionFunctionArgs) {
  demandSameOrigin(request, context.get(appContext).config.publicUrl)
  const form = await readForm(request, 16 * 1024)
  const cookies = Object.entries(preferences).flatMap(([name, choices]) => {
    const chosen = choices.find((choice) => choice === form.get(name))
    return chosen ? [['Set-Cookie', `${name}=${chosen}; Path=/; Max-Age=31536000; SameSite=Lax`] as [string, string]] : []
  })
  const back = form.get('back')
  return redirect(ownPath(typeof back === 'string' ? back : null), { status: 303, headers: cookies })
}

export const loader = () => redirect('/')
