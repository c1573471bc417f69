import { beforeAll, expect, test } from 'vitest'
import { asViewer } from '../app/db/open.ts'
import { matrixAsked } from '../app/features/cascade/matrix-view.server.ts'
import { searchQuestions } from '../app/features/materials/material-views.server.ts'
import type { Ctx } from '../app/permissions/permissions.ts'
import { demoDatabase } from '../tests/demo.ts'
import { sql } from 'kysely'

const { db } = await demoDatabase()
const today = '2021-07-01'
let officer = ''
let secretary = ''

beforeAll(async () => {
  const idOf = async (username: string) => (await db.selectFrom('account').select('person_id').where('username', '=', username).executeTakeFirstOrThrow()).person_id!
  ;[officer, secretary] = [await idOf('ha.city'), await idOf('ut.tanan')]
})

const as = <Result>(personId: string, work: (ctx: Ctx) => Promise<Result>) =>
  asViewer(db, { personId, today }, (tx) => work({ tx, viewer: { personId, name: '', today, offices: [] }, source: 'page' }))

test('the chain of 2021 stands with its real numbers and days', async () => {
  const rows = await as(officer, ({ tx }) =>
    tx.selectFrom('document').leftJoin('unit', 'unit.id', 'document.issuer_id').select(['type', 'number', 'document.symbol', 'issued_on', 'issuer_name', 'unit.code']).where((eb) => eb.or([eb('issuer_name', 'is not', null), eb('unit.code', '=', 'can-tho')])).orderBy('issued_on').orderBy('number', 'desc').execute(),
  )
  expect(rows.map((row) => [row.type, row.number, row.symbol, row.issued_on, row.issuer_name ?? row.code])).toEqual([
    ['directive', 1, 'TW', '2021-03-09', 'Bộ Chính trị'],
    ['guidance', 3, 'BTGTW', '2021-03-18', 'Ban Tuyên giáo Trung ương'],
    ['official_letter', 123, 'TU', '2021-03-22', 'can-tho'],
    ['plan', 17, 'TU', '2021-03-22', 'can-tho'],
    ['action_programme', 10, 'TU', '2021-06-14', 'can-tho'],
  ])
})

test('of the fifteen committees beneath the city two issued their plan late and one did not', async () => {
  const { matrix } = await as(officer, (ctx) => matrixAsked(ctx, 'nq-dai-hoi-xiii', new URL('http://thong-suot.test/?unit=can-tho&asOf=2021-06-30'), 'vi'))
  const plan = matrix.columns.find((column) => column.type === 'plan' && column.title.startsWith('Ban hành'))!
  const states = Object.groupBy(matrix.rows.flatMap((row) => row.cells.get(plan.key) ?? []), (cell) => cell.state)
  expect(Object.fromEntries(Object.entries(states).map(([state, cells]) => [state, cells!.length]))).toEqual({ issued: 12, late: 2, missing: 1 })
})

test('duties were laid over the whole tree and are done by the records there are, and by nothing else', async () => {
  const { rows: differing } = await sql<{ id: string }>`
    select duty.id from duty
    left join duty_fulfilments(array(select duty.id from duty), '2026-01-01') as found on found.duty_id = duty.id
    where duty.done_on is distinct from found.done_on`.execute(db)
  expect(differing).toEqual([])
  const { rows } = await sql<{ kind: string; duties: number; done: number }>`select kind, count(*)::int as duties, count(done_on)::int as done from duty group by kind order by kind`.execute(db)
  expect(rows.map((row) => row.kind)).toEqual(['document', 'study'])
  expect(rows[1]!.duties).toBe(3_011)
})

test('a secretary of a cell finds an answer in the booklet, and most members had theirs in time', async () => {
  const { found } = await as(secretary, ({ tx }) => searchQuestions(tx, { q: 'vang mot buoi', campaignId: null, page: 1 }))
  expect(found.map((one) => one.question)).toEqual(['Vắng một buổi thì làm thế nào?'])
  const { rows } = await sql<{ share: number }>`
    select round(100.0 * max(whole) filter (where indicator = 'reached-in-time') / max(whole) filter (where indicator = 'expected'), 0)::int as share
    from count_values((select id from campaign limit 1), array[(select id from unit where code = 'can-tho')], '2021-06-30') where dimension = ''`.execute(db)
  expect(rows[0]!.share).toBe(91)
})

test('clauses of the city’s plan are answered by clauses of the plans beneath, each of its own document', async () => {
  const { rows } = await sql<{ clause: string; by: string; units: number }>`
    select asked.key as clause, string_agg(distinct answering.key, ' ' order by answering.key) as by, count(distinct clause_answer.unit_id)::int as units
    from clause_answer
    join document_clause as asked on asked.id = clause_answer.clause_id
    join document_clause as answering on answering.id = clause_answer.by_clause_id
    group by asked.key order by units, asked.key limit 2`.execute(db)
  expect(rows).toEqual([{ clause: 'IV.1', by: 'IV.1', units: 2 }, { clause: 'I.2', by: 'I.2', units: 6 }])
})

test('every head was asked to read the city’s plan; most said what changes, some only that they read it, some nothing', async () => {
  const { rows } = await as(officer, ({ tx }) => sql<{ asked: number; done: number; begun: number }>`
    select counts.asked::int, counts.done::int, counts.begun::int from acknowledgement_request
    cross join lateral acknowledgement_counts(acknowledgement_request.id, array[acknowledgement_request.unit_id]) as counts`.execute(tx))
  const [{ asked, done, begun }] = rows as [{ asked: number; done: number; begun: number }]
  expect(asked).toBeGreaterThan(3_000)
  expect(done / asked).toBeGreaterThan(0.75)
  expect(begun).toBeGreaterThan(100)
  expect(asked - done - begun).toBeGreaterThan(50)
})
