import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import { NotFound } from '../../platform/errors.ts'
import { trailOf, unitByCode, unitsBeneath, type Unit } from './units.server.ts'

/** Where a page stands in the tree on a day: what the context bar shows, and the same with all that is known of the units. */
export type Place = { unit: Unit; unitTrail: PlaceUnit[]; unitsBeneath: PlaceUnit[]; trail: Unit[]; beneath: Beneath[] }
/** A unit directly beneath; some kinds have no members of their own. */
export type Beneath = Unit & { hasMembers: boolean }
type PlaceUnit = { code: string; name: string }

/** The unit of that code, or the viewer's own when none is asked for. Throws NotFound when it is not the viewer's to see. */
export async function placeOf(ctx: Ctx, code: string | null, asOf: Day): Promise<Place> {
  const unit = code ? await unitByCode(ctx.tx, code) : await ownUnit(ctx)
  if (!unit) throw new NotFound()
  return placeAt(ctx.tx, unit, asOf)
}

/** The place of a unit that is known already. */
export async function placeAt(tx: Tx, unit: Unit, asOf: Day): Promise<Place> {
  const trail = await trailOf(tx, unit.id, asOf)
  const beneath = await unitsBeneath(tx, unit.id, asOf)
  return { unit, trail, beneath, unitTrail: (trail.length > 0 ? trail : [unit]).map(named), unitsBeneath: beneath.map(named) }
}

const named = ({ code, name }: Unit): PlaceUnit => ({ code, name })

/**
 * The unit a person's pages begin with: the highest one led, else the one assigned for inspection, else the one the person
 * belongs to, else that of any office; null for somebody with none of these.
 */
export async function ownUnit({ tx, viewer }: Ctx): Promise<Unit | null> {
  const { rows } = await sql<Unit>`
    select unit.id, unit.code, unit.kind, unit.name, unit.organisation_name as "organisationName", unit.symbol, unit.place
    from (
      select office.unit_id, case when office.role in ('inspector', 'administrator') then 4 else 1 end as rank
      from office
      where office.person_id = ${viewer.personId} and office.during @> ${viewer.today}::date
      union all
      select inspection_assignment.unit_id, 2
      from inspection_assignment
      where inspection_assignment.person_id = ${viewer.personId} and inspection_assignment.during @> ${viewer.today}::date
      union all
      select membership.unit_id, 3
      from membership
      where membership.person_id = ${viewer.personId} and membership.during @> ${viewer.today}::date
    ) as own
    join unit on unit.id = own.unit_id
    join unit_kind on unit_kind.key = unit.kind
    order by own.rank, not unit_kind.has_members, unit_kind.position, unit.code
    limit 1`.execute(tx)
  return rows[0] ?? null
}
