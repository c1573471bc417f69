import fc from 'fast-check'
import { sql } from 'kysely'
import { v7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildPages } from '../../../scripts/build.ts'
import { testDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation, type Organisation } from '../../../tests/people.ts'
import { answerOf, asked, testApp } from '../../../tests/web.ts'
import { openApi } from '../../api.ts'
import { asSystem } from '../../db/open.ts'
import { openHttp } from '../../http.ts'
import { addDays, showDay, today as dayOf } from '../../platform/clock.ts'
import { createAccount, disableAccount, setPassword } from '../../web/accounts.server.ts'
import * as signInPage from '../../web/sign-in.page.tsx'
import { bearerOf, newSecret } from '../../web/token.server.ts'
import * as registerPage from './token-register.page.tsx'
import * as tokensPage from './tokens.page.tsx'

const database = await testDatabase()
const { db } = database
const app = await testApp(database)
const password = 'một câu rất dài'
const today = dayOf(app.config.timeZone)
let city: Organisation
let topicIds: string[]

const withAccount = ['lan', 'binh', 'ngoc', 'khoa'] as const
type Somebody = (typeof withAccount)[number]

beforeAll(async () => {
  city = await organisation(db)
  topicIds = (await openedCampaign(db, city)).topicIds
  await asSystem(db, app.log, 'test', async (tx) => {
    for (const who of withAccount) await createAccount(tx, { personId: city.person[who], username: `${who}.ch`, password })
  })
}, 60_000)

const signIn = async (who: Somebody) => (await answerOf(signInPage.action(asked(app, '/sign-in', { form: { username: `${who}.ch`, password } })))).cookies
type Wanted = { name?: string; scope?: string; endsOn?: string; password?: string; id?: string }
const post = async (cookies: string[], wanted: Wanted = {}) =>
  answerOf(tokensPage.action(asked(app, '/me/tokens', { form: { id: v7(), name: 'Máy tổng hợp', scope: 'read', endsOn: showDay(addDays(today, 30)), password, ...wanted }, cookies }) as never))
const secretOf = (answer: { body: unknown }) => (answer.body as { shown: { secret: string } }).shown.secret
const make = async (who: Somebody, wanted: Wanted = {}) => secretOf(await post(await signIn(who), wanted))
const problemsOf = (answer: { body: unknown }) => (answer.body as { problems: Record<string, string> }).problems
const tokenOf = (secret: string) => db.selectFrom('account_token').selectAll().where('prefix', '=', secret.slice(0, 9)).executeTakeFirstOrThrow()
const revoke = (cookies: string[], tokenId: string) => answerOf(tokensPage.action(asked(app, '/me/tokens?do=revoke', { form: { tokenId }, cookies }) as never))

/** A call of the API as a program makes it. */
async function call(secret: string, path: string, { method = 'GET', json, headers = {} }: { method?: string; json?: unknown; headers?: Record<string, string> } = {}) {
  const answer = await openApi(app).request(`/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${secret}`, ...(json ? { 'Content-Type': 'application/json' } : {}), ...headers },
    ...(json ? { body: JSON.stringify(json) } : {}),
  })
  const text = await answer.text()
  return { status: answer.status, body: (text ? JSON.parse(text) : null) as Record<string, unknown>, headers: answer.headers }
}
const newSession = () => ({ campaignCode: 'nq-xiii', unitCode: 'an-hoa-1', kind: 'class', name: 'Lớp qua API', sittings: [{ heldOn: '2021-04-10', topicIds }] })

describe('a token', () => {
  test('is shown once and kept as a hash, with its first letters to know it by', async () => {
    const cookies = await signIn('binh')
    const made = await post(cookies)
    expect(made).toMatchObject({ status: 200 })
    const secret = secretOf(made)
    expect(secret).toMatch(/^ts_[\w-]{43}$/)
    const kept = JSON.stringify(await db.selectFrom('account_token').selectAll().execute()) + JSON.stringify(await db.selectFrom('audit_entry').selectAll().execute())
    expect(kept).not.toContain(secret.slice(9))
    const page = await tokensPage.loader(asked(app, '/me/tokens', { cookies }) as never)
    expect(JSON.stringify(page)).not.toContain(secret.slice(9))
    expect(page.tokens).toMatchObject([{ name: 'Máy tổng hợp', prefix: secret.slice(0, 9), scope: 'read', lastUsedOn: null, isOpen: true }])
  })

  test('opens what its owner may see, and says on which day it was last used', async () => {
    const secret = await make('binh')
    expect(await call(secret, '/me')).toMatchObject({ status: 200, body: { name: 'Lê Thanh Bình', offices: [{ role: 'secretary', unit: 'Chi bộ khu vực 1' }] } })
    expect((await tokenOf(secret)).last_used_on).toBe(today)
    expect(await call(secret, '/units/an-hoa-1')).toMatchObject({ status: 200 })
    expect((await call(await make('lan'), '/units/an-hoa-2')).status).toBe(404) // another cell is not Lan's to see
  })

  test('that may only read is refused by every operation that writes', async () => {
    const secret = await make('binh')
    const { paths } = (await (await openApi(app).request('/api/openapi.json')).json()) as { paths: Record<string, Record<string, { security?: unknown[]; requestBody?: unknown }>> }
    const before = await countRows()
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).filter(([method, { security }]) => method !== 'get' && security?.length !== 0 && !path.startsWith('/sign-out')).map(([method]) => ({ method: method.toUpperCase(), path })),
    )
    expect(operations.length).toBeGreaterThan(10)
    expect(await call(secret, '/sessions', { method: 'POST', json: newSession() })).toMatchObject({ status: 403, body: { detail: expect.stringMatching(/chỉ được đọc/) } })
    for (const { method, path } of operations) {
      const answer = await call(secret, path.replace(/\{\w+\}/g, v7()), { method, json: {} })
      expect([400, 401, 403, 404, 413, 415, 422], `${method} ${path} ${answer.status}`).toContain(answer.status)
    }
    expect(await countRows()).toEqual(before)
  })

  test('that may write does what its owner may, from anywhere, and the record names the token', async () => {
    const secret = await make('binh', { name: 'Máy chi bộ', scope: 'write' })
    const elsewhere = { Origin: 'https://tong-hop.example', 'Sec-Fetch-Site': 'cross-site' }
    expect(await call(secret, '/sessions', { method: 'POST', json: newSession(), headers: elsewhere })).toMatchObject({ status: 201 })
    const entry = await db.selectFrom('audit_entry').select(['actor_id', 'detail']).where('action', '=', 'session.held').orderBy('id', 'desc').executeTakeFirstOrThrow()
    expect(entry).toMatchObject({ actor_id: city.person.binh, detail: { token: 'Máy chi bộ' } })
    expect((await call(await make('lan', { scope: 'write' }), '/sessions', { method: 'POST', json: newSession() })).status).toBe(403)
  })

  test('counts alone: the cookies beside it are nobody’s, and a wrong one is not made good by them', async () => {
    const cookie = (await signIn('binh')).join('; ')
    expect(await call(await make('lan'), '/me', { headers: { cookie } })).toMatchObject({ body: { name: 'Nguyễn Thị Lan' } })
    for (const wrong of ['', 'ts_', `ts_${'a'.repeat(43)}`, 'x'.repeat(5000), newSecret().secret]) {
      const answer = await call(wrong, '/me', { headers: { cookie } })
      expect(answer).toMatchObject({ status: 401, body: { detail: expect.stringMatching(/^Mã truy cập này không đúng/) } })
      expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
    }
  })

  test('ends on its last day, when revoked, with another password and with the account, for good', async () => {
    const works = async (secret: string) => (await call(secret, '/me')).status === 200
    const secret = await make('ngoc')
    await sql`update account_token set ends_on = ${today}::date where prefix = ${secret.slice(0, 9)}`.execute(db)
    expect(await works(secret)).toBe(true)
    await sql`update account_token set ends_on = ${addDays(today, -1)}::date where prefix = ${secret.slice(0, 9)}`.execute(db)
    expect(await works(secret)).toBe(false)

    const revoked = await make('ngoc')
    const { id } = await tokenOf(revoked)
    expect(await revoke(await signIn('binh'), id)).toMatchObject({ status: 404 }) // another's
    expect(await works(revoked)).toBe(true)
    expect(await revoke(await signIn('ngoc'), id)).toMatchObject({ status: 303 })
    expect(await works(revoked)).toBe(false)

    const beforePassword = await make('ngoc')
    await asSystem(db, app.log, 'test', (tx) => setPassword(tx, { username: 'ngoc.ch', password }))
    expect(await works(beforePassword)).toBe(false)

    const beforeShut = await make('ngoc')
    const shut = (isDisabled: boolean) => asSystem(db, app.log, 'test', (tx) => disableAccount(tx, { username: 'ngoc.ch', isDisabled }))
    await shut(true)
    expect(await works(beforeShut)).toBe(false)
    await shut(false)
    expect(await works(beforeShut)).toBe(false)
  })

  test('needs the password anew, a name, a day within a year, and is made once from one form', async () => {
    const cookies = await signIn('ngoc')
    expect(problemsOf(await post(cookies, { password: 'sai' }))).toEqual({ password: 'Mật khẩu chưa đúng.' })
    expect(problemsOf(await post(cookies, { name: ' ' }))).toHaveProperty('name')
    expect(problemsOf(await post(cookies, { scope: 'everything' }))).toHaveProperty('scope')
    expect(problemsOf(await post(cookies, { endsOn: showDay(addDays(today, -1)) }))).toHaveProperty('endsOn')
    expect(problemsOf(await post(cookies, { endsOn: showDay(addDays(today, 367)) }))).toEqual({ endsOn: 'Mã dùng được nhiều nhất một năm.' })
    const id = v7()
    const secret = secretOf(await post(cookies, { id, endsOn: showDay(addDays(today, 366)) }))
    expect(problemsOf(await post(cookies, { id }))['form']).toMatch(/^Mã này đã được tạo/)
    expect((await call(secret, '/me')).status).toBe(200)
    expect(await post(cookies, { name: 'x', password: 'sai lần nữa' })).toMatchObject({ body: { values: { name: 'x' } } })
    expect(JSON.stringify(await post(cookies, { password: 'bí mật' }))).not.toContain('bí mật')
  })

  test('of any account is listed for its administrator without its secret, and revoked; for others the list is closed', async () => {
    const secret = await make('binh', { name: 'Máy cần thu hồi' })
    expect(await answerOf(registerPage.loader(asked(app, '/accounts/tokens', { cookies: await signIn('binh') }) as never))).toMatchObject({ status: 403 })
    const cookies = await signIn('khoa')
    const page = await registerPage.loader(asked(app, '/accounts/tokens', { cookies }) as never)
    const listed = page.tokens.find((token) => token.name === 'Máy cần thu hồi')!
    expect(listed).toMatchObject({ personName: 'Lê Thanh Bình', prefix: secret.slice(0, 9) })
    expect(JSON.stringify(page)).not.toContain(secret.slice(9))
    expect(await answerOf(registerPage.action(asked(app, '/accounts/tokens', { form: { tokenId: listed.id }, cookies }) as never))).toMatchObject({ status: 303 })
    expect((await call(secret, '/me')).status).toBe(401)
    const entry = await db.selectFrom('audit_entry').select(['actor_id', 'subject_id']).where('action', '=', 'token.revoked').orderBy('id', 'desc').executeTakeFirstOrThrow()
    expect(entry).toEqual({ actor_id: city.person.khoa, subject_id: city.person.binh })
  })
})

async function countRows() {
  const { rows } = await sql`
    select (select count(*) from study_session) as sessions, (select count(*) from audit_entry) as entries, (select count(*) from campaign) as campaigns, (select count(*) from roster) as rosters`.execute(db)
  return rows[0]
}

test('what stands after Bearer is read whatever its case; other heads are none', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\w-]{0,60}$/), fc.constantFrom('Bearer', 'bearer', 'BEARER'), (secret, word) => {
      expect(bearerOf(new Headers({ authorization: `${word} ${secret}` }))).toBe(secret)
      expect(bearerOf(new Headers({ authorization: `Basic ${secret}` }))).toBeNull()
      expect(bearerOf(new Headers({ authorization: `Bearer${secret}x` }))).toBeNull()
    }),
  )
  expect(bearerOf(new Headers())).toBeNull()
})

test('the description names both ways in', async () => {
  const description = (await (await openApi(app).request('/api/openapi.json')).json()) as { security: unknown; components: { securitySchemes: Record<string, unknown> } }
  expect(description.security).toEqual([{ session: [] }, { token: [] }])
  expect(description.components.securitySchemes).toMatchObject({ session: { type: 'apiKey', in: 'cookie' }, token: { type: 'http', scheme: 'bearer' } })
})

test('over the server a token needs no origin, a cookie does, and pages take no token', async () => {
  const http = await openHttp(app, await buildPages(() => {}))
  const secret = await make('binh', { scope: 'write' })
  const cookie = (await signIn('binh')).join('; ')
  const head = { 'Content-Type': 'application/json', Origin: 'https://tong-hop.example' }
  const send = (headers: Record<string, string>) => http.request('/api/v1/sessions', { method: 'POST', headers: { ...head, ...headers }, body: JSON.stringify({ ...newSession(), name: 'Lớp qua cổng' }) })
  expect((await send({ Authorization: `Bearer ${secret}` })).status).toBe(201)
  expect((await send({ cookie })).status).toBe(403)
  expect((await send({ cookie, Authorization: 'Basic abc' })).status).toBe(403)
  const page = await http.request('/', { headers: { Authorization: `Bearer ${secret}` } })
  expect([page.status, page.headers.get('location')]).toEqual([303, '/sign-in?to=%2F'])
  const form = await http.request('/me/tokens', { method: 'POST', headers: { cookie, Origin: 'https://evil.example', Authorization: `Bearer ${secret}` }, body: new URLSearchParams({ name: 'x' }) })
  expect(form.status).toBe(403)
}, 60_000)
