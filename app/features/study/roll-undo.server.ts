import { sql } from 'kysely'
import { keepCounts } from '../../db/counts.ts'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { settleDuties } from '../duties/duties.server.ts'
import { openSitting, takenBetween } from './rolls.server.ts'
import { studyWords } from './study.messages.ts'
import type { MarkStatus, RollUndo } from './study.schema.ts'

type Change = { id: string; personId: string; unitId: string; status: MarkStatus; reason: string | null; before: { status: MarkStatus; reason: string | null } | null }

/**
 * Takes back one saving of a roll by its receipt: who was marked before has that mark again, as a new one; who was not
 * is not marked, and the mark stays on record as superseded. Only the person who saved it may, and only while nobody has
 * marked any of these people anew. Throws NotFound, Forbidden, Refused('marks').
 */
export async function undoRoll(ctx: Ctx, { sittingId, receipt }: RollUndo): Promise<Receipt> {
  const { tx, viewer, source } = ctx
  const sitting = await openSitting(ctx, sittingId, 'marks')
  const taken = await takenBetween(ctx, sittingId, receipt)
  if (!taken) throw new NotFound()
  const changes = await changesOf(ctx, sittingId, taken)
  for (const unitId of new Set(changes.map((change) => change.unitId))) demand(viewer, 'take the roll', await chainOf(tx, unitId, viewer.today))
  await keepCounts(tx, sitting.campaignId, { people: changes.map((change) => change.personId) }, async () => {
    const superseded = await tx
      .updateTable('mark')
      .set({ superseded_at: sql`clock_timestamp()` })
      .where('id', 'in', changes.map((change) => change.id))
      .where('superseded_at', 'is', null)
      .executeTakeFirst()
    if (Number(superseded.numUpdatedRows) < changes.length) throw new Refused('marks', studyWords.say('undoneTooLate'))
    const rows = changes.flatMap(({ personId, unitId, before }) =>
      before
        ? [{ sitting_id: sittingId, campaign_id: sitting.campaignId, person_id: personId, unit_id: unitId, status: before.status, reason: before.reason, recorded_by: viewer.personId, source }]
        : [],
    )
    if (rows.length > 0) await tx.insertInto('mark').values(rows).execute()
  })
  const units = new Set([sitting.unitId, ...changes.map((change) => change.unitId)])
  await settleDuties(ctx, { unitId: [...units], campaignId: sitting.campaignId, kinds: ['study'] })
  return note(ctx, {
    action: 'roll.undone',
    unitId: sitting.unitId,
    subjectType: 'sitting',
    subjectId: sitting.id,
    detail: { heldOn: sitting.heldOn, people: changes.length, receipt },
  })
}

async function changesOf({ tx, viewer }: Ctx, sittingId: string, { from, to }: { from: string; to: string }): Promise<Change[]> {
  const { rows } = await sql<Change>`
    select mark.id, mark.person_id as "personId", mark.unit_id as "unitId", mark.status, mark.reason,
           (select jsonb_build_object('status', before.status, 'reason', before.reason)
            from mark as before
            where before.sitting_id = mark.sitting_id and before.person_id = mark.person_id
              and before.superseded_at >= ${from}::timestamptz and before.superseded_at <= mark.recorded_at
            order by before.superseded_at desc
            limit 1) as before
    from mark
    where mark.sitting_id = ${sittingId} and mark.recorded_by = ${viewer.personId}
      and mark.recorded_at between ${from}::timestamptz and ${to}::timestamptz`.execute(tx)
  if (rows.length === 0) throw new Refused('marks', studyWords.say('nothingToUndo'))
  return rows
}
