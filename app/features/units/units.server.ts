import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Day } from '../../platform/clock.ts'
import { NotFound } from '../../platform/errors.ts'

export type Unit = {
  id: string
  code: string
  kind: string
  name: string
  organisationName: string | null
  symbol: string | null
  place: string | null
}

const columns = [
  'unit.id',
  'unit.code',
  'unit.kind',
  'unit.name',
  'unit.organisation_name as organisationName',
  'unit.symbol',
  'unit.place',
] as const

/** The unit with that code; NotFound when there is none or the viewer does not see it. */
export async function unitByCode(tx: Tx, code: string): Promise<Unit> {
  const unit = await tx.selectFrom('unit').select(columns).where('unit.code', '=', code).executeTakeFirst()
  if (!unit) throw new NotFound()
  return unit
}

/** From the top of the tree down to the unit itself, as far as the viewer sees, as the tree stood on that day. */
export async function trailOf(tx: Tx, unitId: string, day: Day): Promise<Unit[]> {
  return tx
    .selectFrom('unit_ancestor')
    .innerJoin('unit', 'unit.id', 'unit_ancestor.ancestor_id')
    .select(columns)
    .where('unit_ancestor.unit_id', '=', unitId)
    .where(sql<boolean>`unit_ancestor.standing @> ${day}::date`)
    .orderBy('unit_ancestor.depth', 'desc')
    .execute()
}

/** Units directly beneath on that day that the viewer sees, by kind and then by name in Vietnamese order. */
export async function unitsBeneath(tx: Tx, unitId: string, day: Day): Promise<(Unit & { hasMembers: boolean })[]> {
  return tx
    .selectFrom('unit_ancestor')
    .innerJoin('unit', 'unit.id', 'unit_ancestor.unit_id')
    .innerJoin('unit_kind', 'unit_kind.key', 'unit.kind')
    .select([...columns, 'unit_kind.has_members as hasMembers'])
    .where('unit_ancestor.ancestor_id', '=', unitId)
    .where('unit_ancestor.depth', '=', 1)
    .where(sql<boolean>`unit_ancestor.during @> ${day}::date`)
    .orderBy('unit_kind.position')
    .orderBy(sql`unit.name collate "vi-x-icu"`)
    .execute()
}

/** Ids of everything that stands beneath the unit on that day, whoever asks. */
export async function idsBeneath(tx: Tx, unitId: string, day: Day): Promise<string[]> {
  const rows = await tx
    .selectFrom('unit_ancestor')
    .select('unit_id')
    .where('ancestor_id', '=', unitId)
    .where('depth', '>', 0)
    .where(sql<boolean>`unit_ancestor.standing @> ${day}::date`)
    .execute()
  return rows.map((row) => row.unit_id)
}

/** Units whose name or code holds every word, in any order and without marks; the nearest to the top first. Without words, all. */
export async function searchUnits(tx: Tx, words: string, limit = 20): Promise<Unit[]> {
  const wanted = words.trim().split(/\s+/).slice(0, 8) // without words one that is empty, which every name holds
  const { rows } = await sql<Unit>`
    select unit.id, unit.code, unit.kind, unit.name, unit.organisation_name as "organisationName", unit.symbol, unit.place
    from find_units(${wanted}::text[], ${limit}) with ordinality as found (unit_id, position)
    join unit on unit.id = found.unit_id
    order by found.position`.execute(tx)
  return rows
}

/** Who holds which office of the unit on that day: officers sign for the unit, so their names go with it. */
export async function officeHolders(tx: Tx, unitId: string, day: Day): Promise<{ role: string; title: string | null; name: string | null; since: Day }[]> {
  return tx
    .selectFrom('office')
    .select(['office.role', 'office.title', sql<string | null>`office_holder_name(office.person_id)`.as('name'), sql<Day>`lower(office.during)`.as('since')])
    .where('office.unit_id', '=', unitId)
    .where(sql<boolean>`office.during @> ${day}::date`)
    .orderBy(sql`array_position(array['secretary', 'deputy', 'city_officer', 'clerk', 'inspector', 'administrator'], office.role)`)
    .orderBy('office.id')
    .execute()
}

/** The day from which the unit no longer exists and the units that took over from it; null while it exists. */
export async function successionOf(tx: Tx, unitId: string): Promise<{ endedOn: Day; successors: Unit[] } | null> {
  const ended = await tx
    .selectFrom('unit')
    .select(sql<Day | null>`upper(unit.during)`.as('endedOn'))
    .where('unit.id', '=', unitId)
    .executeTakeFirst()
  if (!ended?.endedOn) return null
  const successors = await tx
    .selectFrom('succession')
    .innerJoin('unit', 'unit.id', 'succession.to_unit_id')
    .select(columns)
    .where('succession.from_unit_id', '=', unitId)
    .orderBy(sql`unit.name collate "vi-x-icu"`)
    .execute()
  return { endedOn: ended.endedOn, successors }
}

/** What stands above each unit found, since many have the same name. */
export async function withPlaces(tx: Tx, units: Unit[], day: Day): Promise<{ code: string; name: string; kind: string; above: string | null }[]> {
  const { rows } = await sql<{ unitId: string; above: string }>`
    select unit_ancestor.unit_id as "unitId", string_agg(unit.name, ' › ' order by unit_ancestor.depth desc) as above
    from unit_ancestor
    join unit on unit.id = unit_ancestor.ancestor_id
    where unit_ancestor.unit_id = any (${units.map((unit) => unit.id)}::uuid[]) and unit_ancestor.depth > 0 and unit_ancestor.during @> ${day}::date
    group by unit_ancestor.unit_id`.execute(tx)
  const above = new Map(rows.map((row) => [row.unitId, row.above]))
  return units.map((unit) => ({ code: unit.code, name: unit.name, kind: unit.kind, above: above.get(unit.id) ?? null }))
}

/** How large a unit is: units beneath it, and members of it and beneath; null where those figures are not the viewer's. */
export type UnitSize = { beneath: number; members: number | null }

/** The sizes of these units on a day, by id. */
export async function sizesOf(tx: Tx, unitIds: string[], day: Day): Promise<Map<string, UnitSize>> {
  const { rows } = await sql<UnitSize & { unit_id: string }>`select unit_id, beneath, members from unit_sizes(${unitIds}::uuid[], ${day})`.execute(tx)
  return new Map(rows.map(({ unit_id, ...size }) => [unit_id, size]))
}
