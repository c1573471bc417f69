import { sql } from 'kysely'
import { v7 } from 'uuid'
import { beforeAll, expect, test } from 'vitest'
import { asViewer } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { openLog } from '../../platform/log.ts'
import { testDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation, type Organisation } from '../../../tests/people.ts'
import type { App } from '../../web/context.ts'
import { makeLink } from '../calendar/calendar.server.ts'
import { layDuties, settleMissed } from '../duties/duties.jobs.ts'
import { DutyRuleInput } from '../duties/duties.schema.ts'
import { orderDuties } from '../duties/rules.server.ts'
import { mergePeople, undoMerge } from '../people/merges.server.ts'
import { choose, ownChoices } from './choices.server.ts'
import { ownNotices } from './notice-views.server.ts'
import { makeDigests } from './notices.jobs.ts'
import { notify } from './notices.server.ts'

// Two entries of one person: Bình, and the one that secretary Thu turns out to be.
const { db } = await testDatabase()
const app = { db, log: openLog('silent'), config: { timeZone: 'Asia/Ho_Chi_Minh' } as App['config'] }
let city: Organisation

const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
const tell = (person: 'binh' | 'thu', title: string, mergeKey?: string) =>
  as(city.viewer.mai, ({ tx }) => notify(tx, { kind: 'material-new', to: { personIds: [city.person[person]] }, about: { type: 'unit', id: city.unit.cellOne }, unitId: city.unit.cellOne, values: { title }, path: '/', ...(mergeKey ? { mergeKey } : {}) }))
const titles = async (person: 'binh' | 'thu') => (await sql<{ title: string }>`select facts ->> 'title' as title from notice where person_id = ${city.person[person]} and facts ? 'title' order by title`.execute(db)).rows.map((row) => row.title)
const rows = async (table: string) => (await sql<{ person_id: string }>`select person_id from ${sql.table(table)}`.execute(db)).rows.map((row) => (row.person_id === city.person.binh ? 'binh' : 'thu')).sort()
const merge = async () => (await as(city.viewer.khoa, (ctx) => mergePeople(ctx, { keptId: city.person.binh, goneId: city.person.thu, reason: 'Ghi hai lần' }))).mergeId

beforeAll(async () => {
  city = await organisation(db)
  await openedCampaign(db, city)
})

test('what reached either is read by the one that stays, with choices, address and calendar; and goes back when they are parted', async () => {
  await tell('binh', 'Của Bình')
  await tell('thu', 'Của Thu')
  await tell('binh', 'Chung', 'same')
  await tell('thu', 'Chung', 'same')
  await sql`insert into notice_address (id, person_id, address, confirmed_at) values (${v7()}, ${city.person.thu}, 'thu@example.vn', now())`.execute(db)
  await as(city.viewer.thu, (ctx) => choose(ctx, { scope: 'required', digestHour: 9, quietFrom: 22, quietTo: 6, kinds: {} }))
  await as(city.viewer.thu, (ctx) => makeLink(ctx))
  await sql`update notice_choice set scope = 'all', digest_hour = 0`.execute(db)
  expect(await makeDigests(app)).toBe(1) // laid down for Thu, and not gone out

  const mergeId = await merge()
  expect(await titles('binh')).toEqual(['Chung', 'Của Bình', 'Của Thu'])
  expect(await titles('thu')).toEqual(['Chung']) // said already
  for (const table of ['notice_address', 'notice_choice', 'calendar_link']) expect(await rows(table), table).toEqual(['binh'])
  expect((await as(city.viewer.binh, ownChoices)).digestHour).toBe(0)
  expect((await as(city.viewer.binh, ({ tx }) => ownNotices(tx, 'vi'))).unread).toBe(3)
  expect(await makeDigests(app)).toBe(1) // what was in the letter that had not gone is in the kept person's
  const { rows: said } = await sql<{ count: number }>`select count(*) as count from notice join notice_delivery as letter on letter.id = notice.digest_id where letter.person_id = ${city.person.binh} and letter.state = 'waiting'`.execute(db)
  expect(said).toEqual([{ count: 3 }])
  await tell('thu', 'Sau khi gộp')
  expect(await titles('thu')).toEqual(['Chung']) // nobody is told under an entry that is gone

  await as(city.viewer.khoa, (ctx) => undoMerge(ctx, { mergeId }))
  expect(await titles('binh')).toEqual(['Chung', 'Của Bình'])
  expect(await titles('thu')).toEqual(['Chung', 'Của Thu'])
  for (const table of ['notice_address', 'notice_choice', 'calendar_link']) expect(await rows(table), table).toEqual(['thu'])
})

test('where both have their own, those of the one that stays hold; what was given anew since stays too', async () => {
  await sql`insert into notice_address (id, person_id, address, confirmed_at) values (${v7()}, ${city.person.binh}, 'binh@example.vn', now())`.execute(db)
  await as(city.viewer.binh, (ctx) => choose(ctx, { scope: 'all', digestHour: 5, quietFrom: 22, quietTo: 6, kinds: {} }))
  const mergeId = await merge()
  expect((await as(city.viewer.binh, ownChoices))).toMatchObject({ digestHour: 5, address: { address: 'binh@example.vn' } })
  await as(city.viewer.binh, (ctx) => makeLink(ctx)) // another than the one that came along
  await as(city.viewer.khoa, (ctx) => undoMerge(ctx, { mergeId }))
  expect((await as(city.viewer.binh, ownChoices)).digestHour).toBe(5)
  expect((await as(city.viewer.thu, ownChoices))).toMatchObject({ digestHour: 0, address: { address: 'thu@example.vn' } })
  expect(await rows('calendar_link')).toEqual(['binh'])
})

test('a head’s own plan is done under either entry, and nobody else becomes its author', async () => {
  const { ruleId } = await as(city.viewer.mai, (ctx) => orderDuties(ctx, DutyRuleInput.parse({ unitCode: 'can-tho', campaignCode: 'nq-xiii', kind: 'personal_plan', title: 'Kế hoạch cá nhân', who: 'cells', dueMode: 'day', dueOn: '2021-04-30' })))
  await layDuties(app)
  const { id: campaignId } = await db.selectFrom('campaign').select('id').executeTakeFirstOrThrow()
  const plan = v7()
  await db.insertInto('document').values({
    id: plan, unit_id: city.unit.cellTwo, issuer_id: city.unit.cellTwo, campaign_id: campaignId, type: 'plan', grammar: 'party', symbol: 'CB', abstract: 'Kế hoạch cá nhân',
    issued_on: '2021-04-10', issued_at: new Date('2021-04-10T05:00:00Z'), state: 'issued', author_id: city.person.thu, source: 'page',
  } as never).execute()
  const done = async () => {
    await settleMissed(app, new Date('2021-04-15T05:00:00Z'))
    return (await sql<{ code: string }>`select unit.code from duty join unit on unit.id = duty.unit_id where duty.rule_id = ${ruleId} and duty.done_on is not null`.execute(db)).rows.map((row) => row.code)
  }
  const author = async () => (await db.selectFrom('document').select('author_id').where('id', '=', plan).executeTakeFirstOrThrow()).author_id
  expect(await done()).toEqual(['an-hoa-2'])
  const mergeId = await merge()
  expect(await author()).toBe(city.person.binh)
  expect(await done()).toEqual(['an-hoa-2'])
  await as(city.viewer.khoa, (ctx) => undoMerge(ctx, { mergeId }))
  expect(await author()).toBe(city.person.thu)
  expect(await done()).toEqual(['an-hoa-2'])
  await expect(sql`update document set author_id = ${city.person.lan} where id = ${plan}`.execute(db)).rejects.toThrow(/stays as it was issued/)
})
