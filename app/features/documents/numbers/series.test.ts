import fc from 'fast-check'
import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import { testDatabase } from '../../../../tests/database.ts'
import { organisation } from '../../../../tests/people.ts'
import { documentTypes, type DocumentType } from '../typesetting/document-types.schema.ts'
import { nextNumber } from './series.server.ts'

const { db } = await testDatabase()
const { unit } = await organisation(db)

test('the database knows the types and abbreviations that the typesetting prints', async () => {
  const rows = await db.selectFrom('document_type').select(['key', 'party', 'state']).execute()
  const printed = Object.entries(documentTypes).map(([key, type]: [string, { abbreviation: string; state?: string }]) => ({ key, party: type.abbreviation, state: type.state ?? type.abbreviation }))
  expect(rows.sort((one, other) => one.key.localeCompare(other.key))).toEqual(printed.sort((one, other) => one.key.localeCompare(other.key)))
})

// An oracle that shares nothing with the SQL: the Party's series by abbreviation and term, a congress's by term, the State's by abbreviation and year.
const terms = [
  { from: '2015-08-01', until: '2020-08-01' },
  { from: '2020-08-01', until: '2025-07-01' },
]
const seriesOf = ({ type, grammar, symbol, day }: Issued) => {
  const { abbreviation, state = abbreviation }: { abbreviation: string; state?: string } = documentTypes[type]
  if (grammar === 'state') return `${state} ${state === '' ? symbol.split('-')[0] : symbol} ${day.slice(0, 4)}`
  return `${symbol === 'ĐH' ? '' : abbreviation} ${symbol} ${terms.findIndex((term) => day >= term.from && day < term.until)}`
}
type Issued = { type: DocumentType; grammar: 'party' | 'state'; symbol: string; day: string; number: number }

const issued: fc.Arbitrary<Issued> = fc
  .record({
    type: fc.constantFrom<DocumentType>('decision', 'regulation', 'plan', 'programme', 'action_programme', 'official_letter'),
    grammar: fc.constantFrom('party' as const, 'state' as const),
    day: fc.constantFrom('2014-12-31', '2015-08-01', '2020-07-31', '2020-08-01', '2020-12-31', '2021-01-01', '2025-07-01'),
    number: fc.integer({ min: 1, max: 12 }),
    pick: fc.nat(2),
  })
  .map(({ pick, ...one }) => ({ ...one, symbol: one.grammar === 'party' ? ['TU', 'ĐH', 'TU'][pick]! : one.type === 'official_letter' ? ['UBND-VX', 'UBND-TH', 'UBND'][pick]! : 'UBND' }))

test('in any history no number stands twice in a series, the next is the last and one, and what was left out is told', async () => {
  await db.insertInto('committee_term').values(terms.map(({ from, until }) => ({ id: v7(), unit_id: unit.city, name: 'Nhiệm kỳ', during: `[${from},${until})` }))).execute()
  await fc.assert(
    fc.asyncProperty(fc.array(issued, { minLength: 1, maxLength: 25 }), async (history) => {
      await db.deleteFrom('document').execute()
      const kept: Issued[] = []
      for (const one of history) {
        const row = { id: v7(), unit_id: unit.city, issuer_id: unit.city, type: one.type, grammar: one.grammar, symbol: one.symbol, number: one.number, abstract: 'việc', state: 'issued', issued_on: one.day, issued_at: '2025-12-31T00:00:00Z', source: 'page' }
        const isTaken = kept.some((other) => seriesOf(other) === seriesOf(one) && other.number === one.number)
        const outcome = await db.insertInto('document').values(row).execute().then(() => 'kept', (error: { constraint?: string }) => error.constraint)
        expect(outcome).toBe(isTaken ? 'document_number_is_used_once' : 'kept')
        if (!isTaken) kept.push(one)
      }
      for (const one of kept) {
        const numbers = kept.filter((other) => seriesOf(other) === seriesOf(one)).map((other) => other.number)
        const [first, last] = [Math.min(...numbers), Math.max(...numbers)]
        const gaps = Array.from({ length: last - first }, (_, index) => first + index).filter((number) => !numbers.includes(number))
        const state = await nextNumber({ tx: db as never }, { unitId: unit.city, grammar: one.grammar, type: one.type, symbol: one.symbol, issuedOn: one.day })
        expect(state).toMatchObject({ last, number: last + 1, gaps })
      }
    }),
    { numRuns: 12 },
  )
}, 60_000)
