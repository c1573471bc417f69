import type { LoaderFunctionArgs } from 'react-router'
import type { Language } from '../platform/i18n.ts'
import type { Ctx } from '../permissions/permissions.ts'
import { leaveActing } from './acting-mode.server.ts'
import { ActingOver } from './acting-over.ts'
import { appContext } from './context.ts'
import { languageOf } from './language.ts'
import { refuse } from './refusal.server.ts'
import { asPerson, demandSession } from './visit.server.ts'

/** What a page is asked for, beside who asks. */
export type Asked<Args extends LoaderFunctionArgs> = { url: URL; params: Args['params']; language: Language; request: Request }

/**
 * Does two readings at once: `own` in the page's transaction, `other` in a second one of the same viewer, which may see a moment more.
 * While half of the server's connections are in use, one after the other in the page's own: no request then waits for a second
 * connection with one in its hand, and at most half of them ever do.
 */
export type Both = <Own, Other>(own: () => Promise<Own>, other: (ctx: Ctx) => Promise<Other>) => Promise<[Own, Other]>

/**
 * What every loader of a signed-in page is: signs in by the cookie, opens one transaction as the viewer, answers.
 * NotFound, Forbidden and Refused become 404, 403 and 400 with their sentence, shown by the root's error page.
 */
export async function read<Args extends LoaderFunctionArgs, Result>(
  args: Args,
  work: (ctx: Ctx, asked: Asked<Args> & { both: Both }) => Promise<Result>,
): Promise<Result> {
  const app = args.context.get(appContext)
  const language = languageOf(args.request)
  try {
    const session = await demandSession(args)
    const url = new URL(args.request.url)
    const mayTakeTwo = () => (app.pool.totalCount - app.pool.idleCount) * 2 < app.pool.options.max
    return await asPerson(app, session, (ctx) => {
      const both: Both = async (own, other) => (mayTakeTwo() ? Promise.all([own(), asPerson(app, session, other)]) : [await own(), await other(ctx)])
      return work(ctx, { url, params: args.params, language, request: args.request, both })
    })
  } catch (error) {
    if (error instanceof ActingOver) throw await leaveActing(args, error.sentence(language))
    throw refuse(error, language, app.log)
  }
}
