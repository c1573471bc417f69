import fc from 'fast-check'
import { sql } from 'kysely'
import { v7 } from 'uuid'
import { beforeEach, describe, expect, test } from 'vitest'
import { actFor, asViewer } from '../../db/open.ts'
import { openLog } from '../../platform/log.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { testDatabase, type TestDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation, type Organisation } from '../../../tests/people.ts'
import type { App } from '../../web/context.ts'
import { takeRoll } from '../study/rolls.server.ts'
import { undoRoll } from '../study/roll-undo.server.ts'
import { holdSession } from '../study/sessions.server.ts'
import { escalateLate, followOrganisation, layDuties, settleMissed } from './duties.jobs.ts'
import { DutyRuleChange, DutyRuleInput, Urging } from './duties.schema.ts'
import { campaignDay } from '../campaigns/campaigns.server.ts'
import { dutiesOfUnit, firstOwedBeneath, owedBeneath, ownDuties, settleDuties, statesOfRule } from './duties.server.ts'
import { changeRule, endRule, layingsOf, orderDuties, previewChange, previewEnd, previewRule, ruleById, rulesOver } from './rules.server.ts'
import { urgesOf, urgeUnits } from './urges.server.ts'
import { undoWaiver, waiveDuties } from './waivers.server.ts'

// One organisation with an open campaign, copied for every test.
const base = await testDatabase()
const city = await organisation(base.db)
const { campaignId, topicIds } = await openedCampaign(base.db, city)
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
const on = (viewer: Viewer, today: string): Viewer => ({ ...viewer, today })
const at = (day: string) => new Date(`${day}T05:00:00Z`)

type Said = Partial<Record<keyof DutyRuleInput, unknown>>
const rule = (said: Said = {}) =>
  DutyRuleInput.parse({ unitCode: 'can-tho', campaignCode: 'nq-xiii', kind: 'document', title: 'Ban hành kế hoạch', who: 'all', documentType: 'plan', dueMode: 'day', dueOn: '2021-04-30', ...said })

async function order(said: Said = {}, viewer: Viewer = city.viewer.mai): Promise<string> {
  const { ruleId } = await as(viewer, (ctx) => orderDuties(ctx, rule(said)))
  await layDuties(app)
  return ruleId
}

async function issue(unit: keyof Organisation['unit'], { on: issuedOn = '2021-04-10', type = 'plan', number = 1, author = null as string | null } = {}): Promise<string> {
  const id = v7()
  await db
    .insertInto('document')
    .values({
      id, unit_id: city.unit[unit], issuer_id: city.unit[unit], campaign_id: campaignId, type, grammar: 'party', number, symbol: 'ĐU', abstract: 'Kế hoạch học tập',
      issued_on: issuedOn, issued_at: at(issuedOn), state: 'issued', author_id: author, source: 'page',
    } as never)
    .execute()
  return id
}
const settle = (unit: keyof Organisation['unit'], kinds: Parameters<typeof settleDuties>[1]['kinds'], viewer = city.viewer.mai) => as(viewer, (ctx) => settleDuties(ctx, { unitId: city.unit[unit], campaignId, kinds }))

const owedBy = async (viewer: Viewer) => (await as(viewer, (ctx) => ownDuties(ctx))).map(({ title, unitName, dueOn, state }) => ({ title, unitName, dueOn, state }))
const states = (ruleId: string, viewer = city.viewer.mai) => as(viewer, (ctx) => statesOfRule(ctx, ruleId))

describe('a rule', () => {
  test('previews what it would do, and then does just that', async () => {
    const preview = await as(city.viewer.mai, (ctx) => previewRule(ctx, rule()))
    expect(preview.add).toMatchObject({ duties: 4, units: 4 })
    expect(preview.add!.first.map(({ name }) => name)).toEqual(['Quận ủy Ninh Kiều', 'Đảng ủy phường An Hòa', 'Chi bộ khu vực 1', 'Chi bộ khu vực 2'])
    expect(await db.selectFrom('duty').select('id').execute()).toEqual([])
    const id = await order()
    expect(await states(id)).toEqual({ open: 4 })
    expect(await as(city.viewer.mai, (ctx) => layingsOf(ctx.tx, id))).toMatchObject([{ reason: 'made', units: 5, unitsDone: 5, added: 4, endedAt: expect.any(Date) }])
    expect((await as(city.viewer.mai, (ctx) => ruleById(ctx.tx, id))).state).toBe('active')
  })

  test.each([
    ['units directly beneath that have members', { who: 'direct' }, ['Quận ủy Ninh Kiều']],
    ['every unit beneath', { who: 'all' }, ['Quận ủy Ninh Kiều', 'Đảng ủy phường An Hòa', 'Chi bộ khu vực 1', 'Chi bộ khu vực 2']],
    ['units that members belong to directly', { who: 'with_members' }, ['Chi bộ khu vực 1', 'Chi bộ khu vực 2']],
    ['every cell', { who: 'cells' }, ['Chi bộ khu vực 1', 'Chi bộ khu vực 2']],
    ['party caucuses, which stay out of all the others', { who: 'caucuses' }, ['Đảng đoàn HĐND thành phố']],
    ['named kinds', { who: 'kinds', kinds: ['commune_committee', 'caucus'] }, ['Đảng ủy phường An Hòa', 'Đảng đoàn HĐND thành phố']],
    ['named kinds directly beneath', { who: 'kinds', kinds: ['commune_committee', 'caucus'], directOnly: true }, ['Đảng đoàn HĐND thành phố']],
    ['the ordering unit too', { who: 'direct', includesSelf: true }, ['Thành ủy Cần Thơ', 'Quận ủy Ninh Kiều']],
  ] as const)('asks %s', async (_, said, names) => {
    await addCaucus()
    const { add } = await as(city.viewer.mai, (ctx) => previewRule(ctx, rule(said)))
    expect(add!.first.map(({ name }) => name)).toEqual(names)
  })

  test('is ordered by the unit itself alone, and only with what it may see', async () => {
    await as(city.viewer.ngoc, (ctx) => orderDuties(ctx, rule({ unitCode: 'an-hoa' })))
    for (const viewer of [city.viewer.mai, city.viewer.binh]) await expect(as(viewer, (ctx) => orderDuties(ctx, rule({ unitCode: 'an-hoa' })))).rejects.toThrow(Forbidden)
    await expect(as(city.viewer.ngoc, (ctx) => previewRule(ctx, rule({ unitCode: 'ninh-kieu' })))).rejects.toThrow(Forbidden)
    for (const viewer of [city.viewer.lan, city.viewer.khoa]) await expect(as(viewer, (ctx) => orderDuties(ctx, rule()))).rejects.toThrow(Forbidden)
    await expect(as(city.viewer.thu, (ctx) => orderDuties(ctx, rule({ unitCode: 'an-hoa-1' })))).rejects.toThrow(NotFound)
    await expect(as(city.viewer.mai, (ctx) => orderDuties(ctx, rule({ basisId: v7() })))).rejects.toThrow(Refused)
    await expect(as(city.viewer.mai, (ctx) => orderDuties(ctx, rule({ documentType: 'poem' })))).rejects.toThrow('no such type')
  })

  test('sent twice with one id is one rule', async () => {
    const id = v7()
    await order({ id })
    await order({ id })
    expect(await states(id)).toEqual({ open: 4 })
    expect(await db.selectFrom('duty_laying').select('id').execute()).toHaveLength(1)
  })

  test('changed later previews the difference, keeps what is done or waived, and says what it did', async () => {
    const id = await order()
    await issue('district')
    await settle('district', ['document'])
    const [commune] = await as(city.viewer.mai, (ctx) => dutiesOfUnit(ctx, city.unit.commune))
    await as(city.viewer.mai, (ctx) => waiveDuties(ctx, { dutyIds: [commune!.id], reason: 'Mới thành lập' }))
    const change = (said: Said = {}) => DutyRuleChange.parse({ ...rule({ dueOn: '2021-05-15', ...said }), ruleId: id, version: 1 })
    const preview = await as(city.viewer.mai, (ctx) => previewChange(ctx, change()))
    expect(preview).toMatchObject({ move: { duties: 2 }, kept: { duties: 2 } })
    expect(preview.move!.first[0]).toMatchObject({ name: 'Chi bộ khu vực 1', wasDueOn: '2021-04-30', dueOn: '2021-05-15' })
    expect(await as(city.viewer.mai, (ctx) => previewChange(ctx, change({ who: 'direct' })))).toMatchObject({ drop: { duties: 2 }, kept: { duties: 2 } })
    await as(city.viewer.mai, (ctx) => changeRule(ctx, change()))
    expect((await as(city.viewer.mai, (ctx) => ruleById(ctx.tx, id))).state).toBe('laying')
    await layDuties(app)
    expect((await as(city.viewer.mai, (ctx) => layingsOf(ctx.tx, id)))[0]).toMatchObject({ reason: 'changed', added: 0, moved: 2, dropped: 0, kept: 2 })
    expect(await owedBy(city.viewer.binh)).toMatchObject([{ dueOn: '2021-05-15' }])
    expect((await as(city.viewer.mai, (ctx) => dutiesOfUnit(ctx, city.unit.district)))[0]).toMatchObject({ dueOn: '2021-04-30', state: 'done' })
    await expect(as(city.viewer.mai, (ctx) => changeRule(ctx, change()))).rejects.toThrow('changed this rule')
    await expect(as(city.viewer.duc, (ctx) => changeRule(ctx, { ...change(), version: 2 }))).rejects.toThrow(Forbidden)
  })

  test('of another type keeps what an earlier document did; withdrawn, it is owed by the new terms', async () => {
    const id = await order()
    const plan = await issue('district')
    await settle('district', ['document'])
    await as(city.viewer.mai, (ctx) => changeRule(ctx, DutyRuleChange.parse({ ...rule({ documentType: 'action_programme' }), ruleId: id, version: 1 })))
    await layDuties(app)
    expect(await states(id)).toEqual({ open: 3, done: 1 })
    await withdraw(plan)
    await settle('district', ['document'])
    await followOrganisation(app, at('2021-04-16'))
    await layDuties(app)
    await issue('district', { type: 'action_programme' })
    await settle('district', ['document'])
    expect(await states(id)).toEqual({ open: 3, done: 1 })
  })

  test('ended lets off what is open and keeps the rest', async () => {
    const id = await order()
    await issue('district')
    await settle('district', ['document'])
    expect(await as(city.viewer.mai, (ctx) => previewEnd(ctx, id))).toMatchObject({ drop: { duties: 3 }, kept: { duties: 1 } })
    await as(city.viewer.mai, (ctx) => endRule(ctx, { ruleId: id, version: 1 }))
    await layDuties(app)
    expect(await states(id)).toEqual({ done: 1 })
    await expect(as(city.viewer.mai, (ctx) => endRule(ctx, { ruleId: id, version: 2 }))).rejects.toThrow('has ended')
  })

  test('ended while its documents are being issued: each duty is done or let off, never both, and what the records say', async () => {
    for (let round = 0; round < 4; round++) {
      const id = await order({ title: `Lượt ${round}` })
      const version = (await as(city.viewer.mai, ({ tx }) => ruleById(tx, id))).version
      await issue('cellOne', { number: 10 + round })
      const settle = (unit: 'cellOne' | 'cellTwo') => as(city.viewer.ngoc, (ctx) => settleDuties(ctx, { unitId: city.unit[unit], campaignId, kinds: ['document'] }))
      await Promise.all([settle('cellOne'), as(city.viewer.mai, (ctx) => endRule(ctx, { ruleId: id, version })).then(() => layDuties(app)), settle('cellTwo'), layDuties(app)])
      await layDuties(app)
      const rows = await db.selectFrom('duty').select(['unit_id', 'done_on', 'dropped_on']).where('rule_id', '=', id).execute()
      for (const row of rows) expect([row.unit_id, row.done_on !== null, row.dropped_on !== null]).toEqual([row.unit_id, row.dropped_on === null, row.done_on === null])
    }
  })
  test('is seen by its unit, those above and those it reaches', async () => {
    const id = await order({ unitCode: 'an-hoa' }, city.viewer.ngoc)
    for (const viewer of [city.viewer.ngoc, city.viewer.mai, city.viewer.duc, city.viewer.binh, city.viewer.thu]) expect((await as(viewer, (ctx) => ruleById(ctx.tx, id))).id).toBe(id)
    await expect(as(city.viewer.khoa, (ctx) => ruleById(ctx.tx, id))).rejects.toThrow(NotFound)
    expect(await as(city.viewer.binh, (ctx) => rulesOver(ctx, city.unit.cellOne))).toMatchObject({ ordered: [], above: [{ id }] })
    expect(await as(city.viewer.mai, (ctx) => rulesOver(ctx, city.unit.commune))).toMatchObject({ ordered: [{ id }], above: [] })
  })
})

describe('a due day', () => {
  test('some days after the basis is the same for everybody', async () => {
    const basisId = await issue('city', { on: '2021-03-22' })
    await order({ dueMode: 'after_basis', dueDays: '15', basisId })
    expect(await owedBy(city.viewer.duc)).toMatchObject([{ dueOn: '2021-04-06', state: 'late' }])
    expect(await owedBy(city.viewer.binh)).toMatchObject([{ dueOn: '2021-04-06' }])
  })

  test('some days after the superior\'s own document follows level by level, and is not known before', async () => {
    const basisId = await issue('city', { on: '2021-03-22' })
    await order({ dueMode: 'after_superior', dueDays: '15', basisId })
    expect(await owedBy(city.viewer.duc)).toMatchObject([{ dueOn: '2021-04-06', state: 'late' }])
    expect(await owedBy(city.viewer.ngoc)).toMatchObject([{ dueOn: null, state: 'open' }])
    const plan = await issue('district', { on: '2021-04-12' })
    await settle('district', ['document'], city.viewer.duc)
    expect(await owedBy(city.viewer.ngoc)).toMatchObject([{ dueOn: '2021-04-27', state: 'open' }])
    expect(await owedBy(city.viewer.binh)).toMatchObject([{ dueOn: null }])
    await withdraw(plan)
    await settle('district', ['document'], city.viewer.duc)
    expect(await owedBy(city.viewer.ngoc)).toMatchObject([{ dueOn: null }])
    expect(await owedBy(city.viewer.duc)).toHaveLength(1)
  })

  test('of every month is laid one month ahead, the last day where a month is shorter', async () => {
    const id = await order({ dueMode: 'monthly', dueMonthday: '31', fromOn: '2021-02-01', untilOn: '2021-12-31', who: 'direct' })
    const days = async () => (await db.selectFrom('duty').select('due_on').where('rule_id', '=', id).orderBy('due_on').execute()).map((row) => row.due_on)
    expect(await days()).toEqual(['2021-02-28', '2021-03-31', '2021-04-30', '2021-05-31'])
    expect(await followOrganisation(app, at('2021-05-02'))).toBe(1)
    await layDuties(app)
    expect(await days()).toEqual(['2021-02-28', '2021-03-31', '2021-04-30', '2021-05-31', '2021-06-30'])
    expect(await followOrganisation(app, at('2021-05-02'))).toBe(0)
  })
})

describe('the organisation moves', () => {
  test('a unit that is founded gets its duty, one that ends before the day is let off, one that ends after it stays late', async () => {
    const id = await order({ who: 'cells' })
    const founded = await addUnit('cell', 'an-hoa-3', 'Chi bộ khu vực 3', 'commune', '2021-04-20')
    await addUnit('cell', 'an-hoa-4', 'Chi bộ khu vực 4', 'commune', '2021-05-20')
    await db.updateTable('unit').set({ during: '[-infinity,2021-04-25)' } as never).where('id', '=', city.unit.cellTwo).execute()
    await sql`select lay_ancestors()`.execute(db)
    await follow('2021-04-26')
    expect(await laid(id)).toEqual([['an-hoa-1', null], ['an-hoa-2', '2021-04-26'], ['an-hoa-3', null]])
    await db.updateTable('unit').set({ during: '[2021-04-20,2021-05-10)' } as never).where('id', '=', founded).execute()
    await sql`select lay_ancestors()`.execute(db)
    await follow('2021-05-25')
    expect(await laid(id)).toEqual([['an-hoa-1', null], ['an-hoa-2', '2021-04-26'], ['an-hoa-3', null]])
  })

  test('a unit that moves away is let off, and owes again when it comes back', async () => {
    await addUnit('district_committee', 'o-mon', 'Quận ủy Ô Môn', 'city')
    const other = await addUnit('commune_committee', 'phuoc-thoi', 'Đảng ủy phường Phước Thới', 'o-mon')
    const id = await order({ unitCode: 'ninh-kieu' }, city.viewer.duc)
    await move(city.unit.cellTwo, other, '2021-04-18')
    await follow('2021-04-18')
    expect(await laid(id)).toEqual([['an-hoa', null], ['an-hoa-1', null], ['an-hoa-2', '2021-04-18']])
    await move(city.unit.cellTwo, city.unit.commune, '2021-04-22')
    await follow('2021-04-22')
    expect(await laid(id)).toEqual([['an-hoa', null], ['an-hoa-1', null], ['an-hoa-2', null]])
  })
})

describe('laying', () => {
  test('stopped after any chunk goes on: no duty twice and none missing', async () => {
    await manyCells(1600)
    const { ruleId } = await as(city.viewer.mai, (ctx) => orderDuties(ctx, rule()))
    expect(await layDuties(app, 1)).toBe(1)
    const half = await as(city.viewer.mai, (ctx) => layingsOf(ctx.tx, ruleId))
    expect(half).toMatchObject([{ unitsDone: 150, endedAt: null }])
    // killed in the middle of a chunk: nothing of it stays
    await expect(db.transaction().execute(async (tx) => {
      await sql`select lay_chunk((select id from duty_laying where ended_at is null), 500)`.execute(tx)
      throw new Error('killed')
    })).rejects.toThrow('killed')
    expect((await as(city.viewer.mai, (ctx) => layingsOf(ctx.tx, ruleId)))[0]).toMatchObject({ unitsDone: 150 })
    await Promise.all([layDuties(app), layDuties(app)])
    await layDuties(app)
    const { rows } = await sql<{ duties: number; units: number }>`select count(*) as duties, count(distinct unit_id) as units from duty where rule_id = ${ruleId}`.execute(db)
    expect(rows[0]).toEqual({ duties: 1604, units: 1604 })
    expect((await as(city.viewer.mai, (ctx) => layingsOf(ctx.tx, ruleId)))[0]).toMatchObject({ added: 1604, unitsDone: 1605, endedAt: expect.any(Date) })
  })

  test('a change while it is under way is gone through from the beginning', async () => {
    await manyCells(1000)
    const { ruleId } = await as(city.viewer.mai, (ctx) => orderDuties(ctx, rule()))
    await layDuties(app, 1)
    await as(city.viewer.mai, (ctx) => changeRule(ctx, DutyRuleChange.parse({ ...rule({ dueOn: '2021-05-15' }), ruleId, version: 1 })))
    await layDuties(app)
    const days = await db.selectFrom('duty').select(['due_on', sql<number>`count(*)`.as('duties')]).groupBy('due_on').execute()
    expect(days).toEqual([{ due_on: '2021-05-15', duties: 1004 }])
  })

  test('finds what was done before it was asked', async () => {
    await issue('district')
    expect(await states(await order())).toEqual({ open: 3, done: 1 })
  })
})

describe('a duty', () => {
  test('is done by the document and opens again when that is withdrawn; late where it comes after the day', async () => {
    const id = await order()
    await issue('district', { type: 'report' })
    await settle('district', ['document'])
    expect(await states(id)).toEqual({ open: 4 })
    const plan = await issue('district', { on: '2021-05-02' })
    await settle('district', ['document'])
    expect(await states(id)).toEqual({ open: 3, done_late: 1 })
    expect((await as(city.viewer.duc, (ctx) => dutiesOfUnit(ctx, city.unit.district)))[0]).toMatchObject({ doneOn: '2021-05-02', doneWhat: 'document', doneBy: plan, state: 'done_late' })
    await withdraw(plan)
    await settle('district', ['document'])
    expect(await states(id, on(city.viewer.mai, '2021-05-03'))).toEqual({ late: 4 })
  })

  test('is not done by another unit\'s document or by one that is earlier than its basis', async () => {
    const basisId = await issue('city', { on: '2021-04-01' })
    const id = await order({ basisId })
    await issue('district', { on: '2021-03-31' })
    await issue('commune', { on: '2021-04-05' })
    await settle('district', ['document'])
    expect(await states(id)).toEqual({ open: 4 })
    await settle('commune', ['document'])
    expect(await states(id)).toEqual({ open: 3, done: 1 })
  })

  test('of study is done when nobody expected is missing, by the roll that does it and no other, also for the units above', async () => {
    const id = await order({ kind: 'study', dueOn: '2021-04-30' })
    await roll('cellOne', ['lan', 'minh'])
    expect(await states(id)).toEqual({ open: 4 })
    const sittingId = await roll('cellOne', ['binh'])
    expect(await states(id)).toEqual({ open: 3, done: 1 })
    expect((await as(city.viewer.binh, (ctx) => dutiesOfUnit(ctx, city.unit.cellOne)))[0]).toMatchObject({ state: 'done', doneOn: '2021-04-05', doneWhat: 'campaign' })
    await roll('cellTwo', ['hoa', 'thu'], city.viewer.thu)
    expect(await states(id)).toEqual({ done: 4 })
    const { id: receipt } = await db.selectFrom('audit_entry').select('id').where('subject_id', '=', sittingId).where('action', '=', 'roll.taken').executeTakeFirstOrThrow()
    await as(city.viewer.binh, (ctx) => undoRoll(ctx, { sittingId, receipt }))
    expect(await states(id)).toEqual({ open: 3, done: 1 })
  })

  test('of study by sessions held is done by the roll of every topic, whoever is missing', async () => {
    const id = await order({ kind: 'study', measure: 'held', who: 'cells' })
    await roll('cellOne', ['lan'])
    expect(await states(id)).toEqual({ open: 1, done: 1 })
  })

  test('of a head follows the office: to the successor while it is open, and a plan counts that the holder of the day issued', async () => {
    const id = await order({ kind: 'personal_plan', who: 'cells', title: 'Kế hoạch hành động cá nhân' })
    expect(await owedBy(city.viewer.binh)).toMatchObject([{ unitName: 'Chi bộ khu vực 1' }])
    await sql`update office set during = '[2020-01-01,2021-04-12)' where person_id = ${city.person.binh}`.execute(db)
    await db.insertInto('office').values({ id: v7(), person_id: city.person.minh, unit_id: city.unit.cellOne, role: 'secretary', during: '[2021-04-12,)' } as never).execute()
    expect(await owedBy(city.viewer.binh)).toEqual([])
    const minh: Viewer = { ...city.viewer.minh, offices: [{ role: 'secretary', unitId: city.unit.cellOne, unitName: 'Chi bộ khu vực 1' }] }
    expect(await owedBy(minh)).toMatchObject([{ unitName: 'Chi bộ khu vực 1' }])
    await issue('cellOne', { on: '2021-04-13', author: city.person.binh })
    await settle('cellOne', ['personal_plan'], minh)
    expect(await states(id)).toEqual({ open: 2 })
    await issue('cellOne', { on: '2021-04-14', author: city.person.minh, number: 2 })
    await settle('cellOne', ['personal_plan'], minh)
    expect(await states(id)).toEqual({ open: 1, done: 1 })
  })

  test('of a unit is seen by its offices, those above and its inspector: by no sibling, member or administrator', async () => {
    await order({ who: 'cells' })
    const sees = (viewer: Viewer, unit: keyof Organisation['unit']) => as(viewer, async (ctx) => (await dutiesOfUnit(ctx, city.unit[unit])).length)
    for (const viewer of [city.viewer.binh, city.viewer.ngoc, city.viewer.duc, city.viewer.mai]) expect(await sees(viewer, 'cellOne')).toBe(1)
    for (const viewer of [city.viewer.thu, city.viewer.lan, city.viewer.khoa, city.viewer.son]) expect(await sees(viewer, 'cellOne')).toBe(0)
    expect(await sees(city.viewer.son, 'cellTwo')).toBe(1)
    for (const viewer of [city.viewer.lan, city.viewer.khoa, city.viewer.son, city.viewer.hoa]) expect(await owedBy(viewer)).toEqual([])
    await expect(as(city.viewer.lan, (ctx) => owedBeneath(ctx, { unitId: city.unit.commune, asOf: ctx.viewer.today, campaignId: null }))).rejects.toThrow(NotFound)
    await expect(as(city.viewer.khoa, (ctx) => owedBeneath(ctx, { unitId: city.unit.commune, asOf: ctx.viewer.today, campaignId: null }))).rejects.toThrow(NotFound)
    await expect(as(city.viewer.ngoc, (ctx) => owedBeneath(ctx, { unitId: city.unit.district, asOf: ctx.viewer.today, campaignId: null }))).rejects.toThrow(NotFound)
  })

  test('of a head is seen by a helper who acts for that person; those of the unit are not', async () => {
    await order({ kind: 'personal_plan', who: 'cells', title: 'Kế hoạch cá nhân' })
    await order({ who: 'cells' })
    const seen = await asViewer(db, city.viewer.lan, async (tx) => {
      await actFor(tx, { helpedId: city.person.binh, helperId: city.person.lan })
      const viewer: Viewer = { ...city.viewer.binh, offices: [], actedBy: { personId: city.person.lan, name: 'Nguyễn Thị Lan' } }
      return ownDuties({ tx, viewer, source: 'page' })
    })
    expect(seen.map((duty) => duty.title)).toEqual(['Kế hoạch cá nhân'])
  })

  test('is waived by who ordered it or a level between, with a reason, and can be taken back', async () => {
    const id = await order({ who: 'cells' })
    const [duty] = await as(city.viewer.mai, (ctx) => dutiesOfUnit(ctx, city.unit.cellOne))
    const waive = (viewer: Viewer, reason = 'Chi bộ mới tách') => as(viewer, (ctx) => waiveDuties(ctx, { dutyIds: [duty!.id], reason }))
    for (const viewer of [city.viewer.binh, city.viewer.ngoc]) await expect(waive(viewer)).rejects.toThrow(Forbidden) // its own; a clerk
    await expect(waive(city.viewer.thu)).rejects.toThrow(NotFound)
    await waive(city.viewer.duc)
    expect(await states(id)).toEqual({ open: 1, waived: 1 })
    expect((await as(city.viewer.binh, (ctx) => dutiesOfUnit(ctx, city.unit.cellOne)))[0]).toMatchObject({ state: 'waived', waivedReason: 'Chi bộ mới tách', waivedBy: 'Bùi Minh Đức' })
    await expect(waive(city.viewer.mai)).rejects.toThrow('waived already')
    await as(city.viewer.mai, (ctx) => undoWaiver(ctx, { dutyIds: [duty!.id] }))
    expect(await states(id)).toEqual({ open: 2 })
    await issue('cellOne')
    await settle('cellOne', ['document'])
    await expect(waive(city.viewer.mai)).rejects.toThrow('is done')
  })

  test('is not waived by a level above the one that ordered it', async () => {
    await order({ unitCode: 'an-hoa' }, city.viewer.ngoc)
    const [duty] = await as(city.viewer.mai, (ctx) => dutiesOfUnit(ctx, city.unit.cellOne))
    for (const viewer of [city.viewer.mai, city.viewer.duc]) await expect(as(viewer, (ctx) => waiveDuties(ctx, { dutyIds: [duty!.id], reason: 'Thôi' }))).rejects.toThrow(Forbidden)
  })
})

describe('what units beneath owe', () => {
  test('is counted for each directly beneath, itself and all under it', async () => {
    await order({ dueOn: '2021-04-14' })
    await issue('cellOne')
    await settle('cellOne', ['document'])
    const owed = await as(city.viewer.mai, (ctx) => owedBeneath(ctx, { unitId: city.unit.city, asOf: ctx.viewer.today, campaignId: null }))
    expect([...owed.keys()]).toEqual([city.unit.district])
    expect(owed.get(city.unit.district)!.toSorted((one, other) => Number(other.isOwn) - Number(one.isOwn))).toMatchObject([
      { kind: 'document', isOwn: true, wanted: 1, done: 0, late: 1, oldestDue: '2021-04-14' },
      { kind: 'document', isOwn: false, wanted: 3, done: 1, late: 2 },
    ])
  })
})

describe('the day a campaign is told as of', () => {
  const [closing, ended] = ['2021-08-29', '2021-08-30'] // 60 days after its last day, and one more
  const of = (viewer: Viewer) => ({ unitId: city.unit.city, asOf: viewer.today, campaignId: null as string | null })
  const ownSums = async (viewer: Viewer, asked: Partial<ReturnType<typeof of>> = {}) =>
    [...(await as(viewer, (ctx) => owedBeneath(ctx, { ...of(viewer), ...asked }))).values()].flat().filter((sum) => sum.isOwn).map(({ wanted, done, late, today }) => ({ wanted, done, late, today }))

  test('is today while it runs and in its closing weeks: what is late is told, counted and handed up', async () => {
    const id = await order({ who: 'direct', dueOn: '2021-06-25', lateNoticeDays: 3 })
    const [duc, mai] = [on(city.viewer.duc, closing), on(city.viewer.mai, closing)]
    expect(await as(duc, (ctx) => ownDuties(ctx))).toMatchObject([{ toldOn: closing, state: 'late' }])
    expect(await ownSums(mai)).toEqual([{ wanted: 1, done: 0, late: 1, today: 0 }])
    expect(await states(id, mai)).toEqual({ late: 1 })
    expect(await escalateLate(app, at(closing))).toBe(1)
  })

  test('is its data day once it has ended: nobody is told, it is owed no more, and shown as it stood then', async () => {
    const late = await order({ who: 'direct', dueOn: '2021-06-25', lateNoticeDays: 3 })
    const last = await order({ title: 'Báo cáo', documentType: 'report', who: 'direct', dueOn: '2021-06-30', lateNoticeDays: 3 })
    const [duc, mai] = [on(city.viewer.duc, ended), on(city.viewer.mai, ended)]
    expect(await escalateLate(app, at(ended))).toBe(0)
    expect(await as(duc, (ctx) => ownDuties(ctx))).toEqual([])
    expect(await as(duc, (ctx) => ownDuties(ctx, { campaignId }))).toMatchObject([{ toldOn: '2021-06-30', state: 'late' }, { toldOn: '2021-06-30', state: 'open' }])
    expect((await as(mai, (ctx) => dutiesOfUnit(ctx, city.unit.district))).map(({ state }) => state)).toEqual(['late', 'open'])
    expect([await states(late, mai), await states(last, mai)]).toEqual([{ late: 1 }, { open: 1 }])
    expect(await ownSums(mai)).toEqual([])
    expect(await ownSums(mai, { campaignId })).toEqual([{ wanted: 2, done: 0, late: 1, today: 1 }])
    expect((await as(mai, (ctx) => firstOwedBeneath(ctx, { ...of(mai), campaignId }, 3))).get(city.unit.district)).toMatchObject([{ isLate: true }, { isLate: false }])
  })

  test('takes a record at once, whatever its day; a day before it still has what was owed then', async () => {
    await order({ who: 'direct', dueOn: '2021-06-25' })
    const mai = on(city.viewer.mai, ended)
    await issue('district', { on: '2021-08-20' })
    await settle('district', ['document'], mai)
    expect(await ownSums(mai, { campaignId })).toEqual([{ wanted: 1, done: 1, late: 0, today: 0 }])
    expect(await as(mai, (ctx) => firstOwedBeneath(ctx, { ...of(mai), campaignId }, 3))).toEqual(new Map())
    expect(await ownSums(mai, { campaignId, asOf: '2021-06-29' })).toEqual([{ wanted: 1, done: 0, late: 1, today: 0 }])
  })

  test('is the same for pages and for SQL', async () => {
    const { rows } = await sql<{ day: string; told: string; studyTo: string; dataDay: string }>`
      select day::date as day, study_to::date as "studyTo", data_day::date as "dataDay",
             campaign_day(jsonb_populate_record(null::campaign, jsonb_build_object('study_to', study_to::date, 'data_day', data_day::date)), day::date) as told
      from generate_series(date '2021-06-25', date '2021-09-10', interval '1 day') as day,
           (values ('2021-06-30', '2021-06-30'), ('2021-06-30', '2021-07-10'), ('2021-07-05', '2021-06-28')) as campaign (study_to, data_day)`.execute(db)
    for (const { day, told, studyTo, dataDay } of rows) expect(campaignDay({ studyTo, dataDay }, day)).toBe(told)
  })

  test('first of what is owed beneath: for who leads it, nothing for others', async () => {
    await order()
    const ask = (viewer: Viewer, unitId: string) => as(viewer, (ctx) => firstOwedBeneath(ctx, { unitId, asOf: ctx.viewer.today, campaignId: null }, 3))
    expect([...(await ask(city.viewer.ngoc, city.unit.commune)).keys()].toSorted()).toEqual([city.unit.cellOne, city.unit.cellTwo].toSorted())
    for (const other of [city.viewer.lan, city.viewer.khoa]) expect(await ask(other, city.unit.commune)).toEqual(new Map())
  })
})

describe('urging', () => {
  const urge = (viewer: Viewer, said: Partial<Record<keyof Urging, unknown>>) => as(viewer, (ctx) => urgeUnits(ctx, Urging.parse(said)))
  const notices = async () => (await db.selectFrom('notice').select(['person_id', 'unit_id', 'facts']).where('kind', '=', 'urge').execute()).map((row) => ({ ...row, facts: row.facts as Record<string, unknown> }))

  test('sends one message a unit, however many duties it owes, and says by whom and when', async () => {
    await order({ dueOn: '2021-04-14' })
    await order({ title: 'Báo cáo', documentType: 'report' })
    expect(await urge(city.viewer.ngoc, { unitCodes: ['an-hoa-1', 'an-hoa-2'] })).toMatchObject({ urged: 2, recent: 0, nothingOwed: 0, unreached: 0 })
    const sent = await notices()
    expect(sent.map((one) => one.person_id).sort()).toEqual([city.person.binh, city.person.thu].sort())
    expect(sent[0]!.facts).toMatchObject({ from: 'Đảng ủy phường An Hòa', count: 2, late: 1, what: 'Ban hành kế hoạch; Báo cáo' })
    expect(await as(city.viewer.binh, (ctx) => urgesOf(ctx, city.unit.cellOne))).toMatchObject([{ byUnitName: 'Đảng ủy phường An Hòa', by: 'Lý Thị Ngọc', owed: { open: 2, late: 1 } }])
  })

  test('twice within a day is done knowingly or not at all', async () => {
    await order()
    await urge(city.viewer.ngoc, { unitCodes: ['an-hoa-1'] })
    await expect(urge(city.viewer.ngoc, { unitCodes: ['an-hoa-1'] })).rejects.toThrow('within 24 hours')
    expect(await urge(city.viewer.duc, { unitCodes: ['an-hoa-1', 'an-hoa-2'] })).toMatchObject({ urged: 1, recent: 1 })
    expect(await urge(city.viewer.ngoc, { unitCodes: ['an-hoa-1'], again: 'on' })).toMatchObject({ urged: 1 })
    const kept = await db.selectFrom('duty_urge').select('is_again').where('unit_id', '=', city.unit.cellOne).orderBy('recorded_at').execute()
    expect(kept.map((row) => row.is_again)).toEqual([false, true])
  })

  test('is for levels above, and only where something is owed or somebody has not studied', async () => {
    await order({ who: 'direct' })
    for (const viewer of [city.viewer.binh, city.viewer.ngoc]) await expect(urge(viewer, { unitCodes: ['an-hoa'] })).rejects.toThrow(Forbidden)
    await expect(urge(city.viewer.thu, { unitCodes: ['an-hoa-1'] })).rejects.toThrow(NotFound)
    await expect(urge(city.viewer.son, { unitCodes: ['an-hoa-2'] })).rejects.toThrow(Forbidden)
    await expect(urge(city.viewer.mai, { unitCodes: ['an-hoa-1'] })).rejects.toThrow('owes nothing')
    expect(await urge(city.viewer.mai, { unitCodes: ['an-hoa-1', 'ninh-kieu'], campaignCode: 'nq-xiii' })).toMatchObject({ urged: 2 })
    expect(((await notices()).find((one) => one.unit_id === city.unit.cellOne))!.facts).toMatchObject({ missing: 3, count: 0 })
  })
})

describe('the level above', () => {
  test('gets one notice of what is late by so many days, however often it is looked for', async () => {
    await order({ who: 'cells', dueOn: '2021-04-10', lateNoticeDays: '3' })
    expect(await escalateLate(app, at('2021-04-12'))).toBe(0)
    expect(await escalateLate(app, at('2021-04-13'))).toBe(1)
    expect(await escalateLate(app, at('2021-04-20'))).toBe(0)
    const told = await db.selectFrom('notice').select(['person_id', 'kind', 'facts']).where('kind', '=', 'duty-late').execute()
    expect(told).toMatchObject([{ person_id: city.person.ngoc, facts: { count: 2, days: 3, title: 'Ban hành kế hoạch' } }])
  })
})

/** A history of what may happen to records and rules, and in the end a full look. */
const event = fc.oneof(
  fc.record({ what: fc.constant('issue' as const), unit: fc.constantFrom('district', 'commune', 'cellOne', 'cellTwo'), type: fc.constantFrom('plan', 'report'), day: fc.integer({ min: 1, max: 28 }), settled: fc.boolean() }),
  fc.record({ what: fc.constant('withdraw' as const), pick: fc.nat(), settled: fc.boolean() }),
  fc.record({ what: fc.constant('change' as const), type: fc.constantFrom('plan', 'report'), who: fc.constantFrom('all', 'cells', 'direct') }),
  fc.record({ what: fc.constant('waive' as const), pick: fc.nat(), undo: fc.boolean() }),
  fc.record({ what: fc.constant('follow' as const) }),
)

test('after any history the settled state is what the records say, and no duty is there twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 4, maxLength: 14 }), async (history) => {
      const made = await testDatabase(base.connection.database)
      db = made.db
      app = { ...app, db }
      try {
        const ruleId = await order({ dueMode: 'after_superior', dueDays: '10', basisId: await issue('city', { on: '2021-03-22', number: 900 }) })
        let number = 0
        for (const one of history) await happen(one, ruleId, ++number)
        await settleMissed(app, at('2021-04-15'))
        const { rows } = await sql<{ id: string; settled: unknown; found: unknown }>`
          select duty.id, jsonb_build_array(duty.done_on, duty.done_what, duty.done_by) as settled, jsonb_build_array(found.done_on, found.done_what, found.done_by) as found
          from duty left join duty_fulfilments(array(select duty.id from duty), '2021-04-15') as found on found.duty_id = duty.id
          where duty.dropped_on is null`.execute(db)
        for (const row of rows) expect(row.settled).toEqual(row.found)
        await follow('2021-04-15')
        const left = await sql<{ change: string }>`
          select distinct change from duty_rule, duty_changes(duty_rule, '2021-04-15') where change not in ('same', 'kept', 'gone')`.execute(db)
        expect(left.rows).toEqual([])
      } finally {
        await made.drop()
      }
    }),
    { numRuns: 12 },
  )
}, 60_000)

async function happen(one: typeof event extends fc.Arbitrary<infer Event> ? Event : never, ruleId: string, number: number): Promise<void> {
  const any = <Row>(rows: Row[], pick: number) => rows[pick % rows.length]
  switch (one.what) {
    case 'issue':
      await issue(one.unit as 'district', { type: one.type, number, on: `2021-04-${String(one.day).padStart(2, '0')}` })
      if (one.settled) await settle(one.unit as 'district', ['document'])
      return
    case 'withdraw': {
      const issued = any(await db.selectFrom('document').select(['id', 'unit_id']).where('state', '=', 'issued').where('number', '<', 900).orderBy('number').execute(), one.pick)
      if (!issued) return
      await withdraw(issued.id)
      if (one.settled) await as(city.viewer.mai, (ctx) => settleDuties(ctx, { unitId: issued.unit_id, campaignId, kinds: ['document'] }))
      return
    }
    case 'change': {
      const { version } = await as(city.viewer.mai, (ctx) => ruleById(ctx.tx, ruleId))
      const { basis_id: basisId } = await db.selectFrom('duty_rule').select('basis_id').where('id', '=', ruleId).executeTakeFirstOrThrow()
      await as(city.viewer.mai, (ctx) => changeRule(ctx, DutyRuleChange.parse({ ...rule({ dueMode: 'after_superior', dueDays: '10', documentType: one.type, who: one.who, basisId: basisId! }), ruleId, version })))
      await layDuties(app)
      return
    }
    case 'waive': {
      const duty = any(await db.selectFrom('duty').select('id').where('done_on', 'is', null).where('dropped_on', 'is', null).where('waived_at', one.undo ? 'is not' : 'is', null).orderBy('unit_id').execute(), one.pick)
      if (!duty) return
      await as(city.viewer.mai, (ctx) => (one.undo ? undoWaiver(ctx, { dutyIds: [duty.id] }) : waiveDuties(ctx, { dutyIds: [duty.id], reason: 'Lý do' }))).catch((error: unknown) => {
        if (!(error instanceof Refused || error instanceof Forbidden)) throw error
      })
      return
    }
    default:
      return follow('2021-04-15')
  }
}

const withdraw = (id: string) => db.updateTable('document').set({ state: 'withdrawn', withdrawn_at: new Date(), withdrawn_reason: 'Ban hành lại' }).where('id', '=', id).execute()

async function follow(day: string): Promise<void> {
  await followOrganisation(app, at(day))
  await layDuties(app)
}

const laid = async (ruleId: string) =>
  (await db.selectFrom('duty').innerJoin('unit', 'unit.id', 'duty.unit_id').select(['unit.code', 'duty.dropped_on']).where('duty.rule_id', '=', ruleId).orderBy('unit.code').execute()).map((row) => [row.code, row.dropped_on])

async function addUnit(kind: string, code: string, name: string, under: string, from = '-infinity'): Promise<string> {
  const id = v7()
  const parent = under in city.unit ? city.unit[under as 'city'] : (await db.selectFrom('unit').select('id').where('code', '=', under).executeTakeFirstOrThrow()).id
  await db.insertInto('unit').values({ id, kind, code, name, during: `[${from},)` }).execute()
  await db.insertInto('unit_parent').values({ unit_id: id, parent_id: parent, during: `[${from},)` }).execute()
  await sql`select lay_ancestors()`.execute(db)
  return id
}
const addCaucus = () => addUnit('caucus', 'dang-doan-hdnd', 'Đảng đoàn HĐND thành phố', 'city')

async function move(unitId: string, to: string, day: string): Promise<void> {
  await sql`update unit_parent set during = daterange(lower(during), ${day}::date) where unit_id = ${unitId} and during @> ${day}::date`.execute(db)
  await db.insertInto('unit_parent').values({ unit_id: unitId, parent_id: to, during: `[${day},)` }).execute()
  await sql`select lay_ancestors()`.execute(db)
}

async function manyCells(count: number): Promise<void> {
  await sql`
    with made as (
      insert into unit (id, code, kind, name) select gen_random_uuid(), 'chi-bo-' || nth, 'cell', 'Chi bộ ' || nth from generate_series(1, ${count}::int) as nth returning id
    )
    insert into unit_parent (unit_id, parent_id) select made.id, ${city.unit.commune}::uuid from made`.execute(db)
  await sql`select lay_ancestors()`.execute(db)
}

let classes = 0
async function roll(unit: 'cellOne' | 'cellTwo', people: (keyof Organisation['person'])[], viewer = city.viewer.binh): Promise<string> {
  const unitCode = unit === 'cellOne' ? 'an-hoa-1' : 'an-hoa-2'
  const session = await as(viewer, (ctx) => holdSession(ctx, { campaignCode: 'nq-xiii', unitCode, kind: 'class', name: `Lớp ${++classes}`, categories: [], sittings: [{ heldOn: '2021-04-05', topicIds }] }))
  const sittingId = session.sittingIds[0]!
  await as(viewer, (ctx) => takeRoll(ctx, { sittingId, marks: people.map((person) => ({ personId: city.person[person], status: 'present' as const })) }))
  return sittingId
}
