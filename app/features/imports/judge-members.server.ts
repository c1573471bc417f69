import { sql } from 'kysely'
import { v7 } from 'uuid'
import { chainOf, reasonAgainst, type Ctx } from '../../permissions/permissions.ts'
import { addDays, type Day } from '../../platform/clock.ts'
import { lookUp } from '../../web/look-ups.server.ts'
import { bad, namesOf, twice, wrong, type Asked, type Change, type Judged } from './judging.ts'
import type { ReadRow, RowProblem } from './reading/rows.ts'
import { plain } from './reading/values.ts'
import { unitBook, type SeenUnit, type UnitBook } from './unit-names.server.ts'

/** A person the viewer sees, with where the person belongs on the day of the list. */
type Known = {
  id: string
  name: string
  cardKey: string | null
  cardNumber: string | null
  bornOn: Day | null
  gender: string | null
  phone: string | null
  membershipId: string | null
  unitId: string | null
  status: string | null
  exemptReason: string | null
  categoryKey: string | null
  since: Day | null
}

/**
 * Compares a list of members with the people there are: a card's number tells who somebody is, else unit, name and day of birth. What
 * could be one person or two is named and left to the person who knows. Never says where somebody is whom the viewer does not see.
 */
export async function judgeMembers(ctx: Ctx, rows: ReadRow[], asked: Asked): Promise<Judged[]> {
  const units = await unitBook(ctx, 'viewer_kept_units', asked.effectiveOn)
  const placed = rows.map((row) => ({ row, ...placeOf(row, units, asked) }))
  const known = await knownPeople(ctx, rows, placed.flatMap(({ unit }) => (unit ? [unit.id] : [])), asked)
  const may = await exemptingUnits(ctx, placed)
  const sameCard = twice(rows, (row) => (row.fields.cardNumber ? cardKey(row.fields.cardNumber) : null))
  const samePerson = twice(
    placed.filter(({ row, unit }) => unit && row.fields.name && !row.fields.cardNumber),
    ({ row, unit }) => [unit!.id, plain(row.fields.name!), row.fields.bornOn ?? row.fields.birthYear ?? ''].join('|'),
  )
  const judged: Judged[] = []
  for (const place of placed) {
    const { row, unit } = place
    const problems: RowProblem[] = [...place.problems]
    const cards = sameCard.get(row)
    if (cards) problems.push(wrong(row, 'card', 'cardTwice', row.fields.cardNumber, { rows: namesOf(cards, row) }))
    const people = samePerson.get(place)
    if (people) problems.push(wrong(row, 'name', 'personTwice', row.fields.name, { rows: namesOf(people.map((one) => one.row), row) }))
    if (row.fields.bornOn && row.fields.bornOn > addDays(ctx.viewer.today, -18 * 365)) problems.push(wrong(row, 'born', 'bornTooLate', row.fields.bornOn))
    if (row.fields.since && row.fields.since > asked.effectiveOn && row.fields.since > ctx.viewer.today) problems.push(wrong(row, 'since', 'sinceInFuture', row.fields.since))
    judged.push(problems.length > 0 || row.problems.length > 0 || !unit ? bad(row, ...problems) : judgeMember(row, unit, known, units, may, asked))
  }
  return onePersonOnce(judged)
}

function placeOf(row: ReadRow, units: UnitBook, { unitId }: Asked): { unit: SeenUnit | null; problems: RowProblem[] } {
  const named = row.fields.unit
  const own = unitId ? (units.byId.get(unitId) ?? null) : null
  const found = named ? units.find(named) : own ? { unit: own } : fromSheet(row, units)
  const value = named ? (named.name ?? named.code ?? null) : null
  const column = named?.column ?? null
  if ('problem' in found) return { unit: null, problems: [{ ...found.problem, column, value }] }
  const { unit } = found
  if (!unit.isKept) return { unit: null, problems: [{ key: 'unitNotYours', column, value: value ?? unit.name }] }
  if (!unit.hasMembers) return { unit: null, problems: [{ key: 'unitWithoutMembers', column, value: value ?? unit.name }] }
  return { unit, problems: [] }
}

/** A workbook with a sheet for each cell: the sheet's name is the unit's. */
function fromSheet(row: ReadRow, units: UnitBook): ReturnType<UnitBook['find']> {
  const found = row.sheet && !/^(?:sheet|trang tinh|bang)\s*\d*$/i.test(plain(row.sheet)) ? units.find({ name: row.sheet, column: null }) : null
  return found && 'unit' in found ? found : { problem: { key: 'unitMissing' } }
}

type KnownPeople = { byCard: Map<string, Known>; inUnit: Map<string, Known[]>; byBirth: Map<string, Known[]>; taken: Set<string> }

async function knownPeople(ctx: Ctx, rows: ReadRow[], unitIds: string[], { effectiveOn }: Asked): Promise<KnownPeople> {
  const { tx } = ctx
  const cards = [...new Set(rows.flatMap(({ fields }) => (fields.cardNumber ? [cardKey(fields.cardNumber)] : [])))]
  const births = rows.filter(({ fields }) => fields.bornOn && fields.name)
  const { rows: all } = await sql<Known>`
    select id, name, "cardKey", "cardNumber", "bornOn", gender, phone, "membershipId", "unitId", status, "exemptReason", "categoryKey", since::text
    from known_members(${[...new Set(unitIds)]}::uuid[], ${cards}::text[], ${births.map(({ fields }) => fields.bornOn!)}::date[], ${births.map(({ fields }) => plainName(fields.name!))}::text[], ${effectiveOn}::date)`.execute(tx)
  const taken = await lookUp(ctx, 'people', () => sql<{ key: string; id: string; isHidden: boolean }>`select key, id, is_hidden as "isHidden" from cards_taken(${cards}::text[])`.execute(tx))
  return {
    byCard: new Map(all.flatMap((one) => (one.cardKey ? [[one.cardKey, one] as const] : []))),
    inUnit: Map.groupBy(all.filter(({ unitId }) => unitId), (one) => `${one.unitId}|${plain(one.name)}`),
    byBirth: Map.groupBy(all.filter(({ bornOn }) => bornOn), (one) => `${one.bornOn}|${plain(one.name)}`),
    taken: new Set(taken.map(({ key }) => key)),
  }
}

/** Units whose members' exemptions the viewer decides: of the cell, and nobody else's. */
async function exemptingUnits({ tx, viewer }: Ctx, placed: { row: ReadRow; unit: SeenUnit | null }[]): Promise<Set<string>> {
  const units = new Set(placed.flatMap(({ row, unit }) => (unit && row.fields.status ? [unit.id] : [])))
  const own = viewer.offices.map(({ unitId }) => unitId).filter((id) => units.has(id))
  const may = new Set<string>()
  for (const id of own) if (reasonAgainst(viewer, 'exempt a member', await chainOf(tx, id, viewer.today)) === null) may.add(id)
  return may
}

function judgeMember(row: ReadRow, unit: SeenUnit, known: KnownPeople, units: UnitBook, mayExempt: Set<string>, { effectiveOn }: Asked): Judged {
  const { fields } = row
  const found = whoIs(row, unit, known)
  if ('problem' in found) return bad(row, found.problem)
  const since = fields.since ?? effectiveOn
  if (!found.person) {
    if (fields.status === 'exempt' && !mayExempt.has(unit.id)) return bad(row, wrong(row, 'status', 'exemptionNotYours', fields.exemptReason))
    if (fields.status === 'exempt' && !fields.exemptReason) return bad(row, wrong(row, 'status', 'exemptReason', null))
    return { ...row, verdict: 'new', plan: { id: v7(), unitId: unit.id, since } }
  }
  const { person } = found
  const changes: Change[] = []
  const differ = (field: string, from: string | null, to: string | null | undefined) => void (to !== undefined && to !== null && to !== from && changes.push({ field, from, to }))
  differ('name', person.name, fields.name)
  if (fields.cardNumber && cardKey(fields.cardNumber) !== person.cardKey) differ('cardNumber', person.cardNumber, fields.cardNumber)
  differ('bornOn', person.bornOn, fields.bornOn)
  differ('gender', person.gender, fields.gender)
  differ('phone', person.phone, fields.phone)
  if (person.unitId !== unit.id) {
    const from = person.unitId ? units.byId.get(person.unitId) : null
    if (person.unitId && !from?.isKept) return bad(row, wrong(row, 'unit', 'transferNotYours', fields.unit?.name ?? unit.name, { unit: from?.name ?? '' }))
    if (person.since && since < person.since) return bad(row, wrong(row, 'since', 'transferTooEarly', since, { since: person.since }))
    differ('unit', person.unitId ? from!.name : null, unit.name)
    if (!person.unitId && fields.status === 'exempt' && !mayExempt.has(unit.id)) return bad(row, wrong(row, 'status', 'exemptionNotYours', fields.exemptReason))
    if (!person.unitId && fields.status === 'exempt' && !fields.exemptReason) return bad(row, wrong(row, 'status', 'exemptReason', null))
  } else if (fields.since && person.since && fields.since !== person.since) row.notes.push('sinceKept')
  if (person.membershipId) {
    const status = fields.status ?? person.status!
    if ((status === 'exempt') !== (person.status === 'exempt') && !mayExempt.has(person.unitId!)) return bad(row, wrong(row, fields.exemptReason ? 'reason' : 'status', 'exemptionNotYours', fields.exemptReason ?? null))
    if (status === 'exempt' && person.status !== 'exempt' && !fields.exemptReason) return bad(row, wrong(row, 'status', 'exemptReason', null))
    differ('status', person.status, fields.status)
    differ('categoryKey', person.categoryKey, fields.categoryKey)
    if (changes.some(({ field }) => field === 'status' || field === 'categoryKey') && person.since && effectiveOn < person.since) return bad(row, wrong(row, 'status', 'statusTooEarly', null, { since: person.since }))
  }
  const plan = { id: person.id, unitId: unit.id, since, changes, keptBy: person.unitId ?? unit.id, ...(person.unitId && person.unitId !== unit.id ? { fromUnitId: person.unitId } : {}) }
  return { ...row, verdict: changes.length > 0 ? 'changed' : 'unchanged', plan }
}

/** Which of the people the row is of; null for one who is new. */
function whoIs(row: ReadRow, unit: SeenUnit, { byCard, inUnit, byBirth, taken }: KnownPeople): { person: Known | null } | { problem: RowProblem } {
  const { fields } = row
  const name = plain(fields.name!)
  const key = fields.cardNumber ? cardKey(fields.cardNumber) : null
  const holder = key ? byCard.get(key) : undefined
  if (holder) return plain(holder.name) === name ? { person: holder } : { problem: wrong(row, 'card', 'cardOfAnother', fields.cardNumber, { name: holder.name }) }
  if (key && taken.has(key)) return { problem: wrong(row, 'card', 'cardElsewhere', fields.cardNumber) }
  // whoever has another card is another person, and whom somebody has told apart
  const isPerhaps = (one: Known) => (!key || !one.cardKey) && !fields.decided?.not?.includes(one.id)
  const namesakes = (inUnit.get(`${unit.id}|${name}`) ?? []).filter(isPerhaps)
  const alike = fields.bornOn ? (byBirth.get(`${fields.bornOn}|${name}`) ?? []).filter(isPerhaps) : []
  const said = [...namesakes, ...alike].find(({ id }) => id === fields.decided?.is)
  if (said) return { person: said }
  const same = namesakes.filter((one) => (fields.bornOn ?? null) === one.bornOn)
  if (same.length === 1) return { person: same[0]! }
  if (same.length > 1) return { problem: asking(row, 'ambiguous', same, unit, { count: String(same.length) }) }
  const perhaps = namesakes.filter((one) => !fields.bornOn || !one.bornOn).filter((one) => !fields.birthYear || !one.bornOn || one.bornOn.startsWith(String(fields.birthYear)))
  if (perhaps.length > 0) return { problem: asking(row, fields.bornOn ? 'perhapsWithoutBirth' : 'perhapsSame', perhaps, unit) }
  if (alike.length > 0) return { problem: asking(row, 'sameElsewhere', alike, unit) }
  return { person: null }
}

const mostAsked = 20

function asking(row: ReadRow, key: string, perhaps: Known[], unit: SeenUnit, values?: Record<string, string>): RowProblem {
  return {
    ...wrong(row, 'name', key, row.fields.name, values),
    ...(perhaps.length <= mostAsked && { perhaps: perhaps.map(({ id, name, bornOn, cardNumber, unitId }) => ({ id, name, bornOn, cardNumber, isElsewhere: unitId !== unit.id })) }),
  }
}

/** Two rows that turn out to be of one person, by card and by name. */
function onePersonOnce(judged: Judged[]): Judged[] {
  const same = twice(judged, ({ verdict, plan }) => (verdict === 'bad' || verdict === 'new' ? null : plan!.id))
  return judged.map((row) => (same.has(row) ? bad(row, wrong(row, 'name', 'personTwice', row.fields.name, { rows: namesOf(same.get(row)!, row) })) : row))
}

/** As the database folds names: fold(). */
const plainName = (name: string) => name.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replaceAll('đ', 'd')

/** As the database compares cards: digits and letters alone. */
export const cardKey = (number: string) => number.replace(/[^0-9A-Za-z]/g, '').toUpperCase()
