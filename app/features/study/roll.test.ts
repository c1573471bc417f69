import { beforeAll, describe, expect, test } from 'vitest'
import { asViewer } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import { testDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation, type Organisation } from '../../../tests/people.ts'
import { declarationHistory, declareTotals, peopleMarked, withdrawDeclaration } from './declarations.server.ts'
import { guestsOf } from './roll-guests.server.ts'
import { rollRows, type RollLine } from './roll-rows.ts'
import { rollSheet } from './roll-sheet.server.ts'
import { undoRoll } from './roll-undo.server.ts'
import { sheetOf, sittingById, takenBetween, takeRoll } from './rolls.server.ts'
import { conferencesAbove, expectedAt, sessionById, sessionStates, talliesOf, venuesOf } from './session-views.server.ts'
import { cancelSessionByName, holdSession } from './sessions.server.ts'
import type { MarkStatus, Session } from './study.schema.ts'

const { db } = await testDatabase()
let city: Organisation
let campaignId: string
let topicIds: string[]

const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
const mark = (person: keyof Organisation['person'], status: MarkStatus, was?: MarkStatus | '', reason?: string) => ({ personId: city.person[person], status, ...(was === undefined ? {} : { was }), ...(reason ? { reason } : {}) })
const hold = (viewer: Viewer, unitCode: string, heldOn: string, change: Partial<Session> = {}) =>
  as(viewer, (ctx) => holdSession(ctx, { campaignCode: 'nq-xiii', unitCode, kind: 'class', name: 'Lớp học chi bộ', categories: [], sittings: [{ heldOn, topicIds: [] }], ...change }))
const statuses = async (sittingId: string) => {
  const lines = await as(city.viewer.binh, async (ctx) => sheetOf(ctx, await sittingById(ctx.tx, sittingId)))
  return Object.fromEntries(lines.map((line) => [line.name, line.status]))
}

beforeAll(async () => {
  city = await organisation(db)
  ;({ campaignId, topicIds } = await openedCampaign(db, city))
})

describe('taking back a saved roll', () => {
  test('gives everybody the mark they had, and none to those who had none', async () => {
    const { sittingIds: [sittingId] } = await hold(city.viewer.binh, 'an-hoa-1', '2021-04-01')
    const first = await as(city.viewer.binh, (ctx) => takeRoll(ctx, { sittingId: sittingId!, marks: [mark('lan', 'excused', '', 'Ốm')] }))
    const second = await as(city.viewer.binh, (ctx) => takeRoll(ctx, { sittingId: sittingId!, marks: [mark('lan', 'present', 'excused'), mark('minh', 'absent', '')] }))
    await as(city.viewer.binh, (ctx) => undoRoll(ctx, { sittingId: sittingId!, receipt: second }))
    expect(await statuses(sittingId!)).toEqual({ 'Lê Thanh Bình': null, 'Nguyễn Thị Lan': 'excused', 'Trần Văn Minh': null, 'Võ Văn Sáu': null })
    const kept = await db.selectFrom('mark').select(['status', 'reason']).where('sitting_id', '=', sittingId!).where('superseded_at', 'is', null).execute()
    expect(kept).toEqual([{ status: 'excused', reason: 'Ốm' }])
    await expect(as(city.viewer.binh, (ctx) => undoRoll(ctx, { sittingId: sittingId!, receipt: second }))).rejects.toThrow(Refused)
    await expect(as(city.viewer.binh, (ctx) => undoRoll(ctx, { sittingId: sittingId!, receipt: first }))).rejects.toThrow(Refused)
  })
  test('is for the one who saved it, while nobody has marked these people since', async () => {
    const { sittingIds: [sittingId] } = await hold(city.viewer.binh, 'an-hoa-1', '2021-04-02')
    const receipt = await as(city.viewer.binh, (ctx) => takeRoll(ctx, { sittingId: sittingId!, marks: [mark('lan', 'present'), mark('minh', 'present')] }))
    await expect(as(city.viewer.ngoc, (ctx) => undoRoll(ctx, { sittingId: sittingId!, receipt }))).rejects.toThrow(NotFound)
    await expect(as(city.viewer.binh, (ctx) => undoRoll(ctx, { sittingId: sittingId!, receipt: receipt + 1000 }))).rejects.toThrow(NotFound)
    await as(city.viewer.ngoc, (ctx) => takeRoll(ctx, { sittingId: sittingId!, marks: [mark('minh', 'late', 'present')] }))
    await expect(as(city.viewer.binh, (ctx) => undoRoll(ctx, { sittingId: sittingId!, receipt }))).rejects.toThrow(/since/)
    expect(await statuses(sittingId!)).toMatchObject({ 'Nguyễn Thị Lan': 'present', 'Trần Văn Minh': 'late' })
  })
  test('is not offered where nothing was changed, and a reason left over from another choice is not kept', async () => {
    const { sittingIds: [sittingId] } = await hold(city.viewer.binh, 'an-hoa-1', '2021-04-03')
    await as(city.viewer.binh, (ctx) => takeRoll(ctx, { sittingId: sittingId!, marks: [mark('lan', 'present', '', 'Ốm')] }))
    const again = await as(city.viewer.binh, (ctx) => takeRoll(ctx, { sittingId: sittingId!, marks: [mark('lan', 'present', 'present')] }))
    expect(await as(city.viewer.binh, (ctx) => takenBetween(ctx, sittingId!, again))).toBeNull()
    await expect(as(city.viewer.binh, (ctx) => undoRoll(ctx, { sittingId: sittingId!, receipt: again }))).rejects.toThrow(NotFound)
    expect(await db.selectFrom('mark').select('reason').where('sitting_id', '=', sittingId!).execute()).toEqual([{ reason: null }])
  })
})

describe('a guest', () => {
  test('is found by name without marks among the people one may mark, and nowhere else', async () => {
    const { sittingIds: [sittingId] } = await hold(city.viewer.ngoc, 'an-hoa-1', '2021-04-05')
    const find = (viewer: Viewer, name: string, shown: string[] = []) => as(viewer, async (ctx) => (await guestsOf(ctx, await sittingById(ctx.tx, sittingId!), { name }, shown)).map((line) => line.name))
    expect(await find(city.viewer.ngoc, 'hoa')).toEqual(['Phạm Thị Hoa'])
    expect(await find(city.viewer.ngoc, 'HOÀ')).toEqual(['Phạm Thị Hoa'])
    expect(await find(city.viewer.ngoc, 'hoa', [city.person.hoa])).toEqual([])
    expect(await find(city.viewer.binh, 'hoa')).toEqual([])
    expect(await find(city.viewer.ngoc, '%')).toEqual([])
    expect(await find(city.viewer.ngoc, '  ')).toEqual([])
    await as(city.viewer.ngoc, (ctx) => takeRoll(ctx, { sittingId: sittingId!, marks: [mark('hoa', 'present', '')] }))
    const sheet = await as(city.viewer.ngoc, async (ctx) => rollSheet(ctx, await sittingById(ctx.tx, sittingId!), { unit: null, guests: [], name: '' }, { language: 'vi', timeZone: 'Asia/Ho_Chi_Minh' }))
    expect(sheet.lines.map((line) => line.name)).toContain('Phạm Thị Hoa')
    expect(sheet.units.map((unit) => unit.name)).toEqual(['Chi bộ khu vực 1', 'Chi bộ khu vực 2'])
  })
})

describe('the sheet for one who is not to mark', () => {
  const sheet = (viewer: Viewer, sittingId: string) => as(viewer, async (ctx) => rollSheet(ctx, await sittingById(ctx.tx, sittingId), { unit: null, guests: [], name: '' }, { language: 'en', timeZone: 'Asia/Ho_Chi_Minh' }))
  test('has counts and no names far above, and the reason for whoever may only look', async () => {
    const { sittingIds: [sittingId] } = await hold(city.viewer.thu, 'an-hoa-2', '2021-04-06')
    await as(city.viewer.thu, (ctx) => takeRoll(ctx, { sittingId: sittingId!, marks: [mark('hoa', 'present'), mark('thu', 'late')] }))
    const above = await sheet(city.viewer.mai, sittingId!)
    expect(above).toMatchObject({ lines: [], hasHiddenPeople: true, tally: { present: 1, late: 1, absent: 0 } })
    const inspector = await sheet(city.viewer.son, sittingId!)
    expect(inspector.lines).toHaveLength(2)
    expect(inspector.reasonAgainst).toMatch(/Only the secretary/)
  })
})

describe('rows of the sheet', () => {
  const line = (personId: string, name: string, change: Partial<RollLine> = {}): RollLine => ({ personId, name, bornOn: '1961-05-01', unitId: 'u', unitName: 'Chi bộ', isExempt: false, isGuest: false, hasStudied: false, status: null, reason: null, marked: null, ...change })
  const words = { exempt: 'được miễn', overlap: (one: RollLine) => `khác: ${one.status}` }

  test('tell people of one name apart by the year of birth, and leave the exempt out of "all present"', () => {
    const rows = rollRows([line('a', 'Nguyễn Văn Hùng'), line('b', 'Nguyễn Văn Hùng', { bornOn: '1985-01-01' }), line('c', 'Lê Thị Lan'), line('d', 'Võ Sáu', { isExempt: true }), line('e', 'Cao Nhơn', { status: 'absent' })], { isAllPresent: true, words })
    expect(rows.map((row) => row.birthYear)).toEqual([1961, 1985, null, null, null])
    expect(rows.map((row) => row.status)).toEqual(['present', 'present', 'present', null, 'absent'])
    expect(rows[3]).toMatchObject({ isOptional: true, note: 'được miễn' })
  })
  test('show what was typed over what somebody else marked, and what is wrong beside the person', () => {
    const values = {
      'marks.a.was': '', 'marks.a.status': 'late', 'marks.a.reason': '',
      'marks.b.was': 'present', 'marks.b.status': 'present', 'marks.b.reason': '',
      'marks.c.was': '', 'marks.c.reason': '',
      'marks.d.was': '', 'marks.d.status': 'absent', 'marks.d.reason': 'dài',
    }
    const rows = rollRows([line('a', 'A', { status: 'absent' }), line('b', 'B', { status: 'excused' }), line('c', 'C', { status: 'present' }), line('d', 'D')], { answer: { problems: { 'marks.2.reason': 'quá dài' }, values }, isAllPresent: false, words })
    expect(rows.map(({ status, problem }) => ({ status, problem }))).toEqual([
      { status: 'late', problem: 'khác: absent' },
      { status: 'excused', problem: 'khác: excused' },
      { status: null, problem: null },
      { status: 'absent', problem: 'quá dài' },
    ])
    expect(rows[0]!.hidden).toEqual([{ name: 'marks.a.was', value: 'absent' }])
  })
})

describe('sessions', () => {
  test('are not held more than a year from the study period', async () => {
    await expect(hold(city.viewer.binh, 'an-hoa-1', '2999-01-01')).rejects.toMatchObject({ field: 'sittings' })
  })
  const list = (viewer: Viewer, unit: keyof Organisation['unit'], until: string | null = null) =>
    as(viewer, ({ tx }) => sessionStates(tx, { campaignId, unitId: city.unit[unit], treeDay: '2021-04-15', until, beneath: true, limit: 2, offset: 0 }))

  test('are listed with how far the roll is, the latest first, those ahead included, a page at a time', async () => {
    const ahead = await hold(city.viewer.thu, 'an-hoa-2', '2021-05-20', { name: 'Lớp sắp tới' })
    const { sessions, total } = await list(city.viewer.thu, 'cellTwo')
    expect(total).toBe(2)
    expect(sessions.map(({ name, people, sittingsTaken }) => ({ name, people, sittingsTaken }))).toEqual([
      { name: 'Lớp sắp tới', people: { marked: 0, expected: 2 }, sittingsTaken: 0 },
      { name: 'Lớp học chi bộ', people: { marked: 2, expected: 2 }, sittingsTaken: 1 },
    ])
    expect((await list(city.viewer.thu, 'cellTwo', '2021-04-15')).total).toBe(1)
    expect((await list(city.viewer.mai, 'city')).total).toBeGreaterThan(2)
    expect((await list(city.viewer.mai, 'city')).sessions).toHaveLength(2)
    expect(await as(city.viewer.binh, ({ tx }) => talliesOf(tx, ahead.sittingIds))).toEqual(new Map([[ahead.sittingIds[0]!, { present: 0, late: 0, excused: 0, absent: 0 }]]))
  })
  test('of another cell are counted for nobody who does not see them', async () => {
    const { sittingIds: [sittingId] } = await hold(city.viewer.thu, 'an-hoa-2', '2021-04-07')
    await as(city.viewer.thu, (ctx) => takeRoll(ctx, { sittingId: sittingId!, marks: [mark('hoa', 'present')] }))
    expect((await as(city.viewer.binh, ({ tx }) => talliesOf(tx, [sittingId!]))).get(sittingId!)).toMatchObject({ present: 0 })
    expect((await as(city.viewer.mai, ({ tx }) => talliesOf(tx, [sittingId!]))).get(sittingId!)).toMatchObject({ present: 1 })
  })
  test('for one category expect only its people; venues name their conference', async () => {
    const hub = await hold(city.viewer.mai, 'can-tho', '2021-03-27', { kind: 'national_conference', name: 'Hội nghị toàn quốc', categories: ['can-bo-chu-chot'] })
    expect((await as(city.viewer.mai, ({ tx }) => expectedAt(tx, hub.sittingIds))).get(hub.sittingIds[0]!) ?? 0).toBe(0)
    expect((await as(city.viewer.ngoc, ({ tx }) => conferencesAbove(tx, campaignId, [city.unit.commune, city.unit.city]))).map((one) => one.name)).toEqual(['Hội nghị toàn quốc'])
    const venue = await hold(city.viewer.ngoc, 'an-hoa', '2021-03-27', { kind: 'national_conference', name: 'Điểm cầu An Hòa', partOf: hub.sessionId })
    expect(await as(city.viewer.mai, ({ tx }) => venuesOf(tx, hub.sessionId, 10, 0))).toMatchObject({ total: 1, venues: [{ unitName: 'Đảng ủy phường An Hòa', marked: 0 }] })
    expect(await as(city.viewer.ngoc, ({ tx }) => sessionById(tx, venue.sessionId))).toMatchObject({ whole: { name: 'Hội nghị toàn quốc' }, isCancelled: false })
  })
  test('cannot be before the campaign opened, or end before they start', async () => {
    await expect(hold(city.viewer.binh, 'an-hoa-1', '2021-03-21')).rejects.toMatchObject({ field: 'sittings' })
    await expect(hold(city.viewer.binh, 'an-hoa-1', '2021-04-20', { sittings: [{ heldOn: '2021-04-20', startsAt: '19:00', endsAt: '18:00', topicIds: [] }] })).rejects.toMatchObject({ field: 'sittings' })
  })
  test('are cancelled by their name, marks and case aside', async () => {
    const { sessionId } = await hold(city.viewer.binh, 'an-hoa-1', '2021-04-08', { name: 'Lớp học  buổi tối' })
    await expect(as(city.viewer.binh, (ctx) => cancelSessionByName(ctx, { sessionId, name: 'Lớp khác' }))).rejects.toMatchObject({ field: 'name' })
    await expect(as(city.viewer.thu, (ctx) => cancelSessionByName(ctx, { sessionId, name: 'Lớp học buổi tối' }))).rejects.toThrow(NotFound)
    await as(city.viewer.binh, (ctx) => cancelSessionByName(ctx, { sessionId, name: 'lop hoc buoi toi' }))
    expect(await as(city.viewer.binh, ({ tx }) => sessionById(tx, sessionId))).toMatchObject({ isCancelled: true })
  })
})

test('declarations keep their history: what replaced them and why they were withdrawn', async () => {
  const declare = (studied: number, declaredOn = '2021-04-10') => as(city.viewer.thu, (ctx) => declareTotals(ctx, { campaignCode: 'nq-xiii', unitCode: 'an-hoa-2', declaredOn, studied: { 'dang-vien-khac': studied } }))
  await expect(declare(3)).rejects.toMatchObject({ field: 'studied.dang-vien-khac' })
  await declare(1)
  await declare(2)
  await as(city.viewer.thu, (ctx) => withdrawDeclaration(ctx, { campaignCode: 'nq-xiii', unitCode: 'an-hoa-2', reason: 'Đã có điểm danh' }))
  const history = await as(city.viewer.thu, ({ tx }) => declarationHistory(tx, campaignId, city.unit.cellTwo))
  expect(history.map(({ total, withdrawnReason, declaredBy }) => ({ total, withdrawnReason, declaredBy }))).toEqual([
    { total: 2, withdrawnReason: 'Đã có điểm danh', declaredBy: 'Đỗ Thị Thu' },
    { total: 1, withdrawnReason: null, declaredBy: 'Đỗ Thị Thu' },
  ])
  expect(await as(city.viewer.thu, ({ tx }) => peopleMarked(tx, campaignId, city.unit.cellTwo))).toBe(2)
})

test('the same form sent twice plans one session', async () => {
  const id = '0198c1de-0000-7000-8000-000000000001'
  const [one, two] = await Promise.all([hold(city.viewer.binh, 'an-hoa-1', '2021-04-11', { id }), hold(city.viewer.binh, 'an-hoa-1', '2021-04-11', { id })])
  expect(two).toEqual(one)
  await expect(hold(city.viewer.thu, 'an-hoa-2', '2021-04-11', { id })).rejects.toThrow(Refused)
})

describe('the sheet of a make-up class', () => {
  test('has first whoever has not studied before it, also once they are marked', async () => {
    const { sittingIds: [studied] } = await as(city.viewer.thu, (ctx) =>
      holdSession(ctx, { campaignCode: 'nq-xiii', unitCode: 'an-hoa-2', kind: 'class', name: 'Lớp học', categories: [], sittings: [{ heldOn: '2021-04-03', topicIds }] }))
    await as(city.viewer.thu, (ctx) => takeRoll(ctx, { sittingId: studied!, marks: [mark('hoa', 'present'), mark('thu', 'absent')] }))
    const { sittingIds: [makeUp] } = await hold(city.viewer.thu, 'an-hoa-2', '2021-04-10', { kind: 'make_up_class', sittings: [{ heldOn: '2021-04-10', topicIds }] })
    const order = async () => (await as(city.viewer.thu, async (ctx) => sheetOf(ctx, await sittingById(ctx.tx, makeUp!)))).map((line) => [line.name, line.hasStudied])
    expect(await order()).toEqual([['Đỗ Thị Thu', false], ['Phạm Thị Hoa', true]])
    await as(city.viewer.thu, (ctx) => takeRoll(ctx, { sittingId: makeUp!, marks: [mark('thu', 'present')] }))
    expect(await order()).toEqual([['Đỗ Thị Thu', false], ['Phạm Thị Hoa', true]])
    const whole = await as(city.viewer.thu, async (ctx) => sheetOf(ctx, await sittingById(ctx.tx, studied!)))
    expect(whole.map((line) => line.name)).toEqual(['Phạm Thị Hoa', 'Đỗ Thị Thu'])
  })
})
