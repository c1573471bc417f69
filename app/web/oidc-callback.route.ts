import { redirect, type LoaderFunctionArgs } from 'react-router'
import { addressOf } from './addresses.ts'
import { appContext, visitContext } from './context.ts'
import { flashCookie } from './flash.ts'
import { languageOf } from './language.ts'
import { oidcWords } from './oidc.messages.ts'
import { sessionOf } from './visit.server.ts'

const spent = 'thong-suot.oidc=; Path=/sign-in/oidc; Max-Age=0; HttpOnly; SameSite=Lax'
const linkPage = '/me/linked'

/** Where the organisation's own sign-in sends the browser back to: signs in, or links; a refusal is said on the page it began on. */
export async function loader(args: LoaderFunctionArgs) {
  const { request, context } = args
  const { auth } = context.get(appContext)
  if (!auth.oidc) return redirect('/sign-in', 303)
  const session = await sessionOf(args)
  const done = await auth.oidc.finish(request, session && !session.actingId ? session.accountId : null)
  const to = done.backTo === '/' ? null : done.backTo
  const go = (address: string, cookies: string[] = []) => redirect(address, { status: 303, headers: [spent, ...cookies].map((cookie) => ['Set-Cookie', cookie] as [string, string]) })
  if ('refusal' in done) return go(done.isLinking ? addressOf(linkPage, { oidc: done.refusal }) : addressOf('/sign-in', { to, oidc: done.refusal }))
  if (done.isLinking) return go(linkPage, [flashCookie({ sentence: oidcWords.in(languageOf(request))('linked', { provider: auth.oidc.name }), receipt: null })])
  const answer = await auth.admit(done.accountId, { address: context.get(visitContext).address, headers: request.headers })
  if (answer.step === 'out') return go(addressOf('/sign-in', { to, oidc: 'unknown' }))
  return go(answer.step === 'in' ? done.backTo : addressOf('/sign-in/code', { to }), answer.cookies)
}
