import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { v7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openApi } from '../../api.ts'
import { asViewer } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { testDatabase } from '../../../tests/database.ts'
import { organisation, type Organisation } from '../../../tests/people.ts'
import { testApp } from '../../../tests/web.ts'
import type { App } from '../../web/context.ts'
import { startDelivery } from './delivery.server.ts'
import { objectionTo, postGuarded } from './guarded-call.server.ts'
import { notify } from './notices.server.ts'
import { signatureOf } from './webhook-call.server.ts'
import { makeWebhook, removeWebhook, resend, stuck, switchWebhook, webhooks } from './webhooks.server.ts'

type Call = { path: string; headers: IncomingHttpHeaders; body: string }
type Answering = (call: Call) => { status: number; location?: string; slow?: boolean; endless?: boolean }

const database = await testDatabase()
const { db } = database
let city: Organisation
let app: App
let stop: () => Promise<void>
let gateway: Server
let url: string
const calls: Call[] = []
let answer: Answering = () => ({ status: 200 })

const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
const own = ['127.0.0.0/8']

beforeAll(async () => {
  gateway = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const call = { path: request.url!, headers: request.headers, body: Buffer.concat(chunks).toString() }
      calls.push(call)
      const { status, location, endless } = answer(call)
      response.writeHead(status, location ? { Location: location } : {})
      if (!endless) return response.end('ok')
      const timer = setInterval(() => response.write('x'.repeat(16_384)), 1)
      response.on('close', () => clearInterval(timer))
      return response
    })
  })
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/thong-suot`
  city = await organisation(db, new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date()))
  app = await testApp(database, { publicUrl: 'https://thong-suot.test', webhookPrivate: own })
  await app.live.start()
  stop = startDelivery(app, { retry: { limit: 2, delay: 1, longest: 1 }, atOnce: 2, lookMs: 500, pauseMs: 50, graceMs: 300 })
})
afterAll(async () => {
  await stop()
  await app.live.stop()
  gateway.closeAllConnections()
  gateway.close()
})

const make = (viewer: Viewer, more: { url?: string; unitCode?: string; kinds?: 'urge'[] } = {}) => {
  const id = v7()
  return as(viewer, (ctx) => makeWebhook(ctx, { id, name: 'Cổng Zalo', url, unitCode: 'an-hoa', kinds: ['urge'], ...more }, { keys: app.auth.keys, allowed: own })).then(({ secret }) => ({ id, secret }))
}
const tell = (unit: keyof Organisation['unit'], kind: 'urge' | 'material-new' = 'urge') => as(city.viewer.mai, ({ tx }) => notify(tx, {
  kind, to: { personIds: [city.person.binh] }, about: { type: 'unit', id: city.unit[unit] }, unitId: city.unit[unit], values: { from: 'Thành ủy', count: 3, title: 'Đề cương mật' }, path: '/',
}))
async function until(look: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 15_000; Date.now() < end; await sleep(20)) if (await look()) return
  throw new Error('it did not happen in time')
}

test('an administrator makes one above its unit; nobody else does, sees it or learns its secret', async () => {
  for (const viewer of [city.viewer.ngoc, city.viewer.mai, city.viewer.binh]) await expect(make(viewer)).rejects.toThrow(Forbidden)
  const { id, secret } = await make(city.viewer.khoa)
  expect(await as(city.viewer.khoa, webhooks)).toMatchObject([{ id, unitName: 'Đảng ủy phường An Hòa', waiting: 0, dead: 0 }])
  await expect(as(city.viewer.mai, webhooks)).rejects.toThrow(Forbidden)
  for (const viewer of [city.viewer.mai, city.viewer.ngoc]) expect((await as(viewer, ({ tx }) => sql`select id from webhook`.execute(tx))).rows).toEqual([])
  await expect(as(city.viewer.mai, (ctx) => removeWebhook(ctx, { webhookId: id, name: 'Cổng Zalo' }))).rejects.toThrow(NotFound)
  await expect(as(city.viewer.khoa, ({ tx }) => sql`select secret_sealed from webhook`.execute(tx))).rejects.toThrow(/permission denied/)
  const { rows } = await sql<{ text: string }>`select webhook::text as text from webhook`.execute(db)
  expect(rows[0]!.text).not.toContain(secret)
  await expect(as(city.viewer.khoa, (ctx) => removeWebhook(ctx, { webhookId: id, name: 'khác' }))).rejects.toThrow(Refused)
  await as(city.viewer.khoa, (ctx) => removeWebhook(ctx, { webhookId: id, name: 'Cổng Zalo' }))
})

test('is called once for each notice of its kinds at or beneath its unit, signed, without the facts', async () => {
  const { id, secret } = await make(city.viewer.khoa)
  await tell('cellOne')
  await tell('district')
  await tell('cellOne', 'material-new')
  await until(() => calls.length === 1)
  await until(async () => (await as(city.viewer.khoa, webhooks))[0]!.sent === 1)
  const { headers, body } = calls[0]!
  const timestamp = String(headers['x-thong-suot-timestamp'])
  expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(60)
  expect(headers['x-thong-suot-signature']).toBe(`v1=${signatureOf(secret, timestamp, body)}`)
  expect(JSON.parse(body)).toEqual({
    id: headers['x-thong-suot-id'],
    kind: 'urge',
    at: expect.any(String),
    unit: { code: 'an-hoa-1', name: 'Chi bộ khu vực 1' },
    person: { id: city.person.binh },
    title: 'Cấp trên đôn đốc việc chưa xong',
    url: expect.stringMatching(/^https:\/\/thong-suot\.test\/notices\/[0-9a-f-]+\/open$/),
  })
  expect(body).not.toMatch(/Đề cương|Lê Thanh Bình/)
  await as(city.viewer.khoa, (ctx) => switchWebhook(ctx, { webhookId: id, isOn: false }))
  await tell('cellOne')
  await sleep(200)
  expect(calls).toHaveLength(1)
  await as(city.viewer.khoa, (ctx) => removeWebhook(ctx, { webhookId: id, name: 'Cổng Zalo' }))
  calls.length = 0
})

test('is tried again under the same id, is dead after that, and is sent again when an administrator says so', async () => {
  const { id } = await make(city.viewer.khoa)
  answer = () => ({ status: 500 })
  await tell('cellOne')
  await until(async () => (await as(city.viewer.khoa, webhooks))[0]!.dead === 1)
  expect(calls).toHaveLength(3)
  expect(new Set(calls.map((call) => call.headers['x-thong-suot-id'])).size).toBe(1)
  const [dead] = await as(city.viewer.khoa, stuck)
  expect(dead).toMatchObject({ webhook: 'Cổng Zalo', state: 'dead', attempts: 3, problem: 'answered 500' })
  await expect(as(city.viewer.mai, (ctx) => resend(ctx, { deliveryIds: [dead!.id] }))).rejects.toThrow(Forbidden)
  answer = () => ({ status: 204 })
  expect(await as(city.viewer.khoa, (ctx) => resend(ctx, { deliveryIds: [dead!.id] }))).toMatchObject({ count: 1 })
  await expect(as(city.viewer.khoa, (ctx) => resend(ctx, { deliveryIds: [dead!.id] }))).rejects.toThrow(Refused)
  await until(async () => (await as(city.viewer.khoa, webhooks))[0]!.sent === 1)
  await as(city.viewer.khoa, (ctx) => removeWebhook(ctx, { webhookId: id, name: 'Cổng Zalo' }))
}, 30_000)

describe('by the API', () => {
  const call = async (who: 'khoa' | 'mai' | 'binh' | null, method: 'GET' | 'POST', path: string, body?: unknown) => {
    const sessionOf = () => Promise.resolve({ session: who ? { personId: city.person[who], accountId: city.person[who], sessionId: city.person[who], actingId: null, mustEnrol: false } : null, cookies: [] })
    const answer = await openApi({ ...app, auth: { ...app.auth, sessionOf } }).request(`/api/v1${path}`, { method, headers: { Cookie: 'who=somebody', 'Content-Type': 'application/json' }, ...(body ? { body: JSON.stringify(body) } : {}) })
    return { status: answer.status, body: (await answer.json()) as never }
  }

  test('an administrator adds one, gives it another secret, pauses, sends again and removes it; nobody else does or sees any', async () => {
    answer = () => ({ status: 500 })
    const id = v7()
    const added = await call('khoa', 'POST', '/webhooks', { id, name: 'Cổng SMS', url, unitCode: 'an-hoa', kinds: ['urge'] })
    expect(added).toMatchObject({ status: 201, body: { secret: expect.stringMatching(/^tsw_/), receipt: expect.any(Number) } })
    expect((await call('khoa', 'POST', '/webhooks', { id: v7(), name: 'Trong mạng riêng', url: 'https://10.0.0.5/x', unitCode: 'an-hoa', kinds: [] }))).toMatchObject({ status: 422, body: { problems: { url: expect.any(String) } } })
    const listed = await call('khoa', 'GET', '/webhooks')
    expect(listed).toMatchObject({ status: 200, body: [{ id, unit: 'an-hoa', isOn: true, kinds: ['urge'] }] })
    expect(JSON.stringify(listed.body)).not.toContain((added.body as { secret: string }).secret)

    const rotated = await call('khoa', 'POST', '/webhook-rotations', { webhookId: id })
    const { secret } = rotated.body as { secret: string }
    expect(secret).not.toBe((added.body as { secret: string }).secret)
    calls.length = 0
    await tell('cellOne')
    await until(async () => ((await call('khoa', 'GET', '/stuck-deliveries')).body as unknown[]).length === 1)
    const { headers, body } = calls[0]!
    expect(headers['x-thong-suot-signature']).toBe(`v1=${signatureOf(secret, String(headers['x-thong-suot-timestamp']), body)}`)
    const [{ id: deliveryId }] = (await call('khoa', 'GET', '/stuck-deliveries')).body as [{ id: string }]

    for (const [path, input] of [['/webhook-rotations', { webhookId: id }], ['/webhook-switchings', { webhookId: id, isOn: false }], ['/webhook-removals', { webhookId: id, name: 'Cổng SMS' }]] as const) expect((await call('mai', 'POST', path, input)).status, path).toBe(404)
    for (const who of ['mai', 'binh'] as const) for (const path of ['/webhooks', '/stuck-deliveries']) expect((await call(who, 'GET', path)).status).toBe(403)
    expect((await call('mai', 'POST', '/delivery-retries', { deliveryIds: [deliveryId] })).status).toBe(403)
    expect((await call(null, 'GET', '/webhooks')).status).toBe(401)

    answer = () => ({ status: 200 })
    expect(await call('khoa', 'POST', '/delivery-retries', { deliveryIds: [deliveryId] })).toMatchObject({ status: 201, body: { count: 1 } })
    await until(async () => ((await call('khoa', 'GET', '/webhooks')).body as { sent: number }[])[0]!.sent === 1)
    expect(await call('khoa', 'POST', '/webhook-switchings', { webhookId: id, isOn: false })).toMatchObject({ status: 201, body: { receipt: expect.any(Number) } })
    expect((await call('khoa', 'POST', '/webhook-removals', { webhookId: id, name: 'Khác' })).status).toBe(422)
    expect((await call('khoa', 'POST', '/webhook-removals', { webhookId: id, name: 'Cổng SMS' })).status).toBe(201)
  }, 30_000)
})

test('one that takes the call and never answers is left after its time, and tried again', async () => {
  const silent = createServer(() => {})
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const began = performance.now()
  await expect(postGuarded(`http://127.0.0.1:${(silent.address() as AddressInfo).port}/`, { body: '{}', headers: {}, allowed: own, patienceMs: 300 })).rejects.toMatchObject({ isFinal: false, message: expect.stringContaining('no answer') })
  expect(performance.now() - began).toBeLessThan(3000)
  silent.closeAllConnections()
  silent.close()
})

test('follows no redirect', async () => {
  const before = calls.length
  answer = () => ({ status: 302, location: url.replace('thong-suot', 'elsewhere') })
  const { id } = await make(city.viewer.khoa)
  await tell('cellOne')
  await until(async () => (await as(city.viewer.khoa, webhooks))[0]!.lastProblem === 'answered 302: redirects are not followed')
  expect(new Set(calls.slice(before).map((call) => call.path))).toEqual(new Set(['/thong-suot']))
  await as(city.viewer.khoa, (ctx) => removeWebhook(ctx, { webhookId: id, name: 'Cổng Zalo' }))
})

test('an answer without end is left, and one that does not come is not waited for', async () => {
  answer = () => ({ status: 200, endless: true })
  expect(await postGuarded(url, { body: '{}', headers: {}, allowed: own })).toBe(200)
  answer = () => ({ status: 200 })
})

test('addresses of private networks are not called, however they are written or looked up as', async () => {
  for (const address of ['http://127.0.0.1/', 'https://127.0.0.1/', 'https://2130706433/', 'https://0x7f.1/', 'https://[::1]/', 'https://[::ffff:10.0.0.1]/', 'https://10.1.2.3/', 'https://169.254.169.254/latest', 'https://[fd00::1]/', 'https://[64:ff9b::a00:1]/', 'https://0.0.0.0/', 'https://100.64.0.1/'])
    expect(objectionTo(address, []), address).toBe('is_private')
  expect(objectionTo('http://zalo.example.vn/', [])).toBe('not_https')
  expect(objectionTo('http://1.1.1.1/', own)).toBe('not_https')
  expect(objectionTo('https://user:secret@zalo.example.vn/', [])).toBe('has_login')
  for (const address of ['ftp://zalo.example.vn/', 'zalo.example.vn', 'javascript:alert(1)']) expect(objectionTo(address, [])).toBe('no_address')
  expect(objectionTo('https://zalo.example.vn/hook', [])).toBeNull()
  expect(objectionTo('http://127.0.0.1:9/', own)).toBeNull()
  const before = calls.length
  const { port } = new URL(url)
  for (const scheme of ['http', 'https']) await expect(postGuarded(`${scheme}://localhost:${port}/`, { body: '{}', headers: {}, allowed: scheme === 'http' ? ['10.0.0.1'] : [] })).rejects.toThrow('ENOTALLOWED')
  expect(calls.length).toBe(before)
  await expect(make(city.viewer.khoa, { url: 'https://10.0.0.5/hook' })).rejects.toThrow(Refused)
})
