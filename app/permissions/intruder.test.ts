import { sql } from 'kysely'
import { v7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../tests/database.ts'
import { openedCampaign, organisation, type Organisation } from '../../tests/people.ts'
import { actFor, asViewer, type Tx } from '../db/open.ts'
import { AcknowledgementRequest } from '../features/acknowledgements/acknowledgements.schema.ts'
import { askToAcknowledge } from '../features/acknowledgements/acknowledgements.server.ts'
import { DocumentDraft } from '../features/documents/documents.schema.ts'
import { draftDocument, issueDocument } from '../features/documents/documents.server.ts'
import { layDuties } from '../features/duties/duties.jobs.ts'
import { DutyRuleInput } from '../features/duties/duties.schema.ts'
import { orderDuties } from '../features/duties/rules.server.ts'
import { MaterialInput } from '../features/materials/materials.schema.ts'
import { addMaterial, materialById, publish } from '../features/materials/materials.server.ts'
import { openLog } from '../platform/log.ts'
import type { App } from '../web/context.ts'
import type { Ctx, Viewer } from './permissions.ts'

// What somebody signed in could do who has found a way past the operations: the database alone stands between.

const { db } = await testDatabase()
let city: Organisation
let campaignId: string
let plan: string // of secretary Bình, his own: issued
let material: string // of the commune, never published
let request: string // of the city, on something that is out
let rule: string // of the city

const as = <Result>(who: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, who, (tx) => work({ tx, viewer: who, source: 'page' }))
const draft = (unitCode: string, more: object = {}) => DocumentDraft.parse({ unitCode, campaignCode: 'nq-xiii', type: 'plan', abstract: 'Kế hoạch', ...more })

beforeAll(async () => {
  city = await organisation(db)
  ;({ campaignId } = await openedCampaign(db, city))
  const { mai, ngoc, binh } = city.viewer
  plan = await as(binh, async (ctx) => {
    const { documentId } = await draftDocument(ctx, draft('an-hoa-1', { isPersonalPlan: true }))
    await issueDocument(ctx, { documentId, issuedOn: '2021-04-01', isKnownEmpty: true })
    return documentId
  })
  const written = { campaignCode: 'nq-xiii', kind: 'outline', title: 'Đề cương', text: 'Một.' }
  material = (await as(ngoc, (ctx) => addMaterial(ctx, MaterialInput.parse({ ...written, unitCode: 'an-hoa' })))).materialId
  const out = (await as(mai, (ctx) => addMaterial(ctx, MaterialInput.parse({ ...written, unitCode: 'can-tho' })))).materialId
  await as(mai, async (ctx) => publish(ctx, { materialId: out, version: (await materialById(ctx.tx, out)).version }))
  request = (await as(mai, (ctx) => askToAcknowledge(ctx, AcknowledgementRequest.parse({ unitCode: 'can-tho', materialId: out, depth: 'can_say', whom: 'members', dueOn: '2021-04-30' })))).requestId
  rule = (await as(mai, (ctx) => orderDuties(ctx, DutyRuleInput.parse({ unitCode: 'can-tho', campaignCode: 'nq-xiii', kind: 'document', title: 'Ban hành kế hoạch', who: 'all', documentType: 'plan', dueMode: 'day', dueOn: '2021-04-30' })))).ruleId
  await layDuties({ db, log: openLog('silent'), config: { timeZone: 'Asia/Ho_Chi_Minh' } as App['config'] })
})

/** What the database says to it: how many rows, or that it may not be. Nothing of it stays. */
async function attempt(who: Viewer, statement: (tx: Tx) => Promise<{ numAffectedRows?: bigint | undefined; rows: unknown[] }>): Promise<number | 'refused'> {
  let done: number | 'refused' = 'refused'
  await asViewer(db, who, async (tx) => {
    const { numAffectedRows, rows } = await statement(tx)
    done = numAffectedRows === undefined ? rows.length : Number(numAffectedRows)
    throw new Error('back')
  }).catch((error: Error & { code?: string }) => {
    if (error.message !== 'back' && !['42501', '23514', '55006'].includes(error.code ?? '')) throw error
  })
  return done
}

/** Who sees any row of that table. */
async function readers(table: string): Promise<string[]> {
  const found: string[] = []
  for (const [name, who] of Object.entries(city.viewer)) if ((await attempt(who, (tx) => sql`select 1 from ${sql.table(table)}`.execute(tx))) !== 0) found.push(name)
  return found.toSorted()
}

describe('a rule of duties', () => {
  test('is made, changed and ended by its own unit, whoever else reads it', async () => {
    const { mai, duc, ngoc, binh, lan, son, khoa } = city.viewer
    const end = (tx: Tx) => sql`update duty_rule set state = 'ended' where id = ${rule}`.execute(tx)
    for (const who of [duc, ngoc, binh, lan, son, khoa]) expect([who.name, await attempt(who, end)]).toEqual([who.name, expect.toSatisfy((done) => done === 'refused' || done === 0)])
    expect(await attempt(mai, end)).toBe(1)
    const copy = (unit: string) => (tx: Tx) => sql`
      insert into duty_rule (id, campaign_id, unit_id, kind, title, due_mode, due_on, source) values (${v7()}, ${campaignId}, ${unit}, 'document', 'Khác', 'day', '2021-05-01', 'page')`.execute(tx)
    expect(await attempt(binh, copy(city.unit.city))).toBe('refused')
    expect(await attempt(lan, copy(city.unit.cellOne))).toBe('refused')
    expect(await attempt(son, copy(city.unit.cellTwo))).toBe('refused')
    expect(await attempt(binh, copy(city.unit.cellOne))).toBe(1)
  })

  test('lets nobody off but by an office above, and nobody is urged in another unit’s name', async () => {
    const { mai, ngoc, son, binh, lan } = city.viewer
    const waive = (unit: string, by: string) => (tx: Tx) => sql`
      update duty set waived_at = now(), waived_by = ${by}, waived_for_unit_id = ${city.unit.city}, waived_reason = 'Xin' where unit_id = ${unit} and rule_id = ${rule}`.execute(tx)
    expect(await attempt(son, waive(city.unit.cellTwo, city.person.son))).toBe('refused') // an inspector looks
    expect(await attempt(binh, waive(city.unit.cellOne, city.person.binh))).toBe('refused') // nor the one who owes it
    expect(await attempt(lan, waive(city.unit.cellOne, city.person.lan))).toBe(0)
    expect(await attempt(ngoc, waive(city.unit.cellOne, city.person.ngoc))).toBe(1)
    const urge = (by: string) => (tx: Tx) => sql`insert into duty_urge (unit_id, by_unit_id, owed) values (${city.unit.cellTwo}, ${by}, '{}')`.execute(tx)
    expect(await attempt(son, urge(city.unit.city))).toBe('refused')
    expect(await attempt(ngoc, urge(city.unit.city))).toBe('refused')
    expect(await attempt(mai, urge(city.unit.city))).toBe(1)
  })

  test('is previewed on no document that one does not see, and says nothing of it', async () => {
    const preview = (basis: string) => (tx: Tx) => sql`
      select * from preview_duties(${JSON.stringify({ id: v7(), campaign_id: campaignId, unit_id: city.unit.cellTwo, basis_id: basis, kind: 'document', title: 'x', kinds: [], depth_from: 0, own_members: false, detail: { type: 'plan' }, due_mode: 'after_basis', due_days: 3, state: 'active' })}::jsonb, '2021-04-15')`.execute(tx)
    expect(await attempt(city.viewer.thu, preview(plan))).toBe('refused') // a sibling's head's own
    expect(await attempt(city.viewer.thu, preview(v7()))).toBe('refused') // one that is not answers the same
  })
})

describe('an acknowledgement', () => {
  const answer = (id: string, who: string, unit: string, depth = 'can_say') => (tx: Tx) => sql`
    insert into acknowledgement (id, request_id, person_id, unit_id, depth, answered_on, recorded_by, source) values (${id}, ${request}, ${who}, ${unit}, ${depth}, '2021-04-15', ${who}, 'page')`.execute(tx)

  test('is given where one belongs, and says something in one’s own words alone', async () => {
    const { lan, binh } = city.viewer
    const [own, lanId] = [v7(), city.person.lan]
    expect(await attempt(lan, answer(own, lanId, city.unit.cellTwo))).toBe('refused')
    expect(await attempt(lan, answer(own, lanId, city.unit.cellOne))).toBe(1)
    const say = (person: string, unit: string) => (tx: Tx) => sql`insert into acknowledgement_sentence (acknowledgement_id, person_id, unit_id, sentence) values (${own}, ${person}, ${unit}, 'Lời')`.execute(tx)
    await asViewer(db, lan, answer(own, lanId, city.unit.cellOne))
    expect(await attempt(binh, say(city.person.binh, city.unit.cellOne))).toBe('refused') // under another's answer
    expect(await attempt(lan, say(lanId, city.unit.cellTwo))).toBe('refused') // for another cell's secretary to read
    expect(await attempt(lan, say(lanId, city.unit.cellOne))).toBe(1)
  })

  test('in one’s own words is read by oneself, secretary and deputy of the cell, and nobody else', async () => {
    await db.deleteFrom('acknowledgement').execute()
    const id = v7()
    await asViewer(db, city.viewer.minh, answer(id, city.person.minh, city.unit.cellOne))
    await asViewer(db, city.viewer.minh, (tx) => sql`insert into acknowledgement_sentence (acknowledgement_id, person_id, unit_id, sentence) values (${id}, ${city.person.minh}, ${city.unit.cellOne}, 'Lời riêng')`.execute(tx))
    expect(await readers('acknowledgement_sentence')).toEqual(['binh', 'minh'])
    expect(await readers('acknowledgement')).toEqual(['binh', 'minh', 'ngoc']) // that somebody answered, one level up; above, how many
  })

  test('of a member is on no record that an office far above reads', async () => {
    await db.insertInto('audit_entry').values({ actor_id: city.person.lan, action: 'acknowledgement.given', unit_id: city.unit.cellOne, subject_type: 'acknowledgement_request', subject_id: request, detail: '{"depth":"can_say"}' } as never).execute()
    const read = (tx: Tx) => sql`select * from audit_entry where action = 'acknowledgement.given'`.execute(tx)
    for (const who of [city.viewer.mai, city.viewer.duc, city.viewer.son, city.viewer.thu]) expect([who.name, await attempt(who, read)]).toEqual([who.name, 0])
    for (const who of [city.viewer.lan, city.viewer.binh, city.viewer.ngoc]) expect([who.name, await attempt(who, read)]).toEqual([who.name, 1])
  })
})

describe('what is not out', () => {
  test('of materials stands on no record that others read', async () => {
    const read = (tx: Tx) => sql`select * from audit_entry where subject_type = 'material' and subject_id = ${material}`.execute(tx)
    for (const name of ['mai', 'duc', 'binh', 'lan', 'son', 'khoa'] as const) expect([name, await attempt(city.viewer[name], read)]).toEqual([name, 0])
    expect(await attempt(city.viewer.ngoc, read)).toBe(1)
  })

  test('of a booklet answers no question to others', async () => {
    const { id } = await db.selectFrom('material_version').select('id').where('material_id', '=', material).executeTakeFirstOrThrow()
    await db.insertInto('booklet_question').values({ id: v7(), version_id: id, position: 1, question: 'Hỏi', answer: 'Đáp' }).execute()
    expect(await readers('booklet_question')).toEqual(['ngoc'])
  })

  test('of a head’s own plan is closed to a helper, who borrows no office', async () => {
    const { documentId } = await as(city.viewer.binh, (ctx) => draftDocument(ctx, draft('an-hoa-1', { isPersonalPlan: true })))
    await db.updateTable('office').set({ during: sql`daterange(lower(during), '2021-04-10')` as never }).where('person_id', '=', city.person.binh).execute()
    const read = (tx: Tx) => sql`select * from document where id = ${documentId}`.execute(tx)
    expect(await attempt(city.viewer.binh, read)).toBe(1) // his own, also after the office
    const borrowed = async (tx: Tx) => {
      await actFor(tx, { helpedId: city.person.binh, helperId: city.person.lan })
      return read(tx)
    }
    expect(await attempt(city.viewer.lan, borrowed)).toBe(0)
    await db.updateTable('office').set({ during: sql`daterange(lower(during), null)` as never }).where('person_id', '=', city.person.binh).execute()
  })
})

test('copies on their way down are seen by both ends and those above them, and by no sibling, member or administrator', async () => {
  const version = await db.selectFrom('material_version').innerJoin('material', 'material.id', 'material_version.material_id').select(['material_version.id', 'material_id']).where('material_id', '<>', material).executeTakeFirstOrThrow()
  await db
    .insertInto('material_copy')
    .values({ id: v7(), material_id: version.material_id, version_id: version.id, campaign_id: campaignId, from_unit_id: city.unit.commune, unit_id: city.unit.cellOne, sent: 40, sent_on: '2021-04-01', recorded_by: city.person.ngoc, source: 'page' })
    .execute()
  expect(await readers('material_copy')).toEqual(['binh', 'duc', 'mai', 'ngoc'])
})

test('a head’s own plan is not the unit’s: it moves no due day beneath and counts as no document that arrived', async () => {
  const { rows } = await asViewer(db, city.viewer.mai, (tx) => sql<{ reached: number }>`select reached from cells_reached(${campaignId}, ${[city.unit.cellOne]}::uuid[], '2021-04-15')`.execute(tx))
  expect(rows[0]?.reached).toBe(0)
  const ordered = await as(city.viewer.mai, (ctx) => orderDuties(ctx, DutyRuleInput.parse({ unitCode: 'can-tho', campaignCode: 'nq-xiii', kind: 'document', title: 'Theo cấp trên', who: 'all', documentType: 'plan', dueMode: 'after_superior', dueDays: 5 })))
  const ownPlan = await db.selectFrom('document').selectAll().where('id', '=', plan).executeTakeFirstOrThrow()
  await db.insertInto('document').values({ ...ownPlan, id: v7(), unit_id: city.unit.commune, issuer_id: city.unit.commune, author_id: city.person.ngoc } as never).execute()
  await layDuties({ db, log: openLog('silent'), config: { timeZone: 'Asia/Ho_Chi_Minh' } as App['config'] })
  const due = await db.selectFrom('duty').select('due_on').where('rule_id', '=', ordered.ruleId).where('unit_id', '=', city.unit.cellOne).executeTakeFirstOrThrow()
  expect(due.due_on).toBeNull()
})
