import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { Ctx } from '../../permissions/permissions.ts'
import { addDays, type Day } from '../../platform/clock.ts'
import { lookUp } from '../../web/look-ups.server.ts'
import { cardKey } from './judge-members.server.ts'
import { bad, namesOf, twice, wrong, type Asked, type Judged } from './judging.ts'
import type { ReadRow, RowProblem } from './reading/rows.ts'
import { plain } from './reading/values.ts'
import { unitBook, type SeenUnit } from './unit-names.server.ts'

type Held = { id: string; personId: string; unitId: string; role: string; title: string | null; from: Day; until: Day | null; holder: string | null }
type Someone = { id: string; name: string; bornOn: Day | null; unitId: string | null; isOfUnit: Record<string, boolean> }
const leading = ['secretary', 'deputy', 'clerk']

/** Compares a list of offices with those that are held. Two secretaries of one unit on one day are named, both of them. */
export async function judgeOffices(ctx: Ctx, rows: ReadRow[], asked: Asked): Promise<Judged[]> {
  const units = await unitBook(ctx, 'viewer_appointed_units', asked.effectiveOn)
  const administered = await administeredUnits(ctx)
  const placed = rows.map((row) => {
    const found = row.fields.unit ? units.find(row.fields.unit) : asked.unitId && units.byId.has(asked.unitId) ? { unit: units.byId.get(asked.unitId)! } : { problem: { key: 'unitMissing' } }
    const since = row.fields.since ?? asked.effectiveOn
    return { row, unit: 'unit' in found ? found.unit : null, problem: 'problem' in found ? { ...found.problem, column: row.fields.unit?.column ?? null, value: row.fields.unit?.name ?? row.fields.unit?.code ?? null } : null, since, until: row.fields.until ? addDays(row.fields.until, 1) : null }
  })
  const unitIds = [...new Set(placed.flatMap(({ unit }) => (unit ? [unit.id] : [])))]
  const people = await peopleOf(ctx, rows, unitIds)
  const held = Map.groupBy(await officesOf(ctx, unitIds), ({ unitId, role }) => `${unitId}|${role}`)
  const whos = new Map(placed.map((one) => [one.row, one.unit ? whoIs(one.row, one.unit, people) : null]))
  const same = twice(placed, ({ row, unit }) => {
    const who = whos.get(row)
    return unit && row.fields.role && who && 'id' in who ? [unit.id, row.fields.role, who.id].join('|') : null
  })

  return placed.map(({ row, unit, problem, since }, index): Judged => {
    const { role } = row.fields
    const problems: RowProblem[] = problem ? [problem] : []
    if (!role && !row.problems.some(({ key }) => key === 'role')) problems.push(wrong(row, 'role', 'roleMissing', null))
    const who = whos.get(row)
    if (who && 'problem' in who) problems.push(who.problem)
    if (problems.length > 0 || row.problems.length > 0 || !unit || !role || !who || 'problem' in who) return bad(row, ...problems)
    const own = placed[index]!
    const others = same.get(own)?.filter((other) => overlap(other, own))
    if (others?.length) return bad(row, wrong(row, 'role', 'officeTwice', row.fields.role, { rows: namesOf(others.map((one) => one.row), row) }))
    const mine = held.get(`${unit.id}|${role}`) ?? []
    const there = mine.find((office) => office.personId === who.id && overlap({ since: office.from, until: office.until }, own))
    if (there) return { ...row, verdict: 'unchanged', plan: { id: there.id, personId: who.id, unitId: unit.id } }
    if (who.id === ctx.viewer.personId) return bad(row, wrong(row, 'name', 'appointSelf', row.fields.name))
    if (!(administered.has(unit.id) || (unit.isKept && leading.includes(role)))) return bad(row, wrong(row, 'role', leading.includes(role) ? 'officeNotYours' : 'roleNotYours', unit.name))
    if (role === 'secretary') {
      const rivals = placed.filter((other) => other !== own && other.unit?.id === unit.id && other.row.fields.role === 'secretary' && overlap(other, own))
      if (rivals.length > 0) return bad(row, wrong(row, 'role', 'twoSecretaries', row.fields.name, { rows: namesOf(rivals.map((one) => one.row), row), unit: unit.name }))
      const rival = mine.find((office) => overlap({ since: office.from, until: office.until }, own))
      if (rival) return bad(row, wrong(row, 'role', 'secretaryTaken', row.fields.name, { unit: unit.name, name: rival.holder ?? '' }))
    }
    return { ...row, verdict: 'new', plan: { id: v7(), personId: who.id, unitId: unit.id, since } }
  })
}

type Span = { since: Day; until: Day | null }
const overlap = (one: Span, other: Span) => (one.until === null || other.since < one.until) && (other.until === null || one.since < other.until)

type People = { byCard: Map<string, Someone>; byName: Map<string, Someone[]> }

/** Who the row is of: by card, else by name among the members of the unit, then among those beneath it. */
function whoIs(row: ReadRow, unit: SeenUnit, { byCard, byName }: People): { id: string } | { problem: RowProblem } {
  const { cardNumber, name, bornOn } = row.fields
  if (cardNumber) {
    const found = byCard.get(cardKey(cardNumber))
    if (!found) return { problem: wrong(row, 'card', 'cardUnknown', cardNumber) }
    return name && plain(found.name) !== plain(name) ? { problem: wrong(row, 'card', 'cardOfOther', cardNumber) } : found
  }
  if (!name) return { problem: wrong(row, 'name', 'nameMissing', null) }
  const namesakes = (byName.get(plain(name)) ?? []).filter((one) => !bornOn || one.bornOn === bornOn).filter((one) => unit.id in one.isOfUnit)
  const own = namesakes.filter((one) => one.isOfUnit[unit.id])
  const found = own.length > 0 ? own : namesakes
  if (found.length === 1) return found[0]!
  return { problem: found.length === 0 ? wrong(row, 'name', 'personUnknown', name, { unit: unit.name }) : wrong(row, 'name', 'ambiguous', name, { count: String(found.length) }) }
}

async function peopleOf(ctx: Ctx, rows: ReadRow[], unitIds: string[]): Promise<People> {
  const { tx, viewer } = ctx
  const cards = [...new Set(rows.flatMap(({ fields }) => (fields.cardNumber ? [fields.cardNumber] : [])))]
  const names = [...new Set(rows.flatMap(({ fields }) => (fields.name && !fields.cardNumber ? [fields.name] : [])))]
  const byCard = await lookUp(ctx, 'people', () =>
    sql<{ key: string; id: string; name: string; isHidden: boolean }>`
      select found.key, found.id, found.name, found.is_hidden as "isHidden" from people_by_card(${cards}::text[]) as found
      union
      select card_key(person.card_number), person.id, person.name, false
      from unnest(${cards}::text[]) as asked (number)
      join person on card_key(person.card_number) = card_key(asked.number)`.execute(tx))
  // members of these units and of those beneath, and whoever holds an office there
  const byName = await sql<{ id: string; name: string; bornOn: Day | null; topId: string; depth: number }>`
    select distinct place.person_id as id, coalesce(person.name, place.holder) as name, person.born_on as "bornOn", unit_ancestor.ancestor_id as "topId", unit_ancestor.depth
    from unit_ancestor
    join (
      select membership.person_id, membership.unit_id, null as holder from membership where membership.during @> ${viewer.today}::date
      union
      select office.person_id, office.unit_id, office_holder_name(office.person_id) as holder from office where office.during @> ${viewer.today}::date
    ) as place on place.unit_id = unit_ancestor.unit_id
    left join person on person.id = place.person_id
    where unit_ancestor.ancestor_id = any (${unitIds}::uuid[]) and unit_ancestor.standing @> ${viewer.today}::date
      and fold(coalesce(person.name, place.holder)) in (select fold(asked.name) from unnest(${names}::text[]) as asked (name))`.execute(tx)
  const someone = new Map<string, Someone>()
  for (const { id, name, bornOn, topId, depth } of byName.rows) {
    const one = someone.get(id) ?? { id, name, bornOn, unitId: null, isOfUnit: {} }
    one.isOfUnit[topId] = one.isOfUnit[topId] || depth === 0
    someone.set(id, one)
  }
  return {
    byCard: new Map(byCard.map(({ key, id, name }) => [key, { id, name, bornOn: null, unitId: null, isOfUnit: {} }])),
    byName: Map.groupBy(someone.values(), ({ name }) => plain(name)),
  }
}

async function officesOf({ tx }: Ctx, unitIds: string[]): Promise<Held[]> {
  const { rows } = await sql<Held>`
    select office.id, office.person_id as "personId", office.unit_id as "unitId", office.role, office.title, lower(office.during)::text as "from", upper(office.during)::text as until,
           case when office.role = 'secretary' then office_holder_name(office.person_id) end as holder
    from office
    where office.unit_id = any (${unitIds}::uuid[])`.execute(tx)
  return rows
}

async function administeredUnits({ tx }: Ctx): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select distinct unit_ancestor.unit_id as id from unit_ancestor
    where unit_ancestor.ancestor_id in (select viewer_administered_tops()) and unit_ancestor.standing @> viewer_today()
      and (unit_ancestor.depth > 0 or not exists (select from unit_parent where unit_parent.unit_id = unit_ancestor.unit_id))`.execute(tx)
  return new Set(rows.map(({ id }) => id))
}
