import { redirect, type LoaderFunctionArgs } from 'react-router'
import { asViewer } from '../db/open.ts'
import { today } from '../platform/clock.ts'
import type { Ctx } from '../permissions/permissions.ts'
import { appContext, visitContext, type App, type Session } from './context.ts'
import { loadViewer } from './viewer.server.ts'

type Args = Pick<LoaderFunctionArgs, 'request' | 'context'>

/** Who is signed in on this browser, asked once a request; null for nobody. */
export function sessionOf({ request, context }: Args): Promise<Session | null> {
  const app = context.get(appContext)
  const visit = context.get(visitContext)
  visit.session ??= app.auth.sessionOf(request.headers).then((answer) => {
    visit.cookies.push(...answer.cookies)
    return answer.session
  })
  return visit.session
}

/** Who is signed in; everybody else is sent to sign in and then back to this page. */
export async function demandSession(args: Args): Promise<Session> {
  const session = await sessionOf(args)
  if (session) return session
  const url = new URL(args.request.url)
  throw redirect(args.request.method === 'GET' ? `/sign-in?to=${encodeURIComponent(url.pathname + url.search)}` : '/sign-in', 303)
}

/** Runs in one transaction that sees what this person sees today. */
export function asPerson<Result>(app: App, personId: string, work: (ctx: Ctx) => Promise<Result>, source: Ctx['source'] = 'page'): Promise<Result> {
  const day = today(app.config.timeZone)
  return asViewer(app.db, { personId, today: day }, async (tx) => work({ tx, viewer: await loadViewer(tx, personId, day), source }))
}
