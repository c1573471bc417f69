import type pg from 'pg'
import type { MarkedCity } from './marked-city.ts'

// The matrix of who sees which rows, decided row by row from the tables; it shares nothing with the product's SQL.

/** What one person may find, by the numbers of markCity. */
export type Scope = {
  units: Set<number> // by name
  figures: Set<number> // units whose figures and sessions
  persons: Set<number> // by name and birth
  kept: Set<number> // by card, birth and phone: the persons, and for an administrator everybody on the list beneath
  names: Set<number> // by name alone: whoever signs for a unit, and for an administrator everybody beneath
  reasons: Set<number> // of absence
  exemptions: Set<number>
  drafts: Set<number> // units whose drafts of documents and materials
  sentences: Set<number> // persons whose own words about a document
  duties: Set<number> // units by what they owe
  rules: Set<number> // units whose rules reach down to one
  notices: Set<number> // persons whose notices: oneself
}

type Row = { person_id: string; unit_id: string }
export type Records = { memberships: (Row & { is_current: boolean; is_last: boolean })[]; offices: (Row & { role: string; is_current: boolean })[]; assignments: Row[]; roster: Row[]; cards: Map<string, string> }

/** What the oracle decides from, read once as the owner of the database. */
export async function readRecords(pool: pg.Pool): Promise<Records> {
  const rows = async <Found>(statement: string) => (await pool.query(statement)).rows as Found[]
  return {
    memberships: await rows(`select person_id, unit_id, during @> current_date as is_current, lower(during) = max(lower(during)) over (partition by person_id) as is_last from membership`),
    offices: await rows(`select person_id, unit_id, role, during @> current_date as is_current from office`),
    assignments: await rows('select person_id, unit_id from inspection_assignment where during @> current_date'),
    roster: await rows('select person_id, unit_id from roster where superseded_at is null'),
    cards: new Map((await rows<{ username: string; person_id: string }>('select username, person_id from account')).map((account) => [account.username, account.person_id])),
  }
}

const leading = ['city_officer', 'secretary', 'deputy', 'clerk']

/** Whoever leads sees all units beneath and the people one level down; an inspector what is assigned; a member the own chain and self. */
export function scopeOf(city: MarkedCity, records: Records, personId: string): Scope {
  const unitOf = new Map(city.units.map((unit) => [unit.id, unit]))
  const chain = (id: string | null): string[] => (id ? [id, ...chain(unitOf.get(id)!.parent)] : [])
  const chains = new Map(city.units.map((unit) => [unit.id, chain(unit.id)]))
  const beneath = (tops: string[], most = Infinity) =>
    city.units.filter((unit) => tops.some((top) => chains.get(unit.id)!.includes(top) && chains.get(unit.id)!.indexOf(top) <= most)).map((unit) => unit.id)

  const offices = records.offices.filter((office) => office.person_id === personId && office.is_current)
  const led = offices.filter((office) => leading.includes(office.role)).map((office) => office.unit_id)
  const administered = offices.filter((office) => office.role === 'administrator').map((office) => office.unit_id)
  const assigned = records.assignments.filter((one) => one.person_id === personId).map((one) => one.unit_id)
  const own = [...records.memberships.filter((one) => one.person_id === personId && one.is_current), ...offices].map((one) => one.unit_id)

  const responsible = new Set([...beneath(led), ...beneath(assigned)])
  const figures = new Set([...responsible, ...own.flatMap((id) => chains.get(id)!)])
  const units = new Set([...figures, ...beneath(administered)])
  const peopleUnits = new Set([...beneath(led, 1), ...beneath(assigned)])

  const inUnits = (rows: Row[], chosen: Set<string>) => rows.filter((row) => chosen.has(row.unit_id)).map((row) => row.person_id)
  const belonging = records.memberships.filter((one) => one.is_current || one.is_last)
  // an administrator keeps the list of people beneath: names, cards, births and phones, and nothing that they did
  const listed = new Set(beneath(administered))
  const persons = new Set([personId, ...inUnits(belonging, peopleUnits), ...inUnits(records.roster, peopleUnits), ...inUnits(belonging, listed), ...byOfficeAlone(records, listed)])
  const names = new Set([...persons, ...inUnits(records.offices, units)])

  const administeredUnits = new Set(beneath(administered))
  const kept = new Set([...persons, ...inUnits(belonging, administeredUnits), ...byOfficeAlone(records, administeredUnits)])

  // one's own words are read by oneself and, as a paper is, by secretary and deputy of the own cell
  const papers = new Set(offices.filter((office) => office.role === 'secretary' || office.role === 'deputy').map((office) => office.unit_id))
  // whose rules: those one leads or checks, and every unit above these or above one's own
  const ordering = new Set([...figures, ...[...led, ...assigned].flatMap((id) => chains.get(id)!)])
  // a draft is its unit's alone: neither a level above nor one that it is meant for sees it
  const drafting = new Set(led)
  const unitNumbers = (ids: Set<string>) => new Set(city.units.filter((unit) => ids.has(unit.id)).map((unit) => unit.number))
  const personNumbers = (ids: Set<string>) => new Set(city.people.filter((person) => ids.has(person.id)).map((person) => person.number))
  const isMine = (row: { personId: string; unitId: string }, chosen: Set<string>) => row.personId === personId || chosen.has(row.unitId)
  return {
    units: unitNumbers(units),
    figures: unitNumbers(figures),
    drafts: unitNumbers(drafting),
    sentences: new Set(city.sentences.filter((row) => isMine(row, papers)).map((row) => row.number)),
    duties: unitNumbers(responsible),
    rules: unitNumbers(ordering),
    notices: personNumbers(new Set([personId])),
    persons: personNumbers(persons),
    kept: personNumbers(kept),
    names: personNumbers(names),
    reasons: new Set(city.reasons.filter((row) => isMine(row, peopleUnits)).map((row) => row.number)),
    exemptions: new Set(city.exemptions.filter((row) => isMine(row, responsible)).map((row) => row.number)), // levels above get counts and reasons
  }
}

/** Those who belong nowhere and never did, and hold offices in these units and in no others: whoever belongs elsewhere is kept there. */
function byOfficeAlone({ offices, memberships }: Records, chosen: Set<string>): string[] {
  const members = new Set(memberships.map((one) => one.person_id))
  const held = Map.groupBy(offices.filter((office) => office.is_current && !members.has(office.person_id)), (office) => office.person_id)
  return [...held].flatMap(([id, own]) => (own.every((office) => chosen.has(office.unit_id)) ? [id] : []))
}
