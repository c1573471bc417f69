import { sql } from 'kysely'
import type { Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import { plain } from './reading/values.ts'
import type { RowProblem, UnitNamed } from './reading/rows.ts'

/** A unit the viewer sees, with what stands above it as far as the viewer sees. */
export type SeenUnit = { id: string; code: string; name: string; organisationName: string | null; kind: string; hasMembers: boolean; parentId: string | null; isKept: boolean }

/** Units by the names that people write. */
export type UnitBook = { byId: Map<string, SeenUnit>; find: (named: UnitNamed) => { unit: SeenUnit } | { problem: Omit<RowProblem, 'column' | 'value'> } }

/** The right a list is about: whose members one keeps, under which units one puts others, in which units one appoints. */
export type Kept = 'viewer_kept_units' | 'viewer_parenting_units' | 'viewer_appointed_units'

/** Every unit that the viewer sees as of that day, by code and by name. */
export async function unitBook({ tx }: Pick<Ctx, 'tx'>, kept: Kept, day: Day): Promise<UnitBook> {
  const rights = {
    viewer_kept_units: sql`select viewer_kept_units()`,
    viewer_parenting_units: sql`select viewer_parenting_units()`,
    // an administrator appoints beneath and at the top, a secretary in the units directly beneath
    viewer_appointed_units: sql`select viewer_appointed_units() union select unit_ancestor.unit_id from unit_ancestor
      where unit_ancestor.ancestor_id in (select viewer_administered_tops()) and unit_ancestor.standing @> viewer_today()
        and (unit_ancestor.depth > 0 or not exists (select from unit_parent where unit_parent.unit_id = unit_ancestor.unit_id))`,
  }
  const { rows } = await sql<Omit<SeenUnit, 'parentId'>>`
    with kept (unit_id) as materialized (${rights[kept]})
    select unit.id, unit.code, unit.name, unit.organisation_name as "organisationName", unit.kind, unit_kind.has_members as "hasMembers",
           unit.id in (select kept.unit_id from kept) as "isKept"
    from unit
    join unit_kind on unit_kind.key = unit.kind
    where unit.during @> ${day}::date
    order by unit.code`.execute(tx)
  // joined here: the planner takes what the policies leave for a handful and compares each unit with each
  const parents = await sql<{ unitId: string; parentId: string }>`
    select unit_parent.unit_id as "unitId", unit_parent.parent_id as "parentId" from unit_parent where unit_parent.during @> ${day}::date`.execute(tx)
  const parentOf = new Map(parents.rows.map(({ unitId, parentId }) => [unitId, parentId]))
  return bookOf(rows.map((unit) => ({ ...unit, parentId: parentOf.get(unit.id) ?? null })))
}

function bookOf(units: SeenUnit[]): UnitBook {
  const byId = new Map(units.map((unit) => [unit.id, unit]))
  const byCode = new Map(units.map((unit) => [unit.code, unit]))
  const byName = new Map<string, SeenUnit[]>()
  for (const unit of units) for (const key of new Set([unit.name, unit.organisationName].flatMap((name) => (name ? keysOf(name) : [])))) byName.set(key, [...(byName.get(key) ?? []), unit])
  const known = new Map<string, ReturnType<UnitBook['find']>>()
  const aboveOf = (unit: SeenUnit): SeenUnit[] => {
    const chain: SeenUnit[] = []
    for (let at = unit.parentId ? byId.get(unit.parentId) : undefined; at && chain.length < 20; at = at.parentId ? byId.get(at.parentId) : undefined) chain.push(at)
    return chain
  }
  const label = (unit: SeenUnit) => [unit.name, aboveOf(unit)[0]?.name].filter(Boolean).join(', ') + ` (${unit.code})`

  const find = ({ code, name, above, aboveCode }: UnitNamed): ReturnType<UnitBook['find']> => {
    if (code) {
      const unit = byCode.get(code.toLowerCase())
      if (unit) return { unit }
      if (!name) return { problem: { key: 'unitCodeUnknown', values: { nearest: nearest(code, units, label) } } }
    }
    const full = keysOf(name ?? '')
    let found = full.length > 0 ? (byName.get(full[0]!) ?? full.slice(1).flatMap((key) => byName.get(key) ?? [])) : []
    found = [...new Set(found)]
    if (found.length > 1) {
      const said = [above, aboveCode].filter((text) => text !== undefined)
      const near = found.filter((unit) => said.length > 0 && said.every((text) => aboveOf(unit).some((one) => one.code === text || [one.name, one.organisationName].some((own) => own && stem(own) === stem(text)))))
      if (near.length > 0) found = near
    }
    if (found.length > 1) {
      const kept = found.filter(({ isKept }) => isKept)
      if (kept.length > 0) found = kept
    }
    if (found.length === 1) return { unit: found[0]! }
    if (found.length > 1) return { problem: { key: 'unitAmbiguous', values: { units: found.slice(0, 4).map(label).join('; ') } } }
    return { problem: { key: 'unitUnknown', values: { nearest: nearest(name ?? '', units, label) } } }
  }
  return {
    byId,
    find: (named) => {
      const key = JSON.stringify([named.code, named.name, named.above, named.aboveCode])
      if (!known.has(key)) known.set(key, find(named))
      return known.get(key)!
    },
  }
}

/** How a name may be written: in full, "CB" for "Chi bộ", or without "Chi bộ" at all in a column that says so. */
function keysOf(name: string): string[] {
  const full = plain(name).replace(/^cb /, 'chi bo ').replace(/^db /, 'dang bo ')
  if (full === '') return []
  return full.startsWith('chi bo ') ? [full, full.slice(7)] : [full, `chi bo ${full}`]
}

/** "Đảng ủy xã An Hòa" and "Đảng bộ xã An Hòa" are the same committee. */
const stem = (name: string) => plain(name).replace(/^(?:dang uy|dang bo|db|chi bo|chi uy|ban chap hanh dang bo) /, '')

function nearest(text: string, units: SeenUnit[], label: (unit: SeenUnit) => string): string {
  const asked = pairs(plain(text))
  if (asked.size === 0) return ''
  return units
    .map((unit) => ({ unit, likeness: Math.max(likeness(asked, pairs(plain(unit.name))), likeness(asked, pairs(plain(unit.code)))) + (unit.isKept ? 0.05 : 0) }))
    .filter((one) => one.likeness > 0.35)
    .sort((one, other) => other.likeness - one.likeness)
    .slice(0, 3)
    .map((one) => label(one.unit))
    .join('; ')
}

function pairs(text: string): Set<string> {
  const found = new Set<string>()
  for (let at = 0; at < text.length - 1; at++) found.add(text.slice(at, at + 2))
  return found
}

function likeness(one: Set<string>, other: Set<string>): number {
  let both = 0
  for (const pair of one) if (other.has(pair)) both++
  return (2 * both) / (one.size + other.size || 1)
}
