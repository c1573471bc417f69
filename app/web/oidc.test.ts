import { createHmac, createSign, generateKeyPairSync } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { buildPages } from '../../scripts/build.ts'
import { testDatabase } from '../../tests/database.ts'
import { organisation, type Organisation } from '../../tests/people.ts'
import { answerOf, asked, testApp } from '../../tests/web.ts'
import { asSystem } from '../db/open.ts'
import { openHttp } from '../http.ts'
import { readConfig } from '../platform/config.ts'
import * as linkPage from '../features/accounts/oidc-link.page.tsx'
import { createAccount, disableAccount, setPassword } from './accounts.server.ts'
import * as beginRoute from './oidc-begin.route.ts'
import * as callbackRoute from './oidc-callback.route.ts'
import { client, listen, startProvider } from './oidc.fixture.ts'
import { openOidc } from './oidc.server.ts'
import { read } from './read.server.ts'
import * as signInPage from './sign-in.page.tsx'

const publicUrl = 'https://thong-suot.test'
const redirectUri = `${publicUrl}/sign-in/oidc/callback`
const [port, otherPort, laterPort, firstLiar] = [4151, 4152, 4153, 4154]
const issuer = `http://127.0.0.1:${port}`
const password = 'một câu rất dài'
const people = {
  'sso-binh': { preferred_username: 'binh.ch', email: 'binh@example.vn', email_verified: true },
  'sso-lan': { preferred_username: 'lan.ch', email: 'lan@example.vn', email_verified: true },
  'sso-minh': { preferred_username: 'minh.ch' },
  'sso-nobody': { preferred_username: 'khong-co-ai' },
  'sso-false': { preferred_username: 'x', email: 'hoa@example.vn', email_verified: false },
  'sso-thu': { preferred_username: 'binh.ch' }, // another who says the same name
}

const database = await testDatabase()
const { db } = database
const settings = (claim: string | null) => ({ publicUrl, oidc: { issuer, ...client, name: 'Cổng SSO thành phố', claim } })
const app = await testApp(database, settings(null))
const byClaim = await testApp(database, settings('preferred_username'))
const byMail = await testApp(database, settings('email'))
const withoutProvider = await testApp(database, { publicUrl })
let city: Organisation
let provider: Awaited<ReturnType<typeof startProvider>>

beforeAll(async () => {
  provider = await startProvider(port, people, [redirectUri])
  city = await organisation(db)
  await asSystem(db, app.log, 'test', async (tx) => {
    for (const who of ['lan', 'minh', 'binh'] as const) await createAccount(tx, { personId: city.person[who], username: `${who}.ch`, password })
    await createAccount(tx, { personId: city.person.hoa, username: 'hoa@example.vn', password })
  })
}, 60_000)
afterAll(() => provider.stop())

type App = typeof app
const signIn = (username: string, to = app) => answerOf(signInPage.action(asked(to, '/sign-in', { form: { username, password }, headers: { Origin: publicUrl } })))
const begin = (to: App, path = '/sign-in/oidc') => answerOf(beginRoute.loader(asked(to, path)))
const comeBack = (to: App, address: string, cookies: string[]) => answerOf(callbackRoute.loader(asked(to, address, { cookies })))
const nameOf = async (to: App, cookies: string[]) => (await answerOf(read(asked(to, '/me', { cookies }), ({ viewer }) => Promise.resolve(viewer.name)))).body
const countPeople = async () => (await sql`select (select count(*) from person) as people, (select count(*) from account) as accounts, (select count(*) from office) as offices`.execute(db)).rows[0]
const linked = () => db.selectFrom('account_credential').select(['account_id', 'provider_account_id']).where('provider', 'like', 'oidc:%').execute()
const unlinkAll = () => db.deleteFrom('account_credential').where('provider', 'like', 'oidc:%').execute()
const refusedAs = (refusal: string) => ({ status: 303, to: `/sign-in?oidc=${refusal}` })
const sessionIn = (cookies: string[]) => cookies.some((cookie) => cookie.includes('session_token='))

/** The whole way of a browser: out to the provider, in as that person, and back. */
async function throughProvider(to: App, login: string, path?: string) {
  const out = await begin(to, path)
  const address = await provider.walk(out.to!, login)
  return { out, address, answer: await comeBack(to, address, out.cookies) }
}

/** Links by the page, with the password typed anew, and through the provider. */
async function linkAs(username: string, login: string) {
  const { cookies } = await signIn(username)
  const asking = asked(app, '/me/linked', { form: { password }, cookies, headers: { Origin: publicUrl } })
  const { body } = await answerOf(linkPage.action(asking as never))
  const { href } = (body as { shown: { href: string } }).shown
  const state = `thong-suot.oidc=${new URL(href).searchParams.get('state')}`
  const address = await provider.walk(href, login)
  return { cookies, state, address }
}

describe('signing in through the organisation’s provider', () => {
  test('the button is there only where settings name a provider', async () => {
    expect((await signInPage.loader(asked(app, '/sign-in') as never)).oidc).toEqual({ name: 'Cổng SSO thành phố', refusal: null })
    expect((await signInPage.loader(asked(withoutProvider, '/sign-in') as never)).oidc).toBeNull()
    expect(await begin(withoutProvider)).toMatchObject({ status: 303, to: '/sign-in' })
    expect(await comeBack(withoutProvider, '/sign-in/oidc/callback?code=x&state=y', [])).toMatchObject({ to: '/sign-in' })
  })

  test('goes out with code, PKCE, state and nonce, each time anew', async () => {
    const [first, second] = [await begin(app), await begin(app)].map((out) => new URL(out.to!))
    expect(Object.fromEntries(first!.searchParams)).toMatchObject({ response_type: 'code', client_id: 'thong-suot', redirect_uri: redirectUri, code_challenge_method: 'S256', scope: 'openid' })
    for (const name of ['state', 'nonce', 'code_challenge']) expect(first!.searchParams.get(name)).not.toBe(second!.searchParams.get(name))
  })

  test('signs in the account that its person linked, and leads to the page that was asked for', async () => {
    await unlinkAll()
    const before = await countPeople()
    const { cookies, state, address } = await linkAs('binh.ch', 'sso-binh')
    expect(await comeBack(app, address, [...cookies, state])).toMatchObject({ status: 303, to: '/me/linked' })
    const { answer } = await throughProvider(app, 'sso-binh', '/sign-in/oidc?to=%2Freport%3Funit%3Dan-hoa')
    expect(answer).toMatchObject({ status: 303, to: '/report?unit=an-hoa' })
    expect(await nameOf(app, answer.cookies)).toBe('Lê Thanh Bình')
    expect(await countPeople()).toEqual(before)
    expect(await db.selectFrom('audit_entry').select('actor_id').where('action', '=', 'account.linked').execute()).toEqual([{ actor_id: city.person.binh }])
  })

  test('makes no account, no person and no right for somebody unknown', async () => {
    await unlinkAll()
    const before = await countPeople()
    for (const [to, login] of [[app, 'sso-lan'], [byClaim, 'sso-nobody']] as const) {
      const { answer } = await throughProvider(to, login)
      expect(answer).toMatchObject(refusedAs('unknown'))
      expect(sessionIn(answer.cookies)).toBe(false)
    }
    expect(await countPeople()).toEqual(before)
    expect(await linked()).toEqual([])
  })

  test('by the claim that settings name, finds the account of that user name once, and then knows the person by subject', async () => {
    await unlinkAll()
    const { answer } = await throughProvider(byClaim, 'sso-binh')
    expect(await nameOf(byClaim, answer.cookies)).toBe('Lê Thanh Bình')
    expect(await linked()).toMatchObject([{ provider_account_id: 'sso-binh' }])
    // somebody else who claims the same name is not let in, whatever the provider lets people write there
    expect((await throughProvider(byClaim, 'sso-thu')).answer).toMatchObject(refusedAs('unknown'))
    people['sso-binh'].preferred_username = 'lan.ch'
    expect(await nameOf(byClaim, (await throughProvider(byClaim, 'sso-binh')).answer.cookies)).toBe('Lê Thanh Bình')
    people['sso-binh'].preferred_username = 'binh.ch'
  })

  test('takes an e-mail address for a name only when the provider has verified it', async () => {
    await unlinkAll()
    expect((await throughProvider(byMail, 'sso-false')).answer).toMatchObject(refusedAs('unknown'))
    people['sso-false'].email_verified = true
    expect(await nameOf(byMail, (await throughProvider(byMail, 'sso-false')).answer.cookies)).toBe('Phạm Thị Hoa')
    people['sso-false'].email_verified = false
  })

  test('lets nobody into an account that is shut', async () => {
    await unlinkAll()
    expect(await nameOf(byClaim, (await throughProvider(byClaim, 'sso-minh')).answer.cookies)).toBe('Trần Văn Minh')
    await asSystem(db, app.log, 'test', (tx) => disableAccount(tx, { username: 'minh.ch' }))
    const shut = await throughProvider(byClaim, 'sso-minh')
    expect(shut.answer).toMatchObject(refusedAs('unknown'))
    await unlinkAll()
    expect((await throughProvider(byClaim, 'sso-minh')).answer).toMatchObject(refusedAs('unknown'))
    await asSystem(db, app.log, 'test', (tx) => disableAccount(tx, { username: 'minh.ch', isDisabled: false }))
  })
})

test('a second factor is asked for after the provider as after the password', async () => {
  await unlinkAll()
  const { id } = await db.selectFrom('account').select('id').where('username', '=', 'lan.ch').executeTakeFirstOrThrow()
  await db.insertInto('account_second_factor').values({ account_id: id, secret: 'x', confirmed_at: new Date() }).execute()
  const { answer } = await throughProvider(byClaim, 'sso-lan', '/sign-in/oidc?to=%2Fme')
  expect(answer).toMatchObject({ status: 303, to: '/sign-in/code?to=%2Fme' })
  expect(sessionIn(answer.cookies)).toBe(false)
  await db.deleteFrom('account_second_factor').execute()
})

describe('what comes back is refused', () => {
  test('when the code comes a second time', async () => {
    const { out, address, answer } = await throughProvider(byClaim, 'sso-lan')
    expect(sessionIn(answer.cookies)).toBe(true)
    const again = await comeBack(byClaim, address, out.cookies)
    expect(again).toMatchObject(refusedAs('lost'))
    expect(sessionIn(again.cookies)).toBe(false)
  })

  test('when its state is another, or of another browser, or none', async () => {
    const out = await begin(byClaim)
    const address = await provider.walk(out.to!, 'sso-lan')
    const other = await begin(byClaim)
    const changed = new URL(address)
    changed.searchParams.set('state', new URL(other.to!).searchParams.get('state')!)
    expect(await comeBack(byClaim, changed.href, out.cookies)).toMatchObject(refusedAs('lost'))
    expect(await comeBack(byClaim, address, other.cookies)).toMatchObject(refusedAs('lost'))
    expect(await comeBack(byClaim, address, [])).toMatchObject(refusedAs('lost'))
    expect(await comeBack(byClaim, '/sign-in/oidc/callback', out.cookies)).toMatchObject(refusedAs('lost'))
    // a code that was won in one browser is worth nothing in an attempt of another
    expect(await comeBack(byClaim, changed.href, other.cookies)).toMatchObject(refusedAs('failed'))
    expect(sessionIn((await comeBack(byClaim, address, out.cookies)).cookies)).toBe(true)
  })

  test('when its nonce is another', async () => {
    const out = await begin(byClaim)
    const sent = new URL(out.to!)
    sent.searchParams.set('nonce', 'của-người-khác')
    const answer = await comeBack(byClaim, await provider.walk(sent.href, 'sso-lan'), out.cookies)
    expect(answer).toMatchObject(refusedAs('failed'))
    expect(sessionIn(answer.cookies)).toBe(false)
  })

  test('when it comes from another issuer, or after ten minutes', async () => {
    const out = await begin(byClaim)
    const address = new URL(await provider.walk(out.to!, 'sso-lan'))
    address.searchParams.set('iss', 'https://evil.example')
    expect(await comeBack(byClaim, address.href, out.cookies)).toMatchObject(refusedAs('failed'))
    const late = await begin(byClaim)
    const lateAddress = await provider.walk(late.to!, 'sso-lan')
    await sql`update oidc_attempt set expires_at = now() - interval '1 second'`.execute(db)
    expect(await comeBack(byClaim, lateAddress, late.cookies)).toMatchObject(refusedAs('lost'))
  })

  test('when the person stopped there', async () => {
    const out = await begin(byClaim, '/sign-in/oidc?to=%2Fme')
    const state = new URL(out.to!).searchParams.get('state')!
    expect(await comeBack(byClaim, `/sign-in/oidc/callback?error=access_denied&state=${state}&iss=${encodeURIComponent(issuer)}`, out.cookies)).toMatchObject({ to: '/sign-in?to=%2Fme&oidc=declined' })
  })

  test('leads nowhere but to this site', async () => {
    for (const to of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/\t/evil.example']) {
      const { answer } = await throughProvider(byClaim, 'sso-lan', `/sign-in/oidc?to=${encodeURIComponent(to)}`)
      expect(new URL(answer.to!, publicUrl).origin).toBe(publicUrl)
    }
  })

  test('the page says each refusal in a sentence, and nothing else that an address may carry', async () => {
    const said = async (refusal: string) => (await signInPage.loader(asked(app, `/sign-in?oidc=${encodeURIComponent(refusal)}`) as never)).oidc?.refusal
    for (const refusal of ['away', 'lost', 'declined', 'failed', 'unknown']) expect(await said(refusal)).toBe(refusal)
    for (const other of ['', '<script>', 'constructor', 'Gọi 0901…']) expect(await said(other)).toBeNull()
  })
})

describe('linking', () => {
  test('needs the password anew, and the session in which it was asked', async () => {
    await unlinkAll()
    const { cookies } = await signIn('lan.ch')
    const wrong = await answerOf(linkPage.action(asked(app, '/me/linked', { form: { password: 'sai' }, cookies, headers: { Origin: publicUrl } }) as never))
    expect(wrong).toMatchObject({ status: 422, body: { problems: { password: 'Mật khẩu chưa đúng.' } } })
    const begun = await linkAs('lan.ch', 'sso-lan')
    const minh = (await signIn('minh.ch')).cookies
    expect(await comeBack(app, begun.address, [...minh, begun.state])).toMatchObject({ to: '/me/linked?oidc=not_signed_in' })
    const later = await linkAs('lan.ch', 'sso-lan')
    expect(await comeBack(app, later.address, [later.state])).toMatchObject({ to: '/me/linked?oidc=not_signed_in' })
    expect(await linked()).toEqual([])
  })

  test('one identity is one account’s, and an account has one', async () => {
    await unlinkAll()
    const lan = await linkAs('lan.ch', 'sso-lan')
    expect(await comeBack(app, lan.address, [...lan.cookies, lan.state])).toMatchObject({ to: '/me/linked' })
    for (const [username, login] of [['minh.ch', 'sso-lan'], ['lan.ch', 'sso-minh']] as const) {
      const more = await linkAs(username, login)
      expect(await comeBack(app, more.address, [...more.cookies, more.state])).toMatchObject({ to: '/me/linked?oidc=linked_elsewhere' })
    }
    expect(await linked()).toMatchObject([{ provider_account_id: 'sso-lan' }])
  })

  test('ends when its person unlinks, and with another password', async () => {
    await unlinkAll()
    for (const over of ['unlinked', 'password'] as const) {
      const lan = await linkAs('lan.ch', 'sso-lan')
      await comeBack(app, lan.address, [...lan.cookies, lan.state])
      expect(sessionIn((await throughProvider(app, 'sso-lan')).answer.cookies)).toBe(true)
      if (over === 'unlinked') await answerOf(linkPage.action(asked(app, '/me/linked?do=unlink', { form: { password }, cookies: lan.cookies, headers: { Origin: publicUrl } }) as never))
      else await asSystem(db, app.log, 'test', (tx) => setPassword(tx, { username: 'lan.ch', password }))
      expect((await throughProvider(app, 'sso-lan')).answer, over).toMatchObject(refusedAs('unknown'))
    }
  })
})

test('over the server: the button, out, in and back, with the cookies as a browser keeps them', async () => {
  await unlinkAll()
  const http = await openHttp(byClaim, await buildPages(() => {}))
  const page = await (await http.request('/sign-in?to=%2Fme')).text()
  expect(page).toContain('Đăng nhập bằng Cổng SSO thành phố')
  expect(page).toContain('href="/sign-in/oidc?to=%2Fme"')
  const out = await http.request('/sign-in/oidc?to=%2Fme')
  const [tie] = out.headers.getSetCookie()
  expect(tie).toMatch(/^thong-suot\.oidc=[\w-]+; Path=\/sign-in\/oidc; Max-Age=600; HttpOnly; SameSite=Lax; Secure$/)
  const back = new URL(await provider.walk(out.headers.get('location')!, 'sso-binh'))
  const came = await http.request(back.pathname + back.search, { headers: { cookie: tie!.split(';')[0]! } })
  expect([came.status, came.headers.get('location')]).toEqual([303, '/me'])
  const session = came.headers.getSetCookie().find((cookie) => cookie.includes('session_token='))!
  expect(session).toMatch(/HttpOnly/)
  expect(session).toMatch(/Secure/)
  expect(await (await http.request('/me', { headers: { cookie: session.split(';')[0]! } })).text()).toContain('Lê Thanh Bình')
}, 60_000)

test('the settings are read whole, or starting says which is missing', () => {
  const read = (settings: Record<string, string>) => {
    vi.unstubAllEnvs()
    for (const [name, value] of Object.entries({ PUBLIC_URL: publicUrl, ...settings })) vi.stubEnv(name, value)
    return readConfig({ port: '0' }).oidc
  }
  expect(read({})).toBeNull()
  const whole = { OIDC_ISSUER: 'https://sso.example.vn/realms/main', OIDC_CLIENT_ID: 'thong-suot', OIDC_CLIENT_SECRET: 'x', OIDC_NAME: ' Cổng SSO ', OIDC_CLAIM: 'preferred_username' }
  expect(read(whole)).toEqual({ issuer: whole.OIDC_ISSUER, clientId: 'thong-suot', clientSecret: 'x', name: 'Cổng SSO', claim: 'preferred_username' })
  expect(read({ OIDC_ISSUER: whole.OIDC_ISSUER, OIDC_CLIENT_ID: 'x' })).toMatchObject({ clientSecret: null, name: 'sso.example.vn', claim: null })
  expect(() => read({ ...whole, OIDC_ISSUER: 'http://sso.example.vn' })).toThrow(/https/)
  expect(() => read({ ...whole, OIDC_ISSUER: 'sso' })).toThrow(/OIDC_ISSUER/)
  expect(() => read({ ...whole, OIDC_CLIENT_ID: '' })).toThrow(/OIDC_CLIENT_ID/)
  expect(() => read({ ...whole, PUBLIC_URL: '' })).toThrow(/PUBLIC_URL/)
})

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('a provider that fails', () => {
  const at = (otherIssuer: string, patience = 0.4) => openOidc({ db, log: app.log, config: { oidc: { issuer: otherIssuer, ...client, name: 'SSO', claim: 'preferred_username' } } }, patience)!
  const asking = { redirectUri, backTo: '/' }
  const finish = (oidc: ReturnType<typeof at>, address: string, state: string) => oidc.finish(new Request(address, { headers: { cookie: `thong-suot.oidc=${state}` } }), null)

  test('by being down or silent is waited for a moment, said in a sentence, and the password still opens', async () => {
    expect(await at(`http://127.0.0.1:${otherPort}`).begin(asking)).toEqual({ refusal: 'away' })
    const stop = await listen(otherPort, () => {}) // never answers
    const began = performance.now()
    expect(await at(`http://127.0.0.1:${otherPort}`).begin(asking)).toEqual({ refusal: 'away' })
    expect(performance.now() - began).toBeLessThan(3000)
    await stop()
    const down = await testApp(database, { publicUrl, oidc: { ...settings(null).oidc, issuer: `http://127.0.0.1:${otherPort}` } })
    expect(await begin(down, '/sign-in/oidc?to=%2Fme')).toMatchObject({ status: 303, to: '/sign-in?to=%2Fme&oidc=away' })
    expect(await signIn('binh.ch', down)).toMatchObject({ status: 303, to: '/' })
  })

  test('is asked again once it is back', async () => {
    const oidc = at(`http://127.0.0.1:${laterPort}`)
    expect(await oidc.begin(asking)).toEqual({ refusal: 'away' })
    const again = await startProvider(laterPort, people, [redirectUri])
    expect(await oidc.begin(asking)).toHaveProperty('url')
    await again.stop()
  })

  const lies = ['another key', 'no signature', 'our own secret as the key', 'another audience', 'past its time', 'no subject']
  const [own, strange] = [generateKeyPairSync('rsa', { modulusLength: 2048 }), generateKeyPairSync('rsa', { modulusLength: 2048 })]
  test.each(lies)('by an identity with %s signs nobody in', async (lie) => {
    const liar = `http://127.0.0.1:${firstLiar + lies.indexOf(lie)}` // a port each: connections are kept
    let nonce = ''
    const json = (body: unknown) => [200, JSON.stringify(body)] as const
    const stop = await listen(Number(new URL(liar).port), (request, response) => {
      const [status, body] =
        request.url === '/.well-known/openid-configuration'
          ? json({ issuer: liar, authorization_endpoint: `${liar}/auth`, token_endpoint: `${liar}/token`, jwks_uri: `${liar}/jwks`, response_types_supported: ['code'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'] })
          : request.url === '/jwks'
            ? json({ keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }] })
            : json({ access_token: 'x', token_type: 'bearer', id_token: idToken() })
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(body)
    })
    const now = Math.floor(Date.now() / 1000)
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const idToken = () => {
      const alg = lie === 'no signature' ? 'none' : lie === 'our own secret as the key' ? 'HS256' : 'RS256'
      const content = { iss: liar, sub: lie === 'no subject' ? undefined : 'sso-binh', aud: lie === 'another audience' ? 'others' : client.clientId, nonce, iat: now, exp: lie === 'past its time' ? now - 600 : now + 600, preferred_username: 'binh.ch' }
      const signed = `${part({ alg, kid: 'one' })}.${part(content)}`
      if (alg === 'none') return `${signed}.`
      if (alg === 'HS256') return `${signed}.${createHmac('sha256', client.clientSecret).update(signed).digest('base64url')}`
      return `${signed}.${createSign('sha256').update(signed).sign((lie === 'another key' ? strange : own).privateKey).toString('base64url')}`
    }
    const oidc = at(liar, 3)
    const begun = await oidc.begin(asking)
    const sent = new URL((begun as { url: string }).url)
    nonce = sent.searchParams.get('nonce')!
    const state = sent.searchParams.get('state')!
    expect(await finish(oidc, `${redirectUri}?code=x&state=${state}`, state)).toMatchObject({ refusal: 'failed' })
    if (lie === 'another key') {
      // the same story, told truly, is believed
      lie = 'nothing'
      const truth = new URL(((await oidc.begin(asking)) as { url: string }).url)
      nonce = truth.searchParams.get('nonce')!
      await unlinkAll()
      expect(await finish(oidc, `${redirectUri}?code=x&state=${truth.searchParams.get('state')}`, truth.searchParams.get('state')!)).toHaveProperty('accountId')
    }
    await stop()
  })
})
