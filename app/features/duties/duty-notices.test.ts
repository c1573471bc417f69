import { sql } from 'kysely'
import { v7 } from 'uuid'
import { beforeEach, describe, expect, test } from 'vitest'
import { asViewer } from '../../db/open.ts'
import { openLog } from '../../platform/log.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { testDatabase, type TestDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation } from '../../../tests/people.ts'
import type { App } from '../../web/context.ts'
import { ownNotices } from '../notices/notice-views.server.ts'
import { markRead } from '../notices/reading.server.ts'
import { escalateLate, followOrganisation, layDuties, settleMissed } from './duties.jobs.ts'
import { DutyRuleChange, DutyRuleInput } from './duties.schema.ts'
import { dutiesOfUnit } from './duties.server.ts'
import { changeRule, endRule, orderDuties } from './rules.server.ts'
import { undoWaiver, waiveDuties } from './waivers.server.ts'

// Who is told of what is ordered, waived and late.
const base = await testDatabase()
const city = await organisation(base.db)
const { campaignId } = await openedCampaign(base.db, city)
await base.db.destroy()

let db: TestDatabase['db']
let app: { db: TestDatabase['db']; log: ReturnType<typeof openLog>; config: App['config'] }

beforeEach(async () => {
  const made = await testDatabase(base.connection.database)
  db = made.db
  app = { db, log: openLog('silent'), config: { timeZone: 'Asia/Ho_Chi_Minh' } as App['config'] }
  return made.drop
})

const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
const at = (day: string) => new Date(`${day}T05:00:00Z`)
const terms = (said: Record<string, unknown> = {}) =>
  DutyRuleInput.parse({ unitCode: 'can-tho', campaignCode: 'nq-xiii', kind: 'document', title: 'Ban hành kế hoạch', who: 'all', documentType: 'plan', dueMode: 'day', dueOn: '2021-04-30', ...said })

async function order(said: Record<string, unknown> = {}, viewer = city.viewer.mai): Promise<string> {
  const { ruleId } = await as(viewer, (ctx) => orderDuties(ctx, terms(said)))
  await layDuties(app)
  return ruleId
}
async function follow(day: string): Promise<void> {
  await followOrganisation(app, at(day))
  await layDuties(app)
}
async function issue(unit: 'district' | 'cellOne'): Promise<void> {
  await db.insertInto('document').values({
    id: v7(), unit_id: city.unit[unit], issuer_id: city.unit[unit], campaign_id: campaignId, type: 'plan', grammar: 'party', number: 1, symbol: 'ĐU', abstract: 'Kế hoạch',
    issued_on: '2021-04-10', issued_at: at('2021-04-10'), state: 'issued', source: 'page',
  } as never).execute()
}
const told = async (viewer: Viewer) => (await as(viewer, ({ tx }) => ownNotices(tx, 'vi'))).notices.map(({ sentence, path }) => `${sentence} (${path})`)
const howMany = async (kind = 'duty-made') => (await sql`select from notice where kind = ${kind}`.execute(db)).rows.length

describe('a rule that is laid', () => {
  test('tells each office that owes something new once, in its own sentence; nobody else', async () => {
    await order()
    expect(await told(city.viewer.binh)).toEqual(['Việc mới: Ban hành kế hoạch, hạn 30/4/2021 (/duties?unit=an-hoa-1)'])
    expect(await told(city.viewer.ngoc)).toEqual(['Việc mới: Ban hành kế hoạch, hạn 30/4/2021 (/duties?unit=an-hoa)'])
    for (const viewer of [city.viewer.lan, city.viewer.khoa, city.viewer.mai, city.viewer.son]) expect(await told(viewer)).toEqual([])
    expect(await howMany()).toBe(4) // Bình, Thu, Ngọc, Đức
    await order({ kind: 'personal_plan', who: 'cells', title: 'Kế hoạch cá nhân', dueMode: 'day' })
    expect(await told(city.viewer.binh)).toHaveLength(2)
    expect((await sql<{ by_office: boolean }>`select distinct by_office from notice where facts ->> 'title' = 'Kế hoạch cá nhân'`.execute(db)).rows).toEqual([{ by_office: false }]) // a helper sees it
  })

  test('is not said again by laying it again, changing or ending it, read or unread', async () => {
    const id = await order()
    await as(city.viewer.binh, (ctx) => markRead(ctx, { noticeIds: [], isAll: true }))
    await as(city.viewer.mai, (ctx) => changeRule(ctx, DutyRuleChange.parse({ ...terms({ dueOn: '2021-05-20' }), ruleId: id, version: 1 })))
    await layDuties(app)
    await follow('2021-04-16')
    await follow('2021-04-17')
    await as(city.viewer.mai, (ctx) => endRule(ctx, { ruleId: id, version: 2 }))
    await layDuties(app)
    expect(await howMany()).toBe(4)
  })

  test('tells of months once, and a unit that is founded later when its own is laid', async () => {
    await order({ who: 'cells', dueMode: 'monthly', dueMonthday: '5', fromOn: '2021-04-01', untilOn: '2021-12-31', title: 'Báo cáo tháng', documentType: 'report' })
    expect(await told(city.viewer.binh)).toEqual(['Việc mới, làm hằng tháng: Báo cáo tháng, lần đầu hạn 5/5/2021 (/duties?unit=an-hoa-1)'])
    await follow('2021-05-10')
    expect(await howMany()).toBe(2)
    const cell = v7()
    await db.insertInto('unit').values({ id: cell, kind: 'cell', code: 'an-hoa-3', name: 'Chi bộ khu vực 3', during: '[2021-05-12,)' }).execute()
    await db.insertInto('unit_parent').values({ unit_id: cell, parent_id: city.unit.commune, during: '[2021-05-12,)' }).execute()
    await db.insertInto('office').values({ id: v7(), person_id: city.person.minh, unit_id: cell, role: 'secretary', during: '[2021-05-12,)' } as never).execute()
    await sql`select lay_ancestors()`.execute(db)
    await follow('2021-05-12')
    expect(await howMany()).toBe(3)
  })

  test('into the past, or done before it was asked, tells nobody', async () => {
    await order({ dueOn: '2021-04-14' })
    expect(await howMany()).toBe(0)
    await issue('cellOne')
    await order({ who: 'cells' })
    expect(await told(city.viewer.binh)).toEqual([])
    expect(await howMany()).toBe(1)
  })

  test('tells who heads several of its units once; and nobody who ordered it', async () => {
    await db.insertInto('office').values({ id: v7(), person_id: city.person.binh, unit_id: city.unit.cellTwo, role: 'deputy', during: '[2020-01-01,)' } as never).execute()
    await db.insertInto('office').values({ id: v7(), person_id: city.person.mai, unit_id: city.unit.cellTwo, role: 'clerk', during: '[2020-01-01,)' } as never).execute()
    await order()
    expect(await told(city.viewer.binh)).toHaveLength(1)
    expect(await told(city.viewer.mai)).toEqual([])
  })

  test('tells of a day that is not known yet that it is not', async () => {
    await order({ dueMode: 'after_superior', dueDays: '15' })
    expect(await told(city.viewer.binh)).toEqual(['Việc mới: Ban hành kế hoạch; hạn tính khi cấp trên trực tiếp ban hành văn bản (/duties?unit=an-hoa-1)'])
  })

  test('by two servers at once tells each once', async () => {
    await as(city.viewer.mai, (ctx) => orderDuties(ctx, terms()))
    await Promise.all([layDuties(app), layDuties(app), layDuties(app)])
    await layDuties(app)
    expect(await howMany()).toBe(4)
  })
})

describe('months', () => {
  const days = async (id: string) => (await db.selectFrom('duty').select(['period', 'due_on']).where('rule_id', '=', id).where('unit_id', '=', city.unit.cellOne).where('dropped_on', 'is', null).orderBy('due_on').execute()).map((row) => `${row.period} ${row.due_on}`)
  const on = (day: string): Viewer => ({ ...city.viewer.mai, today: day })

  test('of different lengths and over a year’s end have each their day: the 31st is the last, a leap year’s too', async () => {
    const id = await order({ who: 'cells', dueMode: 'monthly', dueMonthday: '31', fromOn: '2023-11-15', untilOn: '2024-03-30', documentType: 'report' }, on('2023-12-31'))
    expect(await days(id)).toEqual(['2023-11 2023-11-30', '2023-12 2023-12-31', '2024-01 2024-01-31'])
    await follow('2024-01-01')
    expect(await days(id)).toEqual(['2023-11 2023-11-30', '2023-12 2023-12-31', '2024-01 2024-01-31', '2024-02 2024-02-29'])
    await follow('2024-02-29')
    await follow('2024-06-01')
    expect((await days(id)).slice(-1)).toEqual(['2024-02 2024-02-29']) // 31 March lies behind the last day
  })

  test('by the 5th: a report in December is December’s, one of 3 January is January’s, whatever the year', async () => {
    const id = await order({ who: 'cells', dueMode: 'monthly', dueMonthday: '5', fromOn: '2021-12-01', untilOn: '2022-02-28', documentType: 'report' }, on('2021-12-20'))
    expect(await days(id)).toEqual(['2021-12 2021-12-05', '2022-01 2022-01-05'])
    const report = (number: number, day: string) => db.insertInto('document').values({
      id: v7(), unit_id: city.unit.cellOne, issuer_id: city.unit.cellOne, campaign_id: campaignId, type: 'report', grammar: 'party', number, symbol: 'CB', abstract: 'Báo cáo tháng',
      issued_on: day, issued_at: at(day), state: 'issued', source: 'page',
    } as never).execute()
    await report(1, '2021-12-31')
    await report(2, '2022-01-03')
    await follow('2022-01-31')
    await settleMissed(app, at('2022-01-31'))
    const { rows } = await sql<{ period: string; due_on: string; done_on: string | null }>`select period, due_on, done_on from duty where rule_id = ${id} and unit_id = ${city.unit.cellOne} order by period`.execute(db)
    expect(rows).toEqual([
      { period: '2021-12', due_on: '2021-12-05', done_on: '2021-12-31' },
      { period: '2022-01', due_on: '2022-01-05', done_on: '2022-01-03' },
      { period: '2022-02', due_on: '2022-02-05', done_on: null },
    ])
  })
})

test('a waiver tells who owed it, and that it was taken back, in one notice while it is unread', async () => {
  await order({ who: 'cells' })
  const [duty] = await as(city.viewer.mai, (ctx) => dutiesOfUnit(ctx, city.unit.cellOne))
  await as(city.viewer.mai, (ctx) => waiveDuties(ctx, { dutyIds: [duty!.id], reason: 'Mới thành lập' }))
  expect((await told(city.viewer.binh))[0]).toBe(`Được cho thôi không phải làm: Ban hành kế hoạch (/duties?unit=an-hoa-1&duty=${duty!.id})`)
  await as(city.viewer.mai, (ctx) => undoWaiver(ctx, { dutyIds: [duty!.id] }))
  expect(await told(city.viewer.binh)).toEqual([expect.stringMatching(/^Lại phải làm: Ban hành kế hoạch/), expect.stringMatching(/^Việc mới/)])
  expect(await told(city.viewer.thu)).toHaveLength(1)
})

describe('the level above', () => {
  test('hears of each late duty once, not of one that is done or waived, and anew when the day was moved and missed again', async () => {
    const id = await order({ who: 'cells', dueOn: '2021-04-20', lateNoticeDays: '3' })
    const [waived] = await as(city.viewer.mai, (ctx) => dutiesOfUnit(ctx, city.unit.cellTwo))
    await as(city.viewer.mai, (ctx) => waiveDuties(ctx, { dutyIds: [waived!.id], reason: 'Đang sắp xếp' }))
    expect(await escalateLate(app, at('2021-04-22'))).toBe(0)
    expect(await Promise.all([escalateLate(app, at('2021-04-23')), escalateLate(app, at('2021-04-23'))]).then((both) => both.reduce((sum, one) => sum + one, 0))).toBe(1)
    expect(await escalateLate(app, at('2021-05-30'))).toBe(0)
    expect(await howMany('duty-late')).toBe(1) // Ngọc of the commune; not the levels above her
    expect((await told(city.viewer.ngoc))[0]).toContain('Chi bộ khu vực 1 quá hạn 3 ngày: Ban hành kế hoạch')
    await as(city.viewer.mai, (ctx) => undoWaiver(ctx, { dutyIds: [waived!.id] }))
    expect(await escalateLate(app, at('2021-05-30'))).toBe(1) // owed again, and late: told for the first time
    await as(city.viewer.mai, (ctx) => changeRule(ctx, DutyRuleChange.parse({ ...terms({ who: 'cells', dueOn: '2021-06-10', lateNoticeDays: '3' }), ruleId: id, version: 1 })))
    await layDuties(app)
    expect(await escalateLate(app, at('2021-06-12'))).toBe(0)
    expect(await escalateLate(app, at('2021-06-13'))).toBe(1)
  })

  test('hears nothing of what was done on the last day', async () => {
    await order({ who: 'cells', dueOn: '2021-04-20', lateNoticeDays: '1' })
    await issue('cellOne')
    await settleMissed(app, at('2021-04-20'))
    expect(await escalateLate(app, at('2021-04-21'))).toBe(1)
    expect((await told(city.viewer.ngoc)).join()).not.toContain('khu vực 1')
  })
})

test('nobody is told of what is ordered in a campaign that has ended', async () => {
  await db.updateTable('campaign').set({ study_to: '2021-01-31', data_day: '2021-01-31', study_from: '2021-01-01', opened_on: '2021-01-01' }).execute()
  await order()
  expect(await howMany()).toBe(0)
})
