import { sql } from 'kysely'
import { v7 } from 'uuid'
import { beforeEach, describe, expect, test } from 'vitest'
import { asViewer } from '../../db/open.ts'
import { openLog } from '../../platform/log.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { testDatabase, type TestDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation, type Organisation } from '../../../tests/people.ts'
import { takeRoll } from '../study/rolls.server.ts'
import { undoRoll } from '../study/roll-undo.server.ts'
import { holdSession } from '../study/sessions.server.ts'
import { escalateLate, followOrganisation, layDuties, settleMissed } from './duties.jobs.ts'
import { DutyRuleChange, DutyRuleInput, Urging } from './duties.schema.ts'
import { dutiesOfUnit, owedBeneath, ownDuties, settleDuties, statesOfRule } from './duties.server.ts'
import { changeRule, endRule, layingsOf, orderDuties, previewChange, previewEnd, previewRule, ruleById, rulesOver } from './rules.server.ts'
import { urgesOf, urgeUnits } from './urges.server.ts'
import { undoWaiver, waiveDuties } from './waivers.server.ts'

let db: TestDatabase['db']
let city: Organisation
let campaignId: string
let topicIds: string[]
let ledger: { db: TestDatabase['db']; log: ReturnType<typeof openLog>; config: { timeZone: string } }

const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
const on = (viewer: Viewer, today: string): Viewer => ({ ...viewer, today })
const at = (day: string) => new Date(`${day}T05:00:00Z`)

beforeEach(async () => {
  const made = await testDatabase()
  db = made.db
  ledger = { db, log: openLog('silent'), config: { timeZone: 'Asia/Ho_Chi_Minh' } }
  city = await organisation(db)
  ;({ campaignId, topicIds } = await openedCampaign(db, city))
  return made.drop
})

type Said = Partial<Record<keyof DutyRuleInput, unknown>>
const rule = (said: Said = {}) =>
  DutyRuleInput.parse({ unitCode: 'can-tho', campaignCode: 'nq-xiii', kind: 'document', title: 'Ban hành kế hoạch', who: 'all', documentType: 'plan', dueMode: 'day', dueOn: '2021-04-30', ...said })

async function order(said: Said = {}, viewer: Viewer = city.viewer.mai): Promise<string> {
  const { ruleId } = await as(viewer, (ctx) => orderDuties(ctx, rule(said)))
  await layDuties(ledger as never)
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
})
