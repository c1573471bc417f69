import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { v7 } from 'uuid'
import { beforeEach, expect, test } from 'vitest'
import { asViewer, type Db } from '../../db/open.ts'
import type { Ctx, Role, Viewer } from '../../permissions/permissions.ts'
import { Forbidden, Refused } from '../../platform/errors.ts'
import { testDatabase, type TestDatabase } from '../../../tests/database.ts'
import { organisation, type Organisation } from '../../../tests/people.ts'
import { testApp } from '../../../tests/web.ts'
import type { App } from '../../web/context.ts'
import { asPerson } from '../../web/visit.server.ts'
import { endUnit } from '../units/keep-units.server.ts'
import { addMember, exemptMember, keptPerson, transferMember, undoChange } from './members.server.ts'
import { appoint } from './offices.server.ts'
import { changesOf, particularsOf } from './people.server.ts'

let database: TestDatabase
let db: Db
let app: App
let city: Organisation

beforeEach(async () => {
  database = await testDatabase()
  db = database.db
  app = await testApp(database)
  city = await organisation(db)
  for (const [who, number] of [['lan', '92.000101'], ['hoa', '92.000102'], ['duc', '92.000103']] as const) {
    await db.updateTable('person').set({ card_number: number, phone: '0912 000 111', born_on: '1970-01-01' }).where('id', '=', city.person[who]).execute()
  }
})

const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
const holding = async (viewer: Viewer, role: Role, unit: keyof Organisation['unit']): Promise<Viewer> => {
  await db.insertInto('office').values({ id: v7(), person_id: viewer.personId, unit_id: city.unit[unit], role, during: '[2020-01-01,)' }).execute()
  return { ...viewer, offices: [...viewer.offices, { role, unitId: city.unit[unit], unitName: unit }] }
}
const seen = (viewer: Viewer, personId: string) => as(viewer, ({ tx }) => particularsOf(tx, personId)).then((one) => one.cardNumber, (error: Error) => error.name)
const isTrue = (viewer: Viewer, question: ReturnType<typeof sql<boolean>>) =>
  as(viewer, async ({ tx }) => (await sql<{ is: boolean }>`select ${question} as is`.execute(tx)).rows[0]!.is)

test('an administrator of one cell who appoints somebody of another by card sees the name and the office, and nothing else of that person', async () => {
  const admin = await holding(city.viewer.son, 'administrator', 'cellOne')
  await db.deleteFrom('inspection_assignment').execute()
  for (const whom of ['hoa', 'duc'] as const) { // a member elsewhere, and an officer elsewhere without membership
    await db.insertInto('office').values({ id: v7(), person_id: city.person[whom], unit_id: city.unit.cellOne, role: 'clerk', during: '[2021-04-10,)' }).execute()
    expect(await seen(admin, city.person[whom]), whom).toBe('NotFound')
    expect(await isTrue(admin, sql`is_administered(${city.person[whom]})`)).toBe(false)
    expect(await isTrue(admin, sql`exists (select from right_to_person(${city.person[whom]}))`)).toBe(false)
    expect(await isTrue(admin, sql`rights_of(${city.person[whom]}) is not null`)).toBe(false)
    expect(await isTrue(admin, sql`exists (select from find_people(array[${whom === 'hoa' ? 'hoa' : 'duc'}], 10, 0) as found where found.person_id = ${city.person[whom]})`)).toBe(false)
    expect(await isTrue(admin, sql`office_holder_name(${city.person[whom]}) is not null`)).toBe(true)
    expect(await as(admin, async ({ tx }) => (await tx.updateTable('person').set({ phone: '0999' }).where('id', '=', city.person[whom]).executeTakeFirst()).numUpdatedRows)).toBe(0n)
  }
  // those on the list, by membership or by office alone, are seen as before
  expect(await seen(admin, city.person.lan)).toBe('92.000101')
  expect(await seen(city.viewer.khoa, city.person.duc)).toBe('92.000103')
})

test('a list of a past day shows nobody who is kept elsewhere by now', async () => {
  await as(city.viewer.binh, (ctx) => transferMember(ctx, { personId: city.person.lan, unitCode: 'an-hoa-2', fromDay: '2021-04-01', reason: 'Chuyển nơi ở' }))
  const known = (viewer: Viewer, asOf: string) =>
    as(viewer, async ({ tx }) => (await sql<{ id: string }>`select id from known_members(array[${city.unit.cellOne}]::uuid[], array['92000101'], '{}', '{}', ${asOf})`.execute(tx)).rows.map(({ id }) => id))
  expect(await known(city.viewer.binh, '2021-03-01')).not.toContain(city.person.lan)
  expect(await known(city.viewer.thu, '2021-03-01')).toContain(city.person.lan)
})

test('nobody comes into a unit that is just ending: who is quicker belongs to the successor, who is slower is told', async () => {
  const { thu, ngoc, binh } = city.viewer
  let finish!: () => void
  const held = new Promise<void>((resolve) => (finish = resolve))
  // quicker: the transfer is not committed when the end begins, which waits for it and takes the member along
  const moving = as(binh, async (ctx) => {
    await transferMember(ctx, { personId: city.person.lan, unitCode: 'an-hoa-2', fromDay: '2021-04-10', reason: 'Chuyển nơi ở' })
    await held
  })
  await sleep(150)
  const ending = as(ngoc, (ctx) => endUnit(ctx, { unitCode: 'an-hoa-2', fromDay: '2021-04-12', successorCode: 'an-hoa-1', reason: 'Hợp nhất', confirm: 'an-hoa-2' } as never))
  await sleep(150)
  finish()
  await Promise.all([moving, ending])
  const { rows } = await sql<{ unit: string; from: string }>`
    select unit.code as unit, lower(membership.during)::text as "from" from membership join unit on unit.id = membership.unit_id
    where membership.person_id = ${city.person.lan} order by lower(membership.during) desc limit 1`.execute(db)
  expect(rows).toEqual([{ unit: 'an-hoa-1', from: '2021-04-12' }])
  // slower: it ended meanwhile
  await expect(as(thu, (ctx) => ctx.tx.selectFrom('unit').select('id').execute())).resolves.toBeDefined()
  await expect(as(ngoc, (ctx) => addMember(ctx, { name: 'Người mới', unitCode: 'an-hoa-2', fromDay: '2021-04-11', status: 'in_post', isAnother: true }))).rejects.toMatchObject({ field: 'unitCode' })
  const outliving = await sql<{ count: number }>`
    select count(*)::int as count from membership join unit on unit.id = membership.unit_id
    where not upper_inf(unit.during) and (upper_inf(membership.during) or upper(membership.during) > upper(unit.during))`.execute(db)
  expect(outliving.rows[0]!.count).toBe(0)
})

test('an exemption is the cell’s to decide in the database too, also of who comes back', async () => {
  const change = (viewer: Viewer, whom: keyof Organisation['person'], kind: string, status: string, fromDay: string, reason: string | null) =>
    as(viewer, ({ tx }) => sql`select change_membership(${v7()}, ${city.person[whom]}, ${kind}, ${fromDay}, ${city.unit.cellOne}, ${status}, null, ${reason}, null, 'page')`.execute(tx))
  const { ngoc, khoa, binh } = city.viewer
  await expect(change(ngoc, 'minh', 'exempted', 'exempt', '2021-04-02', 'Ốm')).rejects.toThrow(/exemption/) // the clerk one level above
  await expect(change(ngoc, 'sau', 'resumed', 'in_post', '2021-04-02', null)).rejects.toThrow(/exemption/)
  await expect(change(khoa, 'sau', 'exempted', 'exempt', '2021-04-02', 'Lý do khác')).rejects.toThrow(/exemption/)
  await change(ngoc, 'sau', 'status', 'exempt', '2021-04-02', null) // one that goes on goes on
  await as(binh, ({ tx }) => sql`select change_membership(${v7()}, ${city.person.sau}, 'ended', '2021-04-05', null, 'exempt', null, null, 'Chuyển đi', 'page')`.execute(tx))
  await expect(change(ngoc, 'sau', 'joined', 'exempt', '2021-04-08', 'Tuổi cao')).rejects.toThrow(/exemption/)
  await change(binh, 'sau', 'joined', 'exempt', '2021-04-08', 'Tuổi cao')
  expect((await as(binh, ({ tx }) => keptPerson(tx, city.person.sau))).status).toBe('exempt')
  const { changeId } = await as(binh, (ctx) => exemptMember(ctx, { personId: city.person.minh, fromDay: '2021-04-03', reason: 'Ốm' }))
  await expect(as(ngoc, ({ tx }) => sql`select undo_member_change(${changeId})`.execute(tx))).rejects.toThrow(/exemption/)
  await expect(as(ngoc, ({ tx }) => tx.updateTable('membership').set({ status: 'in_post' }).where('person_id', '=', city.person.minh).execute())).rejects.toThrow(/permission denied/)
})

test('taking back who was added by mistake keeps that it was done, without whom', async () => {
  const { binh } = city.viewer
  const { changeId } = await as(binh, (ctx) => addMember(ctx, { name: 'Nhầm Văn Tên', unitCode: 'an-hoa-1', fromDay: '2021-04-10', status: 'in_post', isAnother: true }))
  await as(binh, (ctx) => undoChange(ctx, { changeId }))
  const kept = await db.selectFrom('member_change').selectAll().where('id', '=', changeId).executeTakeFirstOrThrow()
  expect(kept).toMatchObject({ person_id: null, kind: 'joined', unit_id: city.unit.cellOne, recorded_by: binh.personId, undone_by: binh.personId, before: [], after: [] })
  expect(kept.undone_at).toBeInstanceOf(Date)
  expect((await as(binh, ({ tx }) => changesOf(tx, { unitId: city.unit.cellOne })))[0]).toMatchObject({ changeId, name: null, isUndone: true, isLast: false })
})

test('what exact numbers tell of people elsewhere is counted a day, on record without the number, and has a most', async () => {
  await db.updateTable('setting').set({ value: '2' }).where('key', '=', 'look_ups_a_day').execute()
  await sql`update office set during = '[2020-01-01,)'`.execute(db)
  const mai = { personId: city.person.mai } // an officer of the city sees no member of a cell
  const give = (cardNumber: string, fromDay = '2021-04-10') =>
    asPerson(app, mai, (ctx) => appoint(ctx, { unitCode: 'ninh-kieu', role: 'clerk', cardNumber, fromDay, handsOver: false })).then(() => 'given', (error: Error) => (error instanceof Refused ? error.field : error.name))
  expect(await give('92.000999')).toBe('cardNumber') // nobody: not counted
  expect(await give('92.000101')).toBe('given')
  expect(await give('92.000101')).toBe('role') // refused, the same person
  const told = () => sql<{ found: string }>`select found_id as found from look_up`.execute(db).then(({ rows }) => rows.map(({ found }) => found).sort())
  expect(await told()).toEqual([city.person.lan])
  // one refused afterwards counts as well
  await db.insertInto('office').values({ id: v7(), person_id: city.person.hoa, unit_id: city.unit.district, role: 'clerk', during: '[2020-01-01,)' }).execute()
  expect(await give('92.000102')).toBe('role')
  expect(await told()).toEqual([city.person.lan, city.person.hoa].sort())
  await db.updateTable('person').set({ card_number: '92.000104' }).where('id', '=', city.person.minh).execute()
  expect(await give('92.000104')).toBe('form')
  await expect(asPerson(app, mai, (ctx) => appoint(ctx, { unitCode: 'ninh-kieu', role: 'clerk', cardNumber: '92.000104', fromDay: '2021-04-10', handsOver: false }))).rejects.toThrow(/too many/)
  const entries = await db.selectFrom('audit_entry').select(['actor_id', 'detail']).where('action', '=', 'number.looked_up').orderBy('id').execute()
  expect(entries).toEqual([{ actor_id: city.person.mai, detail: { people: [city.person.lan] } }, { actor_id: city.person.mai, detail: { people: [city.person.hoa] } }])
  expect(JSON.stringify(entries).replaceAll(/[0-9a-f-]{36}/g, 'id')).not.toContain('92') // an id may have it in it
})

test('a card on record elsewhere that is typed for a new member counts as looked up too', async () => {
  const { thu } = city.viewer
  await sql`update membership set during = '[2020-01-01,)'`.execute(db)
  const add = asPerson(app, { personId: thu.personId }, (ctx) => addMember(ctx, { name: 'Lê Dò Thẻ', cardNumber: '92.000101', unitCode: 'an-hoa-2', fromDay: '2021-04-10', status: 'in_post', isAnother: true }))
  await expect(add).rejects.toMatchObject({ field: 'cardNumber' })
  expect((await sql<{ found: string }>`select found_id as found from look_up`.execute(db)).rows).toEqual([{ found: city.person.lan }])
  await expect(as(city.viewer.lan, (ctx) => appoint(ctx, { unitCode: 'an-hoa-1', role: 'clerk', cardNumber: '92.000102', fromDay: '2021-04-10', handsOver: false }))).rejects.toThrow(Forbidden)
})
