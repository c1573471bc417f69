import { sql } from 'kysely'
import { v7 } from 'uuid'
import { beforeEach, describe, expect, test } from 'vitest'
import { asSystem, asViewer } from '../../db/open.ts'
import type { Ctx } from '../../permissions/permissions.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { createAccount, disableAccount } from '../../web/accounts.server.ts'
import { testDatabase, type TestDatabase } from '../../../tests/database.ts'
import { organisation, type Organisation } from '../../../tests/people.ts'
import { testApp } from '../../../tests/web.ts'
import type { App } from '../../web/context.ts'
import { accountOf, listAccounts } from './account-list.server.ts'
import { activate } from './activation.server.ts'
import { endSessionsOf, resetSecondFactor, saveAccountSettings, shutAccount } from './administration.server.ts'
import { handOutCodes, type Slip } from './codes.server.ts'
import { usernameCandidates } from './free-username.ts'

type Name = keyof Organisation['person']

let database: TestDatabase
let app: App
let city: Organisation
beforeEach(async () => {
  database = await testDatabase()
  app = await testApp(database)
  city = await organisation(database.db)
  return () => database.drop()
})

const as = <Result>(name: Name, work: (ctx: Ctx) => Promise<Result>) => {
  const viewer = city.viewer[name]
  return asViewer(database.db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
}
const codesFor = (name: Name, people: Name[], mayReset = false) => as(name, (ctx) => handOutCodes(ctx, { keys: app.auth.keys, config: app.config }, { unit: undefined, personIds: people.map((one) => city.person[one]), mayReset }))
const slipOf = async (name: Name, person: Name, mayReset = false): Promise<Slip> => (await codesFor(name, [person], mayReset)).slips[0]!
const knock = { address: '10.0.0.1', headers: new Headers() }
const password = 'một câu rất dài'
const activated = (slip: Slip, newPassword = password) => activate(app, { code: slip.code, newPassword }, knock)
const signIn = (username: string, typed = password, address = '10.0.0.1') => app.auth.signIn({ username, password: typed, address, headers: new Headers() })
const sessionsOf = async (name: Name) => (await sql<{ count: number }>`select count(*) as count from account_session join account on account.id = account_id where person_id = ${city.person[name]}`.execute(database.db)).rows[0]!.count
const account = (name: Name, username: string) => asSystem(database.db, app.log, 'test', (tx) => createAccount(tx, { personId: city.person[name], username, password }))
const office = (name: Name, role: string, unit: keyof Organisation['unit']) => database.db.insertInto('office').values({ id: v7(), person_id: city.person[name], unit_id: city.unit[unit], role, during: '[2020-01-01,)' }).execute()

describe('a code', () => {
  test('of a secretary opens an account that its holder gives a password, once', async () => {
    const { slips } = await codesFor('binh', ['minh', 'lan'])
    expect(slips.map(({ name, unitName, username }) => ({ name, unitName, username }))).toEqual([
      { name: 'Nguyễn Thị Lan', unitName: 'Chi bộ khu vực 1', username: 'lan.nt' },
      { name: 'Trần Văn Minh', unitName: 'Chi bộ khu vực 1', username: 'minh.tv' },
    ])
    expect(slips[0]!.code).toMatch(/^\d{12}$/)
    expect(await signIn('lan.nt', '')).toMatchObject({ step: 'out' })
    expect(await activated(slips[0]!)).toMatchObject({ step: 'in', username: 'lan.nt' })
    expect(await signIn('lan.nt')).toMatchObject({ step: 'in' })
    expect(await activated(slips[0]!, 'kẻ khác đặt lại')).toMatchObject({ step: 'out', secondsToWait: 0 })
    expect(await signIn('lan.nt')).toMatchObject({ step: 'in' })
  })

  test('is nowhere in the database as it was printed, and neither is any other', async () => {
    const { code } = await slipOf('binh', 'lan')
    const { rows } = await sql<{ table: string }>`select relname as "table" from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`.execute(database.db)
    for (const { table } of rows) {
      const found = await sql`select 1 as one from ${sql.table(table)} as held where held::text like ${`%${code}%`}`.execute(database.db)
      expect(found.rows, table).toEqual([])
    }
  })

  test('of an earlier print is void once there is a new one', async () => {
    const first = await slipOf('binh', 'lan')
    const second = await slipOf('binh', 'lan')
    expect(second.username).toBe(first.username)
    expect(await activated(first)).toMatchObject({ step: 'out' })
    expect(await activated(second)).toMatchObject({ step: 'in' })
  })

  test('lasts as many days as the setting says', async () => {
    await as('khoa', (ctx) => saveAccountSettings(ctx, { codeDays: 3, secondFactorRoles: [] }))
    const slip = await slipOf('binh', 'lan')
    await sql`update account_code set given_at = given_at - interval '4 days', expires_at = expires_at - interval '4 days'`.execute(database.db)
    expect(await activated(slip)).toMatchObject({ step: 'out' })
    expect((await as('binh', (ctx) => accountOf(ctx, city.person.lan))).state).toBe('lapsed')
  })

  test('sent by many at once is taken from one of them', async () => {
    const slip = await slipOf('binh', 'lan')
    const answers = await Promise.all(Array.from({ length: 4 }, (_, index) => activated(slip, `câu thứ ${index} của tôi`)))
    expect(answers.filter((answer) => answer.step === 'in')).toHaveLength(1)
  })

  test('of an account that was shut meanwhile opens nothing', async () => {
    const slip = await slipOf('binh', 'lan')
    await as('khoa', (ctx) => shutAccount(ctx, { personId: city.person.lan, isShut: true }))
    expect(await activated(slip)).toMatchObject({ step: 'out' })
    await as('khoa', (ctx) => shutAccount(ctx, { personId: city.person.lan, isShut: false }))
    expect(await activated(slip)).toMatchObject({ step: 'out' })
    await as('khoa', (ctx) => shutAccount(ctx, { personId: city.person.lan, isShut: true }))
    await expect(slipOf('binh', 'lan')).rejects.toThrow(Refused)
  })

  test('that was made up takes as long as one that is real and used', async () => {
    const slip = await slipOf('binh', 'lan')
    await activated(slip)
    const times = { used: [] as number[], made: [] as number[] }
    for (let turn = 0; turn < 5; turn++) {
      for (const [key, code] of [['used', slip.code], ['made', String(100000000000 + turn)]] as const) {
        const began = performance.now()
        await activate(app, { code, newPassword: password }, knock)
        times[key].push(performance.now() - began)
      }
    }
    const median = (all: number[]) => all.toSorted((one, other) => one - other)[2]!
    expect(median(times.used) / median(times.made)).toBeGreaterThan(0.5)
    expect(median(times.used) / median(times.made)).toBeLessThan(2)
  })

  test('for everybody of a unit leaves out who has an account in use, and who may not be given one', async () => {
    await account('minh', 'minh')
    await office('sau', 'inspector', 'city')
    const { slips } = await as('binh', (ctx) => handOutCodes(ctx, { keys: app.auth.keys, config: app.config }, { unit: 'an-hoa-1', personIds: [], mayReset: false }))
    expect(slips.map((slip) => slip.name)).toEqual(['Nguyễn Thị Lan'])
    await expect(as('binh', (ctx) => handOutCodes(ctx, { keys: app.auth.keys, config: app.config }, { unit: 'an-hoa-2', personIds: [], mayReset: false }))).rejects.toThrow(NotFound)
  })

  test('a phone number is the user name, and a family that shares one gets others', async () => {
    await sql`update person set phone = '0901 234 218' where id in (${city.person.lan}, ${city.person.minh})`.execute(database.db)
    const { slips } = await codesFor('binh', ['lan', 'minh'])
    expect(slips.map((slip) => slip.username)).toEqual(['0901234218', 'minh.tv'])
    expect(usernameCandidates({ name: 'Đỗ Thị Ý', phone: null }, 2)).toEqual(['y.dt', 'y.dt2', 'y.dt3'])
  })
})

describe('who may hand a code to whom', () => {
  test('one’s own unit and the one directly beneath, and an administrator everybody beneath', async () => {
    for (const [giver, taker] of [['binh', 'lan'], ['ngoc', 'lan'], ['ngoc', 'binh'], ['duc', 'ngoc'], ['khoa', 'lan'], ['khoa', 'mai'], ['khoa', 'son']] as const) {
      expect((await codesFor(giver, [taker])).slips).toHaveLength(1)
    }
    for (const [giver, taker] of [['binh', 'hoa'], ['thu', 'lan'], ['duc', 'lan'], ['binh', 'ngoc'], ['binh', 'khoa']] as const) {
      await expect(codesFor(giver, [taker]), `${giver} for ${taker}`).rejects.toThrow(NotFound)
    }
    for (const giver of ['lan', 'mai', 'son'] as const) await expect(codesFor(giver, ['minh']), giver).rejects.toThrow(Forbidden)
  })

  test('nobody oneself, and nobody an office above their own', async () => {
    await expect(codesFor('binh', ['binh'])).rejects.toThrow(/yourself/)
    await office('minh', 'clerk', 'cellOne')
    await expect(codesFor('minh', ['binh']), 'a clerk for the secretary').rejects.toThrow(Forbidden)
    city.viewer.minh.offices = [{ role: 'clerk', unitId: city.unit.cellOne, unitName: 'Chi bộ khu vực 1' }]
    await expect(codesFor('minh', ['binh']), 'a clerk for the secretary').rejects.toThrow(/holds an office/)
    expect((await codesFor('minh', ['lan'])).slips).toHaveLength(1)
  })

  test('a member of the cell who holds an office elsewhere gets none from the cell', async () => {
    await office('lan', 'city_officer', 'city')
    await expect(codesFor('binh', ['lan'])).rejects.toThrow(/holds an office/)
    expect((await codesFor('khoa', ['lan'])).slips).toHaveLength(1)
    await office('minh', 'secretary', 'district')
    await expect(codesFor('ngoc', ['minh'])).rejects.toThrow(Forbidden)
  })

  test('an office that ended yesterday hands out nothing today', async () => {
    await sql`update office set during = daterange('2020-01-01', '2021-04-15') where person_id = ${city.person.binh}`.execute(database.db)
    await expect(codesFor('binh', ['lan'])).rejects.toThrow(NotFound)
  })
})

describe('a password that is reset', () => {
  test('stops at once, its sessions end, and both names are on record', async () => {
    await account('lan', 'lan')
    await signIn('lan')
    await sql`insert into account_token (id, account_id, name, prefix, hash, scope, ends_on)
      select ${v7()}, id, 'Máy của kẻ khác', 'ts_x', decode(repeat('ab', 32), 'hex'), 'read', current_date + 9 from account where username = 'lan'`.execute(database.db)
    await expect(codesFor('binh', ['lan'])).rejects.toThrow(/in use/)
    const slip = await slipOf('binh', 'lan', true)
    expect(await sessionsOf('lan')).toBe(0)
    expect((await sql`select 1 as one from account_token where revoked_at is not null`.execute(database.db)).rows).toHaveLength(1)
    expect(await signIn('lan')).toMatchObject({ step: 'out' })
    const { rows } = await sql`select actor_id, subject_id, unit_id from audit_entry where action = 'account.password_reset'`.execute(database.db)
    expect(rows).toEqual([{ actor_id: city.person.binh, subject_id: city.person.lan, unit_id: city.unit.cellOne }])
    expect(await activated(slip, 'một câu khác hẳn')).toMatchObject({ step: 'in', username: 'lan' })
    expect(await signIn('lan', 'một câu khác hẳn')).toMatchObject({ step: 'in' })
  })
})

describe('the list of accounts', () => {
  test('says who has one, who has not, and who is shut', async () => {
    await account('lan', 'lan')
    await account('minh', 'minh')
    await asSystem(database.db, app.log, 'test', (tx) => disableAccount(tx, { username: 'minh' }))
    await codesFor('ngoc', ['sau'])
    const list = await as('binh', (ctx) => listAccounts(ctx, { unit: undefined, q: undefined, state: undefined, page: undefined }))
    expect(list.unit.code).toBe('an-hoa-1')
    expect(list.rows.map(({ name, state, username, reason }) => [name, state, username, reason])).toEqual([
      ['Lê Thanh Bình', 'none', null, 'self'],
      ['Nguyễn Thị Lan', 'active', 'lan', null],
      ['Trần Văn Minh', 'shut', 'minh', null],
      ['Võ Văn Sáu', 'waiting', 'sau.vv', null],
    ])
    expect(list.counts).toEqual({ none: 1, waiting: 1, lapsed: 0, active: 1, shut: 1 })
  })

  test('is found without marks and in any order, only beneath the viewer', async () => {
    const names = async (name: Name, q: string) => (await as(name, (ctx) => listAccounts(ctx, { unit: undefined, q, state: undefined, page: undefined }))).rows.map((row) => row.name)
    expect(await names('khoa', 'hoa pham')).toEqual(['Phạm Thị Hoa'])
    expect(await names('ngoc', 'hoa pham')).toEqual(['Phạm Thị Hoa'])
    expect(await names('binh', 'hoa pham')).toEqual([])
    expect(await names('duc', 'lan')).toEqual([])
    for (const name of ['lan', 'mai', 'son'] as const) await expect(names(name, 'lan'), name).rejects.toThrow(Forbidden)
    await expect(as('binh', (ctx) => listAccounts(ctx, { unit: 'an-hoa', q: undefined, state: undefined, page: undefined }))).rejects.toThrow(Forbidden)
    await expect(as('binh', (ctx) => accountOf(ctx, city.person.hoa))).rejects.toThrow(NotFound)
  })
})

describe('what an administrator does to an account', () => {
  test('shuts and opens it, ends its sessions, and nobody else does', async () => {
    await account('lan', 'lan')
    await signIn('lan')
    for (const name of ['binh', 'ngoc'] as const) {
      await expect(as(name, (ctx) => shutAccount(ctx, { personId: city.person.lan, isShut: true })), name).rejects.toThrow(Forbidden)
      await expect(as(name, (ctx) => endSessionsOf(ctx, { personId: city.person.lan })), name).rejects.toThrow(Forbidden)
      await expect(as(name, (ctx) => resetSecondFactor(ctx, { personId: city.person.lan })), name).rejects.toThrow(Forbidden)
    }
    await expect(as('thu', (ctx) => shutAccount(ctx, { personId: city.person.lan, isShut: true }))).rejects.toThrow(NotFound)
    await signIn('lan')
    expect(await as('khoa', (ctx) => endSessionsOf(ctx, { personId: city.person.lan }))).toEqual({ ended: 2 })
    await signIn('lan')
    await as('khoa', (ctx) => shutAccount(ctx, { personId: city.person.lan, isShut: true }))
    expect(await sessionsOf('lan')).toBe(0)
    expect(await signIn('lan')).toMatchObject({ step: 'out' })
    await as('khoa', (ctx) => shutAccount(ctx, { personId: city.person.lan, isShut: false }))
    expect(await signIn('lan')).toMatchObject({ step: 'in' })
  })

  test('settings are the top administrator’s', async () => {
    const settings = { codeDays: 7, secondFactorRoles: ['administrator' as const] }
    for (const name of ['binh', 'mai', 'lan'] as const) await expect(as(name, (ctx) => saveAccountSettings(ctx, settings)), name).rejects.toThrow(Forbidden)
    await sql`update office set unit_id = ${city.unit.district} where person_id = ${city.person.khoa}`.execute(database.db)
    await expect(as('khoa', (ctx) => saveAccountSettings(ctx, settings))).rejects.toThrow(Forbidden)
    await expect(codesFor('khoa', ['mai']), 'an administrator of a district for an officer of the city').rejects.toThrow(NotFound)
  })
})
