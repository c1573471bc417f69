import { redirect, type LoaderFunctionArgs } from 'react-router'
import { asSystem } from '../db/open.ts'
import { appContext } from './context.ts'
import { flashCookie } from './flash.ts'
import { sessionOf } from './visit.server.ts'

type Args = Pick<LoaderFunctionArgs, 'request' | 'context'>

/** Has this browser's session act by that naming, or by none. Whether the naming is in force is asked anew by every request. */
export async function setActing(args: Args, actingId: string | null): Promise<void> {
  const { db, log } = args.context.get(appContext)
  const session = await sessionOf(args)
  if (!session) return
  await asSystem(db, log, 'a session begins or ends acting for somebody', (tx) =>
    tx.updateTable('account_session').set({ acting_id: actingId }).where('id', '=', session.sessionId).execute(),
  )
}

/** Leaves the mode; what it returns leads to one's own page of namings, which says why. */
export async function leaveActing(args: Args, sentence: string): Promise<Response> {
  await setActing(args, null)
  return redirect('/acting', { status: 303, headers: { 'Set-Cookie': flashCookie({ sentence, receipt: null }) } })
}
