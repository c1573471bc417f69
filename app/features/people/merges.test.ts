import { sql } from 'kysely'
import { v7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import { asViewer } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { Forbidden, NotFound } from '../../platform/errors.ts'
import { testDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation, type Organisation } from '../../../tests/people.ts'
import { takeRoll } from '../study/rolls.server.ts'
import { holdSession } from '../study/sessions.server.ts'
import { addMember, keptPerson, transferMember } from './members.server.ts'
import { duplicatePairs, mergePeople, mergesInto, tellApart, undoMerge } from './merges.server.ts'
import { appoint } from './offices.server.ts'

const { db } = await testDatabase()
let city: Organisation
let campaignId: string
let twin: string // Minh a second time, in the other cell and on its roster

const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
const pairs = (viewer: Viewer) => as(viewer, async ({ tx }) => (await duplicatePairs(tx, { limit: 20, offset: 0 })).pairs.map(({ by, one, other }) => [by, ...[one.name, other.name].sort()]))
const figures = async () => {
  const { rows } = await sql<{ indicator: string; own: number }>`
    select indicator, whole as own from count_values(${campaignId}, array[${city.unit.city}]::uuid[], '2021-04-15') where dimension = '' order by 1`.execute(db)
  return Object.fromEntries(rows.map((row) => [row.indicator, row.own]))
}

beforeAll(async () => {
  city = await organisation(db)
  await db.updateTable('person').set({ card_number: '92.000555', born_on: '1966-05-04', phone: '0912 000 555' }).where('id', '=', city.person.minh).execute()
  const { khoa } = city.viewer
  const added = await as(khoa, (ctx) => addMember(ctx, { name: 'Trần văn Minh', cardNumber: '92000555', bornOn: '1966-05-04', unitCode: 'an-hoa-2', fromDay: '2021-03-01', status: 'in_post', isAnother: true }))
  twin = added.personId
  let topicIds: string[]
  ;({ campaignId, topicIds } = await openedCampaign(db, city))
  const { ngoc } = city.viewer
  for (const [heldOn, minh, other] of [['2021-04-05', 'absent', 'present'], ['2021-04-06', 'late', 'absent']] as const) {
    const { sittingIds } = await as(ngoc, (ctx) => holdSession(ctx, { campaignCode: 'nq-xiii', unitCode: 'an-hoa', kind: 'class', name: 'Lớp', categories: [], sittings: [{ heldOn, topicIds }] }))
    await as(ngoc, (ctx) => takeRoll(ctx, { sittingId: sittingIds[0]!, marks: [{ personId: city.person.minh, status: minh }, { personId: twin, status: other }] }))
  }
})

describe('two entries of one person', () => {
  test('are found by card however grouped, by name and birth, and by phone, among those whom the viewer sees', async () => {
    expect(await pairs(city.viewer.ngoc)).toEqual([['card', 'Trần Văn Minh', 'Trần văn Minh']])
    expect(await pairs(city.viewer.khoa)).toHaveLength(1)
    for (const viewer of [city.viewer.binh, city.viewer.thu, city.viewer.mai, city.viewer.lan]) expect(await pairs(viewer)).toEqual([])
  })

  test('are merged by whoever has a right over both, and by nobody else', async () => {
    const merge = { keptId: city.person.minh, goneId: twin }
    for (const viewer of [city.viewer.binh, city.viewer.thu]) await expect(as(viewer, (ctx) => mergePeople(ctx, merge)), viewer.name).rejects.toThrow(NotFound)
    await expect(as(city.viewer.ngoc, (ctx) => mergePeople(ctx, merge))).rejects.toThrow(Forbidden) // a clerk
    await expect(as(city.viewer.khoa, (ctx) => mergePeople(ctx, { ...merge, keptVersion: 99 }))).rejects.toMatchObject({ field: 'version' })
  })

  test('become one, counted once, who attended where either did; and two again when the merge is taken back', async () => {
    const two = await figures()
    expect(two).toMatchObject({ expected: 6, studied: 2, attendances: 2 })
    await as(city.viewer.khoa, (ctx) => appoint(ctx, { unitCode: 'an-hoa-2', role: 'deputy', personId: twin, fromDay: '2021-04-01', handsOver: false }))
    const { mergeId } = await as(city.viewer.khoa, (ctx) => mergePeople(ctx, { keptId: city.person.minh, goneId: twin, reason: 'Ghi hai lần' }))
    expect(await figures()).toMatchObject({ expected: 5, studied: 1, attendances: 2 })
    const { rows: offices } = await sql`select person_id from office where role = 'deputy' and unit_id = ${city.unit.cellTwo}`.execute(db)
    expect(offices).toEqual([{ person_id: city.person.minh }])
    await expect(as(city.viewer.khoa, ({ tx }) => keptPerson(tx, twin))).rejects.toThrow(NotFound)
    expect(await as(city.viewer.khoa, ({ tx }) => mergesInto(tx, city.person.minh))).toMatchObject([{ goneName: 'Trần văn Minh', reason: 'Ghi hai lần' }])
    expect(await pairs(city.viewer.khoa)).toEqual([])
    await isKept()

    await expect(as(city.viewer.thu, (ctx) => undoMerge(ctx, { mergeId }))).rejects.toThrow(NotFound)
    await as(city.viewer.khoa, (ctx) => undoMerge(ctx, { mergeId }))
    expect(await figures()).toEqual(two)
    const { rows: people } = await sql`select name, card_number, merged_into from person where id in (${twin}, ${city.person.minh}) order by name collate "C"`.execute(db)
    expect(people).toEqual([{ name: 'Trần Văn Minh', card_number: '92.000555', merged_into: null }, { name: 'Trần văn Minh', card_number: '92000555', merged_into: null }])
    expect((await as(city.viewer.thu, ({ tx }) => keptPerson(tx, twin))).unitCode).toBe('an-hoa-2')
    await isKept()
  })

  test('take their requests along, and get them back: one that both asked rests meanwhile', async () => {
    const { minh, binh } = city.person
    const ask = async (person_id: string, item: string, wanted: string) => {
      const id = v7()
      await db.insertInto('amendment').values({ id, person_id, unit_id: city.unit.cellTwo, item, held: '', wanted, reason: 'Sai', asked_by: person_id, due_on: '2021-05-01' }).execute()
      return id
    }
    const asked = { phoneOfBoth: await ask(minh, 'phone', '0912000001'), phoneOfTwin: await ask(twin, 'phone', '0912000002'), birth: await ask(twin, 'born', '1966-05-05') }
    const standing = async () =>
      Object.fromEntries((await db.selectFrom('amendment').select(['wanted', 'person_id', 'outcome']).execute()).map((row) => [row.wanted, [row.person_id === minh ? 'kept' : 'gone', row.outcome]]))
    const before = await standing()
    const { mergeId } = await as(city.viewer.khoa, (ctx) => mergePeople(ctx, { keptId: minh, goneId: twin }))
    expect(await standing()).toEqual({ '0912000001': ['kept', null], '0912000002': ['kept', 'withdrawn'], '1966-05-05': ['kept', null] })
    await as(city.viewer.khoa, (ctx) => undoMerge(ctx, { mergeId }))
    expect(await standing()).toEqual(before)
    const again = await as(city.viewer.khoa, (ctx) => mergePeople(ctx, { keptId: minh, goneId: twin }))
    await db.updateTable('amendment').set({ outcome: 'corrected', answered_at: new Date(), answered_by: binh }).where('id', '=', asked.birth).execute()
    await as(city.viewer.khoa, (ctx) => undoMerge(ctx, { mergeId: again.mergeId }))
    expect(await standing()).toMatchObject({ '1966-05-05': ['gone', 'corrected'] }) // what was answered since stays answered
    await expect(db.updateTable('amendment').set({ outcome: 'corrected', answered_at: new Date(), answered_by: minh }).where('id', '=', asked.phoneOfBoth).execute()).rejects.toThrow(/not_answered_by_who_asked/)
    await db.deleteFrom('amendment').execute()
  })

  test('stay one when something was done to the person since, until that is taken back', async () => {
    const { mergeId } = await as(city.viewer.khoa, (ctx) => mergePeople(ctx, { keptId: city.person.minh, goneId: twin }))
    await as(city.viewer.khoa, (ctx) => transferMember(ctx, { personId: city.person.minh, unitCode: 'an-hoa-2', fromDay: '2021-04-10', reason: 'Chuyển nơi ở' }))
    await expect(as(city.viewer.khoa, (ctx) => undoMerge(ctx, { mergeId }))).rejects.toMatchObject({ field: 'form' })
    await isKept()
  })

  test('that are two people are told apart for good', async () => {
    const { personId } = await as(city.viewer.khoa, (ctx) => addMember(ctx, { name: 'Phạm Thị Hoa', phone: '+84 912 000 555', unitCode: 'an-hoa-2', fromDay: '2021-04-01', status: 'in_post', isAnother: true }))
    expect(await pairs(city.viewer.khoa)).toEqual([['phone', 'Phạm Thị Hoa', 'Trần Văn Minh']])
    await as(city.viewer.khoa, (ctx) => tellApart(ctx, { oneId: personId, otherId: city.person.minh }))
    expect(await pairs(city.viewer.khoa)).toEqual([])
  })

  test('give nobody an office that the one who merges may not give, least of all the one who merges, nor an account that opens one', async () => {
    const { lan, sau, binh } = city.person
    await db.insertInto('office').values({ id: v7(), person_id: sau, unit_id: city.unit.city, role: 'city_officer', during: '[2021-05-01,)' }).execute()
    const account = (id: string) => ({ id, person_id: lan, username: 'lan', display_username: 'lan', name: 'Lan', email: 'lan@account.invalid' })
    await db.insertInto('account').values(account(v7())).execute()
    const merging = (viewer: Viewer, keptId: string, goneId: string) => as(viewer, (ctx) => mergePeople(ctx, { keptId, goneId }))
    for (const [keptId, goneId] of [[binh, sau], [sau, binh], [lan, sau], [sau, lan]] as const) await expect(merging(city.viewer.binh, keptId, goneId)).rejects.toThrow(Forbidden)
    const { mergeId } = await merging(city.viewer.khoa, sau, lan)
    await db.updateTable('account').set({ is_disabled: true }).where('person_id', '=', sau).execute()
    await as(city.viewer.khoa, (ctx) => undoMerge(ctx, { mergeId }))
    expect(await db.selectFrom('account').select('is_disabled').where('person_id', '=', lan).executeTakeFirst()).toEqual({ is_disabled: true }) // shut meanwhile
  })
})

async function isKept() {
  const all = () => sql<object>`select * from count_values(${campaignId}, (select array_agg(id) from unit), '2021-04-15') order by 1, 2, 3`.execute(db)
  const { rows } = await all()
  await sql`select recount(${campaignId})`.execute(db)
  expect(rows).toEqual((await all()).rows)
}
