import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { asViewer } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { testDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation, type Organisation } from '../../../tests/people.ts'
import { openCampaign } from '../campaigns/campaigns.server.ts'
import { changeRoster } from '../campaigns/roster.server.ts'
import { figuresOf } from '../indicators/figures.server.ts'
import { declareTotals, withdrawDeclaration } from './declarations.server.ts'
import { recordHeadCounts, sheetOf, sittingById, takeRoll } from './rolls.server.ts'
import { cancelSession, holdSession } from './sessions.server.ts'
import type { MarkStatus } from './study.schema.ts'

const { db } = await testDatabase()
let city: Organisation
let campaignId: string
let topicIds: string[]

/** Does it as that person, in a transaction of their own. */
const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) =>
  asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))

beforeAll(async () => {
  city = await organisation(db)
  ;({ campaignId, topicIds } = await openedCampaign(db, city, ['Chuyên đề 1', 'Chuyên đề 2']))
})

async function hold(viewer: Viewer, unitCode: string, days: { heldOn: string; topicIds?: string[] }[], kind: 'class' | 'make_up_class' | 'national_conference' = 'class') {
  return as(viewer, (ctx) =>
    holdSession(ctx, {
      campaignCode: 'nq-xiii',
      unitCode,
      kind,
      name: 'Lớp học',
      categories: [],
      sittings: days.map(({ heldOn, topicIds: topics = topicIds }) => ({ heldOn, topicIds: topics })),
    }),
  )
}

const mark = (person: keyof Organisation['person'], status: MarkStatus, was?: MarkStatus | '') => ({ personId: city.person[person], status, ...(was === undefined ? {} : { was }) })

async function figure(viewer: Viewer, key: string, unit: keyof Organisation['unit'], asOf = '2021-06-30', knownAt?: Date) {
  const figures = await as(viewer, ({ tx }) => figuresOf(tx, { campaignId, asOf, knownAt }, city.unit[unit]))
  const { numerator, denominator } = figures.find((one) => one.key === key)!
  return denominator === null ? numerator : `${numerator} / ${denominator}`
}

describe('opening a campaign', () => {
  test('freezes everyone beneath, the exempt outside the base', async () => {
    expect(await figure(city.viewer.mai, 'studied', 'city')).toBe('0 / 5')
    expect(await figure(city.viewer.mai, 'exempt', 'city')).toBe('1 / 6')
    expect(await figure(city.viewer.mai, 'must-write', 'city')).toBe(5)
  })
  test('happens once', () =>
    expect(as(city.viewer.mai, (ctx) => openCampaign(ctx, { campaignCode: 'nq-xiii', openedOn: '2021-03-22' }))).rejects.toThrow(Refused))
  test('is not a clerk of a commune’s to do', () =>
    expect(
      as(city.viewer.ngoc, (ctx) => openCampaign(ctx, { campaignCode: 'nq-xiii', openedOn: '2021-03-22' })),
    ).rejects.toThrow(Forbidden))
})

describe('a roll', () => {
  test('counts a member who studies twice once, in the cell and in the city, and both attendances', async () => {
    const one = await hold(city.viewer.binh, 'an-hoa-1', [{ heldOn: '2021-04-05' }])
    const two = await hold(city.viewer.binh, 'an-hoa-1', [{ heldOn: '2021-04-12' }])
    await as(city.viewer.binh, (ctx) => takeRoll(ctx, { sittingId: one.sittingIds[0]!, marks: [mark('lan', 'present'), mark('minh', 'absent')] }))
    await as(city.viewer.binh, (ctx) => takeRoll(ctx, { sittingId: two.sittingIds[0]!, marks: [mark('lan', 'late'), mark('minh', 'present')] }))
    expect(await figure(city.viewer.binh, 'studied', 'cellOne')).toBe('2 / 3')
    expect(await figure(city.viewer.mai, 'studied', 'city')).toBe('2 / 5')
    expect(await figure(city.viewer.mai, 'studied', 'city', '2021-04-11')).toBe('1 / 5')
    expect(await figure(city.viewer.mai, 'studied', 'city', '2021-04-04')).toBe('0 / 5')
    expect(await figure(city.viewer.mai, 'attendances', 'city')).toBe(3)
  })

  test('of another cell does not exist for this secretary, and her people cannot be marked by him', async () => {
    const session = await hold(city.viewer.thu, 'an-hoa-2', [{ heldOn: '2021-04-06' }])
    const sittingId = session.sittingIds[0]!
    await expect(as(city.viewer.binh, (ctx) => takeRoll(ctx, { sittingId, marks: [] }))).rejects.toThrow(NotFound)
    const own = await hold(city.viewer.binh, 'an-hoa-1', [{ heldOn: '2021-04-06' }])
    await expect(as(city.viewer.binh, (ctx) => takeRoll(ctx, { sittingId: own.sittingIds[0]!, marks: [mark('hoa', 'present')] }))).rejects.toThrow(NotFound)
  })

  test('is the cell’s and the commune’s to take, not the district’s, the city’s or a member’s', async () => {
    const session = await hold(city.viewer.ngoc, 'an-hoa', [{ heldOn: '2021-04-07', topicIds: [] }])
    const roll = { sittingId: session.sittingIds[0]!, marks: [mark('hoa', 'excused')] }
    await as(city.viewer.ngoc, (ctx) => takeRoll(ctx, roll))
    await as(city.viewer.thu, (ctx) => takeRoll(ctx, roll))
    for (const viewer of [city.viewer.duc, city.viewer.mai, city.viewer.lan, city.viewer.khoa]) {
      await expect(as(viewer, (ctx) => takeRoll(ctx, roll)).catch((error: Error) => error.name)).resolves.toMatch(/NotFound|Forbidden/)
    }
    await expect(as(city.viewer.son, (ctx) => takeRoll(ctx, roll)).catch((error: Error) => error.name)).resolves.toBe('NotFound')
  })

  test('lists everyone of the cell in Vietnamese order, the exempt last', async () => {
    const session = await hold(city.viewer.binh, 'an-hoa-1', [{ heldOn: '2021-04-08', topicIds: [] }])
    const sheet = await as(city.viewer.binh, async (ctx) => sheetOf(ctx, await sittingById(ctx.tx, session.sittingIds[0]!)))
    expect(sheet.map((line) => line.name)).toEqual(['Lê Thanh Bình', 'Nguyễn Thị Lan', 'Trần Văn Minh', 'Võ Văn Sáu'])
    const above = await as(city.viewer.mai, async (ctx) => sheetOf(ctx, await sittingById(ctx.tx, session.sittingIds[0]!)))
    expect(above).toEqual([])
  })

  test('saved twice leaves one mark; two who overlap are told, and what agrees goes through', async () => {
    const session = await hold(city.viewer.binh, 'an-hoa-1', [{ heldOn: '2021-04-09', topicIds: [] }])
    const sittingId = session.sittingIds[0]!
    await as(city.viewer.binh, (ctx) => takeRoll(ctx, { sittingId, marks: [mark('lan', 'present', ''), mark('minh', 'absent', '')] }))
    await as(city.viewer.binh, (ctx) => takeRoll(ctx, { sittingId, marks: [mark('lan', 'present', ''), mark('minh', 'absent', '')] }))
    const marks = await db.selectFrom('mark').select('id').where('sitting_id', '=', sittingId).execute()
    expect(marks).toHaveLength(2)
    await expect(as(city.viewer.ngoc, (ctx) => takeRoll(ctx, { sittingId, marks: [mark('minh', 'present', '')] }))).rejects.toThrow(/someone else|Someone else/)
    await as(city.viewer.ngoc, (ctx) => takeRoll(ctx, { sittingId, marks: [mark('minh', 'present', 'absent')] }))
    const history = await db.selectFrom('mark').select('status').where('sitting_id', '=', sittingId).where('person_id', '=', city.person.minh).orderBy('recorded_at').execute()
    expect(history.map((row) => row.status)).toEqual(['absent', 'present'])
  })

  test('of a day to come, of a cancelled session, or of someone not on the roster is refused', async () => {
    const ahead = await hold(city.viewer.binh, 'an-hoa-1', [{ heldOn: '2021-05-20' }])
    await expect(as(city.viewer.binh, (ctx) => takeRoll(ctx, { sittingId: ahead.sittingIds[0]!, marks: [mark('lan', 'present')] }))).rejects.toThrow('cannot be taken yet')
    await as(city.viewer.binh, (ctx) => cancelSession(ctx, { sessionId: ahead.sessionId, confirmed: 'yes' }))
    await expect(as(city.viewer.binh, (ctx) => takeRoll(ctx, { sittingId: ahead.sittingIds[0]!, marks: [mark('lan', 'present')] }))).rejects.toThrow('cancelled')
    const held = await hold(city.viewer.ngoc, 'an-hoa', [{ heldOn: '2021-04-10' }])
    await expect(as(city.viewer.ngoc, (ctx) => takeRoll(ctx, { sittingId: held.sittingIds[0]!, marks: [mark('ngoc', 'present')] }))).rejects.toThrow('not on the roster')
  })

  test('two at the same instant for one person count once', async () => {
    const one = await hold(city.viewer.thu, 'an-hoa-2', [{ heldOn: '2021-04-13' }])
    const two = await hold(city.viewer.thu, 'an-hoa-2', [{ heldOn: '2021-04-13' }])
    const before = await figure(city.viewer.thu, 'studied', 'cellTwo')
    await Promise.all([one, two].map((session) => as(city.viewer.thu, (ctx) => takeRoll(ctx, { sittingId: session.sittingIds[0]!, marks: [mark('thu', 'present')] }))))
    expect(before).toBe('0 / 2')
    expect(await figure(city.viewer.thu, 'studied', 'cellTwo')).toBe('1 / 2')
    await as(city.viewer.thu, (ctx) => cancelSession(ctx, { sessionId: one.sessionId, confirmed: 'yes' }))
    await as(city.viewer.thu, (ctx) => cancelSession(ctx, { sessionId: two.sessionId, confirmed: 'yes' }))
    expect(await figure(city.viewer.thu, 'studied', 'cellTwo')).toBe('0 / 2')
  })
})

test('a class of two evenings counts on the second, and a make-up of the missed one completes it', async () => {
  const evenings = await hold(city.viewer.thu, 'an-hoa-2', [
    { heldOn: '2021-04-01', topicIds: [topicIds[0]!] },
    { heldOn: '2021-04-03', topicIds: [topicIds[1]!] },
  ])
  const [first, second] = evenings.sittingIds
  await as(city.viewer.thu, (ctx) => takeRoll(ctx, { sittingId: first!, marks: [mark('hoa', 'present'), mark('thu', 'present')] }))
  await as(city.viewer.thu, (ctx) => takeRoll(ctx, { sittingId: second!, marks: [mark('hoa', 'late'), mark('thu', 'excused')] }))
  expect(await figure(city.viewer.thu, 'studied', 'cellTwo', '2021-04-02')).toBe('0 / 2')
  expect(await figure(city.viewer.thu, 'studied', 'cellTwo', '2021-04-03')).toBe('1 / 2')
  const makeUp = await hold(city.viewer.thu, 'an-hoa-2', [{ heldOn: '2021-04-11', topicIds: [topicIds[1]!] }], 'make_up_class')
  await as(city.viewer.thu, (ctx) => takeRoll(ctx, { sittingId: makeUp.sittingIds[0]!, marks: [mark('thu', 'present')] }))
  expect(await figure(city.viewer.thu, 'studied', 'cellTwo', '2021-04-10')).toBe('1 / 2')
  expect(await figure(city.viewer.thu, 'studied', 'cellTwo', '2021-04-11')).toBe('2 / 2')
})

test('a correction changes the figure of the day it concerns, and what was known before can still be asked', async () => {
  const session = await hold(city.viewer.binh, 'an-hoa-1', [{ heldOn: '2021-04-02' }])
  const before = await figure(city.viewer.mai, 'studied', 'cellOne', '2021-04-02')
  const known = (await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db)).rows[0]!.now
  await as(city.viewer.binh, (ctx) => takeRoll(ctx, { sittingId: session.sittingIds[0]!, marks: [mark('binh', 'present')] }))
  expect(before).toBe('0 / 3')
  expect(await figure(city.viewer.mai, 'studied', 'cellOne', '2021-04-02')).toBe('1 / 3')
  expect(await figure(city.viewer.mai, 'studied', 'cellOne', '2021-04-02', known)).toBe('0 / 3')
})

describe('a declaration', () => {
  const declare = (viewer: Viewer, declaredOn: string, studied: number) =>
    as(viewer, (ctx) => declareTotals(ctx, { campaignCode: 'nq-xiii', unitCode: 'an-hoa-2', declaredOn, studied: { 'dang-vien-khac': studied } }))

  test('replaces the unit’s own marks while it stands, is marked as declared, and gives way when withdrawn', async () => {
    const recorded = await figure(city.viewer.mai, 'studied', 'cellTwo')
    await declare(city.viewer.thu, '2021-04-10', 1)
    expect(await figure(city.viewer.mai, 'studied', 'cellTwo')).toBe('1 / 2')
    expect(await figure(city.viewer.mai, 'studied-declared', 'city')).toMatch(/^1 \//)
    expect(await figure(city.viewer.mai, 'studied', 'cellTwo', '2021-04-09')).toBe('0 / 2')
    await as(city.viewer.thu, (ctx) => withdrawDeclaration(ctx, { campaignCode: 'nq-xiii', unitCode: 'an-hoa-2', reason: 'Đã có điểm danh' }))
    expect(await figure(city.viewer.mai, 'studied', 'cellTwo')).toBe(recorded)
  })
  test('cannot exceed who is expected, fall from day to day, or lie ahead', async () => {
    await expect(declare(city.viewer.thu, '2021-04-10', 3)).rejects.toThrow('2 are expected')
    await declare(city.viewer.thu, '2021-04-10', 2)
    await expect(declare(city.viewer.thu, '2021-04-12', 1)).rejects.toThrow('cannot have fewer')
    await expect(declare(city.viewer.thu, '2021-05-01', 2)).rejects.toThrow('day to come')
    await as(city.viewer.thu, (ctx) => withdrawDeclaration(ctx, { campaignCode: 'nq-xiii', unitCode: 'an-hoa-2', reason: 'Thử' }))
  })
  test('is the cell’s or the commune’s to make, not the city’s', async () => {
    await expect(declare(city.viewer.mai, '2021-04-10', 1)).rejects.toThrow(Forbidden)
    await expect(declare(city.viewer.binh, '2021-04-10', 1)).rejects.toThrow(NotFound)
  })
})

test('non-members are head counts of their own and never in a members’ rate', async () => {
  const session = await hold(city.viewer.ngoc, 'an-hoa', [{ heldOn: '2021-04-14' }])
  const studied = await figure(city.viewer.mai, 'studied', 'city')
  await as(city.viewer.ngoc, (ctx) => recordHeadCounts(ctx, { sittingId: session.sittingIds[0]!, people: { civil_servant: 12, other: 3 } }))
  await as(city.viewer.ngoc, (ctx) => recordHeadCounts(ctx, { sittingId: session.sittingIds[0]!, people: { civil_servant: 10 } }))
  expect(await figure(city.viewer.mai, 'non-member-attendances', 'city')).toBe(13)
  expect(await figure(city.viewer.mai, 'studied', 'city')).toBe(studied)
})

test('a change of the roster counts from its day: who moves is expected there, who is exempt leaves the base', async () => {
  const change = (viewer: Viewer, input: Parameters<typeof changeRoster>[1]) => as(viewer, (ctx) => changeRoster(ctx, input))
  const lan = { campaignCode: 'nq-xiii', personId: city.person.lan, reason: 'Chuyển nơi ở' }
  await expect(change(city.viewer.binh, { ...lan, change: 'transfer', fromDay: '2021-04-13', unitCode: 'an-hoa-2' })).rejects.toThrow(NotFound)
  await change(city.viewer.ngoc, { ...lan, change: 'transfer', fromDay: '2021-04-13', unitCode: 'an-hoa-2' })
  expect(await figure(city.viewer.mai, 'expected', 'cellOne', '2021-04-12')).toBe(3)
  expect(await figure(city.viewer.mai, 'expected', 'cellOne', '2021-04-13')).toBe(2)
  expect(await figure(city.viewer.mai, 'expected', 'cellTwo', '2021-04-13')).toBe(3)
  expect(await figure(city.viewer.mai, 'expected', 'commune', '2021-04-13')).toBe(5)
  await change(city.viewer.ngoc, { ...lan, change: 'exempt', fromDay: '2021-04-14', reason: 'Ốm đau dài ngày' })
  expect(await figure(city.viewer.mai, 'expected', 'commune')).toBe(4)
  expect(await figure(city.viewer.mai, 'exempt', 'commune')).toBe('2 / 6')
  expect(await figure(city.viewer.mai, 'exempt', 'commune', '2021-04-13')).toBe('1 / 6')
  await expect(change(city.viewer.duc, { ...lan, change: 'expect', fromDay: '2021-04-15' })).rejects.toThrow(NotFound)
})

test('kept counts equal a full recount on every day after all of this, folded or not', async () => {
  const kept = await valuesByDay()
  await sql`select fold_counts()`.execute(db)
  expect(await valuesByDay()).toEqual(kept)
  await sql`select recount(${campaignId})`.execute(db)
  expect(await valuesByDay()).toEqual(kept)
})

async function valuesByDay() {
  const units = Object.values(city.unit)
  const { rows } = await sql<object>`
    select day.on_day::date::text, value.*
    from generate_series(date '2021-03-20', date '2021-05-30', interval '1 day') as day (on_day)
    cross join lateral count_values(${campaignId}, ${units}::uuid[], day.on_day::date) as value
    order by day.on_day, value.unit_id, value.indicator, value.dimension`.execute(db)
  return rows
}
