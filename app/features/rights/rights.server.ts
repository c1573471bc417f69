import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Ctx, Role } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import { NotFound } from '../../platform/errors.ts'
import { searchPeople } from '../people/people.server.ts'
import { searchUnits } from '../units/units.server.ts'

/** What gives a person a right today. `via` is the unit whose office took over an abolished one's; `until` the first day that no longer counts. */
export type Ground = {
  ground: number
  kind: 'office' | 'succession' | 'assignment' | 'membership'
  role: string | null // of a membership its status
  title: string | null
  unitId: string
  unit: string | null // null where whoever reads does not see the unit
  via: string | null
  since: Day | null
  until: Day | null
}

export const openings = ['people', 'listed', 'figures', 'name'] as const
export type Opening = (typeof openings)[number]

/** How many units one ground opens, and the first of them by name: its own, then the nearest. */
export type Reach = { ground: number; opens: Opening; units: number; first: string[] }

/** Somebody's rights as the rules of visibility give them. `people` only of oneself; campaigns by name as far as the reader sees them. */
export type Rights = {
  personId: string
  name: string
  isOwn: boolean
  grounds: Ground[]
  reach: Reach[]
  totals: Record<Opening, number>
  people: number | null
  campaigns: { count: number; names: string[] }
}

type Told = {
  name: string
  grounds: (Omit<Ground, 'unit' | 'via'> & { viaId: string | null })[]
  reach: { ground: number; opens: Opening; units: number; first: string[] }[]
  totals: Record<Opening, number>
  campaigns: string[]
}

/** One's own rights, or for an administrator those of an account beneath. NotFound for anybody else's. */
export async function rightsOf({ tx, viewer }: Ctx, personId: string): Promise<Rights> {
  const { rows } = await sql<{ told: Told | null }>`select rights_of(${personId}) as told`.execute(tx)
  const told = rows[0]?.told
  if (!told) throw new NotFound()
  const isOwn = personId === viewer.personId
  const names = await unitNames(tx, [...told.grounds.flatMap((one) => [one.unitId, ...(one.viaId ? [one.viaId] : [])]), ...told.reach.flatMap((one) => one.first)])
  return {
    personId,
    name: told.name,
    isOwn,
    grounds: told.grounds.map(({ viaId, ...ground }) => ({ ...ground, unit: names.get(ground.unitId) ?? null, via: viaId && (names.get(viaId) ?? null) })),
    reach: told.reach.map((one) => ({ ...one, first: one.first.flatMap((id) => names.get(id) ?? []) })),
    totals: told.totals,
    people: isOwn ? await peopleSeen(tx) : null,
    campaigns: { count: told.campaigns.length, names: await campaignNames(tx, told.campaigns) },
  }
}

async function unitNames(tx: Tx, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.selectFrom('unit').select(['id', 'name']).where('id', 'in', [...new Set(ids)]).execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}

async function campaignNames(tx: Tx, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await tx.selectFrom('campaign').select('name').where('id', 'in', ids).orderBy('study_to', 'desc').orderBy('name').execute()
  return rows.map((row) => row.name)
}

async function peopleSeen(tx: Tx): Promise<number> {
  const { rows } = await sql<{ people: number }>`select count(*) as people from viewer_people() as seen (id) where seen.id <> viewer_person()`.execute(tx)
  return rows[0]!.people
}

/** A unit or person that was looked for, and by which grounds it is seen. `how` tells of a person: by membership, by a roster, by the list one administers. */
export type Found = { id: string; name: string; reasons: { ground: number | null; opens?: Opening; how?: string }[] }

/**
 * Units, and of oneself also people, whose name holds these words, each with why it is seen. What the reader does not see is not
 * found. Of somebody else, a unit that is not that person's to see stands without a reason.
 */
export async function whySeen({ tx, viewer }: Ctx, personId: string, words: string): Promise<{ units: Found[]; people: Found[] }> {
  const units = await searchUnits(tx, words, 8)
  const found: Found[] = []
  for (const unit of units) {
    const { rows } = await sql<{ ground: number; opens: Opening }>`select ground, opens from right_to_unit(${personId}, ${unit.id}) order by ground`.execute(tx)
    found.push({ id: unit.id, name: unit.name, reasons: rows })
  }
  return { units: found, people: personId === viewer.personId ? await peopleFound(tx, words) : [] }
}

async function peopleFound(tx: Tx, words: string): Promise<Found[]> {
  const { people } = await searchPeople(tx, words, { limit: 5, offset: 0 })
  const found: Found[] = []
  for (const { personId: id, name } of people) {
    const { rows } = await sql<{ ground: number | null; how: string }>`select distinct ground, how from right_to_person(${id}) order by ground`.execute(tx)
    found.push({ id, name, reasons: rows })
  }
  return found
}

/** The offices among these grounds, as permissions ask for them. */
export function officesOf(grounds: Ground[]): { role: Role; unitId: string; unit: string | null }[] {
  return grounds.flatMap(({ kind, role, unitId, unit }) => (kind === 'office' || kind === 'succession' ? [{ role: role as Role, unitId, unit }] : []))
}
