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
