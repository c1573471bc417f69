import fc from 'fast-check'
import { sql } from 'kysely'
import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import { mayTryAgain } from '../../web/database-errors.server.ts'
import { asViewer, type Db } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { addDays } from '../../platform/clock.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { testDatabase } from '../../../tests/database.ts'
import { organisation, type Organisation } from '../../../tests/people.ts'
import { openCampaign, prepareCampaign } from '../campaigns/campaigns.server.ts'
import { changeRoster } from '../campaigns/roster.server.ts'
import { receiveCopies, sendCopies } from '../materials/copies.server.ts'
import { addMaterial, publish } from '../materials/materials.server.ts'
import { declareTotals, withdrawDeclaration } from '../study/declarations.server.ts'
import { recordHeadCounts, takeRoll } from '../study/rolls.server.ts'
import { cancelSession, holdSession } from '../study/sessions.server.ts'

const firstDay = '2021-03-22'
const people = ['lan', 'minh', 'sau', 'binh', 'hoa', 'thu'] as const
const cells = ['cellOne', 'cellTwo'] as const

type Event =
  | { is: 'roll'; sitting: number; marks: { person: number; status: 'present' | 'late' | 'excused' | 'absent' }[] }
  | { is: 'session'; cell: number; day: number; topics: number; kind: 'class' | 'make_up_class' }
  | { is: 'cancel'; sitting: number }
  | { is: 'declare'; cell: number; day: number; studied: number }
  | { is: 'withdraw'; cell: number }
  | { is: 'roster'; person: number; change: 'transfer' | 'exempt' | 'expect' | 'leave' | 'arrive'; day: number; cell: number }
  | { is: 'heads'; sitting: number; count: number }
  | { is: 'send' | 'receive'; cell: number; day: number; copies: number; material: number }
  | { is: 'move'; cell: number; day: number }
  | { is: 'fold' }

const day = fc.integer({ min: 0, max: 24 })
const cell = fc.integer({ min: 0, max: 1 })
const person = fc.integer({ min: 0, max: people.length - 1 })
const sitting = fc.nat({ max: 30 })
const events: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ is: fc.constant('roll' as const), sitting, marks: fc.uniqueArray(fc.record({ person, status: fc.constantFrom('present', 'late', 'excused', 'absent') }), { selector: (mark) => mark.person, minLength: 1, maxLength: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('session' as const), cell, day, topics: fc.integer({ min: 0, max: 3 }), kind: fc.constantFrom('class', 'make_up_class') }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('cancel' as const), sitting }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('declare' as const), cell, day, studied: fc.integer({ min: 0, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('withdraw' as const), cell }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('roster' as const), person, change: fc.constantFrom('transfer', 'exempt', 'expect', 'leave', 'arrive'), day, cell }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('heads' as const), sitting, count: fc.nat({ max: 50 }) }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constantFrom('send' as const, 'receive' as const), cell, day, copies: fc.integer({ min: 0, max: 3 }), material: fc.nat({ max: 1 }) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('move' as const), cell, day: fc.integer({ min: 1, max: 24 }) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('fold' as const) }) },
)

test('after any history, kept counts are what the records say, on every day and for every unit', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(events, { minLength: 5, maxLength: 40 }), async (history) => {
      const { db, drop } = await testDatabase()
      try {
        const play = await begin(db)
        for (const event of history) await play(event)
        await sameAsRecords(db)
        await sql`select fold_counts()`.execute(db)
        await sameAsRecords(db)
      } finally {
        await drop()
      }
    }),
    { numRuns: 12, endOnFailure: true },
  )
}, 120_000)

test('nor do several at once, whoever waits for whom', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(events, { minLength: 2, maxLength: 4 }), { minLength: 4, maxLength: 12 }), async (history) => {
      const { db, drop } = await testDatabase()
      try {
        const play = await begin(db)
        for (const atOnce of history) await Promise.all(atOnce.map(play))
        await sameAsRecords(db)
      } finally {
        await drop()
      }
    }),
    { numRuns: 10, endOnFailure: true },
  )
}, 120_000)

/** Opens a campaign of two topics and returns what plays one event as whoever may; refusals are part of a history. */
async function begin(db: Db): Promise<(event: Event) => Promise<void>> {
  const city = await organisation(db, '2021-06-01')
  const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
  const resolutions = [1, 2].map((number) => ({ code: `nq-${number}`, name: `Nghị quyết ${number}`, topics: ['Một chuyên đề'] }))
  const days = { studyFrom: firstDay, studyTo: '2021-06-30', dataDay: '2021-06-30' }
  await as(city.viewer.mai, (ctx) =>
    prepareCampaign(ctx, { code: 'dot', name: 'Đợt', unitCode: 'can-tho', ...days, exemptExpected: false, whoWrites: 'in_post', resolutions, categories: ['Cán bộ', 'Khác'] }),
  )
  await as(city.viewer.mai, (ctx) => openCampaign(ctx, { campaignCode: 'dot', openedOn: firstDay }))
  const topics = (await db.selectFrom('topic').select('id').orderBy('id').execute()).map((topic) => topic.id)
  const clerk = city.viewer.ngoc // of the commune above both cells
  const materials = await published(as, clerk)
  const held: { sittingId: string; sessionId: string }[] = []
  const unitCode = (index: number) => (index === 0 ? 'an-hoa-1' : 'an-hoa-2')
  const some = (index: number) => held[index % Math.max(held.length, 1)]

  const played = async (event: Event): Promise<unknown> => {
    switch (event.is) {
      case 'fold':
        return sql`select fold_counts()`.execute(db)
      case 'move':
        return move(db, city, cells[event.cell]!, addDays(firstDay, event.day))
      case 'session': {
        const topicIds = topics.filter((_, index) => event.topics & (1 << index))
        const input = { campaignCode: 'dot', unitCode: unitCode(event.cell), kind: event.kind, name: 'Lớp', categories: [], sittings: [{ heldOn: addDays(firstDay, event.day), topicIds }] }
        const { sessionId, sittingIds } = await as(clerk, (ctx) => holdSession(ctx, input))
        return held.push({ sessionId, sittingId: sittingIds[0]! })
      }
      case 'roll':
        return some(event.sitting) && as(clerk, (ctx) => takeRoll(ctx, { sittingId: some(event.sitting)!.sittingId, marks: event.marks.map((mark) => ({ personId: city.person[people[mark.person]!], status: mark.status })) }))
      case 'cancel':
        return some(event.sitting) && as(clerk, (ctx) => cancelSession(ctx, { sessionId: some(event.sitting)!.sessionId, confirmed: 'yes' }))
      case 'heads':
        return some(event.sitting) && as(clerk, (ctx) => recordHeadCounts(ctx, { sittingId: some(event.sitting)!.sittingId, people: { other: event.count } }))
      case 'send':
        return as(clerk, (ctx) => sendCopies(ctx, { materialId: materials[event.material]!, unitCode: 'an-hoa', sentOn: addDays(firstDay, event.day), copies: [{ unitCode: unitCode(event.cell), sent: event.copies + 1 }] }))
      case 'receive':
        return as(clerk, (ctx) => receiveCopies(ctx, { materialId: materials[event.material]!, unitCode: unitCode(event.cell), received: event.copies, receivedOn: addDays(firstDay, event.day), note: '' }))
      case 'declare':
        return as(clerk, (ctx) => declareTotals(ctx, { campaignCode: 'dot', unitCode: unitCode(event.cell), declaredOn: addDays(firstDay, event.day), studied: { khac: event.studied } }))
      case 'withdraw':
        return as(clerk, (ctx) => withdrawDeclaration(ctx, { campaignCode: 'dot', unitCode: unitCode(event.cell), reason: 'Thử' }))
      case 'roster':
        return as(clerk, (ctx) =>
          changeRoster(ctx, { campaignCode: 'dot', personId: city.person[people[event.person]!], change: event.change, fromDay: addDays(firstDay, event.day), unitCode: unitCode(event.cell), reason: 'Thử' }),
        )
    }
  }
  return async (event) => {
    await played(event).catch((error: unknown) => {
      if (!(error instanceof Refused || error instanceof NotFound || error instanceof Forbidden || mayTryAgain(error) || mayNoMore(error))) throw error
    })
  }
}

/** Two materials of the commune whose copies have to be there on different days. */
async function published(as: <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => Promise<Result>, clerk: Viewer): Promise<string[]> {
  const ids: string[] = []
  for (const [title, after] of [['Đề cương', 8], ['Sách', 16]] as const) {
    const early = { ...clerk, today: firstDay }
    const { materialId } = await as(early, (ctx) => addMaterial(ctx, { campaignCode: 'dot', unitCode: 'an-hoa', kind: 'outline', title, text: 'Nội dung', reachBy: addDays(firstDay, after) }))
    await as(early, (ctx) => publish(ctx, { materialId, version: 1 }))
    ids.push(materialId)
  }
  return ids
}

/** The tree was moved between asking for a right and using it: the database refuses the row. */
function mayNoMore(error: unknown): boolean {
  return (error as { code?: string }).code === '42501'
}

/** The cell goes under the district from that day on; where a unit hung before stays as it was. */
async function move(db: Db, city: Organisation, name: (typeof cells)[number], from: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(1)`.execute(tx) // one change of the tree at a time
    const now = await tx.selectFrom('unit_parent').select('during').where('unit_id', '=', city.unit[name]).execute()
    if (now.length > 1) return
    await sql`update unit_parent set during = daterange(null, ${from}) where unit_id = ${city.unit[name]}`.execute(tx)
    await tx.insertInto('unit_parent').values({ unit_id: city.unit[name], parent_id: city.unit.district, during: `[${from},)` }).execute()
    await sql`select lay_ancestors(array[${city.unit[name]}]::uuid[])`.execute(tx)
    await sql`select recount(campaign.id) from campaign`.execute(tx)
  })
}

/** Two judges: the definition in SQL, run over all records, and one written apart from it below. */
async function sameAsRecords(db: Db): Promise<void> {
  const kept = await sql<object>`
    select day.on_day::date as on_day, value.unit_id, value.indicator, value.dimension, value.own, value.whole
    from generate_series(date '2021-03-20', date '2021-04-20', interval '1 day') as day (on_day)
    cross join campaign
    cross join lateral count_values(campaign.id, (select array_agg(unit.id) from unit), day.on_day::date) as value
    order by on_day, unit_id, indicator, dimension`.execute(db)
  const defined = await sql<object>`
    select day.on_day::date as on_day, value.unit_id, value.indicator, value.dimension, value.own, value.whole
    from generate_series(date '2021-03-20', date '2021-04-20', interval '1 day') as day (on_day)
    cross join campaign
    cross join lateral count_values_known(campaign.id, (select array_agg(unit.id) from unit), day.on_day::date, 'infinity') as value
    order by on_day, unit_id, indicator, dimension`.execute(db)
  expect(kept.rows).toEqual(defined.rows)

  for (const asOf of ['2021-03-22', '2021-04-01', '2021-04-15']) {
    const { rows } = await sql<{ unit_id: string; indicator: string; whole: number }>`
      select value.unit_id, value.indicator, value.whole
      from campaign
      cross join lateral count_values(campaign.id, (select array_agg(unit.id) from unit), ${asOf}) as value
      where value.dimension = '' and value.indicator in ('expected', 'studied', 'reached-in-time')`.execute(db)
    const counted = new Map(rows.map((row) => [`${row.indicator} ${row.unit_id}`, row.whole]))
    expect(counted).toEqual(await countedApart(db, asOf))
  }
}

async function countedApart(db: Db, asOf: string): Promise<Map<string, number>> {
  const roster = await sql<{ person_id: string; unit_id: string }>`
    select person_id, unit_id from roster where superseded_at is null and must_study and during @> ${asOf}::date`.execute(db)
  const attended = await sql<{ person_id: string; topic_id: string }>`
    select distinct mark.person_id, sitting_topic.topic_id
    from mark
    join sitting on sitting.id = mark.sitting_id and sitting.held_on <= ${asOf}::date
    join study_session on study_session.id = sitting.session_id and study_session.cancelled_at is null
    join sitting_topic on sitting_topic.sitting_id = sitting.id
    where mark.superseded_at is null and mark.status in ('present', 'late')`.execute(db)
  const declared = await sql<{ unit_id: string; studied: number | null }>`
    select unit_id, (select sum(part.studied)::int from declaration_part as part
      where part.declaration_id = (array_agg(declaration.id order by declared_on desc) filter (where declared_on <= ${asOf}::date))[1]) as studied
    from declaration where superseded_at is null group by unit_id`.execute(db)
  const above = await sql<{ unit_id: string; ancestor_id: string }>`select unit_id, ancestor_id from unit_ancestor where during @> ${asOf}::date`.execute(db)
  const topics = await db.selectFrom('topic').select('id').execute()
  const copies = await db.selectFrom('material_copy').select(['unit_id', 'received', 'received_on', 'reach_by']).where('superseded_at', 'is', null).execute()

  const totals = new Map<string, number>()
  const add = (indicator: string, unitId: string, count: number) => {
    if (count === 0) return
    for (const { ancestor_id } of above.rows.filter((row) => row.unit_id === unitId)) {
      totals.set(`${indicator} ${ancestor_id}`, (totals.get(`${indicator} ${ancestor_id}`) ?? 0) + count)
    }
  }
  for (const { person_id, unit_id } of roster.rows) {
    add('expected', unit_id, 1)
    const hasAll = topics.every((topic) => attended.rows.some((row) => row.person_id === person_id && row.topic_id === topic.id))
    if (hasAll && !declared.rows.some((row) => row.unit_id === unit_id)) add('studied', unit_id, 1)
    const sent = copies.filter((copy) => copy.unit_id === unit_id)
    const isInTime = (copy: (typeof copies)[number]) => (copy.received ?? 0) > 0 && copy.received_on! <= copy.reach_by!
    const hasOne = sent.some((copy) => isInTime(copy) && copy.received_on! <= asOf)
    if (hasOne && !sent.some((copy) => !isInTime(copy) && copy.reach_by! < asOf)) add('reached-in-time', unit_id, 1)
  }
  for (const { unit_id, studied } of declared.rows) {
    const expected = roster.rows.filter((row) => row.unit_id === unit_id).length // all of one category here
    add('studied', unit_id, Math.min(studied ?? 0, expected))
  }
  return totals
}

test('a unit may be counted before anything is known of it', async () => {
  const { db } = await testDatabase()
  const { rows } = await sql<object>`select unit_id from count_values(${v7()}, array[${v7()}]::uuid[], '2021-01-01')`.execute(db)
  expect(rows).toEqual([])
})
