import fc from 'fast-check'
import { sql } from 'kysely'
import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import { asViewer, type Db } from '../../db/open.ts'
import { testDatabase } from '../../../tests/database.ts'

// An oracle of who may hand a code to whom that shares nothing with its SQL.

const day = '2022-01-01'
const roles = ['city_officer', 'secretary', 'deputy', 'clerk', 'inspector', 'administrator'] as const
type Role = (typeof roles)[number]
type Office = { role: Role; unit: number; hasEnded: boolean }
type Person = { id: string; unit: number | null; offices: Office[]; inspects: number | null }
type Shape = { parents: (number | null)[]; people: Person[] }

const shapes: fc.Arbitrary<Shape> = fc
  .record({
    parents: fc.array(fc.nat(), { minLength: 4, maxLength: 8 }),
    people: fc.array(
      fc.record({
        unit: fc.option(fc.nat(), { freq: 5 }),
        offices: fc.array(fc.record({ role: fc.constantFrom(...roles), unit: fc.nat(), hasEnded: fc.boolean() }), { maxLength: 2 }),
        inspects: fc.option(fc.nat(), { freq: 1 }),
      }),
      { minLength: 6, maxLength: 10 },
    ),
  })
  .map(({ parents, people }) => {
    const size = parents.length + 1
    const secretaries = new Set<number>()
    const isFree = ({ role, unit }: Office, index: number, all: Office[]) =>
      all.findIndex((other) => other.role === role && other.unit === unit) === index && (role !== 'secretary' || (!secretaries.has(unit) && secretaries.add(unit)))
    return {
      parents: [null, ...parents.map((pick, index) => pick % (index + 1))],
      people: people.map(({ unit, offices, inspects }) => ({
        id: v7(),
        unit: unit === null ? null : unit % size,
        offices: offices.map((office) => ({ ...office, unit: office.unit % size })).filter(isFree),
        inspects: inspects === null ? null : inspects % size,
      })),
    }
  })

test('a code is handed to exactly those whom the rule gives, in any organisation', async () => {
  await fc.assert(
    fc.asyncProperty(shapes, async (shape) => {
      const { db, drop } = await testDatabase()
      try {
        const units = await fill(db, shape)
        for (const viewer of shape.people) {
          const told = await asViewer(db, { personId: viewer.id, today: day }, async (tx) => ({
            reasons: (await sql<{ reason: string | null }>`select reason_against_code(id) as reason from unnest(${shape.people.map((one) => one.id)}::uuid[]) with ordinality as asked (id, place) order by place`.execute(tx)).rows.map((row) => row.reason),
            listed: (await sql<{ id: string }>`select person_id as id from account_people(${units[0]}, 'người')`.execute(tx)).rows.map((row) => row.id),
          }))
          expect(told.reasons).toEqual(shape.people.map((person) => reasonFor(shape, viewer, person)))
          const kept = shape.people.filter((_, index) => told.reasons[index] !== 'hidden').map((one) => one.id)
          expect(told.listed.toSorted((one, other) => one.localeCompare(other))).toEqual(kept.toSorted((one, other) => one.localeCompare(other)))
        }
      } finally {
        await drop()
      }
    }),
    { numRuns: 12, endOnFailure: true },
  )
}, 120_000)

function reasonFor({ parents }: Shape, viewer: Person, person: Person): string | null {
  const chain = (unit: number): number[] => (parents[unit] === null ? [unit] : [unit, ...chain(parents[unit]!)])
  const held = (one: Person) => one.offices.filter((office) => !office.hasEnded)
  const rank = (role: Role) => ['clerk', 'deputy', 'secretary'].indexOf(role)
  const administered = (unit: number) => held(viewer).some((office) => office.role === 'administrator' && chain(unit).includes(office.unit))
  const leads = held(viewer).filter((office) => rank(office.role) >= 0)
  const keeps = (unit: number) => administered(unit) || leads.some((office) => chain(unit).slice(0, 2).includes(office.unit))
  const places = [...(person.unit === null ? [] : [person.unit]), ...held(person).map((office) => office.unit)]
  if (!places.some(keeps)) return 'hidden'
  if (person === viewer) return 'self'
  if (places.every(administered) && (person.inspects === null || administered(person.inspects))) return null
  if (person.inspects !== null || (person.unit !== null && !keeps(person.unit))) return 'higher'
  const isBelow = (office: Office) =>
    rank(office.role) >= 0 && leads.some((own) => chain(office.unit)[1] === own.unit || (office.unit === own.unit && rank(own.role) >= rank(office.role)))
  return held(person).every(isBelow) ? null : 'higher'
}

/** Returns the ids of the units, the top first. */
async function fill(db: Db, { parents, people }: Shape): Promise<string[]> {
  const ids = parents.map(() => v7())
  await db.insertInto('unit').values(ids.map((id, index) => ({ id, code: `u-${index}`, kind: 'cell', name: `Đơn vị ${index}` }))).execute()
  await db.insertInto('unit_parent').values(parents.flatMap((parent, index) => (parent === null ? [] : [{ unit_id: ids[index]!, parent_id: ids[parent]! }]))).execute()
  await sql`select lay_ancestors()`.execute(db)
  for (const [index, { id, unit, offices, inspects }] of people.entries()) {
    await db.insertInto('person').values({ id, name: `Người ${index}` }).execute()
    if (unit !== null) await db.insertInto('membership').values({ id: v7(), person_id: id, unit_id: ids[unit]!, during: '[2020-01-01,)' }).execute()
    for (const { role, unit: at, hasEnded } of offices) await db.insertInto('office').values({ id: v7(), person_id: id, unit_id: ids[at]!, role, during: `[2020-01-01,${hasEnded ? day : '2030-01-01'})` }).execute()
    if (inspects !== null) await db.insertInto('inspection_assignment').values({ id: v7(), person_id: id, unit_id: ids[inspects]!, during: '[2020-01-01,2030-01-01)' }).execute()
  }
  return ids
}
