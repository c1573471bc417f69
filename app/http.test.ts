import net from 'node:net'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildPages } from '../scripts/build.ts'
import type { Server } from '../scripts/scratch-server.ts'
import { testDatabase } from '../tests/database.ts'
import { testApp } from '../tests/web.ts'
import { openHttp } from './http.ts'
import { asSystem, openDatabase } from './db/open.ts'
import { firstAdministrator } from './web/accounts.server.ts'
import { Setup } from './web/setup.schema.ts'

const setup = Setup.parse({ unit: { name: 'Thành ủy Cần Thơ', kind: 'city_committee' }, person: { name: 'Đặng Anh Khoa' }, username: 'khoa', password: 'một câu rất dài' })
let pages: string

beforeAll(async () => {
  pages = await buildPages(() => {})
}, 60_000)

async function serve(settings = {}) {
  const database = await testDatabase()
  const app = await testApp(database, settings)
  const http = await openHttp(app, pages)
  const get = (path: string, headers: Record<string, string> = {}) => http.request(path, { headers })
  const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) => http.request(path, { method: 'POST', body: new URLSearchParams(form), headers })
  return { database, app, get, post }
}

describe('the server', () => {
  test('sends every page of an empty database to the set-up, and afterwards to sign in', async () => {
    const { app, get } = await serve()
    for (const path of ['/', '/sign-in', '/report?unit=can-tho']) expect((await get(path)).headers.get('location')).toBe('/setup')
    const page = await get('/setup')
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('Đơn vị nào đứng đầu cây tổ chức?')
    await firstAdministrator(app.db, app.log, setup)
    expect((await get('/')).headers.get('location')).toBe('/sign-in?to=%2F')
  })

  test('signs in by a plain form and greets with what it did, once', async () => {
    const { app, get, post } = await serve()
    await firstAdministrator(app.db, app.log, setup)
    const entered = await post('/sign-in', { username: 'khoa', password: 'một câu rất dài' }, { Origin: 'http://localhost' })
    expect(entered.status).toBe(303)
    const cookie = entered.headers.getSetCookie().map((each) => each.split(';')[0]).join('; ')
    const flash = `flash=${encodeURIComponent(JSON.stringify(['Đã lưu điểm danh.', 1234, null]))}`
    const home = await get('/', { cookie: `${cookie}; ${flash}` })
    const text = await home.text()
    expect(text).toContain('Đặng Anh Khoa')
    expect(text).toContain('Đã lưu điểm danh.')
    expect(home.headers.getSetCookie().join()).toContain('flash=; Max-Age=0')
    expect(home.headers.get('cache-control')).toBe('private, no-store')
  })

  test('lets no page run inline script, be framed or be kept', async () => {
    const { get } = await serve()
    const page = await get('/setup')
    expect(page.headers.get('content-security-policy')).toMatch(/script-src 'self';.*frame-ancestors 'none'/)
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect(page.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(await page.text()).not.toMatch(/<script(?![^>]* src=)/)
  })

  test('keeps files of the build for ever, each as small as the browser takes', async () => {
    const { get } = await serve()
    const address = /\/assets\/theme[^"]*/.exec(await (await get('/setup')).text())![0]
    const style = await get(address, { 'Accept-Encoding': 'br, gzip' })
    expect(style.status).toBe(200)
    expect(style.headers.get('cache-control')).toContain('immutable')
    expect(style.headers.get('content-encoding')).toBe('br')
    expect((await get('/assets/../../server/index.js')).status).not.toBe(200)
    expect((await get('/assets/none.js')).status).toBe(404)
  })

  test('takes no form of another site and none that is too large', async () => {
    const { post } = await serve()
    const stolen = await post('/setup', { 'unit.name': 'x' }, { Origin: 'http://evil.example' })
    expect(stolen.status).toBe(403)
    expect(await stolen.text()).toContain('Chưa lưu: biểu mẫu được gửi từ một địa chỉ khác')
    expect((await post('/setup', { 'unit.name': 'x'.repeat(3 * 1024 * 1024) })).status).toBe(413)
  })

  test('answers calls of the API with problem+json whatever is wrong with them', async () => {
    const { get, post } = await serve()
    const big = 'x'.repeat(3 * 1024 * 1024)
    const answers = [
      [404, await get('/api/v1/nope')],
      [404, await get('/api/nope')],
      [404, await post('/api/v1/head-count', {})],
      [403, await post('/api/v1/rolls', {}, { Origin: 'http://evil.example' })],
      [413, await post('/api/v1/rolls', { big })],
      [400, await get('/api/v1/units?q=%00')],
      [400, await get('/api/v1/units/can%00tho')],
      [400, await get('/api/v1/%E0%A4%A')],
    ] as const
    for (const [status, answer] of answers) {
      expect(answer.status).toBe(status)
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
      expect(await answer.json()).toMatchObject({ status, detail: expect.stringMatching(/^.{10,}$/) })
    }
  })

  test('says of an address that cannot be read that it is so', async () => {
    const { get } = await serve()
    for (const path of ['/units?q=%00', '/report?unit=can-tho%00', '/%E0%A4%A', '/assets/%00.js']) {
      const answer = await get(path)
      expect(answer.status).toBe(400)
      expect(await answer.text()).toContain('Không đọc được địa chỉ này')
    }
    expect((await get('/units?q=100%2500')).status).toBe(302)
  })

  test('tells of its health before it is set up, and gives the id of a call that failed', async () => {
    const { app, get } = await serve()
    expect(await (await get('/health')).json()).toEqual({ status: 'ok' })
    await app.db.destroy()
    const failed = await get('/api/v1/health')
    const body = (await failed.json()) as { requestId: string; detail: string }
    expect(failed.status).toBe(500)
    expect(body.requestId).toBe(failed.headers.get('x-request-id'))
    expect(body.detail).toContain(body.requestId)
  })

  test('behind a proxy answers as the public address, with cookies for it alone', async () => {
    const { app, get, post } = await serve({ publicUrl: 'https://thong-suot.example' })
    await firstAdministrator(app.db, app.log, setup)
    const form = { username: 'khoa', password: 'một câu rất dài' }
    expect((await post('/sign-in', form, { Origin: 'http://localhost' })).status).toBe(403)
    const entered = await post('/sign-in', form, { Origin: 'https://thong-suot.example', 'Sec-Fetch-Site': 'same-origin' })
    expect(entered.status).toBe(303)
    expect(entered.headers.getSetCookie().join()).toMatch(/__Secure-thong-suot.session_token=.*Secure/)
    expect((await get('/sign-in')).headers.get('strict-transport-security')).toMatch(/^max-age=/)
  })

  test('says that the database is away, and works again when it is back', async () => {
    const { database, app } = await serve()
    await firstAdministrator(app.db, app.log, setup)
    const gate = await openGate(database.connection)
    const { db, pool } = openDatabase({ ...database.connection, host: '127.0.0.1', port: gate.port }, app.log, 4)
    const http = await openHttp(await testApp({ ...database, db, pool }), pages)
    const entered = await http.request('/sign-in', { method: 'POST', body: new URLSearchParams({ username: 'khoa', password: 'một câu rất dài' }) })
    const cookie = entered.headers.getSetCookie()[0]!.split(';')[0]!
    gate.shut()
    for (const path of ['/sign-in', '/']) {
      const away = await http.request(path, { headers: { cookie } })
      expect(away.status).toBe(503)
      expect(await away.text()).toContain('cơ sở dữ liệu đang khởi động lại')
    }
    const ill = await http.request('/health')
    expect(ill.status).toBe(503)
    expect(await ill.json()).toMatchObject({ status: 503 })
    await gate.open()
    expect((await http.request('/', { headers: { cookie } })).status).toBe(200)
    await db.destroy()
    gate.shut()
  })

  test('of a demonstration offers its accounts at the door, each behind one button', async () => {
    const { app, get, post } = await serve({ isDemo: true })
    await firstAdministrator(app.db, app.log, setup)
    const accounts = [{ username: 'khoa', password: 'một câu rất dài', who_vi: 'Khoa, quản trị tài khoản', who_en: 'Khoa, administrator' }]
    await asSystem(app.db, app.log, 'test', (tx) => tx.insertInto('setting').values({ key: 'demo_accounts', value: JSON.stringify(accounts) }).execute())
    const page = await (await get('/sign-in')).text()
    expect(page).toContain('Khoa, quản trị tài khoản')
    const fields = Object.fromEntries([...page.matchAll(/<input type="hidden" name="(username|password)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]))
    expect((await post('/sign-in', fields as Record<string, string>, { Origin: 'http://localhost' })).status).toBe(303)
  })
})

/** Stands before a PostgreSQL and can be shut: connections break and none is taken, as when the server has died. */
async function openGate({ host, port }: Server) {
  const sockets = new Set<net.Socket>()
  const gate = net.createServer((near) => {
    const far = net.connect(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port })
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    }
    near.pipe(far).pipe(near)
  })
  const open = (at: number) => new Promise<void>((resolve) => gate.listen(at, '127.0.0.1', resolve))
  await open(0)
  const own = (gate.address() as net.AddressInfo).port
  const shut = () => {
    gate.close()
    for (const socket of sockets) socket.destroy()
  }
  return { port: own, shut, open: () => open(own) }
}
