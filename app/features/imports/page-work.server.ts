import type { ActionFunctionArgs } from 'react-router'
import { appContext } from '../../web/context.ts'
import { sessionOf } from '../../web/visit.server.ts'
import { runFor } from './run.server.ts'

const patience = 2000 // ms; what takes longer is shown at work

/** After an action has saved (which it says by a redirect) begins the work that it asked for, and waits for it a moment. */
export async function afterwards<Result>(args: ActionFunctionArgs, idOf: () => string, save: () => Promise<Result>): Promise<Result> {
  try {
    return await save()
  } catch (thrown) {
    const session = thrown instanceof Response && thrown.status === 303 ? await sessionOf(args) : null
    if (session && idOf() !== '') await runFor(patience, args.context.get(appContext), { importId: idOf(), personId: session.personId })
    throw thrown
  }
}
