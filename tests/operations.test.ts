import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { migrate, migrationFiles } from '../app/db/migrate.ts'
import { openHttp } from '../app/http.ts'
import { openMetrics } from '../app/metrics.ts'
import type { Config } from '../app/platform/config.ts'
import { openLog } from '../app/platform/log.ts'
import { startServer } from '../app/server.ts'
import { createAccount } from '../app/web/accounts.server.ts'
import { buildPages } from '../scripts/build.ts'
import { testDatabase, type TestDatabase } from './database.ts'
import { openedCampaign, organisation, type Organisation } from './people.ts'
import { testApp } from './web.ts'

vi.setConfig({ testTimeout: 120_000 })

const password = 'một câu rất dài'
let pages: string
let database: TestDatabase
let city: Organisation

beforeAll(async () => {
  pages = await buildPages(() => {})
  database = await testDatabase()
  city = await organisation(database.db)
  await openedCampaign(database.db, city)
  await database.db.updateTable('person').set({ card_number: '079123456789', phone: '+84912345678' }).where('id', '=', city.person.lan).execute()
  await database.db.transaction().execute((tx) => createAccount(tx, { personId: city.person.binh, username: 'binh.anhoa', password }))
}, 90_000)

/** The product with Bình signed in by a cookie of the test's own, and what it logs. */
async function serve(settings: Partial<Config> = {}, running: Parameters<typeof openHttp>[2] = {}) {
  let logged = ''
  const plain = await testApp(database, settings)
  const log = openLog('info', new Writable({ write: (chunk: Buffer, _, done) => (void (logged += chunk.toString()), done()) }))
  const asBinh = { personId: city.person.binh, accountId: city.person.binh, sessionId: city.person.binh, actingId: null, mustEnrol: false }
  const app = { ...plain, log, auth: { ...plain.auth, sessionOf: (headers: Headers) => Promise.resolve({ session: headers.get('cookie') === 'who=binh' ? asBinh : null, cookies: [] }) } }
  const http = await openHttp(app, pages, running)
  const get = (path: string, headers: Record<string, string> = { cookie: 'who=binh' }) => Promise.resolve(http.request(path, { headers }))
  const post = (path: string, form: Record<string, string>) => Promise.resolve(http.request(path, { method: 'POST', headers: { cookie: 'who=binh', origin: 'http://localhost' }, body: new URLSearchParams(form) }))
  return { app, get, post, logged: () => logged }
}

/** A database of which these parts fail. */
function failing(db: TestDatabase['db'], error = new Error('a bug'), parts: (string | symbol)[] = ['transaction']): TestDatabase['db'] {
  const get = (_: unknown, name: string | symbol): unknown => {
    const value: unknown = Reflect.get(db, name, db)
    if (typeof value !== 'function') return value
    return (...args: unknown[]): unknown => {
      if (parts.includes(name)) throw error
      return Reflect.apply(value, db, args)
    }
  }
  return new Proxy(db, { get }) as TestDatabase['db']
}

describe('health', () => {
  test('is alive without the database, ready with it, and no longer ready once it stops', async () => {
    let isStopping = false
    const { app, get } = await serve({}, { isStopping: () => isStopping })
    for (const path of ['/health/live', '/health/ready', '/health']) expect(await (await get(path)).json()).toEqual({ status: 'ok' })
    isStopping = true
    expect((await get('/health/live')).status).toBe(200)
    expect((await get('/health/ready')).status).toBe(503)
    const page = await get('/units')
    expect(page.status).toBe(503)
    expect(await page.text()).toContain('Máy chủ đang dừng để bảo trì')
    isStopping = false
    const away = await openHttp({ ...app, db: failing(app.db, Object.assign(new Error('Connection terminated'), { code: '57P01' }), ['getExecutor']) }, pages)
    expect((await away.request('/health/live')).status).toBe(200)
    expect((await away.request('/health/ready')).status).toBe(503)
  })
})

describe('metrics', () => {
  test('count requests by pattern, never by path, and tell of the database and the jobs', async () => {
    const metrics = openMetrics({ ...database, log: openLog('silent') })
    const { get } = await serve({}, { metrics })
    await get('/units/an-hoa-1?asOf=2021-04-15')
    await get('/api/v1/units?q=Lan')
    await get('/api/v1/campaigns/nq-xiii')
    await get('/nguyen-thi-lan')
    metrics.jobRan('fold counts', 0.02, true)
    const text = await (await get('/metrics', {})).text()
    expect(text).toContain('thong_suot_http_requests_total{method="GET",route="/units/:code",status="200"} 1')
    expect(text).toContain('thong_suot_http_requests_total{method="GET",route="/api/v1/campaigns/:code",status="200"} 1')
    expect(text).toContain('thong_suot_http_requests_total{method="GET",route="unknown",status="404"} 1')
    expect(text).toContain('thong_suot_http_request_duration_seconds_count{method="GET",route="/units/:code"} 1')
    expect(text).toMatch(/thong_suot_job_lag_seconds\{job="fold counts"\} 0\.\d+/)
    for (const name of ['thong_suot_db_connections{state="waiting"} 0', 'thong_suot_database_up 1', 'thong_suot_count_increments_unfolded', 'thong_suot_audit_entries_pending', 'thong_suot_files 0', 'thong_suot_files_bytes 0']) expect(text).toContain(name)
    expect(text).not.toMatch(/an-hoa-1|Lan|nguyen|nq-xiii/)
  })

  test('are for this machine itself, and elsewhere for who has the token', async () => {
    const { get } = await serve({ metricsToken: 'a long token' })
    expect((await get('/metrics', {})).status).toBe(200)
    expect((await get('/metrics', { 'x-forwarded-for': '203.0.113.9' })).status).toBe(403)
    expect((await get('/metrics', { 'x-forwarded-for': '203.0.113.9', authorization: 'Bearer a long token' })).status).toBe(200)
    expect((await get('/metrics', { authorization: 'Bearer another' })).status).toBe(403)
    expect((await (await serve()).get('/metrics', { authorization: 'Bearer ' })).status).toBe(200) // none is set: loopback alone opens it
  })
})

describe('the log', () => {
  test('says which request took how long, and holds no name, number or search of anybody', async () => {
    const { get, post, logged } = await serve()
    const id = city.person.lan
    const paths = ['/', '/units?q=Nguy%E1%BB%85n+Th%E1%BB%8B+Lan', '/units/an-hoa-1', '/campaigns/nq-xiii/roster?unit=an-hoa-1&q=079123456789', '/campaigns/nq-xiii/report', `/people/${id}`, '/people?q=0912345678', '/api/v1/units?q=Nguy%E1%BB%85n', '/api/v1/campaigns/nq-xiii/roster?unit=an-hoa-1', `/api/v1/people/${id}`, '/nguyen-thi-lan/079123456789', '/check', '/me', '/api/v1/units?limit=Nguy%E1%BB%85n']
    for (const path of paths) await get(path)
    await post('/sign-in', { username: 'nguyen.thi.lan', password: 'mật khẩu 0912345678' })
    await post('/check', { text: 'Nguyễn Thị Lan 079123456789 đã học 98,96%' })
    await post('/sessions/new', { name: 'Nguyễn Thị Lan', heldOn: '0912345678', 'marks.Lan': '079123456789' })
    const lines = logged().trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.filter(({ msg }) => msg === 'answered').length).toBe(paths.length + 3)
    for (const line of lines) expect(line['requestId']).toMatch(/^[0-9a-f-]{36}$/)
    expect(lines[2]).toMatchObject({ method: 'GET', route: '/units/:code', status: 200, ms: expect.any(Number) })
    expect(logged()).not.toMatch(/nguy|lan\b|mật|0?912345678|079123456789|an-hoa/i)
    expect(logged()).not.toContain(id)
  })

  test('gives a failure the number that the page, the API and the header show', async () => {
    const { app, logged } = await serve()
    const broken = await openHttp({ ...app, db: failing(app.db) }, pages)
    for (const path of ['/units', '/api/v1/units']) {
      const answer = await broken.request(path, { headers: { cookie: 'who=binh' } })
      const id = answer.headers.get('x-request-id')!
      expect(answer.status).toBe(500)
      expect(await answer.text()).toContain(id)
      expect(logged()).toMatch(new RegExp(`"message":"a bug".*${id}|${id}.*"message":"a bug"`))
    }
  })
})

describe('costly requests', () => {
  test('of one account are slowed down with a sentence and a time, others go on', async () => {
    const { get } = await serve({ costlyPerMinute: 4 })
    for (let turn = 0; turn < 4; turn++) expect((await get('/units?q=lan')).status).toBe(200)
    const slowed = await get('/units?q=lan')
    expect(slowed.status).toBe(429)
    expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await slowed.text()).toMatch(/Chờ \d+ giây rồi làm lại/)
    expect((await get('/api/v1/units?q=lan')).headers.get('content-type')).toContain('application/problem+json')
    expect((await get('/units')).status).toBe(200)
    expect((await get('/units?q=lan', {})).status).toBe(303) // nobody in particular: the address has turns left
  })

  test('are not counted where the setting is 0', async () => {
    const { get } = await serve({ costlyPerMinute: 0 })
    for (let turn = 0; turn < 12; turn++) expect((await get('/campaigns/nq-xiii/report.json?unit=an-hoa-1')).status).toBe(200)
  })
})

describe('every answer', () => {
  test('keeps foreign code, frames, caches and guesses out', async () => {
    const { get } = await serve({ publicUrl: 'https://thong-suot.example' })
    for (const path of ['/sign-in', '/units', '/api/v1/units', '/api/openapi.json', '/health', '/nothing', '/campaigns/nq-xiii/report.json?unit=an-hoa-1', '/api/v1/nope']) {
      const { headers } = await get(path)
      const policy = headers.get('content-security-policy')!
      expect(policy).toMatch(/default-src 'none'; script-src 'self';.*frame-ancestors 'none'/)
      expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe|style-src [^;]*unsafe/)
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin', 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin',
        'permissions-policy': expect.stringContaining('geolocation=()'), 'strict-transport-security': expect.stringContaining('includeSubDomains'), 'cache-control': expect.stringMatching(/no-store/),
      })
      expect(headers.has('server') || headers.has('x-powered-by') || headers.has('access-control-allow-origin')).toBe(false)
    }
    expect((await get('/units')).headers.get('vary')).toContain('Cookie')
  })

  test('that is a file is a download of its own kind', async () => {
    const { get } = await serve()
    for (const [format, type] of [['docx', 'officedocument.wordprocessingml'], ['xlsx', 'officedocument.spreadsheetml'], ['pdf', 'application/pdf']] as const) {
      const { headers } = await get(`/campaigns/nq-xiii/report.${format}?unit=an-hoa-1&asOf=2021-06-30`)
      expect(headers.get('content-type')).toContain(type)
      expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]+"$/)
      expect(headers.get('cache-control')).toBe('private, no-store')
    }
  })
})

test('a database that a newer version has migrated is refused, untouched', async () => {
  const ahead = await testDatabase()
  await ahead.pool.query(`insert into migration (file) values ('9999-later.sql')`)
  await expect(migrate(ahead.pool)).rejects.toThrow('made by a newer version (9999-later.sql)')
  expect((await ahead.pool.query('select from migration')).rowCount).toBe((await migrationFiles()).length + 1)
  await expect(startServer({ ...(await testApp(ahead)).config, databaseUrl: ahead.url }, { pages: Promise.resolve(pages) })).rejects.toThrow('newer version')
})

test('SIGTERM lets a request that has come be answered, refuses the next, and ends the process well', async () => {
  const held = await testDatabase()
  await organisation(held.db)
  const { DATABASE_URL: _, ...inherited } = process.env
  const child = spawn(process.execPath, [join(import.meta.dirname, '../scripts/start.ts'), '--port', '0'], { env: { ...inherited, DATABASE_URL: held.url, LOG_LEVEL: 'info' }, stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const found = /http:\/\/[^\s]+/.exec(said)
      if (found) resolve(found[0])
    })
    child.once('exit', () => reject(new Error('The server did not start.')))
  })
  // A request that waits for a row, as a roll waits for another one's end.
  const blocker = await held.pool.connect()
  await blocker.query('begin; lock table account in access exclusive mode')
  const answer = fetch(`${url}/setup`, { redirect: 'manual' })
  await sleep(300)
  child.kill('SIGTERM')
  await sleep(300)
  await expect(fetch(`${url}/health/live`)).rejects.toThrow('fetch failed')
  await blocker.query('rollback')
  blocker.release()
  expect((await answer).status).toBe(200)
  expect(await ended).toBe(0)
})
