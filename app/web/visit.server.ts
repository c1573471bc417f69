import { redirect, type LoaderFunctionArgs } from 'react-router'
import { actFor, asViewer, type Tx } from '../db/open.ts'
import { today } from '../platform/clock.ts'
import { Forbidden } from '../platform/errors.ts'
import type { Ctx, LookedUp } from '../permissions/permissions.ts'
import { forbiddenWithHolders } from '../permissions/who-could.server.ts'
import { ActingOver } from './acting-over.ts'
import { appContext, visitContext, type App, type Session, type Who } from './context.ts'
import { countLookUps } from './look-ups.server.ts'
import { actingInForce, loadViewer } from './viewer.server.ts'

type Args = Pick<LoaderFunctionArgs, 'request' | 'context'>

/** Who is signed in on this browser, asked once a request; null for nobody. `isUse` false where an open page asks by itself. */
export function sessionOf({ request, context }: Args, { isUse = true } = {}): Promise<Session | null> {
  const app = context.get(appContext)
  const visit = context.get(visitContext)
  visit.session ??= app.auth.sessionOf(request.headers, isUse).then((answer) => {
    visit.cookies.push(...answer.cookies)
    return answer.session
  })
  return visit.session
}

/** Who is signed in; everybody else is sent to sign in, or to set up the second factor that is asked of them, and then back to this page. */
export async function demandSession(args: Args): Promise<Session> {
  const session = await sessionOf(args)
  const url = new URL(args.request.url)
  if (session?.mustEnrol && url.pathname !== enrolment) throw redirect(enrolmentFor(url), 303)
  if (session) return session
  throw redirect(args.request.method === 'GET' ? `/sign-in?to=${encodeURIComponent(url.pathname + url.search)}` : '/sign-in', 303)
}

/** Where a second factor is set up; all that is open to who must have one and has none yet. */
export const enrolment = '/me/security/second-factor'
const enrolmentFor = ({ pathname, search }: URL) => (pathname === '/' ? enrolment : `${enrolment}?to=${encodeURIComponent(pathname + search)}`)

/**
 * Runs in one transaction that sees what this person sees today, or the person acted for. A refusal comes back with the names of
 * those who could. Throws ActingOver when the naming is in force no longer.
 */
export async function asPerson<Result>(app: App, who: Who, work: (ctx: Ctx) => Promise<Result>, source: Ctx['source'] = 'page'): Promise<Result> {
  const day = today(app.config.timeZone)
  const seeing = <Seen>(look: (tx: Tx, viewer: Ctx['viewer']) => Promise<Seen>) =>
    asViewer(app.db, { personId: who.personId, today: day, token: who.token }, async (tx) => {
      if (!who.actingId) return look(tx, await loadViewer(tx, who.personId, day))
      const naming = await actingInForce(tx, who.actingId)
      if (!naming) throw new ActingOver()
      await actFor(tx, { helpedId: naming.helpedId, helperId: who.personId })
      return look(tx, { ...(await loadViewer(tx, naming.helpedId, day)), actedBy: { personId: who.personId, name: naming.helperName } })
    })
  const lookedUp: LookedUp = { people: [], units: [] }
  try {
    return await seeing((tx, viewer) => work({ tx, viewer, source, lookedUp }))
  } catch (error) {
    if (lookedUp.people.length + lookedUp.units.length > 0) await seeing((tx) => countLookUps(tx, lookedUp))
    if (!(error instanceof Forbidden) || error instanceof ActingOver) throw error
    // the transaction of the refusal is over, so they are looked up in one of their own
    throw await seeing((tx) => forbiddenWithHolders(tx, error))
  }
}
