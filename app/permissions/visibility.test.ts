import fc from 'fast-check'
import { sql } from 'kysely'
import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import { actFor, asViewer, type Db } from '../db/open.ts'
import { testDatabase } from '../../tests/database.ts'

// An oracle of the visibility matrix that shares nothing with its SQL: it reads the shape below and decides row by row.

const today = '2022-01-01'
const roles = ['city_officer', 'secretary', 'deputy', 'clerk', 'inspector', 'administrator'] as const

type Unit = { id: string; parent: number | null; endedOn: string | null; successor: number | null }
type Person = { id: string; unit: number; belongs: 'now' | 'before' | 'never'; offices: { role: (typeof roles)[number]; unit: number; ended: boolean }[]; assigned: { unit: number; ended: boolean }[] }
type Shape = { units: Unit[]; people: Person[] }

const shapes: fc.Arbitrary<Shape> = fc
  .record({
    parents: fc.array(fc.nat(), { minLength: 6, maxLength: 14 }),
    abolished: fc.option(fc.record({ unit: fc.nat(), successor: fc.nat() })),
    people: fc.array(
      fc.record({
        unit: fc.nat(),
        belongs: fc.constantFrom('now' as const, 'now' as const, 'before' as const, 'never' as const),
        offices: fc.array(fc.record({ role: fc.constantFrom(...roles), unit: fc.nat(), ended: fc.boolean() }), { maxLength: 2 }),
        assigned: fc.array(fc.record({ unit: fc.nat(), ended: fc.boolean() }), { maxLength: 1 }),
      }),
      { minLength: 6, maxLength: 10 },
    ),
  })
  .map(({ parents, abolished, people }) => {
    const units: Unit[] = [null, ...parents].map((pick, index) => ({ id: v7(), parent: pick === null ? null : pick % index, endedOn: null, successor: null }))
    const size = units.length
    if (abolished) {
      const gone = units[1 + (abolished.unit % (size - 1))]!
      const heir = units[abolished.successor % size]!
      if (gone !== heir) Object.assign(gone, { endedOn: '2021-07-01', successor: units.indexOf(heir) })
    }
    return {
      units,
      people: people.map((person) => ({
        id: v7(),
        unit: person.unit % size,
        belongs: person.belongs,
        offices: distinct(person.offices.map((office) => ({ ...office, unit: office.unit % size }))),
        assigned: person.assigned.map((one) => ({ ...one, unit: one.unit % size })),
      })),
    }
  })

/** One secretary a unit, one office of a kind a person and unit: what the schema itself demands. */
function distinct(offices: Person['offices']): Person['offices'] {
  return offices.filter((office, index) => offices.findIndex((other) => other.role === office.role && other.unit === office.unit) === index)
}

test('every person sees exactly the rows that the matrix gives, in any organisation', async () => {
  await fc.assert(
    fc.asyncProperty(shapes, async (shape) => {
      const { db, drop } = await testDatabase()
      try {
        await fill(db, withOneSecretaryEach(shape))
        for (const person of shape.people) {
          const matrix = expected(shape, person)
          expect(await seen(db, person)).toEqual(matrix)
          expect(await explained(db, person)).toEqual({ units: matrix.units, figures: matrix.figures, people: matrix.people })
          // who acts for a person sees what that one would see holding nothing
          const plain = { ...person, offices: [], assigned: [] }
          const helper = shape.people[(shape.people.indexOf(person) + 1) % shape.people.length]!
          expect(await seen(db, person, helper)).toEqual(expected({ ...shape, people: shape.people.map((one) => (one === person ? plain : one)) }, plain, person))
        }
        await expectAdministratorsToBeToldTheSame(db, shape)
      } finally {
        await drop()
      }
    }),
    { numRuns: 15, endOnFailure: true },
  )
}, 120_000)

test('without a viewer, and for a stranger, there are no rows', async () => {
  const { db } = await testDatabase()
  const units = [{ id: v7(), parent: null, endedOn: null, successor: null }]
  await fill(db, { units, people: [{ id: v7(), unit: 0, belongs: 'now', offices: [{ role: 'secretary', unit: 0, ended: false }], assigned: [] }] })
  const stranger: Person = { id: v7(), unit: 0, belongs: 'now', offices: [], assigned: [] }
  expect(await seen(db, stranger)).toEqual({ units: [], figures: [], people: [], marks: [], sessions: [], drafts: [], documents: [], duties: [], headDuties: [], accounts: 'refused' })
  const rows = await db.transaction().execute(async (tx) => {
    await sql`select set_config('role', 'app', true)`.execute(tx)
    return tx.selectFrom('person').select('id').execute()
  })
  expect(rows).toEqual([])
})

type Seen = { units: number[]; figures: number[]; people: number[]; marks: number[]; sessions: number[]; drafts: number[]; documents: number[]; duties: number[]; headDuties: number[]; accounts: string }

/** `headed`: whose own office's duties are seen, also by who acts for that person. */
function expected({ units, people }: Shape, viewer: Person, headed: Person = viewer): Seen {
  const above = (unit: number): number[] => (units[unit]!.parent === null ? [] : [units[unit]!.parent!, ...above(units[unit]!.parent!)])
  const held = viewer.offices.filter((office) => !office.ended).flatMap((office) => [office, ...inherited(units, office.unit).map((unit) => ({ ...office, unit }))])
  const depthBeneath = (unit: number, top: number) => [unit, ...above(unit)].indexOf(top)
  const all = units.map((_, index) => index)

  const leading = held.filter((office) => office.role !== 'inspector' && office.role !== 'administrator')
  const assigned = viewer.assigned.filter((one) => !one.ended)
  const beneath = (tops: { unit: number }[], most = Infinity) =>
    all.filter((unit) => tops.some((top) => depthBeneath(unit, top.unit) >= 0 && depthBeneath(unit, top.unit) <= most))
  const own = [...(viewer.belongs === 'now' ? [viewer.unit] : []), ...leading.map((office) => office.unit)]
  const chain = all.filter((unit) => own.some((start) => [start, ...above(start)].includes(unit)))

  const ledOrChecked = new Set([...beneath(leading), ...beneath(assigned)])
  const figures = new Set([...ledOrChecked, ...chain])
  const administered = held.filter((office) => office.role === 'administrator')
  const overhead = [...leading, ...assigned, ...administered].flatMap((top) => above(top.unit))
  const named = new Set([...figures, ...beneath(administered), ...overhead])
  const peopleUnits = new Set([...beneath(leading, 1), ...beneath(assigned)])
  const visible = (person: Person) => person === viewer || peopleUnits.has(person.unit)
  const isAdministered = (person: Person) => isListed(person, new Set(beneath(administered)))
  const indexes = people.map((_, index) => index)
  return {
    units: all.filter((unit) => named.has(unit)),
    figures: all.filter((unit) => figures.has(unit)),
    people: indexes.filter((index) => visible(people[index]!) || isAdministered(people[index]!)),
    marks: indexes.filter((index) => visible(people[index]!)),
    sessions: all.filter((unit) => figures.has(unit)),
    // a draft is its unit's alone; what it issued goes down to the chains of all beneath, up to who leads or checks, and to the unit it was sent to
    drafts: all.filter((unit) => leading.some((office) => office.unit === unit)),
    documents: all.filter((unit) => figures.has(unit) || leading.some((office) => office.unit === sentTo(unit, units.length))),
    duties: all.filter((unit) => ledOrChecked.has(unit)),
    headDuties: all.filter((unit) => ledOrChecked.has(unit) || headed.offices.some((office) => office.role === 'secretary' && office.unit === unit && !office.ended)),
    accounts: 'refused',
  }
}

/** Whoever keeps the list of the organisation sees who is on it: by membership of today or the last one, or, of those without any, by offices of today alone. */
function isListed(person: Person, kept: Set<number>): boolean {
  if (person.belongs !== 'never') return kept.has(person.unit)
  const held = person.offices.filter((office) => !office.ended)
  return held.length > 0 && held.every((office) => kept.has(office.unit))
}

/** Every unit's document is sent to the next one, wherever that stands in the tree. */
const sentTo = (unit: number, size: number) => (unit + 1) % size

function inherited(units: Unit[], unit: number): number[] {
  return units.flatMap((gone, index) => (gone.successor === unit ? [index] : []))
}

async function seen(db: Db, viewer: Person, helper?: Person): Promise<Seen> {
  const { units, people } = await shapeIn(db)
  const indexOf = (ids: string[], rows: { id: string }[]) => rows.map((row) => ids.indexOf(row.id)).filter((index) => index >= 0).sort((one, other) => one - other)
  return asViewer(db, { personId: helper?.id ?? viewer.id, today }, async (tx) => {
    if (helper) await actFor(tx, { helpedId: viewer.id, helperId: helper.id })
    const { rows: figures } = await sql<{ id: string }>`select counted.id from counted(${units}::uuid[], ${today}) as counted (id)`.execute(tx)
    await sql`savepoint asked`.execute(tx)
    const accounts = await sql`select 1 from account`.execute(tx).then(
      (answer) => `${answer.rows.length} rows`,
      () => 'refused',
    )
    await sql`rollback to savepoint asked`.execute(tx)
    return {
      units: indexOf(units, await tx.selectFrom('unit').select('id').execute()),
      figures: indexOf(units, figures),
      people: indexOf(people, await tx.selectFrom('person').select('id').execute()),
      marks: indexOf(people, await tx.selectFrom('mark').select('person_id as id').execute()),
      sessions: indexOf(units, await tx.selectFrom('study_session').select('unit_id as id').execute()),
      drafts: indexOf(units, await tx.selectFrom('document').select('unit_id as id').where('state', '=', 'draft').execute()),
      documents: indexOf(units, await tx.selectFrom('document').select('unit_id as id').where('state', '=', 'issued').execute()),
      duties: indexOf(units, await tx.selectFrom('duty').select('unit_id as id').where('role', 'is', null).execute()),
      headDuties: indexOf(units, await tx.selectFrom('duty').select('unit_id as id').where('role', 'is not', null).execute()),
      accounts,
    }
  })
}

/** What the page of one's rights gives a reason for: nothing less and nothing more than what the policies show. */
async function explained(db: Db, viewer: Person): Promise<Pick<Seen, 'units' | 'figures' | 'people'>> {
  const { units, people } = await shapeIn(db)
  return asViewer(db, { personId: viewer.id, today }, async (tx) => {
    const { rows: reach } = await sql<{ opens: string; id: string }>`select distinct opens, unit_id as id from right_reach()`.execute(tx)
    const opened = (what: string) => units.flatMap((id, index) => (reach.some((one) => one.opens === what && one.id === id) ? [index] : []))
    const { rows: named } = await sql<{ id: string }>`select asked.id from unnest(${people}::uuid[]) as asked (id) where exists (select from right_to_person(asked.id))`.execute(tx)
    return { units: opened('name'), figures: opened('figures'), people: people.flatMap((id, index) => (named.some((one) => one.id === id) ? [index] : [])) }
  })
}

/** An administrator reads the rights of accounts beneath as their owners read them; to everybody else, these are not there. */
async function expectAdministratorsToBeToldTheSame(db: Db, shape: Shape): Promise<void> {
  const rightsOf = async (asking: Person, person: Person) =>
    asViewer(db, { personId: asking.id, today }, async (tx) => {
      const { rows } = await sql<{ told: unknown; viewer: string }>`select rights_of(${person.id}) as told, viewer_person() as viewer`.execute(tx)
      expect(rows[0]!.viewer).toBe(asking.id)
      return rows[0]!.told
    })
  const { units, people } = shape
  const above = (unit: number): number[] => [unit, ...(units[unit]!.parent === null ? [] : above(units[unit]!.parent!))]
  for (const [index, asking] of people.entries()) {
    const administered = asking.offices.filter((office) => office.role === 'administrator' && !office.ended).flatMap((office) => [office.unit, ...inherited(units, office.unit)])
    const person = people[(index + 1) % people.length]!
    if (administered.length === 0 && index > 0) continue
    const kept = new Set(units.flatMap((_, unit) => (above(unit).some((top) => administered.includes(top)) ? [unit] : [])))
    expect(await rightsOf(asking, person)).toEqual(isListed(person, kept) ? await rightsOf(person, person) : null)
  }
}

async function shapeIn(db: Db): Promise<{ units: string[]; people: string[] }> {
  const units = await db.selectFrom('unit').select('id').orderBy('code').execute()
  const people = await db.selectFrom('person').select('id').orderBy('name').execute()
  return { units: units.map((unit) => unit.id), people: people.map((person) => person.id) }
}

function withOneSecretaryEach(shape: Shape): Shape {
  const taken = new Set<number>()
  for (const person of shape.people) {
    person.offices = person.offices.filter((office) => office.role !== 'secretary' || (!taken.has(office.unit) && taken.add(office.unit)))
  }
  return shape
}

/** Every person has a membership unless it says never, a roster row and a mark; every unit holds a session. */
async function fill(db: Db, { units, people }: Shape): Promise<void> {
  const number = (index: number) => String(index).padStart(3, '0')
  const during = (unit: Unit) => `[,${unit.endedOn ?? ''})`
  await db.insertInto('unit').values(units.map((unit, index) => ({ id: unit.id, code: `u-${number(index)}`, kind: 'cell', name: `Đơn vị ${number(index)}`, during: during(unit) }))).execute()
  const hanging = units.filter((unit) => unit.parent !== null)
  if (hanging.length > 0) await db.insertInto('unit_parent').values(hanging.map((unit) => ({ unit_id: unit.id, parent_id: units[unit.parent!]!.id }))).execute()
  for (const unit of units) {
    if (unit.successor !== null) await db.insertInto('succession').values({ from_unit_id: unit.id, to_unit_id: units[unit.successor]!.id, on_date: unit.endedOn! }).execute()
  }
  await sql`select lay_ancestors()`.execute(db)
  // asks unit by unit, with the rights of whoever calls it: of which units figures are given
  await sql`
    create function counted(units uuid[], day date) returns setof uuid language plpgsql as $$
    declare one uuid;
    begin
      foreach one in array units loop
        begin
          perform count_values((select campaign.id from campaign limit 1), array[one], day);
          return next one;
        exception when others then null;
        end;
      end loop;
    end $$`.execute(db)
  await sql`grant execute on function counted(uuid[], date) to app`.execute(db)

  const campaign_id = v7()
  await db.insertInto('campaign').values({ id: campaign_id, code: 'dot', name: 'Đợt', unit_id: units[0]!.id, study_from: '2021-03-01', study_to: today, data_day: today, opened_on: '2021-03-01' }).execute()
  await db.insertInto('category').values({ campaign_id, key: 'khac', name: 'Khác', position: 0, is_default: true }).execute()
  const sittings: string[] = []
  for (const unit of units) {
    const session_id = v7()
    await db.insertInto('study_session').values({ id: session_id, campaign_id, unit_id: unit.id, kind: 'class', name: 'Lớp', source: 'page' }).execute()
    sittings.push(v7())
    await db.insertInto('sitting').values({ id: sittings.at(-1)!, session_id, campaign_id, unit_id: unit.id, position: 1, held_on: '2021-04-01' }).execute()
  }
  for (const role of [null, 'secretary']) {
    const rule_id = v7()
    await db.insertInto('duty_rule').values({ id: rule_id, campaign_id, unit_id: units[0]!.id, kind: 'personal_plan', title: 'việc', role, due_mode: 'day', due_on: today, source: 'page' }).execute()
    await db.insertInto('duty').values(units.map((unit) => ({ rule_id, campaign_id, unit_id: unit.id, kind: 'personal_plan', role, due_on: today, detail: '{}', laid_on: today }))).execute()
  }
  const documents = units.flatMap((unit, index) => {
    const own = { unit_id: unit.id, issuer_id: unit.id, type: 'plan', grammar: 'party', symbol: 'X', abstract: 'việc', source: 'page', to: units[sentTo(index, units.length)]! }
    return [{ ...own, id: v7(), state: 'draft', number: null, issued_on: null, issued_at: null }, { ...own, id: v7(), state: 'issued', number: 1, issued_on: '2021-04-01', issued_at: '2021-04-01T00:00:00Z' }]
  })
  await db.insertInto('document').values(documents.map(({ to: _, ...document }) => document)).execute()
  await db.insertInto('document_recipient').values(documents.map(({ id, to }) => ({ document_id: id, unit_id: to.id, name: 'Đơn vị' }))).execute()
  for (const [index, person] of people.entries()) {
    const unit_id = units[person.unit]!.id
    await db.insertInto('person').values({ id: person.id, name: `Người ${number(index)}` }).execute()
    if (person.belongs !== 'never') await db.insertInto('membership').values({ id: v7(), person_id: person.id, unit_id, during: person.belongs === 'now' ? '[2020-01-01,)' : '[2020-01-01,2021-12-01)' }).execute()
    await db.insertInto('roster').values({ campaign_id, person_id: person.id, unit_id, category_key: 'khac', must_study: true, must_write: true, during: '[2021-03-01,)', source: 'page' }).execute()
    await db.insertInto('mark').values({ sitting_id: sittings[person.unit]!, campaign_id, person_id: person.id, unit_id, status: 'present', source: 'page' }).execute()
    const until = (ended: boolean) => (ended ? today : '2030-01-01')
    for (const office of person.offices) await db.insertInto('office').values({ id: v7(), person_id: person.id, unit_id: units[office.unit]!.id, role: office.role, during: `[2020-01-01,${until(office.ended)})` }).execute()
    for (const one of person.assigned) await db.insertInto('inspection_assignment').values({ id: v7(), person_id: person.id, unit_id: units[one.unit]!.id, during: `[2020-01-01,${until(one.ended)})` }).execute()
  }
}
