import { sql } from 'kysely'
import type { Tx } from '../db/open.ts'
import type { Day } from '../platform/clock.ts'
import { NotFound } from '../platform/errors.ts'
import type { Role, Viewer } from '../permissions/permissions.ts'

/** The person with the offices held that day, highest unit first. Throws NotFound when there is no such person. */
export async function loadViewer(tx: Tx, personId: string, today: Day): Promise<Viewer> {
  const person = await tx.selectFrom('person').select('name').where('id', '=', personId).executeTakeFirst()
  if (!person) throw new NotFound()
  const offices = await tx
    .selectFrom('office')
    .innerJoin('unit', 'unit.id', 'office.unit_id')
    .innerJoin('unit_kind', 'unit_kind.key', 'unit.kind')
    .select(['office.role', 'office.unit_id', 'unit.name'])
    .where('office.person_id', '=', personId)
    .where(sql<boolean>`office.during @> ${today}::date`)
    .orderBy('unit_kind.position')
    .orderBy('office.id')
    .execute()
  return {
    personId,
    name: person.name,
    today,
    offices: offices.map((office) => ({ role: office.role as Role, unitId: office.unit_id, unitName: office.name })),
  }
}
