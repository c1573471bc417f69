import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { asViewer } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { testDatabase } from '../../../tests/database.ts'
import { organisation, type Organisation } from '../../../tests/people.ts'
import { problemsOf } from '../../web/problems.ts'
import { campaignByCode, listCampaigns, openCampaign, partsOf, prepareCampaign } from './campaigns.server.ts'
import { CampaignInput, CampaignOpening, RosterChange } from './campaigns.schema.ts'
import { driftOf } from './roster-drift.server.ts'
import { previewRoster, receiversOf, rosterChanges, rosterCounts, rosterPage } from './roster-views.server.ts'
import { changeRoster, rosterOf } from './roster.server.ts'

const { db } = await testDatabase()
let city: Organisation

const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))

/** What a person types into the form, as the page posts it. */
const typed = (change: Record<string, unknown> = {}) => ({
  code: 'nq-xiii',
  name: 'Học tập Nghị quyết Đại hội XIII',
  unitCode: 'can-tho',
  studyFrom: '27/3/2021',
  studyTo: '30/6/2021',
  dataDay: '30/6/2021',
  whoWrites: 'in_post',
  resolutions: { 0: { code: 'nq-xiii', name: 'Nghị quyết Đại hội XIII', topics: 'Chuyên đề 1\n\n  Chuyên đề 2 \n' }, 1: { code: '', name: ' ', topics: '' } },
  categories: 'Cán bộ chủ chốt\nĐảng viên khác',
  ...change,
})
const read = (fields: unknown) => CampaignInput.parse(fields)
const problems = (schema: Parameters<typeof problemsOf>[0], fields: unknown) => problemsOf(schema, fields, 'vi').problems

beforeAll(async () => {
  city = await organisation(db)
})

describe('the form of a campaign', () => {
  test('reads days as they are typed, one topic a line, and leaves empty rows out', () => {
    const campaign = read(typed())
    expect(campaign).toMatchObject({ studyFrom: '2021-03-27', dataDay: '2021-06-30', exemptExpected: false })
    expect(campaign.resolutions).toEqual([{ code: 'nq-xiii', name: 'Nghị quyết Đại hội XIII', topics: ['Chuyên đề 1', 'Chuyên đề 2'] }])
    expect(campaign.categories).toEqual(['Cán bộ chủ chốt', 'Đảng viên khác'])
    expect(read(typed({ exemptExpected: 'on' })).exemptExpected).toBe(true)
  })
  test('says beside each field what is wrong', () => {
    expect(problems(CampaignInput, typed({ studyFrom: '31/6/2021' }))).toEqual({ studyFrom: 'Không có ngày 31/6/2021: tháng 6 năm 2021 chỉ có 30 ngày.' })
    expect(problems(CampaignInput, typed({ studyTo: '1/3/2021' }))).toHaveProperty('studyTo')
    expect(problems(CampaignInput, typed({ code: 'Nghị quyết' }))).toHaveProperty('code')
    expect(problems(CampaignInput, typed({ resolutions: { 0: { code: '', name: '', topics: '' } } }))).toEqual({ resolutions: 'Ghi ít nhất một nghị quyết, có tên, mã và chuyên đề.' })
    expect(problems(CampaignInput, typed({ categories: '\n' }))).toEqual({ categories: 'Ghi ít nhất một dòng.' })
    expect(problems(CampaignInput, typed({ code: '' }))).toEqual({ code: 'Chưa điền ô này.' })
    expect(problems(CampaignInput, typed({ name: 'x'.repeat(301) }))).toEqual({ name: 'Ghi nhiều nhất 300 ký tự.' })
  })
})

describe('preparing a campaign', () => {
  test('is for whoever leads the unit that runs it', async () => {
    for (const viewer of [city.viewer.ngoc, city.viewer.binh, city.viewer.khoa]) await expect(as(viewer, (ctx) => prepareCampaign(ctx, read(typed())))).rejects.toThrow(Forbidden)
    await as(city.viewer.mai, (ctx) => prepareCampaign(ctx, read(typed())))
    const campaign = await as(city.viewer.mai, ({ tx }) => campaignByCode(tx, 'nq-xiii'))
    expect(campaign).toMatchObject({ openedOn: null, unitCode: 'can-tho' })
    const { topics, categories } = await as(city.viewer.mai, ({ tx }) => partsOf(tx, campaign.id))
    expect(topics.map((topic) => topic.name)).toEqual(['Chuyên đề 1', 'Chuyên đề 2'])
    expect(categories).toEqual([
      { key: 'can-bo-chu-chot', name: 'Cán bộ chủ chốt', isDefault: false },
      { key: 'dang-vien-khac', name: 'Đảng viên khác', isDefault: true },
    ])
  })
  test('is refused for a code of a campaign that the viewer does not see', async () => {
    const own = (unitCode: string) => read(typed({ code: 'rieng', unitCode }))
    await as(city.viewer.thu, (ctx) => prepareCampaign(ctx, own('an-hoa-2')))
    expect(await as(city.viewer.binh, ({ tx }) => listCampaigns(tx))).toHaveLength(1)
    await expect(as(city.viewer.binh, (ctx) => prepareCampaign(ctx, own('an-hoa-1')))).rejects.toMatchObject({ field: 'code' })
    await sql`delete from category where campaign_id in (select id from campaign where code = 'rieng')`.execute(db)
    await sql`delete from topic where campaign_id in (select id from campaign where code = 'rieng')`.execute(db)
    await sql`delete from resolution where campaign_id in (select id from campaign where code = 'rieng')`.execute(db)
    await sql`delete from campaign where code = 'rieng'`.execute(db)
  })
  test('is refused for a code that is taken or a resolution that is there twice', async () => {
    await expect(as(city.viewer.mai, (ctx) => prepareCampaign(ctx, read(typed())))).rejects.toMatchObject({ field: 'code' })
    const twice = { 0: { code: 'nq-1', name: 'Nghị quyết 1', topics: 'A' }, 1: { code: 'nq-1', name: 'Nghị quyết 2', topics: 'B' } }
    await expect(as(city.viewer.mai, (ctx) => prepareCampaign(ctx, read(typed({ code: 'khac', resolutions: twice }))))).rejects.toMatchObject({ field: 'resolutions' })
    const alike = typed({ code: 'khac', categories: 'Cán bộ\nCan bo' })
    await expect(as(city.viewer.mai, (ctx) => prepareCampaign(ctx, read(alike)))).rejects.toMatchObject({ field: 'categories' })
    await expect(as(city.viewer.mai, (ctx) => prepareCampaign(ctx, read(typed({ code: 'new' }))))).rejects.toMatchObject({ field: 'code' })
    expect(await as(city.viewer.mai, ({ tx }) => listCampaigns(tx))).toHaveLength(1)
  })
})

describe('opening a campaign', () => {
  const open = (viewer: Viewer, openedOn = '22/3/2021') => as(viewer, (ctx) => openCampaign(ctx, CampaignOpening.parse({ campaignCode: 'nq-xiii', openedOn })))
  const campaignId = async () => (await db.selectFrom('campaign').select('id').where('code', '=', 'nq-xiii').executeTakeFirstOrThrow()).id

  test('can be looked at first: how many the roster would hold, without a name', async () => {
    const id = await campaignId()
    const preview = await as(city.viewer.mai, ({ tx }) => previewRoster(tx, id, '2021-03-22'))
    expect(preview).toEqual({ people: 6, expected: 5, exempt: 1, writers: 5, units: 2 })
    expect(await as(city.viewer.mai, ({ tx }) => previewRoster(tx, id, '2019-01-01'))).toMatchObject({ people: 0 })
    await expect(as(city.viewer.binh, ({ tx }) => previewRoster(tx, id, '2021-03-22'))).rejects.toThrow(/not the viewer/)
    await expect(as(city.viewer.lan, ({ tx }) => previewRoster(tx, id, '2021-03-22'))).rejects.toThrow(/not the viewer/)
  })
  test('is refused after its data day, on a day without members, and for whoever does not lead it', async () => {
    await expect(open(city.viewer.mai, '1/7/2021')).rejects.toMatchObject({ field: 'openedOn' })
    await expect(open(city.viewer.mai, '1/6/2021')).rejects.toThrow(/still to come/)
    await expect(open(city.viewer.mai, '1/1/2019')).rejects.toMatchObject({ field: 'openedOn' })
    await expect(open(city.viewer.ngoc)).rejects.toThrow(Forbidden)
    await expect(as(city.viewer.mai, (ctx) => openCampaign(ctx, { campaignCode: 'khong-co', openedOn: '2021-03-22' }))).rejects.toThrow(NotFound)
    expect(problems(CampaignOpening, { campaignCode: 'nq-xiii', openedOn: '30/2/2021' })).toHaveProperty('openedOn')
  })
  test('before it nothing is on the roster, and nothing can be changed there', async () => {
    await expect(as(city.viewer.binh, (ctx) => changeRoster(ctx, { campaignCode: 'nq-xiii', personId: city.person.lan, change: 'exempt', fromDay: '2021-04-01', reason: 'Ốm' }))).rejects.toThrow(Refused)
  })
  test('freezes exactly what was shown, once', async () => {
    await open(city.viewer.mai)
    const id = await campaignId()
    const counts = await as(city.viewer.mai, ({ tx }) => rosterCounts(tx, id, [city.unit.city, city.unit.cellOne], '2021-03-22'))
    expect(counts.get(city.unit.city)).toEqual({ expected: 5, exempt: 1, own: 0 })
    expect(counts.get(city.unit.cellOne)).toEqual({ expected: 3, exempt: 1, own: 4 })
    await expect(open(city.viewer.mai)).rejects.toMatchObject({ field: 'openedOn' })
  })
})

describe('the roster', () => {
  const change = (viewer: Viewer, input: Record<string, unknown>) => as(viewer, (ctx) => changeRoster(ctx, RosterChange.parse({ campaignCode: 'nq-xiii', reason: 'Theo quyết định', ...input })))
  const campaignOf = (viewer: Viewer) => as(viewer, ({ tx }) => campaignByCode(tx, 'nq-xiii'))
  const page = async (viewer: Viewer, unit: keyof Organisation['unit'], asOf = '2021-04-15') => {
    const { id } = await campaignOf(viewer)
    return as(viewer, ({ tx }) => rosterPage(tx, { campaignId: id, unitId: city.unit[unit], asOf, limit: 50, offset: 0 }))
  }

  test('shows names to the cell and the unit directly above, the exempt last, and to nobody further up', async () => {
    for (const viewer of [city.viewer.binh, city.viewer.ngoc]) {
      const { people, expected, exempt } = await page(viewer, 'cellOne')
      expect(people.map((person) => person.name)).toEqual(['Lê Thanh Bình', 'Nguyễn Thị Lan', 'Trần Văn Minh', 'Võ Văn Sáu'])
      expect({ expected, exempt }).toEqual({ expected: 3, exempt: 1 })
    }
    for (const viewer of [city.viewer.mai, city.viewer.duc, city.viewer.khoa]) await expect(page(viewer, 'cellOne').catch(() => ({ people: [] }))).resolves.toMatchObject({ people: [] })
  })

  test('takes a change from a day that is typed, with its reason, and remembers who made it', async () => {
    await change(city.viewer.binh, { personId: city.person.minh, change: 'exempt', fromDay: '10/4/2021', reason: 'Đi điều trị dài ngày' })
    expect((await page(city.viewer.binh, 'cellOne', '2021-04-09')).exempt).toBe(1)
    expect((await page(city.viewer.binh, 'cellOne', '2021-04-10')).exempt).toBe(2)
    await change(city.viewer.binh, { personId: city.person.minh, change: 'expect', fromDay: '12/4/2021' })
    expect((await page(city.viewer.binh, 'cellOne')).exempt).toBe(1)
    const campaign = await campaignOf(city.viewer.binh)
    const changes = await as(city.viewer.binh, (ctx) => rosterChanges(ctx, campaign, city.unit.cellOne))
    expect(changes.map(({ change: what, fromDay, name, reason, isOwn }) => ({ what, fromDay, name, reason, isOwn }))).toEqual([
      { what: 'expect', fromDay: '2021-04-12', name: 'Trần Văn Minh', reason: 'Theo quyết định', isOwn: true },
      { what: 'exempt', fromDay: '2021-04-10', name: 'Trần Văn Minh', reason: 'Đi điều trị dài ngày', isOwn: true },
    ])
  })

  test('refuses what is so already, a day before the opening, and a change without a reason or with an impossible day', async () => {
    const minh = { personId: city.person.minh, fromDay: '13/4/2021' }
    await expect(change(city.viewer.binh, { ...minh, change: 'expect' })).rejects.toMatchObject({ field: 'change' })
    await expect(change(city.viewer.binh, { ...minh, change: 'exempt', fromDay: '1/3/2021' })).rejects.toMatchObject({ field: 'fromDay' })
    await expect(change(city.viewer.binh, { ...minh, change: 'arrive', unitCode: 'an-hoa-1' })).rejects.toMatchObject({ field: 'change' })
    expect(problems(RosterChange, { campaignCode: 'nq-xiii', ...minh, change: 'leave', fromDay: '31/4/2021', reason: ' ' })).toMatchObject({ fromDay: expect.any(String), reason: expect.any(String) })
    expect(problems(RosterChange, { campaignCode: 'nq-xiii', ...minh, change: 'leave', reason: 'x'.repeat(5000) })).toEqual({ reason: 'Ghi nhiều nhất 300 ký tự.' })
  })

  test('is changed by the unit directly above both for a transfer, which no cell can do alone', async () => {
    const lan = { personId: city.person.lan, change: 'transfer', fromDay: '14/4/2021' }
    await expect(change(city.viewer.ngoc, { ...lan, unitCode: '' })).rejects.toMatchObject({ field: 'unitCode' })
    await expect(change(city.viewer.binh, { ...lan, unitCode: 'an-hoa-2' })).rejects.toThrow(NotFound)
    await expect(change(city.viewer.duc, { ...lan, unitCode: 'an-hoa-2' }).catch((error: Error) => error.name)).resolves.toMatch(/NotFound|Forbidden/)
    await change(city.viewer.ngoc, { ...lan, unitCode: 'an-hoa-2' })
    expect((await page(city.viewer.thu, 'cellTwo')).people.map((person) => person.name)).toContain('Nguyễn Thị Lan')
    const told = async (viewer: Viewer, unit: 'cellOne' | 'cellTwo') => (await as(viewer, async (ctx) => rosterChanges(ctx, await campaignOf(viewer), city.unit[unit])))[0]
    expect(await told(city.viewer.ngoc, 'cellOne')).toMatchObject({ change: 'transfer', fromDay: '2021-04-14' })
    expect(await told(city.viewer.thu, 'cellTwo')).toMatchObject({ change: 'arrive', fromDay: '2021-04-14', name: 'Nguyễn Thị Lan', reason: 'Theo quyết định' })
    const cell = await db.selectFrom('unit').selectAll().where('id', '=', city.unit.cellOne).executeTakeFirstOrThrow()
    const unit = { ...cell, organisationName: null }
    expect(await as(city.viewer.ngoc, (ctx) => receiversOf(ctx, unit, '2021-04-15'))).toEqual([{ code: 'an-hoa-2', name: 'Chi bộ khu vực 2' }])
    expect(await as(city.viewer.binh, (ctx) => receiversOf(ctx, unit, '2021-04-15'))).toEqual([])
  })

  test('lists members whom it does not hold; they arrive from a day on, unless another unit still has them', async () => {
    const { id } = await campaignOf(city.viewer.thu)
    const newcomers = () => as(city.viewer.thu, async (ctx) => (await driftOf(ctx, { id, openedOn: '2021-03-22' }, city.unit.cellTwo, '2021-04-15')).filter((person) => person.change === 'arrive' && !person.isElsewhere))
    expect(await newcomers()).toEqual([])
    // Minh moves to cell two before anybody records it on the roster: cell one still has him there
    await sql`update membership set during = '[2020-01-01,2021-04-14)' where person_id = ${city.person.minh}`.execute(db)
    await sql`insert into membership (id, person_id, unit_id, during) values (gen_random_uuid(), ${city.person.minh}, ${city.unit.cellTwo}, '[2021-04-14,)')`.execute(db)
    const arrival = { personId: city.person.minh, change: 'arrive', fromDay: '15/4/2021', unitCode: 'an-hoa-2' }
    await expect(change(city.viewer.thu, arrival)).rejects.toMatchObject({ field: 'change' })
    await change(city.viewer.binh, { personId: city.person.minh, change: 'leave', fromDay: '15/4/2021' })
    expect((await newcomers()).map((person) => person.name)).toEqual(['Trần Văn Minh'])
    await change(city.viewer.thu, arrival)
    expect(await newcomers()).toEqual([])
    const rows = await as(city.viewer.ngoc, ({ tx }) => rosterOf(tx, id, city.person.minh))
    expect(rows.at(-1)).toMatchObject({ unitId: city.unit.cellTwo, from: '2021-04-15', until: null, mustStudy: true })
  })

  test('keeps its counts right through all of this', async () => {
    const { id } = await campaignOf(city.viewer.mai)
    const counts = () => as(city.viewer.mai, ({ tx }) => rosterCounts(tx, id, Object.values(city.unit), '2021-04-15'))
    const kept = await counts()
    await sql`select recount(${id})`.execute(db)
    expect(await counts()).toEqual(kept)
    expect(kept.get(city.unit.cellTwo)).toEqual({ expected: 4, exempt: 0, own: 4 })
  })
})
