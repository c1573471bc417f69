import type { Hono } from 'hono'
import { sql } from 'kysely'
import { Secret, TOTP } from 'otpauth'
import { v7 } from 'uuid'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { openApi } from '../../api.ts'
import { asSystem } from '../../db/open.ts'
import { addDays, today } from '../../platform/clock.ts'
import { createAccount, disableAccount, setPassword } from '../../web/accounts.server.ts'
import { read } from '../../web/read.server.ts'
import { testDatabase } from '../../../tests/database.ts'
import { organisation, type Organisation } from '../../../tests/people.ts'
import { answerOf, asked, testApp } from '../../../tests/web.ts'
import { sweepAccounts } from './accounts.jobs.ts'
import * as activatePage from './activate.page.tsx'
import * as security from './security.page.tsx'

const database = await testDatabase()
const app = await testApp(database)
const password = 'một câu rất dài'
const day = today('Asia/Ho_Chi_Minh')
let city: Organisation
let api: Hono

beforeAll(async () => {
  city = await organisation(database.db)
  api = openApi(app)
  await asSystem(database.db, app.log, 'test', async (tx) => {
    for (const name of ['lan', 'minh', 'binh', 'hoa', 'khoa', 'mai', 'ngoc', 'thu'] as const) await createAccount(tx, { personId: city.person[name], username: name, password })
  })
})
beforeEach(async () => {
  await sql`delete from sign_in_attempt`.execute(database.db)
})

/** One browser: keeps its cookies, calls the API with them. */
function browser(address = '10.0.0.1') {
  const jar = new Map<string, string>()
  const headers = (more: Record<string, string> = {}) => ({ Cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '), 'Content-Type': 'application/json', ...more })
  async function call(method: string, path: string, sent?: object) {
    const answer = await api.request(`/api/v1${path}`, { method, headers: headers(), ...(sent ? { body: JSON.stringify(sent) } : {}) }, { incoming: { socket: { remoteAddress: address } } })
    for (const cookie of answer.headers.getSetCookie()) {
      const [pair, age] = [cookie.split(';')[0]!, /Max-Age=(\d+)/i.exec(cookie)?.[1]]
      if (age === '0') jar.delete(pair.slice(0, pair.indexOf('=')))
      else jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    const text = await answer.text()
    return { status: answer.status, body: (text ? JSON.parse(text) : null) as Record<string, never> & { recovery: string[]; secret: string; sessions: { id: string; isThis: boolean }[]; slips: { code: string }[]; detail: string }, headers: answer.headers }
  }
  return {
    jar,
    cookies: () => [...jar].map(([name, value]) => `${name}=${value}`),
    get: (path: string) => call('GET', path),
    post: (path: string, sent: object = {}) => call('POST', path, sent),
    signIn: (username: string, typed = password) => call('POST', '/sign-in', { username, password: typed }),
  }
}

const codeAt = (secret: string, offset = 0) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + offset * 30_000 })

/** Signs in, sets up a second factor; the code of the half minute before is used up by that. */
async function enrolled(username: string) {
  const desk = browser()
  await desk.signIn(username)
  const { secret } = (await desk.post('/me/second-factor')).body
  const confirmed = await desk.post('/me/second-factor/confirmation', { code: codeAt(secret, -1) })
  expect(confirmed.status).toBe(201)
  return { desk, secret, recovery: confirmed.body.recovery }
}
const forget = (username: string) => sql`
  with own as (select id from account where username = ${username}),
       codes as (delete from account_recovery_code where account_id in (select id from own)),
       pages as (delete from account_browser where account_id in (select id from own))
  delete from account_second_factor where account_id in (select id from own)`.execute(database.db)

describe('a second factor', () => {
  test('is asked for after the password, takes a code once, and never again', async () => {
    const { secret, recovery } = await enrolled('lan')
    expect(recovery).toHaveLength(10)
    const phone = browser()
    const first = await phone.signIn('lan')
    expect(first).toMatchObject({ status: 200, body: { next: 'code' } })
    expect((await phone.get('/me')).status, 'the password alone').toBe(401)
    expect((await phone.post('/sign-in/code', { code: codeAt(secret, -1) })).status, 'the code that confirmed it').toBe(401)
    const code = codeAt(secret)
    expect((await phone.post('/sign-in/code', { code })).status).toBe(204)
    expect((await phone.get('/me')).body).toMatchObject({ name: 'Nguyễn Thị Lan' })
    const thief = browser('10.9.9.9')
    await thief.signIn('lan')
    expect((await thief.post('/sign-in/code', { code })).status, 'the same code again').toBe(401)
    const sentTwice = [browser(), browser(), browser()]
    for (const one of sentTwice) await one.signIn('lan')
    const answers = await Promise.all(sentTwice.map((one) => one.post('/sign-in/code', { code: codeAt(secret, 1) })))
    expect(answers.map((answer) => answer.status).toSorted((one, other) => one - other), 'one code from three at once').toEqual([204, 401, 401])
    await forget('lan')
  })

  test('gives way to a recovery code, each once, and to nobody else’s', async () => {
    const { recovery } = await enrolled('lan')
    const other = await enrolled('minh')
    const phone = browser()
    await phone.signIn('lan')
    expect((await phone.post('/sign-in/code', { code: other.recovery[0]! })).status).toBe(401)
    expect((await phone.post('/sign-in/code', { code: ` ${recovery[0]!.toUpperCase()} ` })).status).toBe(204)
    const again = browser()
    await again.signIn('lan')
    expect((await again.post('/sign-in/code', { code: recovery[0]! })).status).toBe(401)
    const { rows } = await sql<{ held: string }>`select held::text from account_recovery_code as held union all select held::text from account_second_factor as held`.execute(database.db)
    expect(rows.map((row) => row.held).join()).not.toContain(recovery[1]!.replace('-', ''))
    await forget('lan')
    await forget('minh')
  })

  test('is not asked for again in a browser that is trusted, until the password is another one', async () => {
    const { secret } = await enrolled('lan')
    const phone = browser()
    await phone.signIn('lan')
    expect((await phone.post('/sign-in/code', { code: codeAt(secret), isTrusted: true })).status).toBe(204)
    await phone.post('/sign-out')
    expect((await phone.signIn('lan')).status).toBe(204)
    expect((await phone.post('/me/password', { password, newPassword: 'câu khác hẳn' })).status).toBe(201)
    await phone.post('/sign-out')
    expect(await phone.signIn('lan', 'câu khác hẳn')).toMatchObject({ status: 200, body: { next: 'code' } })
    await asSystem(database.db, app.log, 'test', (tx) => setPassword(tx, { username: 'lan', password }))
    await forget('lan')
  })

  test('shuts after ten wrong codes, also for who begins anew with the password', async () => {
    const { secret } = await enrolled('lan')
    const thief = browser()
    await thief.signIn('lan')
    for (let turn = 0; turn < 10; turn++) expect((await thief.post('/sign-in/code', { code: '000000' })).status).toBe(401)
    await thief.signIn('lan')
    expect((await thief.post('/sign-in/code', { code: codeAt(secret) })).status).toBe(429)
    await forget('lan')
  })

  test('cannot be passed over without a password, nor with a cookie that was made up', async () => {
    const thief = browser()
    expect((await thief.post('/sign-in/code', { code: '123456' })).status).toBe(401)
    thief.jar.set('thong-suot.second_step', 'made-up')
    expect((await thief.post('/sign-in/code', { code: '123456' })).status).toBe(401)
  })

  test('is removed, and its recovery codes renewed, by a code alone', async () => {
    const { desk, secret, recovery } = await enrolled('lan')
    expect((await desk.post('/me/second-factor/removal', { code: '000000' })).status).toBe(422)
    const renewed = await desk.post('/me/second-factor/recovery-codes', { code: recovery[0]! })
    expect(renewed.body.recovery).toHaveLength(10)
    expect((await desk.post('/me/second-factor/removal', { code: recovery[1]! })).status, 'an earlier recovery code').toBe(422)
    expect((await desk.post('/me/second-factor')).status, 'swapped while it is on').toBe(422)
    expect((await desk.post('/me/second-factor/removal', { code: codeAt(secret) })).status).toBe(201)
    expect((await browser().signIn('lan')).status).toBe(204)
  })

  test('is reset by an administrator, with both names on record, and then sessions are over', async () => {
    const { desk } = await enrolled('lan')
    const clerk = browser()
    await clerk.signIn('binh')
    expect((await clerk.post('/second-factor-resets', { personId: city.person.lan })).status).toBe(403)
    const administrator = browser()
    await administrator.signIn('khoa')
    expect((await administrator.post('/second-factor-resets', { personId: city.person.lan })).status).toBe(201)
    expect((await desk.get('/me')).status).toBe(401)
    const { rows } = await sql`select actor_id, subject_id from audit_entry where action = 'account.second_factor_reset'`.execute(database.db)
    expect(rows).toEqual([{ actor_id: city.person.khoa, subject_id: city.person.lan }])
    expect((await browser().signIn('lan')).status).toBe(204)
  })

  test('that an office asks for is set up before anything else, from the next sign-in on', async () => {
    const before = browser()
    await before.signIn('mai')
    const administrator = browser()
    await administrator.signIn('khoa')
    expect((await administrator.post('/account-settings', { codeDays: 30, secondFactorRoles: ['city_officer'] })).status).toBe(201)
    expect((await before.get('/me')).status, 'a session that was open').toBe(200)
    const mai = browser()
    await mai.signIn('mai')
    expect((await mai.get('/me')).status).toBe(403)
    expect(await answerOf(read(asked(app, '/report?asOf=2021-06-30', { cookies: mai.cookies() }), async () => 'seen'))).toMatchObject({ status: 303, to: '/me/security/second-factor?to=%2Freport%3FasOf%3D2021-06-30' })
    const lan = browser()
    await lan.signIn('lan')
    expect((await lan.get('/me')).status, 'a member').toBe(200)
    const { secret } = (await mai.post('/me/second-factor')).body
    expect((await mai.post('/me/second-factor/confirmation', { code: codeAt(secret) })).status).toBe(201)
    expect((await mai.get('/me')).status).toBe(200)
    await administrator.post('/account-settings', { codeDays: 30, secondFactorRoles: [] })
    await forget('mai')
  })

  test('survives a reset of the password: the code of a slip alone does not let in', async () => {
    await enrolled('lan')
    const secretary = browser()
    await secretary.signIn('binh')
    const given = await secretary.post('/activation-codes', { personIds: [city.person.lan], mayReset: true })
    expect(given.status).toBe(201)
    const phone = browser()
    expect(await phone.post('/activations', { code: given.body.slips[0]!.code, newPassword: password })).toMatchObject({ status: 200, body: { next: 'code' } })
    expect((await phone.get('/me')).status).toBe(401)
    await forget('lan')
  })
})

describe('sessions', () => {
  test('are one’s own to see and to end, and nobody else’s', async () => {
    await sql`delete from account_session`.execute(database.db)
    const [phone, desk, other] = [browser('10.0.0.2'), browser('10.0.0.3'), browser()]
    await phone.signIn('lan')
    await desk.signIn('lan')
    await other.signIn('minh')
    const { sessions } = (await desk.get('/me/sessions')).body
    expect(sessions.map(({ isThis, address }: { isThis: boolean; address?: string }) => `${address} ${isThis}`).toSorted((one, other) => one.localeCompare(other))).toEqual(['10.0.0.2 false', '10.0.0.3 true'])
    const ofPhone = sessions.find((session) => !session.isThis)!
    expect((await other.post('/me/session-endings', { sessionId: ofPhone.id })).status, 'somebody else’s').toBe(404)
    expect((await desk.post('/me/session-endings', { sessionId: ofPhone.id })).body).toEqual({ ended: 1 })
    expect((await phone.get('/me')).status).toBe(401)
    await phone.signIn('lan')
    expect((await desk.post('/me/session-endings')).body).toEqual({ ended: 1 })
    expect([(await phone.get('/me')).status, (await desk.get('/me')).status, (await other.get('/me')).status]).toEqual([401, 200, 200])
  })

  test('end with another password, but for the one that changed it; the old one is asked for', async () => {
    const [phone, desk] = [browser(), browser()]
    await phone.signIn('lan')
    await desk.signIn('lan')
    expect(await desk.post('/me/password', { password: 'không phải', newPassword: 'câu khác hẳn' })).toMatchObject({ status: 422, body: { problems: { password: expect.any(String) } } })
    expect((await desk.post('/me/password', { password, newPassword: 'ngắn' })).status).toBe(422)
    expect((await desk.post('/me/password', { password, newPassword: 'câu khác hẳn' })).status).toBe(201)
    expect([(await phone.get('/me')).status, (await desk.get('/me')).status]).toEqual([401, 200])
    expect((await phone.signIn('lan')).status).toBe(401)
    await asSystem(database.db, app.log, 'test', (tx) => setPassword(tx, { username: 'lan', password }))
  })

  test('of an account that was shut are over, on pages and in the API', async () => {
    const phone = browser()
    await phone.signIn('minh')
    await asSystem(database.db, app.log, 'test', (tx) => disableAccount(tx, { username: 'minh' }))
    expect((await phone.get('/me')).status).toBe(401)
    expect(await answerOf(security.loader(asked(app, '/me/security', { cookies: phone.cookies() })))).toMatchObject({ status: 303, to: '/sign-in?to=%2Fme%2Fsecurity' })
    await asSystem(database.db, app.log, 'test', (tx) => disableAccount(tx, { username: 'minh', isDisabled: false }))
  })

  test('stand on their page in words, without anything of the session itself', async () => {
    const phone = browser()
    await phone.signIn('lan')
    const { body } = await answerOf(security.loader(asked(app, '/me/security', { cookies: phone.cookies() })))
    expect(body).toMatchObject({ account: { username: 'lan' }, sessions: expect.arrayContaining([expect.objectContaining({ isThis: true })]) })
    const token = decodeURIComponent(phone.jar.get('thong-suot.session_token')!).split('.')[0]!
    expect(JSON.stringify(body)).not.toContain(token)
  })
})

describe('limits of attempts', () => {
  test('stop one account, and leave two hundred others of the same hall to sign in', async () => {
    const address = '10.1.1.1'
    const people = Array.from({ length: 200 }, (_, index) => ({ id: v7(), username: `hoi.truong.${index}` }))
    await database.db.insertInto('person').values(people.map(({ id, username }) => ({ id, name: `Người ${username.split('.').at(-1)}` }))).execute()
    const { password: hashed } = await database.db.selectFrom('account_credential').innerJoin('account', 'account.id', 'account_id').select('account_credential.password').where('username', '=', 'lan').executeTakeFirstOrThrow()
    await database.db.insertInto('account').values(people.map(({ id, username }) => ({ id, person_id: id, username, display_username: username, name: username, email: `${id}@account.invalid` }))).execute()
    await database.db.insertInto('account_credential').values(people.map(({ id }) => ({ id: v7(), account_id: id, provider: 'credential', provider_account_id: id, password: hashed }))).execute()

    const attacker = Array.from({ length: 60 }, (_, index) => browser(address).signIn('hoa', `đoán lần ${index}`))
    const mistyped = people.slice(0, 60).map(({ username }) => browser(address).signIn(username, 'gõ nhầm'))
    const guesses = (await Promise.all(attacker)).map((answer) => answer.status)
    expect(guesses.filter((status) => status === 401)).toHaveLength(10)
    expect(guesses.filter((status) => status === 429)).toHaveLength(50)
    await Promise.all(mistyped)
    const answers = await Promise.all(people.map(({ username }) => browser(address).signIn(username)))
    expect(answers.filter((answer) => answer.status === 204)).toHaveLength(200)
    const refused = await browser(address).signIn('hoa')
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60)
  }, 60_000)

  test('shut an address from which two hundred names were tried, for new browsers alone', async () => {
    const address = '10.2.2.2'
    const known = browser(address)
    await known.signIn('lan')
    await sql`insert into sign_in_attempt (key, address, has_failed) select decode(lpad(to_hex(number), 8, '0'), 'hex'), ${address}, true from generate_series(1, 200) as number`.execute(database.db)
    expect((await browser(address).signIn('minh')).status).toBe(429)
    expect((await browser('10.2.2.3').signIn('minh')).status, 'another address').toBe(204)
    expect((await known.signIn('lan')).status, 'a browser that is known').toBe(204)
    expect((await known.signIn('minh')).status, 'the same browser for another account').toBe(429)
  })

  test('of somebody who guesses do not shut the owner out of a browser of theirs', async () => {
    const own = browser('10.3.3.3')
    await own.signIn('lan')
    for (let turn = 0; turn < 10; turn++) await browser('10.4.4.4').signIn('lan', `đoán ${turn}`)
    expect((await browser('10.3.3.3').signIn('lan')).status).toBe(429)
    expect((await own.signIn('lan')).status).toBe(204)
  })

  test('outlast a restart, and pass with a quarter of an hour', async () => {
    for (let turn = 0; turn < 10; turn++) await browser().signIn('hoa', `đoán ${turn}`)
    const restarted = await testApp(database)
    expect(await restarted.auth.signIn({ username: 'hoa', password, address: '10.0.0.1', headers: new Headers() })).toMatchObject({ step: 'out' })
    await sql`update sign_in_attempt set at = at - interval '15 minutes'`.execute(database.db)
    expect((await browser().signIn('hoa')).status).toBe(204)
  })

  test('take a user name that nobody has for one like any other, in words and in time', async () => {
    const times = { wrong: [] as number[], unknown: [] as number[], unready: [] as number[] }
    await sql`update account_credential set password = null where account_id = (select id from account where username = 'thu')`.execute(database.db)
    for (let turn = 0; turn < 5; turn++) {
      for (const [key, username] of [['wrong', 'ngoc'], ['unknown', 'khong-co-ai'], ['unready', 'thu']] as const) {
        const began = performance.now()
        const answer = await browser(`10.5.5.${turn}`).signIn(username, 'sai rồi')
        times[key].push(performance.now() - began)
        expect(answer.body).toEqual((await browser(`10.5.6.${turn}`).signIn('ngoc', 'sai nữa')).body)
        await sql`delete from sign_in_attempt`.execute(database.db)
      }
    }
    const median = (all: number[]) => all.toSorted((one, other) => one - other)[2]!
    for (const key of ['unknown', 'unready'] as const) {
      expect(median(times[key]) / median(times.wrong)).toBeGreaterThan(0.4)
      expect(median(times[key]) / median(times.wrong)).toBeLessThan(2.5)
    }
  })
})

describe('one is signed in', () => {
  const back = (username: string, column: 'created_at' | 'used_at', span: string) =>
    sql`update account_session set ${sql.ref(column)} = now() - ${span}::interval where account_id = (select id from account where username = ${username})`.execute(database.db)
  const signedIn = async (username: string) => {
    const desk = browser()
    await desk.signIn(username)
    return { desk, isIn: async () => (await desk.get('/me')).status === 200 }
  }

  test('with an office for half an hour without use and twelve hours in all, then signs in again', async () => {
    const { isIn } = await signedIn('binh')
    await back('binh', 'used_at', '29 minutes')
    expect(await isIn()).toBe(true)
    await back('binh', 'used_at', '31 minutes')
    expect(await isIn()).toBe(false)
    await back('binh', 'used_at', '0 minutes')
    expect(await isIn(), 'it does not come back').toBe(false)
    const third = await signedIn('binh')
    await back('binh', 'used_at', '20 minutes')
    const headers = new Headers({ cookie: third.desk.cookies().join('; ') })
    expect((await app.auth.sessionOf(headers, false)).session, 'a page that asks by itself').not.toBeNull()
    await back('binh', 'used_at', '31 minutes')
    expect((await app.auth.sessionOf(headers, false)).session, 'keeps nobody signed in').toBeNull()
    const again = await signedIn('binh')
    await back('binh', 'created_at', '11 hours 59 minutes')
    expect(await again.isIn()).toBe(true)
    await back('binh', 'created_at', '12 hours 1 minute')
    expect(await again.isIn()).toBe(false)
    expect(again.desk.cookies().some((cookie) => cookie.includes('session_token'))).toBe(false)
  })

  test('as a member, who sees nobody’s but their own, for thirty days', async () => {
    const { isIn } = await signedIn('lan')
    await back('lan', 'used_at', '10 days')
    await back('lan', 'created_at', '29 days')
    expect(await isIn()).toBe(true)
    await back('lan', 'created_at', '31 days')
    expect(await isIn()).toBe(false)
  })

  test('as long as the settings say', async () => {
    const brief = await testApp(database, { sessions: { officeHours: 1, officeIdleMinutes: 5, memberDays: 1 } })
    const answer = await brief.auth.signIn({ username: 'binh', password, address: '10.0.0.9', headers: new Headers() })
    if (answer.step !== 'in') throw new Error('not signed in')
    const headers = new Headers({ cookie: answer.cookies.map((cookie) => cookie.split(';')[0]).join('; ') })
    await back('binh', 'used_at', '6 minutes')
    expect((await brief.auth.sessionOf(headers)).session).toBeNull()
  })
})

test('what has run out is swept, and what has not stays', async () => {
  const { rows: accounts } = await sql<{ id: string }>`select id from account where username = 'minh'`.execute(database.db)
  const id = accounts[0]!.id
  await sweepAccounts(app)
  await browser().signIn('minh')
  await sql`delete from account_code where account_id = ${id}`.execute(database.db)
  for (const days of [1, -1]) {
    const until = sql`now() + make_interval(days => ${days})`
    await sql`insert into account_session (id, account_id, token, expires_at) values (gen_random_uuid(), ${id}, gen_random_uuid(), ${until})`.execute(database.db)
    await sql`insert into account_pending_sign_in (hash, account_id, expires_at) values (sha256(${`pending ${days}`}::bytea), ${id}, ${until})`.execute(database.db)
    await sql`insert into oidc_attempt (state_hash, nonce, code_verifier, back_to, expires_at) values (sha256(${`oidc ${days}`}::bytea), '', '', '/', ${until})`.execute(database.db)
    await sql`insert into account_verification (id, identifier, value, expires_at) values (gen_random_uuid(), '', '', ${until})`.execute(database.db)
    const before = sql`now() + make_interval(days => ${days === 1 ? -80 : -100})`
    await sql`insert into account_code (id, account_id, hash, given_by, given_at, expires_at, used_at) values (gen_random_uuid(), ${id}, sha256(${`code ${days}`}::bytea), ${city.person.binh}, ${before} - interval '1 day', ${before}, ${before})`.execute(database.db)
    await sql`insert into sign_in_attempt (key, at) values ('x', now() + make_interval(hours => ${days === 1 ? -1 : -25}))`.execute(database.db)
    await sql`insert into look_up (person_id, on_day, found_id) values (${city.person.minh}, current_date + ${days === 1 ? -30 : -31}::int, gen_random_uuid())`.execute(database.db)
    await sql`insert into account_browser (hash, account_id, seen_at) values (sha256(${`browser ${days}`}::bytea), ${id}, now() + make_interval(days => ${days === 1 ? -300 : -400}))`.execute(database.db)
  }
  const held = async () => {
    const tables = ['account_session', 'account_pending_sign_in', 'oidc_attempt', 'account_verification', 'account_code', 'sign_in_attempt', 'look_up', 'account_browser']
    const counts = await Promise.all(tables.map(async (table) => (await sql<{ count: number }>`select count(*)::int as count from ${sql.table(table)}`.execute(database.db)).rows[0]!.count))
    return Object.fromEntries(tables.map((table, index) => [table, counts[index]!]))
  }
  const before = await held()
  expect(await sweepAccounts(app)).toBe(8)
  const after = await held()
  for (const [table, count] of Object.entries(before)) expect(after[table], table).toBe(count - 1)
  expect(await sweepAccounts(app)).toBe(0)
})

describe('activation', () => {
  const send = (form: Record<string, string>, cookies: string[] = []) => answerOf(activatePage.action(asked(app, '/activate', { form, cookies })))

  test('on its page signs in, and says nothing of a code that is none', async () => {
    const secretary = browser()
    await secretary.signIn('binh')
    const [slip] = (await secretary.post('/activation-codes', { personIds: [city.person.sau] })).body.slips
    const { code } = slip!
    expect(await send({ code: '12 34', newPassword: password })).toMatchObject({ status: 422, body: { problems: { code: expect.stringContaining('12 chữ số') } } })
    expect(await send({ code, newPassword: 'ngắn' })).toMatchObject({ status: 422 })
    for (const guessed of ['Võ Văn Sáu 123', 'chi bộ khu vực 1', 'qwerty123456']) {
      expect(await send({ code, newPassword: guessed }), guessed).toMatchObject({ status: 422, body: { problems: { newPassword: expect.stringMatching(/đoán/) } } }) // and the code stays good
    }
    const wrong = await send({ code: '0000 0000 0000', newPassword: password })
    expect(wrong).toMatchObject({ status: 401 })
    expect(JSON.stringify(wrong.body)).not.toContain(password)
    const done = await send({ code: code.replace(/(\d{4})/g, '$1 '), newPassword: password })
    expect(done).toMatchObject({ status: 303, to: '/' })
    expect(await answerOf(read(asked(app, '/', { cookies: done.cookies }), async ({ viewer }) => viewer.name))).toMatchObject({ body: 'Võ Văn Sáu' })
    const used = await send({ code, newPassword: 'của kẻ khác đặt' })
    expect((used.body as { problems: object }).problems).toEqual((wrong.body as { problems: object }).problems)
  })

  test('is stopped at an address that guesses codes', async () => {
    await sql`insert into sign_in_attempt (key, address, has_failed) select decode(lpad(to_hex(number), 8, '0'), 'hex'), '127.0.0.1', true from generate_series(1, 200) as number`.execute(database.db)
    expect(await send({ code: '000000000000', newPassword: password })).toMatchObject({ status: 429 })
  })

  test('from another site’s page is refused', async () => {
    const evil = { Origin: 'http://evil.example', 'Sec-Fetch-Site': 'cross-site' }
    expect(await answerOf(activatePage.action(asked(app, '/activate', { form: { code: '000000000000', newPassword: password }, headers: evil })))).toMatchObject({ status: 403 })
  })
})

describe('an office', () => {
  const hold = (until: string) => sql`update office set during = daterange('2020-01-01', ${until}::date) where person_id = ${city.person.binh}`.execute(database.db)

  test('that ended yesterday gives no right today, on the same session', async () => {
    const binh = browser()
    await binh.signIn('binh')
    await hold(addDays(day, 1)) // the first day without it is tomorrow
    expect((await binh.get('/accounts')).status).toBe(200)
    expect((await binh.get('/me')).body).toMatchObject({ offices: [{ role: 'secretary', unit: 'Chi bộ khu vực 1' }] })
    await hold(day)
    expect((await binh.get('/me')).body).toMatchObject({ offices: [] })
    expect(await binh.get('/accounts')).toMatchObject({ status: 403, body: { detail: expect.stringContaining('bí thư') } })
    expect((await binh.post('/activation-codes', { personIds: [city.person.lan] })).status).toBe(403)
    expect((await binh.post('/activation-codes', { unit: 'an-hoa-1' })).status).toBe(403)
    const seen = await answerOf(read(asked(app, '/', { cookies: binh.cookies() }), async ({ tx }) => (await tx.selectFrom('person').select('name').execute()).map((person) => person.name)))
    expect(seen.body).toEqual(['Lê Thanh Bình'])
    await hold('infinity')
  })

  test('ends with the day of the deployment, not of the server', async () => {
    const binh = browser()
    await binh.signIn('binh')
    await hold('2026-07-01')
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      vi.setSystemTime(new Date('2026-06-30T16:59:00Z')) // 23:59 in Vietnam
      expect((await binh.get('/accounts')).status).toBe(200)
      vi.setSystemTime(new Date('2026-06-30T17:01:00Z')) // 0:01 of 1 July, still June in UTC
      expect((await binh.get('/accounts')).status).toBe(403)
    } finally {
      vi.useRealTimers()
      await hold('infinity')
    }
  })
})
