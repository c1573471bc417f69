import { beforeAll, describe, expect, test } from 'vitest'
import { organisation, type Organisation } from '../tests/people.ts'
import { testDatabase } from '../tests/database.ts'
import { testApp } from '../tests/web.ts'
import { openApi } from './api.ts'
import { asViewer } from './db/open.ts'
import { CampaignInput } from './features/campaigns/campaigns.schema.ts'
import { openCampaign, prepareCampaign } from './features/campaigns/campaigns.server.ts'
import type { Ctx, Viewer } from './permissions/permissions.ts'
import type { App } from './web/context.ts'

const database = await testDatabase()
const { db } = database
let city: Organisation
let app: App

type Person = keyof Organisation['person']

beforeAll(async () => {
  city = await organisation(db)
  app = await testApp(database)
  const as = (viewer: Viewer, work: (ctx: Ctx) => Promise<unknown>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
  const input = CampaignInput.parse({
    code: 'nq-xiii', name: 'Học tập Nghị quyết', unitCode: 'can-tho', studyFrom: '2021-03-27', studyTo: '2021-06-30', dataDay: '2021-06-30',
    resolutions: [{ code: 'nq-1', name: 'Nghị quyết 1', topics: ['Chuyên đề 1', 'Chuyên đề 2'] }], categories: ['Đảng viên'],
  })
  await as(city.viewer.mai, (ctx) => prepareCampaign(ctx, input))
  await as(city.viewer.mai, (ctx) => openCampaign(ctx, { campaignCode: 'nq-xiii', openedOn: '2021-03-22' }))
})

/** Calls as that person, or as nobody. */
async function call(person: Person | null, path: string, sent?: object) {
  const session = person && { personId: city.person[person], accountId: city.person[person], sessionId: city.person[person], actingId: null, mustEnrol: false }
  const api = openApi({ ...app, auth: { ...app.auth, sessionOf: () => Promise.resolve({ session, cookies: [] }) } })
  const answer = await api.request(path, sent && { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(sent) })
  return { status: answer.status, body: (await answer.json()) as Record<string, never> }
}

describe('the API alone', () => {
  test('leads from a campaign to a session and its roll', async () => {
    const campaign = await call('binh', '/api/v1/campaigns/nq-xiii')
    expect(campaign.body).toMatchObject({ code: 'nq-xiii', unit: 'can-tho', resolutions: [{ code: 'nq-1', topics: [{ name: 'Chuyên đề 1' }, { name: 'Chuyên đề 2' }] }], categories: [{ name: 'Đảng viên', isDefault: true }] })
    const topicIds = (campaign.body as unknown as { resolutions: { topics: { id: string }[] }[] }).resolutions[0]!.topics.map((topic) => topic.id)
    const held = await call('binh', '/api/v1/sessions', { campaignCode: 'nq-xiii', unitCode: 'an-hoa-1', kind: 'class', name: 'Lớp 1', sittings: [{ heldOn: '2021-04-10', topicIds }] })
    expect(held.status).toBe(201)
    const { sessionId, sittingIds } = held.body as unknown as { sessionId: string; sittingIds: string[] }
    const roster = await call('binh', '/api/v1/campaigns/nq-xiii/roster?unit=an-hoa-1')
    expect(roster.body).toMatchObject({ unit: 'an-hoa-1', expected: 3, exempt: 1, total: 4 })
    const saved = await call('binh', '/api/v1/rolls', { sittingId: sittingIds[0], marks: [{ personId: city.person.lan, status: 'present' }] })
    expect(saved.status).toBe(201)
    expect((await call('binh', '/api/v1/sessions?campaign=nq-xiii&unit=an-hoa-1')).body).toMatchObject({ total: 1, sessions: [{ id: sessionId, name: 'Lớp 1', sittings: 1, sittingsTaken: 1 }] })
    const session = await call('binh', `/api/v1/sessions/${sessionId}`)
    expect(session.body).toMatchObject({ id: sessionId, unit: 'an-hoa-1', sittings: [{ id: sittingIds[0], heldOn: '2021-04-10', topics: [{}, {}], marks: { present: 1, absent: 0 } }] })
  })

  test('names people of a roster to those who may see names, and hides units from the others', async () => {
    expect((await call('mai', '/api/v1/campaigns/nq-xiii/roster?unit=an-hoa-1')).body).toMatchObject({ expected: 3, total: 0, people: [] })
    expect((await call('thu', '/api/v1/campaigns/nq-xiii/roster?unit=an-hoa-1')).status).toBe(404)
    expect((await call(null, '/api/v1/campaigns/nq-xiii')).status).toBe(401)
  })

  test('says which day is wanted where one is not of the calendar', async () => {
    const { status, body } = await call('binh', '/api/v1/campaigns/nq-xiii/figures?unit=an-hoa-1&asOf=2021-02-30')
    expect({ status, problems: body['problems'] }).toEqual({ status: 422, problems: { asOf: 'Ngày này không có trong lịch. Ghi dạng 2021-06-30.' } })
  })

  test('refuses a text with the character NUL', async () => {
    const { status, body } = await call('binh', '/api/v1/sessions', { campaignCode: 'nq-xiii', unitCode: 'an-hoa-1', kind: 'class', name: 'Lớp\u0000', sittings: [{ heldOn: '2021-04-10', topicIds: [] }] })
    expect(status).toBe(422)
    expect(body['detail']).toContain('NUL')
  })

  test('describes the cookie it asks for and the refusals that precede a call', async () => {
    const { body } = await call(null, '/api/openapi.json')
    const description = body as unknown as { components: { securitySchemes: object }; security: object[]; paths: Record<string, Record<string, { security?: object[]; responses: object }>> }
    expect(description.components.securitySchemes).toMatchObject({ session: { type: 'apiKey', in: 'cookie', name: 'thong-suot.session_token' }, token: { type: 'http', scheme: 'bearer' } })
    expect(description.security).toEqual([{ session: [] }, { token: [] }])
    expect(description.paths['/sign-in']!['post']).toMatchObject({ security: [], responses: { 413: {}, 429: {}, 503: {} } })
    expect(Object.keys(description.paths['/units']!['get']!.responses)).not.toContain('413')
  })
})
