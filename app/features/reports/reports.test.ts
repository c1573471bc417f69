import { beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../../tests/database.ts'
import { organisation, type Organisation } from '../../../tests/people.ts'
import { asViewer } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import { openCampaign, prepareCampaign } from '../campaigns/campaigns.server.ts'
import { behindFigure } from '../indicators/behind.server.ts'
import { openCampaignByCode } from '../campaigns/campaigns.server.ts'
import { declareTotals, withdrawDeclaration } from '../study/declarations.server.ts'
import { takeRoll } from '../study/rolls.server.ts'
import { holdSession } from '../study/sessions.server.ts'
import { placeOf } from '../units/place.server.ts'
import { buildReport, thinned, worstFirst } from './reports.server.ts'
import { standingRows } from './report-rows.ts'

const { db } = await testDatabase()
let city: Organisation
let topics: Record<string, string>

const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))

const report = (viewer: Viewer, unitCode: string, asOf = '2021-06-30', resolutionCode?: string) =>
  as(viewer, ({ tx }) => buildReport(tx, { campaignCode: 'hai-nghi-quyet', unitCode, asOf, resolutionCode }))

const behind = (viewer: Viewer, key: string, unitCode: string, part: string | null = null, asOf = '2021-06-30') =>
  as(viewer, async (ctx) => behindFigure(ctx, { campaign: await openCampaignByCode(ctx.tx, 'hai-nghi-quyet'), place: await placeOf(ctx, unitCode, asOf), key, asOf, part }))

async function study(viewer: Viewer, unitCode: string, kind: 'class' | 'make_up_class', heldOn: string, of: string[], present: (keyof Organisation['person'])[], absent: [keyof Organisation['person'], string][] = []) {
  const { sittingIds } = await as(viewer, (ctx) =>
    holdSession(ctx, { campaignCode: 'hai-nghi-quyet', unitCode, kind, name: 'Lớp học', place: 'Nhà văn hóa', categories: [], sittings: [{ heldOn, topicIds: of.map((name) => topics[name]!) }] }),
  )
  const marks = [
    ...present.map((person) => ({ personId: city.person[person], status: 'present' as const })),
    ...absent.map(([person, reason]) => ({ personId: city.person[person], status: 'excused' as const, reason })),
  ]
  await as(viewer, (ctx) => takeRoll(ctx, { sittingId: sittingIds[0]!, marks }))
}

// Cell one: Lan studies both resolutions, Minh the first only, Bình neither. Cell two: Hoa and Thu both, Hoa by a make-up class.
beforeAll(async () => {
  city = await organisation(db)
  await db.updateTable('membership').set({ category_key: 'can-bo-chu-chot' }).where('person_id', 'in', [city.person.binh, city.person.thu]).execute()
  await as(city.viewer.mai, (ctx) =>
    prepareCampaign(ctx, {
      code: 'hai-nghi-quyet',
      name: 'Học tập hai nghị quyết',
      unitCode: 'can-tho',
      studyFrom: '2021-03-27',
      studyTo: '2021-06-30',
      dataDay: '2021-06-30',
      exemptExpected: false,
      whoWrites: 'in_post',
      resolutions: [
        { code: 'mot', name: 'Nghị quyết thứ nhất', topics: ['Chuyên đề 1', 'Chuyên đề 2'] },
        { code: 'hai', name: 'Nghị quyết thứ hai', topics: ['Chuyên đề 3'] },
      ],
      categories: ['Cán bộ chủ chốt', 'Đảng viên khác'],
    }),
  )
  await as(city.viewer.mai, (ctx) => openCampaign(ctx, { campaignCode: 'hai-nghi-quyet', openedOn: '2021-03-22' }))
  topics = Object.fromEntries((await db.selectFrom('topic').select(['id', 'name']).execute()).map((topic) => [topic.name, topic.id]))
  await study(city.viewer.binh, 'an-hoa-1', 'class', '2021-04-01', ['Chuyên đề 1', 'Chuyên đề 2'], ['lan', 'minh'], [['binh', 'Nằm viện']])
  await study(city.viewer.binh, 'an-hoa-1', 'class', '2021-04-05', ['Chuyên đề 3'], ['lan'], [['minh', 'Đi công tác']])
  await study(city.viewer.thu, 'an-hoa-2', 'class', '2021-04-02', ['Chuyên đề 1', 'Chuyên đề 2', 'Chuyên đề 3'], ['thu'])
  await study(city.viewer.thu, 'an-hoa-2', 'make_up_class', '2021-04-08', ['Chuyên đề 1', 'Chuyên đề 2', 'Chuyên đề 3'], ['hoa'])
})

describe('the report of the commune', () => {
  test('adds up from its cells, worst first, the exempt outside the base', async () => {
    const { total, units, otherUnits, exemptReasons } = await report(city.viewer.ngoc, 'an-hoa')
    expect(total).toEqual({ expected: 5, studied: 3, exempt: 1, declared: 0 })
    expect(units.map(({ code, studied, expected }) => [code, studied, expected])).toEqual([
      ['an-hoa-1', 1, 3],
      ['an-hoa-2', 2, 2],
    ])
    expect(otherUnits).toBeNull()
    expect(exemptReasons).toEqual([{ reason: 'Tuổi cao, sức yếu', people: 1 }])
  })
  test('has each member in one category and one kind of session, the one that completed the study', async () => {
    const { categories, kinds, total } = await report(city.viewer.ngoc, 'an-hoa')
    expect(categories.map(({ name, studied, expected }) => [name, studied, expected])).toEqual([
      ['Cán bộ chủ chốt', 1, 2],
      ['Đảng viên khác', 2, 3],
    ])
    expect(kinds.map(({ kind, studied, sessions }) => [kind, studied, sessions])).toEqual([
      ['class', 2, 3],
      ['make_up_class', 1, 1],
    ])
    expect(kinds.reduce((sum, row) => sum + row.studied, 0)).toBe(total.studied)
  })
  test('gives each resolution a share of its own, and one of them alone when asked', async () => {
    const whole = await report(city.viewer.ngoc, 'an-hoa')
    expect(whole.resolutions.map(({ code, studied }) => [code, studied])).toEqual([
      ['mot', 4],
      ['hai', 3],
    ])
    const first = await report(city.viewer.ngoc, 'an-hoa', '2021-06-30', 'mot')
    expect(first.total).toMatchObject({ expected: 5, studied: 4 })
    expect(first.categories.map((row) => row.studied)).toEqual([1, 3])
    expect(first.kinds.map((row) => row.studied)).toEqual([3, 1])
    await expect(report(city.viewer.ngoc, 'an-hoa', '2021-06-30', 'ba')).rejects.toThrow(NotFound)
  })
  test('stands at its day, and its curve ends there', async () => {
    const early = await report(city.viewer.ngoc, 'an-hoa', '2021-04-02')
    expect(early.total.studied).toBe(1)
    expect(early.curve.at(-1)).toEqual({ day: '2021-04-02', studied: 1, expected: 5 })
    const late = await report(city.viewer.ngoc, 'an-hoa')
    expect(late.curve.map((point) => [point.day, point.studied])).toEqual([
      ['2021-03-22', 0],
      ['2021-04-02', 1],
      ['2021-04-05', 2],
      ['2021-04-08', 3],
    ])
    expect(thinned(late.curve, 2).map((point) => point.studied)).toEqual([1, 3])
  })
  test('marks what was declared, and lists the people of a cell as declared until that is withdrawn', async () => {
    await as(city.viewer.thu, (ctx) => declareTotals(ctx, { campaignCode: 'hai-nghi-quyet', unitCode: 'an-hoa-2', declaredOn: '2021-04-10', studied: { 'dang-vien-khac': 1 } }))
    const { total, kinds } = await report(city.viewer.ngoc, 'an-hoa')
    expect(total).toMatchObject({ studied: 2, declared: 1 })
    expect(kinds.find((row) => row.kind === 'declared')?.studied).toBe(1)
    const cell = await behind(city.viewer.thu, 'studied', 'an-hoa-2')
    expect(cell).toMatchObject({ numerator: 1, declared: 1, isDeclared: true })
    expect(cell.declarations).toMatchObject([{ declaredOn: '2021-04-10', studied: 1, declaredBy: 'Đỗ Thị Thu' }])
    await as(city.viewer.thu, (ctx) => withdrawDeclaration(ctx, { campaignCode: 'hai-nghi-quyet', unitCode: 'an-hoa-2', reason: 'Đã có điểm danh' }))
  })
})

test('a member sees the report of the chain with the units not seen in one row, so that it still adds up', async () => {
  const seen = await report(city.viewer.lan, 'an-hoa')
  expect(seen.units.map((unit) => unit.code)).toEqual(['an-hoa-1'])
  expect(seen.otherUnits).toEqual({ expected: 2, studied: 2, exempt: 0, declared: 0 })
  expect(seen.total).toEqual((await report(city.viewer.ngoc, 'an-hoa')).total)
  const rows = standingRows(seen, { campaign: 'hai-nghi-quyet', unit: seen.unit, asOf: '2021-06-30', order: 'share', language: 'vi' })
  expect(rows.map((row) => [row.name, row.missing, row.isLow])).toEqual([
    ['Chi bộ khu vực 1', 2, true],
    ['Các đơn vị khác', 0, false],
  ])
})

describe('the report does not exist', () => {
  test('for another cell, for names only, or for a campaign that is not there', async () => {
    await expect(report(city.viewer.lan, 'an-hoa-2')).rejects.toThrow(NotFound)
    await expect(report(city.viewer.khoa, 'ninh-kieu')).rejects.toThrow(NotFound)
    await expect(as(city.viewer.ngoc, ({ tx }) => buildReport(tx, { campaignCode: 'khong-co', unitCode: 'an-hoa', asOf: '2021-06-30' }))).rejects.toThrow(NotFound)
  })
  test('before the campaign is opened', async () => {
    await as(city.viewer.duc, (ctx) =>
      prepareCampaign(ctx, { code: 'sap-mo', name: 'Đợt sắp mở', unitCode: 'ninh-kieu', studyFrom: '2021-07-01', studyTo: '2021-08-01', dataDay: '2021-08-01', exemptExpected: false, whoWrites: 'nobody', resolutions: [{ code: 'mot', name: 'Một', topics: ['Một'] }], categories: ['Tất cả'] }),
    )
    await expect(as(city.viewer.duc, ({ tx }) => buildReport(tx, { campaignCode: 'sap-mo', unitCode: 'ninh-kieu', asOf: '2021-07-10' }))).rejects.toThrow(Refused)
  })
})

describe('behind a figure', () => {
  test('stand the units that add up to it, down to the people for the cell and the commune', async () => {
    const commune = await behind(city.viewer.mai, 'studied', 'an-hoa')
    expect(commune.addends.map(({ code, numerator, denominator }) => [code, numerator, denominator])).toEqual([
      ['an-hoa-1', 1, 3],
      ['an-hoa-2', 2, 2],
    ])
    const cell = await behind(city.viewer.ngoc, 'studied', 'an-hoa-1')
    expect(cell.people?.map(({ name, state, on, topicsDone, last }) => [name, state, on, topicsDone, last?.reason])).toEqual([
      ['Lê Thanh Bình', 'missing', null, 0, 'Nằm viện'],
      ['Trần Văn Minh', 'missing', null, 2, 'Đi công tác'],
      ['Nguyễn Thị Lan', 'done', '2021-04-05', 3, undefined],
    ])
    expect(cell.people?.at(-1)?.where).toMatchObject({ name: 'Lớp học', place: 'Nhà văn hóa', kind: 'class' })
  })
  test('names stop at the level above the cell: the city sees how many and why', async () => {
    const cell = await behind(city.viewer.mai, 'exempt', 'an-hoa-1')
    expect(cell).toMatchObject({ numerator: 1, denominator: 4, seesPeople: false, people: null })
    expect(cell.reasons).toEqual([{ reason: 'Tuổi cao, sức yếu', people: 1 }])
    expect((await behind(city.viewer.binh, 'exempt', 'an-hoa-1')).people?.map((person) => [person.name, person.exemptReason])).toEqual([['Võ Văn Sáu', 'Tuổi cao, sức yếu']])
  })
  test('a part narrows numerator, base and people alike', async () => {
    const category = await behind(city.viewer.binh, 'studied', 'an-hoa-1', 'category:dang-vien-khac')
    expect(category).toMatchObject({ numerator: 1, denominator: 2, partName: 'Đảng viên khác' })
    expect(category.people?.map((person) => person.name)).toEqual(['Trần Văn Minh', 'Nguyễn Thị Lan'])
    const first = await behind(city.viewer.binh, 'studied', 'an-hoa-1', 'resolution:mot')
    expect(first).toMatchObject({ numerator: 2, denominator: 3 })
    expect(first.people?.map(({ name, state, on }) => [name, state, on])).toEqual([
      ['Lê Thanh Bình', 'missing', null],
      ['Nguyễn Thị Lan', 'done', '2021-04-01'],
      ['Trần Văn Minh', 'done', '2021-04-01'],
    ])
    const madeUp = await behind(city.viewer.thu, 'studied', 'an-hoa-2', 'kind:make_up_class')
    expect(madeUp.people?.map((person) => person.name)).toEqual(['Phạm Thị Hoa'])
  })
  test('lists of roster, writers and sittings fit their figures', async () => {
    for (const key of ['expected', 'on-roster', 'must-write']) {
      const { numerator, people } = await behind(city.viewer.binh, key, 'an-hoa-1')
      expect([key, people?.length]).toEqual([key, numerator])
    }
    const attendances = await behind(city.viewer.binh, 'attendances', 'an-hoa-1')
    expect(attendances.sittings.reduce((sum, sitting) => sum + sitting.people, 0)).toBe(attendances.numerator)
    expect((await behind(city.viewer.mai, 'attendances', 'an-hoa-1')).sittings).toEqual([])
  })
  test('an unknown figure or part, and the figure of a stranger, do not exist', async () => {
    await expect(behind(city.viewer.ngoc, 'opinions', 'an-hoa')).rejects.toThrow(NotFound)
    await expect(behind(city.viewer.ngoc, 'studied', 'an-hoa', 'category:khong-co')).rejects.toThrow(NotFound)
    await expect(behind(city.viewer.ngoc, 'exempt', 'an-hoa', 'kind:class')).rejects.toThrow(NotFound)
    await expect(behind(city.viewer.lan, 'studied', 'an-hoa-2')).rejects.toThrow(NotFound)
    await expect(behind(city.viewer.khoa, 'studied', 'ninh-kieu')).rejects.toThrow(NotFound)
  })
})

test('the lowest share stands first, more people missing before fewer, units without anybody expected last', () => {
  const rows = [
    { name: 'Đủ', expected: 2, studied: 2 },
    { name: 'Không ai', expected: 0, studied: 0 },
    { name: 'Nửa nhỏ', expected: 2, studied: 1 },
    { name: 'Nửa lớn', expected: 10, studied: 5 },
  ]
  expect(worstFirst(rows).map((row) => row.name)).toEqual(['Nửa lớn', 'Nửa nhỏ', 'Đủ', 'Không ai'])
})
