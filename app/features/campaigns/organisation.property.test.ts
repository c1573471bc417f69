import fc from 'fast-check'
import { sql } from 'kysely'
import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import { asViewer, type Db } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { addDays } from '../../platform/clock.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { testDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation } from '../../../tests/people.ts'
import { addMember, endExemption, endMembership, exemptMember, transferMember, undoChange } from '../people/members.server.ts'
import { mergePeople, undoMerge } from '../people/merges.server.ts'
import { holdSession } from '../study/sessions.server.ts'
import { takeRoll } from '../study/rolls.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { addUnit, endUnit, moveUnit } from '../units/keep-units.server.ts'
import { campaignByCode } from './campaigns.server.ts'
import { driftOf, takeIntoRoster } from './roster-drift.server.ts'

// Random histories of an organisation whose people come, move, are exempt, leave and are merged while a campaign is under way.

const people = ['lan', 'minh', 'sau', 'binh', 'hoa', 'thu'] as const
const units = ['an-hoa-1', 'an-hoa-2', 'an-hoa-3', 'an-hoa', 'ninh-kieu'] as const
const person = fc.nat({ max: people.length + 2 }) // those who joined come after
const unit = fc.constantFrom(...units)
const day = fc.nat({ max: 12 }).map((days) => addDays('2021-04-01', days))

const events = fc.oneof(
  fc.record({ is: fc.constant('transfer'), person, unit, day }),
  fc.record({ is: fc.constant('exempt'), person, day }),
  fc.record({ is: fc.constant('resume'), person, day }),
  fc.record({ is: fc.constant('end'), person, day }),
  fc.record({ is: fc.constant('join'), unit, day }),
  fc.record({ is: fc.constant('undo'), change: fc.nat() }),
  fc.record({ is: fc.constant('merge'), person, other: person }),
  fc.record({ is: fc.constant('part'), merge: fc.nat() }),
  fc.record({ is: fc.constant('take'), unit }),
  fc.record({ is: fc.constant('roll'), sitting: fc.nat(), person, status: fc.constantFrom('present', 'absent', 'late') }),
  fc.record({ is: fc.constant('move'), unit, parent: unit, day }),
  fc.record({ is: fc.constant('found'), parent: unit, day }),
  fc.record({ is: fc.constant('close'), unit, successor: unit, day }),
  fc.record({ is: fc.constant('fold') }),
)
type Event = typeof events extends fc.Arbitrary<infer Made> ? Made : never

test('after any history the kept counts are a recount, the closure is the tree laid anew, and nobody belongs to two units', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(events, { minLength: 8, maxLength: 24 }), async (history) => {
      const { db, drop } = await testDatabase()
      try {
        const play = await begin(db)
        for (const event of history) await play(event as Event)
        await sameAsRecords(db)
      } finally {
        await drop()
      }
    }),
    { numRuns: Number(process.env['RUNS'] ?? 12), endOnFailure: true },
  )
}, 240_000)

async function begin(db: Db): Promise<(event: Event) => Promise<void>> {
  const city = await organisation(db, '2021-04-15')
  await openedCampaign(db, city)
  const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
  const { khoa, ngoc, binh, thu, mai } = city.viewer
  await as(khoa, (ctx) => addUnit(ctx, { code: 'an-hoa-3', kind: 'cell', name: 'Chi bộ khu vực 3', parentCode: 'an-hoa' }))
  const topicIds = (await db.selectFrom('topic').select('id').execute()).map((topic) => topic.id)
  const sittings: string[] = []
  for (const heldOn of ['2021-04-02', '2021-04-09']) {
    const session = await as(ngoc, (ctx) => holdSession(ctx, { campaignCode: 'nq-xiii', unitCode: 'an-hoa', kind: 'class', name: 'Lớp', categories: [], sittings: [{ heldOn, topicIds }] }))
    sittings.push(...session.sittingIds)
  }
  const ids: string[] = people.map((name) => city.person[name])
  const changes: string[] = []
  const merges: string[] = []
  const anyone = (index: number) => ids[index % ids.length]!
  const keep = async (work: Promise<{ changeId: string }>) => changes.push((await work).changeId)
  const reason = 'Thử'

  const played = async (event: Event): Promise<unknown> => {
    switch (event.is) {
      case 'transfer':
        return keep(as(khoa, (ctx) => transferMember(ctx, { personId: anyone(event.person), unitCode: event.unit, fromDay: event.day, reason })))
      case 'exempt':
        return keep(as(event.person % 2 ? binh : thu, (ctx) => exemptMember(ctx, { personId: anyone(event.person), fromDay: event.day, reason })))
      case 'resume':
        return keep(as(event.person % 2 ? binh : thu, (ctx) => endExemption(ctx, { personId: anyone(event.person), fromDay: event.day, reason })))
      case 'end':
        return keep(as(khoa, (ctx) => endMembership(ctx, { personId: anyone(event.person), fromDay: event.day, how: 'moved_out' })))
      case 'join': {
        const joined = await as(khoa, (ctx) => addMember(ctx, { id: v7(), name: 'Người Mới', unitCode: event.unit, fromDay: event.day, status: 'in_post', isAnother: true }))
        ids.push(joined.personId)
        return changes.push(joined.changeId)
      }
      case 'undo':
        return changes.length > 0 && as(khoa, (ctx) => undoChange(ctx, { changeId: changes[event.change % changes.length]! }))
      case 'merge':
        return merges.push((await as(khoa, (ctx) => mergePeople(ctx, { keptId: anyone(event.person), goneId: anyone(event.other) }))).mergeId)
      case 'part':
        return merges.length > 0 && as(khoa, (ctx) => undoMerge(ctx, { mergeId: merges[event.merge % merges.length]! }))
      case 'take':
        return takeAll(db, event.unit === 'ninh-kieu' ? mai : ngoc, event.unit)
      case 'roll':
        return as(ngoc, (ctx) => takeRoll(ctx, { sittingId: sittings[event.sitting % sittings.length]!, marks: [{ personId: anyone(event.person), status: event.status as 'present' }] }))
      case 'move':
        return as(khoa, (ctx) => moveUnit(ctx, { unitCode: event.unit, parentCode: event.parent, fromDay: event.day, reason }))
      case 'found':
        return as(khoa, (ctx) => addUnit(ctx, { kind: 'cell', name: 'Chi bộ mới', parentCode: event.parent, fromDay: event.day }))
      case 'close':
        return as(khoa, (ctx) => endUnit(ctx, { unitCode: event.unit, successorCode: event.successor, fromDay: event.day, reason }))
      case 'fold':
        return sql`select fold_counts()`.execute(db)
    }
  }
  return async (event) => {
    await played(event).catch((error: unknown) => {
      if (!(error instanceof Refused || error instanceof NotFound || error instanceof Forbidden || (error as { code?: string }).code === '42501')) throw error
      refusals.set(event.is, (refusals.get(event.is) ?? 0) + 1)
    })
    played_.set(event.is, (played_.get(event.is) ?? 0) + 1)
  }
}
const refusals = new Map<string, number>()
const played_ = new Map<string, number>()

/** Everything that the page would offer, taken at once. */
async function takeAll(db: Db, viewer: Viewer, unitCode: string): Promise<void> {
  await asViewer(db, viewer, async (tx) => {
    const ctx = { tx, viewer, source: 'page' } as const
    const campaign = await campaignByCode(tx, 'nq-xiii')
    const { id } = await unitByCode(tx, unitCode) // after a move it may be out of sight
    const personIds = (await driftOf(ctx, { ...campaign, openedOn: campaign.openedOn! }, id, '2021-04-15')).filter((one) => !one.isElsewhere).map((one) => one.personId)
    if (personIds.length > 0) await takeIntoRoster(ctx, { campaignCode: 'nq-xiii', unitCode, asOf: '2021-04-15', personIds, reason: 'Thử' })
  })
}

async function sameAsRecords(db: Db): Promise<void> {
  const valuesBy = async (source: string) => {
    const { rows } = await sql<object>`
      select day.on_day::date as on_day, value.*
      from generate_series(date '2021-03-20', date '2021-04-20', interval '1 day') as day (on_day)
      cross join campaign
      cross join lateral ${sql.raw(source)} as value
      order by on_day, unit_id, indicator, dimension`.execute(db)
    return rows
  }
  const kept = await valuesBy(`count_values(campaign.id, (select array_agg(unit.id) from unit), day.on_day::date)`)
  expect(kept).toEqual(await valuesBy(`count_values_known(campaign.id, (select array_agg(unit.id) from unit), day.on_day::date, 'infinity')`))
  await sql`select fold_counts()`.execute(db)
  expect(await valuesBy(`count_values(campaign.id, (select array_agg(unit.id) from unit), day.on_day::date)`)).toEqual(kept)
  expect(kept.length).toBeGreaterThan(0)

  const closure = async () => (await sql<object>`select unit_id, ancestor_id, depth, during::text, standing::text from unit_ancestor order by 1, 2, 4`.execute(db)).rows
  const laid = await closure()
  await sql`select lay_ancestors()`.execute(db)
  expect(laid).toEqual(await closure())

  const { rows: twice } = await sql`
    select one.person_id from membership as one join membership as other on other.person_id = one.person_id and other.id <> one.id and other.during && one.during
    union all
    select person.id from person join membership on membership.person_id = person.id where person.merged_into is not null
    union all
    select roster.person_id from roster join person on person.id = roster.person_id and person.merged_into is not null where roster.superseded_at is null`.execute(db)
  expect(twice).toEqual([])
}
