import { v7 } from 'uuid'
import { beforeEach, describe, expect, test } from 'vitest'
import { openApi } from '../../api.ts'
import { asViewer, type Db } from '../../db/open.ts'
import type { Ctx } from '../../permissions/permissions.ts'
import type { App } from '../../web/context.ts'
import { testDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation, type Organisation } from '../../../tests/people.ts'
import { answerOf, asked, testApp, type Args } from '../../../tests/web.ts'
import * as documentPage from '../documents/register/document.page.tsx'
import * as draftNewPage from '../drafting/draft-new.page.tsx'
import { makeForm } from '../filings/forms.server.ts'
import { filingById, saveText, saveValues } from '../filings/filing.server.ts'
import { openRound } from '../filings/rounds.server.ts'
import { returnFiling, submitFiling } from '../filings/workflow.server.ts'
import { addIndicator } from '../indicators/register.server.ts'
import * as dutiesPage from './duties.page.tsx'
import { layDuties } from './duties.jobs.ts'
import * as ruleNewPage from './rule-new.page.tsx'
import * as rulePage from './rule.page.tsx'

// What officials do on the pages and programs through the API, each with what is refused to whom.
const base = await testDatabase()
const city = await organisation(base.db)
await openedCampaign(base.db, city)
await base.db.updateTable('campaign').set({ study_to: '2045-06-30', data_day: '2045-06-30' }).execute() // these tests are of today, whenever that is
await base.db.destroy()

type Who = keyof Organisation['person']
let app: App
let db: Db

beforeEach(async () => {
  const made = await testDatabase(base.connection.database)
  const plain = await testApp(made)
  db = made.db
  // everybody is signed in by name
  const sessionOf = (headers: Headers) => {
    const id = city.person[/who=(\w+)/.exec(headers.get('cookie') ?? '')?.[1] as Who]
    return Promise.resolve({ session: id ? { personId: id, accountId: id, sessionId: id, actingId: null, mustEnrol: false } : null, cookies: [] })
  }
  app = { ...plain, auth: { ...plain.auth, sessionOf } }
  return made.drop
})

type Route = { action?: unknown; loader?: unknown }
type Form = Record<string, string> | [string, string][]
const does = (who: Who, route: Route, path: string, form: Form, params = {}) => answerOf((route.action as (args: Args) => Promise<unknown>)(asked(app, path, { form, cookies: [`who=${who}`], params })))
const sees = (who: Who, route: Route, path: string, params = {}) => answerOf((route.loader as (args: Args) => Promise<unknown>)(asked(app, path, { cookies: [`who=${who}`], params })))
const problems = (answer: { body: unknown }) => (answer.body as { problems?: Record<string, string> }).problems

async function call(who: Who | null, method: 'GET' | 'POST', path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const answer = await openApi(app).request(`/api/v1${path}`, { method, headers: { ...(who ? { Cookie: `who=${who}` } : {}), ...(body ? { 'Content-Type': 'application/json' } : {}) }, ...(body ? { body: JSON.stringify(body) } : {}) })
  return { status: answer.status, body: (await answer.json()) as unknown }
}

const terms = { title: 'Ban hành kế hoạch', who: 'all', documentType: 'plan', dueMode: 'day', dueOn: '1/1/2040' }
const rule = { unitCode: 'can-tho', campaignCode: 'nq-xiii', kind: 'document', ...terms }

async function order(more: Record<string, string> = {}): Promise<string> {
  const id = v7()
  expect(await does('mai', ruleNewPage, '/duties/rules/new', { id, ...rule, ...more })).toMatchObject({ status: 303, to: `/duties/rules/${id}` })
  await layDuties(app)
  return id
}

const dutyOf = async (ruleId: string, unit: keyof Organisation['unit'], period = '') =>
  db.selectFrom('duty').selectAll().where('rule_id', '=', ruleId).where('unit_id', '=', city.unit[unit]).where('period', '=', period).executeTakeFirstOrThrow()
const owedBy = async (who: Who) => ((await call(who, 'GET', '/duties/mine')).body as { title: string; unit: string; state: string }[]).map(({ title, unit, state }) => `${unit}: ${title}, ${state}`)
const as = async <Result>(who: Who, work: (ctx: Ctx) => Promise<Result>) => {
  const viewer = { ...city.viewer[who], today: new Date().toISOString().slice(0, 10) }
  return asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
}

describe('on the pages', () => {
  test('a rule is previewed, made, changed after its preview, and ended; by nobody but its unit', async () => {
    const query = new URLSearchParams({ ...rule, preview: '1' }).toString()
    expect((await sees('mai', ruleNewPage, `/duties/rules/new?${query}`)).body).toMatchObject({ preview: { add: { duties: 4 } }, problems: null })
    expect(await db.selectFrom('duty_rule').select('id').execute()).toEqual([])
    expect(problems(await does('mai', ruleNewPage, '/duties/rules/new', { ...rule, documentType: '', dueOn: '31/2/2040' }))).toMatchObject({ dueOn: expect.stringContaining('/') })
    for (const who of ['lan', 'khoa', 'ngoc', 'duc'] as const) expect((await does(who, ruleNewPage, '/duties/rules/new', rule)).status, who).toBeGreaterThanOrEqual(400)

    const id = await order()
    expect((await sees('mai', rulePage, `/duties/rules/${id}`, { id })).body).toMatchObject({ counts: { open: 4 } })
    const change = { ...terms, ruleId: id, version: '1', kind: 'document', who: 'cells' }
    const asked = new URLSearchParams({ ...change, do: 'preview' }).toString()
    expect((await sees('mai', rulePage, `/duties/rules/${id}?${asked}`, { id })).body).toMatchObject({ change: { is: 'preview', preview: { drop: { duties: 2 }, same: { duties: 2 } } } })
    expect((await sees('lan', rulePage, `/duties/rules/${id}?${asked}`, { id })).body).toMatchObject({ change: null, reason: expect.any(String) }) // the rule reaches her, and is not hers
    for (const who of ['binh', 'duc'] as const) expect((await does(who, rulePage, `/duties/rules/${id}`, change, { id })).status, who).toBeGreaterThanOrEqual(400)
    expect(await does('mai', rulePage, `/duties/rules/${id}`, change, { id })).toMatchObject({ status: 303 })
    await layDuties(app)
    expect((await sees('mai', rulePage, `/duties/rules/${id}`, { id })).body).toMatchObject({ counts: { open: 2 } })
    expect(problems(await does('mai', rulePage, `/duties/rules/${id}`, change, { id }))).toHaveProperty('version') // somebody was quicker

    expect((await does('ngoc', rulePage, `/duties/rules/${id}?do=end`, { ruleId: id, version: '2' }, { id })).status).toBeGreaterThanOrEqual(400)
    expect(await does('mai', rulePage, `/duties/rules/${id}?do=end`, { ruleId: id, version: '2' }, { id })).toMatchObject({ status: 303 })
    await layDuties(app)
    expect(await owedBy('binh')).toEqual([])
  })

  test('a duty is waived with its reason by a level above, and owed again when that is undone', async () => {
    const id = await order()
    const { id: dutyId } = await dutyOf(id, 'cellOne')
    expect(await owedBy('binh')).toEqual(['an-hoa-1: Ban hành kế hoạch, open'])
    expect(problems(await does('duc', dutiesPage, '/duties?unit=an-hoa-1&do=waive', { dutyIds: dutyId, reason: ' ' }))).toHaveProperty('reason')
    expect((await does('binh', dutiesPage, '/duties?unit=an-hoa-1&do=waive', { dutyIds: dutyId, reason: 'Không muốn' })).status).toBeGreaterThanOrEqual(400)
    expect((await does('thu', dutiesPage, '/duties?unit=an-hoa-1&do=waive', { dutyIds: dutyId, reason: 'Của bên cạnh' })).status).toBe(404)
    expect((await does('ngoc', dutiesPage, '/duties?unit=an-hoa-1&do=waive', { dutyIds: dutyId, reason: 'Để văn phòng bỏ' })).status).toBe(403) // a clerk waives nothing
    expect(await owedBy('binh')).toHaveLength(1)
    expect(await does('duc', dutiesPage, '/duties?unit=an-hoa-1&do=waive', { dutyIds: dutyId, reason: 'Chi bộ sắp sáp nhập' })).toMatchObject({ status: 303, to: '/duties?unit=an-hoa-1' })
    expect(await owedBy('binh')).toEqual([])
    expect((await does('binh', dutiesPage, '/duties?unit=an-hoa-1&do=undo', { dutyIds: dutyId })).status).toBeGreaterThanOrEqual(400)
    expect(await does('duc', dutiesPage, '/duties?unit=an-hoa-1&do=undo', { dutyIds: dutyId })).toMatchObject({ status: 303 })
    expect(await owedBy('binh')).toHaveLength(1)
  })

  test('one unit is urged, and all that are chosen, one message each', async () => {
    await order()
    await order({ title: 'Ban hành chương trình', documentType: 'programme' })
    const told = async () => (await db.selectFrom('notice').innerJoin('person', 'person.id', 'notice.person_id').select('person.name').where('kind', '=', 'urge').orderBy('person.name').execute()).map(({ name }) => name)
    expect((await does('binh', dutiesPage, '/duties?do=urge', { unitCodes: 'an-hoa-2' })).status).toBe(404)
    expect((await does('thu', dutiesPage, '/duties?do=urge', { unitCodes: 'an-hoa-2' })).status).toBeGreaterThanOrEqual(400) // not oneself
    expect(problems(await does('ngoc', dutiesPage, '/duties?do=urge', {}))).toHaveProperty('unitCodes')
    expect(await told()).toEqual([])
    expect(await does('ngoc', dutiesPage, '/duties?unit=an-hoa-1&do=urge', { unitCodes: 'an-hoa-1' })).toMatchObject({ status: 303 })
    expect(await told()).toEqual(['Lê Thanh Bình'])
    expect(await does('mai', dutiesPage, '/duties?do=urge&back=%2F%3Funit%3Dcan-tho', [['unitCodes', 'an-hoa-1'], ['unitCodes', 'an-hoa-2']])).toMatchObject({ status: 303, to: '/?unit=can-tho' })
    expect(await told()).toEqual(['Lê Thanh Bình', 'Đỗ Thị Thu'].toSorted()) // the first was urged within a day
  })
})

test('through the API the same is done and the same is refused', async () => {
  const input = { ...rule, dueOn: '2040-01-01' }
  expect((await call(null, 'POST', '/duty-rules', input)).status).toBe(401)
  for (const who of ['lan', 'khoa', 'duc'] as const) expect((await call(who, 'POST', '/duty-rules', input)).status, who).toBe(403)
  expect(await call('mai', 'POST', '/duty-rules', { ...input, documentType: undefined })).toMatchObject({ status: 422, body: { problems: { documentType: expect.any(String) } } })
  expect(await call('mai', 'POST', '/duty-rule-previews', input)).toMatchObject({ status: 200, body: { add: { duties: 4 } } })
  const made = await call('mai', 'POST', '/duty-rules', input)
  expect(made).toMatchObject({ status: 201, body: { ruleId: expect.any(String) } })
  await layDuties(app)
  const { ruleId } = made.body as { ruleId: string }
  const change = { ...terms, dueOn: '2041-01-01', ruleId, version: 1, kind: 'document' }
  expect(await call('mai', 'POST', '/duty-rule-change-previews', change)).toMatchObject({ status: 200, body: { move: { duties: 4 } } })
  expect((await call('duc', 'POST', '/duty-rule-changes', change)).status).toBe(403)
  expect((await call('mai', 'POST', '/duty-rule-changes', change)).status).toBe(201)
  await layDuties(app)

  const [mine] = (await call('binh', 'GET', '/duties/mine')).body as { id: string; dueOn: string }[]
  expect(mine).toMatchObject({ dueOn: '2041-01-01', state: 'open' })
  expect((await call('thu', 'GET', '/duties?unit=an-hoa-1')).body).not.toMatchObject([{ id: mine!.id }])
  expect((await call('lan', 'GET', '/duties/beneath?unit=an-hoa')).status).toBe(404)
  expect((await call('ngoc', 'GET', '/duties/beneath?unit=an-hoa')).body).toHaveLength(2)
  const waiver = { dutyIds: [mine!.id], reason: 'Sắp sáp nhập' }
  expect((await call('binh', 'POST', '/duty-waivers', waiver)).status).toBe(403)
  expect((await call('thu', 'POST', '/duty-waivers', waiver)).status).toBe(404)
  expect((await call('ngoc', 'POST', '/duty-waivers', waiver)).status).toBe(403)
  expect((await call('duc', 'POST', '/duty-waivers', waiver)).status).toBe(201)
  expect((await call('duc', 'POST', '/duty-waivers', waiver)).status).toBe(422)
  expect((await call('binh', 'POST', '/duty-waiver-undoings', { dutyIds: [mine!.id] })).status).toBe(403)
  expect((await call('duc', 'POST', '/duty-waiver-undoings', { dutyIds: [mine!.id] })).status).toBe(201)
  expect(await call('ngoc', 'POST', '/urgings', { unitCodes: ['an-hoa-1', 'an-hoa-2'] })).toMatchObject({ status: 201, body: { urged: 2 } })
  expect((await call('lan', 'POST', '/urgings', { unitCodes: ['an-hoa-1'] })).status).toBe(403)
  expect((await call('duc', 'POST', '/duty-rule-endings', { ruleId, version: 2 })).status).toBe(403)
  expect((await call('mai', 'POST', '/duty-rule-endings', { ruleId, version: 2 })).status).toBe(201)
  await layDuties(app)
  expect(await owedBy('binh')).toEqual([])
  expect((await call('mai', 'GET', `/duty-rules/${ruleId}`)).body).toMatchObject({ rule: { state: 'ended' } })
  expect((await call('binh', 'GET', `/duty-rules/${v7()}`)).status).toBe(404)
})

describe('a report', () => {
  const day = (more: number) => new Date(Date.now() + more * 86_400_000).toISOString().slice(0, 10)
  async function asking(): Promise<{ formId: string; roundId: string; filingId: string }> {
    await as('ngoc', (ctx) => addIndicator(ctx, { unitCode: 'an-hoa', key: 'lop', name: 'Lớp tuyên truyền', unitOfCount: 'meetings', partOf: [], notMoreThan: [] }))
    const { formId } = await as('ngoc', (ctx) => makeForm(ctx, { unitCode: 'an-hoa', campaignCode: 'nq-xiii', name: 'Báo cáo tháng', kind: 'month', sections: [{ kind: 'figures', title: 'Số liệu', indicators: ['lop'] }, { kind: 'difficulties', title: 'Khó khăn', indicators: [] }] }))
    const { roundId } = await as('ngoc', (ctx) => openRound(ctx, { unitCode: 'an-hoa', formId, name: 'Kỳ này', asOf: day(-1), dueOn: day(3), dueTime: '17:00' }, 'Asia/Ho_Chi_Minh'))
    const filing = await db.selectFrom('filing').select('id').where('round_id', '=', roundId).where('unit_id', '=', city.unit.cellOne).executeTakeFirstOrThrow()
    return { formId, roundId, filingId: filing.id }
  }
  const head = (filingId: string) => as('binh', (ctx) => filingById(ctx, filingId))
  async function submit(filingId: string): Promise<void> {
    const { draft } = await head(filingId)
    await as('binh', (ctx) => saveValues(ctx, { filingId, values: { lop: { value: 2 } } }))
    const section = draft!.sections[1]!
    await as('binh', (ctx) => saveText(ctx, { filingId, sectionId: section.id, text: 'Không có.', version: section.text?.version ?? 0 }))
    const { filing } = await head(filingId)
    await as('binh', (ctx) => submitFiling(ctx, { filingId, version: filing.version, reasons: {} }))
  }
  const wanted = { unitCode: 'an-hoa', campaignCode: 'nq-xiii', kind: 'report', title: 'Gửi báo cáo', who: 'cells' }

  test.each(['round', 'form'] as const)('asked by its %s is done by sending it, and owed again once it is returned', async (by) => {
    const { formId, roundId, filingId } = await asking()
    const period = day(3).slice(0, 7)
    const due = by === 'round' ? { roundId, dueMode: 'day', dueOn: day(3) } : { formId, dueMode: 'monthly', dueMonthday: 28, fromOn: `${period}-01`, untilOn: `${period}-28` }
    const { body } = await call('ngoc', 'POST', '/duty-rules', { ...wanted, ...due })
    await layDuties(app)
    const state = async () => ((await call('binh', 'GET', '/duties?unit=an-hoa-1')).body as { state: string; period: string; doneBy: unknown }[]).map((one) => ({ state: one.state, period: one.period, doneBy: one.doneBy }))
    const open = { state: expect.stringMatching(/^(open|late)$/), period: by === 'round' ? '' : period, doneBy: null }
    expect(await state()).toEqual([open])
    await submit(filingId)
    expect(await state()).toEqual([{ ...open, state: expect.stringMatching(/^done/), doneBy: { what: 'filing', id: filingId } }])
    expect((await dutyOf((body as { ruleId: string }).ruleId, 'cellTwo', open.period)).done_on).toBeNull() // another cell's report is no work of theirs
    const { filing } = await head(filingId)
    await as('ngoc', (ctx) => returnFiling(ctx, { filingId, version: filing.version, comment: 'Nêu rõ hơn.' }))
    expect(await state()).toEqual([open])
    expect(await db.selectFrom('notice').select(['kind', 'person_id']).where('kind', '=', 'filing-returned').execute()).toEqual([{ kind: 'filing-returned', person_id: city.person.binh }])
    await submit(filingId)
    expect(await state()).toMatchObject([{ state: expect.stringMatching(/^done/) }])
  })
})

test('a head drafts the personal plan by the button of the duty, issues it, and it is done; the plan of another is not seen', async () => {
  const id = await order({ kind: 'personal_plan', title: 'Kế hoạch cá nhân', documentType: '', who: 'cells' })
  const duty = await dutyOf(id, 'cellOne')
  expect(await owedBy('binh')).toEqual(['an-hoa-1: Kế hoạch cá nhân, open'])
  const path = `/drafts/new?unit=an-hoa-1&duty=${duty.id}`
  expect((await sees('binh', draftNewPage, path)).body).toMatchObject({ duty: { id: duty.id }, reasonAgainst: null })
  expect((await sees('thu', draftNewPage, path)).status).toBeGreaterThanOrEqual(400)
  expect((await does('thu', draftNewPage, path, { unitCode: 'an-hoa-1', dutyId: duty.id })).status).toBeGreaterThanOrEqual(400)
  const begun = await does('binh', draftNewPage, path, { unitCode: 'an-hoa-1', dutyId: duty.id })
  expect(begun).toMatchObject({ status: 303, to: expect.stringMatching(/^\/drafts\//) })
  const documentId = begun.to!.split('/').at(-1)!
  expect(await db.selectFrom('document').select(['author_id', 'state']).where('id', '=', documentId).executeTakeFirst()).toEqual({ author_id: city.person.binh, state: 'draft' })
  for (const who of ['thu', 'lan', 'ngoc', 'mai'] as const) expect((await sees(who, documentPage, `/documents/${documentId}`, { id: documentId })).status, who).toBe(404)

  const today = new Date().toISOString().slice(0, 10)
  expect((await does('thu', documentPage, `/documents/${documentId}?do=issue`, { documentId, issuedOn: today }, { id: documentId })).status).toBe(404)
  expect(await does('binh', documentPage, `/documents/${documentId}?do=issue`, { documentId, issuedOn: today, isKnownEmpty: 'on' }, { id: documentId })).toMatchObject({ status: 303 })
  expect(await owedBy('binh')).toEqual([])
  expect(await dutyOf(id, 'cellOne')).toMatchObject({ done_what: 'document', done_by: documentId })
  expect((await dutyOf(id, 'cellTwo')).done_on).toBeNull()
  for (const who of ['thu', 'lan', 'hoa', 'khoa'] as const) expect((await sees(who, documentPage, `/documents/${documentId}`, { id: documentId })).status, who).toBe(404)
  expect((await sees('ngoc', documentPage, `/documents/${documentId}`, { id: documentId })).status).toBe(200) // the level above keeps what its heads promised
})
