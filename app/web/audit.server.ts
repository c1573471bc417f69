import { sql } from 'kysely'
import type { Json } from '../db/types.ts'
import type { Ctx } from '../permissions/permissions.ts'

/** What was done, to what, in whose unit. `detail` holds counts, days and ids: never a name or a text of a person. */
export type Entry = {
  action: string
  unitId: string | null
  subjectType: string
  subjectId: string
  detail?: Json
  onBehalfOf?: string | null
}

/** Number of the entry that tells of a change: what the person who made it gets in hand. */
export type Receipt = number

/** Appends an entry to the record of what was done, in the transaction it tells of; the actor is the viewer. */
export async function note({ tx, viewer }: Pick<Ctx, 'tx' | 'viewer'>, entry: Entry): Promise<Receipt> {
  const { id } = await tx
    .insertInto('audit_entry')
    .values({
      actor_id: viewer.personId,
      on_behalf_of: entry.onBehalfOf ?? null,
      action: entry.action,
      unit_id: entry.unitId,
      subject_type: entry.subjectType,
      subject_id: entry.subjectId,
      detail: JSON.stringify(entry.detail ?? {}),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** An entry as the viewer may read it; the actor's name where the person holds or held an office that the viewer sees. */
export type PastEntry = { id: number; at: Date; actor: string | null; action: string; subjectId: string; detail: Record<string, unknown> }

/** What was done to these subjects, latest first, as far as the viewer may know. */
export async function entriesAbout(tx: Ctx['tx'], subjectType: string, subjectIds: string[], most = 20): Promise<PastEntry[]> {
  if (subjectIds.length === 0) return []
  return tx
    .selectFrom('audit_entry')
    .select(['id', 'at', 'action', 'subject_id as subjectId', 'detail', sql<string | null>`office_holder_name(actor_id)`.as('actor')])
    .where('subject_type', '=', subjectType)
    .where('subject_id', 'in', subjectIds)
    .orderBy('id', 'desc')
    .limit(most)
    .$castTo<PastEntry>()
    .execute()
}
