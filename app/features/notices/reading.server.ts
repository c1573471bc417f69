import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../../db/open.ts'
import type { Ctx } from '../../permissions/permissions.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Reading } from './notices.schema.ts'
import { ownNotice, tell } from './notice-views.server.ts'

/** Marks notices of one's own as read, at one's other open pages too; those of others are not there. Returns how many were unread. */
export async function markRead({ tx, viewer }: Ctx, { noticeIds, isAll }: z.output<typeof Reading>): Promise<number> {
  const { numAffectedRows } = await sql`
    update notice set read_at = clock_timestamp()
    where notice.read_at is null and notice.person_id = ${viewer.personId} and (${isAll} or notice.id = any (${noticeIds}::uuid[]))`.execute(tx)
  if (numAffectedRows === 0n && !isAll) await demandOwn(tx, viewer.personId, noticeIds)
  await sql`select pg_notify('notice', ${viewer.personId})`.execute(tx)
  return Number(numAffectedRows ?? 0n)
}

/** What was read before may be marked again; what nobody sent to the reader may not. */
async function demandOwn(tx: Tx, personId: string, noticeIds: string[]): Promise<void> {
  const own = await tx.selectFrom('notice').select('id').where('person_id', '=', personId).where('id', 'in', noticeIds).executeTakeFirst()
  if (!own) throw new NotFound()
}

/** The page that a notice opens; it is read from now on. What is closed to the reader meanwhile leads back to the list. Throws NotFound. */
export async function openNotice(ctx: Ctx, id: string): Promise<string> {
  const notice = await ownNotice(ctx.tx, id)
  if (!notice) throw new NotFound()
  await markRead(ctx, { noticeIds: [id], isAll: false })
  const [told] = await tell(ctx.tx, [notice], 'vi')
  return told!.path ?? `/notices#notice-${id}`
}
