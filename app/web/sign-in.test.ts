import { beforeAll, describe, expect, test } from 'vitest'
import { asSystem } from '../db/open.ts'
import { testDatabase } from '../../tests/database.ts'
import { organisation, type Organisation } from '../../tests/people.ts'
import { answerOf, asked, testApp } from '../../tests/web.ts'
import { createAccount, disableAccount, setPassword } from './accounts.server.ts'
import { readFlash } from './flash.ts'
import * as preferences from './preferences.route.ts'
import { read } from './read.server.ts'
import * as signInPage from './sign-in.page.tsx'
import * as signOut from './sign-out.route.ts'

const database = await testDatabase()
const app = await testApp(database)
const password = 'một câu rất dài'
let city: Organisation

beforeAll(async () => {
  city = await organisation(database.db)
  await asSystem(database.db, app.log, 'test', async (tx) => {
    await createAccount(tx, { personId: city.person.lan, username: '0901 234 218', password })
    await createAccount(tx, { personId: city.person.minh, username: 'Minh.Tran', password })
    await createAccount(tx, { personId: city.person.binh, username: 'binh', password })
    await createAccount(tx, { personId: city.person.hoa, username: 'hoa', password })
    await disableAccount(tx, { username: 'minh.tran' })
  })
})

const signIn = (form: Record<string, string>, asking: { to?: string; address?: string; headers?: Record<string, string> } = {}) =>
  answerOf(signInPage.action(asked(app, `/sign-in${asking.to ? `?to=${encodeURIComponent(asking.to)}` : ''}`, { form, ...asking })))
const myName = (cookies: string[]) => answerOf(read(asked(app, '/me?asOf=2021-06-30', { cookies }), async ({ viewer }) => viewer.name))

describe('signing in', () => {
  test('a phone number is the same name with spaces and with +84, and leads to the page that was asked for', async () => {
    for (const username of ['0901234218', '0901 234 218', '+84 901 234 218']) {
      const answer = await signIn({ username, password }, { to: '/report?asOf=2021-06-30' })
      expect(answer).toMatchObject({ status: 303, to: '/report?asOf=2021-06-30' })
      expect(await myName(answer.cookies)).toMatchObject({ status: 200, body: 'Nguyễn Thị Lan' })
    }
  })

  test('a password typed decomposed, as some keyboards do, is the same password', async () => {
    expect(await signIn({ username: 'binh', password: password.normalize('NFD') })).toMatchObject({ status: 303, to: '/' })
  })

  test('a wrong password, an unknown name and a disabled account get one and the same answer', async () => {
    const answers = await Promise.all([
      signIn({ username: '0901234218', password: 'sai' }),
      signIn({ username: 'khong-co-ai', password }),
      signIn({ username: 'minh.tran', password }),
    ])
    const [wrong] = answers
    expect(wrong).toMatchObject({ status: 401, cookies: [] })
    expect((wrong!.body as { problems: { form: string } }).problems.form).toMatch(/^Tên đăng nhập hoặc mật khẩu chưa đúng/)
    for (const answer of answers) {
      expect(answer.status).toBe(401)
      expect((answer.body as { problems: unknown }).problems).toEqual((wrong!.body as { problems: unknown }).problems)
    }
  })

  test('what was typed is shown again, the password never', async () => {
    const { body } = await signIn({ username: 'lan gõ nhầm', password: 'bí mật' })
    expect(body).toMatchObject({ values: { username: 'lan gõ nhầm' } })
    expect(JSON.stringify(body)).not.toContain('bí mật')
  })

  test('an empty name or password is said beside its field', async () => {
    expect(await signIn({ username: ' ', password: '' })).toMatchObject({ status: 422, body: { problems: { username: 'Chưa điền ô này.', password: 'Chưa điền ô này.' } } })
  })

  test('ten wrong passwords shut one account for a while, and no other from the same hall', async () => {
    const address = '10.0.0.7'
    for (let attempt = 0; attempt < 10; attempt++) await signIn({ username: 'hoa', password: `sai ${attempt}` }, { address })
    expect(await signIn({ username: 'hoa', password }, { address })).toMatchObject({ status: 429 })
    expect(await signIn({ username: 'binh', password }, { address })).toMatchObject({ status: 303 })
  })

  test('another site can neither sign anybody in nor out', async () => {
    const evil = { Origin: 'http://evil.example', 'Sec-Fetch-Site': 'cross-site' }
    expect(await signIn({ username: 'binh', password }, { headers: evil })).toMatchObject({ status: 403, cookies: [] })
    expect(await answerOf(signOut.action(asked(app, '/sign-out', { form: {}, headers: evil })))).toMatchObject({ status: 403 })
  })

  test('leads nowhere but to this site', async () => {
    for (const to of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/\t/evil.example']) {
      const answer = await signIn({ username: 'binh', password }, { to })
      expect(new URL(answer.to!, 'http://thong-suot.test').origin).toBe('http://thong-suot.test')
    }
  })
})

describe('a session', () => {
  test('nobody is sent to sign in, and comes back to the page with its query', async () => {
    expect(await myName([])).toMatchObject({ status: 303, to: '/sign-in?to=%2Fme%3FasOf%3D2021-06-30' })
    expect(await myName(['thong-suot.session_token=made.up'])).toMatchObject({ to: '/sign-in?to=%2Fme%3FasOf%3D2021-06-30' })
  })

  test('ends when the person signs out, also for a copy of the cookie', async () => {
    const { cookies } = await signIn({ username: 'binh', password })
    expect(await answerOf(signOut.action(asked(app, '/sign-out', { form: {}, cookies })))).toMatchObject({ status: 303, to: '/sign-in' })
    expect(await myName(cookies)).toMatchObject({ to: expect.stringMatching(/^\/sign-in/) })
  })

  test('ends everywhere when the account is disabled or gets another password', async () => {
    const first = await signIn({ username: 'binh', password })
    await asSystem(database.db, app.log, 'test', (tx) => setPassword(tx, { username: 'binh', password: 'một câu khác' }))
    expect(await myName(first.cookies)).toMatchObject({ to: expect.stringMatching(/^\/sign-in/) })
    const second = await signIn({ username: 'binh', password: 'một câu khác' })
    expect(await myName(second.cookies)).toMatchObject({ status: 200 })
    await asSystem(database.db, app.log, 'test', (tx) => disableAccount(tx, { username: 'binh' }))
    expect(await myName(second.cookies)).toMatchObject({ to: expect.stringMatching(/^\/sign-in/) })
  })
})

test('language and size of letters are kept in the browser, and one comes back to where one was', async () => {
  const english = await answerOf(preferences.action(asked(app, '/preferences', { form: { back: '/report?unit=can-tho', language: 'en' } })))
  expect(english).toMatchObject({ status: 303, to: '/report?unit=can-tho', cookies: ['language=en'] })
  const large = await answerOf(preferences.action(asked(app, '/preferences', { form: { back: 'https://evil.example', type: 'large', language: 'klingon' } })))
  expect(large).toMatchObject({ to: '/', cookies: ['type=large'] })
  const wrong = await answerOf(signInPage.action(asked(app, '/sign-in', { form: { username: '', password: '' }, cookies: ['language=en'] })))
  expect(wrong).toMatchObject({ body: { problems: { username: 'Fill this in.' } } })
})

test('a flash that cannot be read is no flash', () => {
  for (const cookie of ['flash=', 'flash=%5B', 'flash=%E0%A4%A', 'flash=null', 'flash=7']) expect(readFlash(new Request('http://x/', { headers: { cookie } }))).toBeNull()
})
