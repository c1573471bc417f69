import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { SittingHead } from './rolls.server.ts'

/**
 * Who of the people the viewer may mark had studied before the day of a make-up class: it is for the others. Of any other
 * session nobody.
 */
export async function studiedBefore(tx: Tx, sitting: SittingHead): Promise<string[]> {
  if (sitting.kind !== 'make_up_class') return []
  const { rows } = await sql<{ personId: string }>`
    select someone.person_id as "personId"
    from unit_ancestor
    cross join lateral roster_people(${sitting.campaignId}, unit_ancestor.unit_id, ${sitting.heldOn}) as someone
    where unit_ancestor.ancestor_id = ${sitting.unitId} and unit_ancestor.during @> ${sitting.heldOn}::date
      and unit_ancestor.unit_id in (select viewer_people_units())
      and someone.studied_on < ${sitting.heldOn}::date`.execute(tx)
  return rows.map((row) => row.personId)
}
