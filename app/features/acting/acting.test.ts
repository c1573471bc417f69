import { sql } from 'kysely'
import { v7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { testDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation, type Organisation } from '../../../tests/people.ts'
import { answerOf, asked, testApp } from '../../../tests/web.ts'
import { openApi } from '../../api.ts'
import { actFor, asSystem, asViewer, type Tx } from '../../db/open.ts'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { addDays, showDay, today as dayOf } from '../../platform/clock.ts'
import { createAccount, disableAccount } from '../../web/accounts.server.ts'
import { note } from '../../web/audit.server.ts'
import { read } from '../../web/read.server.ts'
import { loadRoot } from '../../web/root.server.ts'
import * as signInPage from '../../web/sign-in.page.tsx'
import { trailOfUnit } from '../../web/trail.server.ts'
import { write } from '../../web/write.server.ts'
import { Session } from '../study/study.schema.ts'
import { holdSession } from '../study/sessions.server.ts'
import * as modeRoute from './acting-mode.route.ts'
import * as newPage from './acting-new.page.tsx'
import * as listPage from './acting.page.tsx'
import * as tokensPage from '../tokens/tokens.page.tsx'

const database = await testDatabase()
const { db } = database
const app = await testApp(database)
const password = 'một câu rất dài'
const today = dayOf(app.config.timeZone)
let city: Organisation
let sitting: { id: string; campaign_id: string }

type Person = keyof Organisation['person']
const withAccount = ['lan', 'minh', 'binh', 'hoa', 'thu', 'ngoc', 'khoa', 'son'] as const

beforeAll(async () => {
  city = await organisation(db)
  const { topicIds } = await openedCampaign(db, city)
  const { binh } = city.viewer
  await asViewer(db, binh, (tx) =>
    holdSession({ tx, viewer: binh, source: 'page' }, Session.parse({ campaignCode: 'nq-xiii', unitCode: 'an-hoa-1', kind: 'class', name: 'Lớp 1', sittings: [{ heldOn: '2021-04-10', topicIds }] })),
  )
  sitting = await db.selectFrom('sitting').select(['id', 'campaign_id']).executeTakeFirstOrThrow()
  await asSystem(db, app.log, 'test', async (tx) => {
    for (const who of withAccount) await createAccount(tx, { personId: city.person[who], username: who === 'minh' ? '0901234218' : `${who}.ch`, password })
  })
})

const signIn = async (who: (typeof withAccount)[number]) =>
  (await answerOf(signInPage.action(asked(app, '/sign-in', { form: { username: who === 'minh' ? '0901234218' : `${who}.ch`, password } })))).cookies

type Naming = { helpedId: string; helperId?: string; helperUsername?: string; helperName?: string; fromDay?: string; untilDay?: string; reason?: string; id?: string }
const naming = (given: Naming) => ({ id: v7(), fromDay: showDay(today), untilDay: showDay(addDays(today, 30)), reason: 'Không có điện thoại', ...given })
const name = (cookies: string[], given: Naming) => answerOf(newPage.action(asked(app, '/acting/new', { form: naming(given), cookies }) as never))
const enter = (cookies: string[], actingId: string) => answerOf(modeRoute.action(asked(app, '/acting/mode?do=enter', { form: { actingId }, cookies })))
const leave = (cookies: string[]) => answerOf(modeRoute.action(asked(app, '/acting/mode', { form: {}, cookies })))
const end = (cookies: string[], actingId: string) => answerOf(listPage.action(asked(app, '/acting', { form: { actingId }, cookies }) as never))
const viewerOf = (cookies: string[], path = '/me') => answerOf(read(asked(app, path, { cookies }), ({ viewer }) => Promise.resolve(viewer)))
const problemsOf = (answer: { body: unknown }) => (answer.body as { problems: Record<string, string> }).problems
const idOf = (helped: Person, helper: Person) =>
  db.selectFrom('acting').select('id').where('helped_id', '=', city.person[helped]).where('helper_id', '=', city.person[helper]).where('ended_at', 'is', null).executeTakeFirstOrThrow()

/** Bình names Minh for Sáu, and Minh begins: the cookies with which Minh works in Sáu's place. */
async function minhForSau(): Promise<{ cookies: string[]; actingId: string }> {
  await db.updateTable('acting').set({ ended_at: new Date() }).where('ended_at', 'is', null).execute()
  const actingId = v7()
  expect(await name(await signIn('binh'), { id: actingId, helpedId: city.person.sau, helperId: city.person.minh })).toMatchObject({ status: 303, to: '/acting' })
  const cookies = await signIn('minh')
  expect(await enter(cookies, actingId)).toMatchObject({ status: 303, to: '/' })
  return { cookies, actingId }
}

/** What a member's own page would write: an entry, and a mark of one's own. */
const writeAsMember = (cookies: string[]) =>
  answerOf(
    write(asked(app, '/me', { form: { word: 'x' }, cookies }), z.object({ word: z.string() }), async (ctx) => {
      await ctx.tx
        .insertInto('mark')
        .values({ sitting_id: sitting.id, campaign_id: sitting.campaign_id, person_id: ctx.viewer.personId, unit_id: city.unit.cellOne, status: 'present', recorded_by: ctx.viewer.personId, source: ctx.source })
        .execute()
      return note(ctx, { action: 'roster.expect', unitId: city.unit.cellOne, subjectType: 'person', subjectId: ctx.viewer.personId, detail: { fromDay: today } })
    }),
  )

describe('a named helper', () => {
  test('sees what the helped person sees, as that person without a phone would', async () => {
    const { cookies } = await minhForSau()
    const { body } = await viewerOf(cookies)
    expect(body).toMatchObject({ personId: city.person.sau, name: 'Võ Văn Sáu', offices: [], actedBy: { personId: city.person.minh, name: 'Trần Văn Minh' } })
    expect((await loadRoot(asked(app, '/', { cookies }))).viewer).toMatchObject({ name: 'Võ Văn Sáu', actedBy: { name: 'Trần Văn Minh' } })
    await leave(cookies)
    expect((await viewerOf(cookies)).body).toMatchObject({ name: 'Trần Văn Minh' })
    expect((await viewerOf(cookies)).body).not.toHaveProperty('actedBy')
  })

  test('leaves both names on every fact, and the trail says both', async () => {
    const { cookies } = await minhForSau()
    expect(await writeAsMember(cookies)).toMatchObject({ status: 303 })
    const { sau, minh, binh } = city.person
    expect(await db.selectFrom('mark').select(['person_id', 'recorded_by', 'on_behalf_of']).execute()).toEqual([{ person_id: sau, recorded_by: minh, on_behalf_of: sau }])
    expect(await db.selectFrom('audit_entry').select(['actor_id', 'on_behalf_of']).where('action', '=', 'roster.expect').execute()).toEqual([{ actor_id: minh, on_behalf_of: sau }])
    const sentences = await asViewer(db, { personId: binh, today }, async (tx) =>
      (await trailOfUnit({ tx, viewer: { ...city.viewer.binh, today }, source: 'page' }, { unitId: city.unit.cellOne, asOf: today, language: 'vi', timeZone: app.config.timeZone })).map((entry) => entry.sentence),
    )
    expect(sentences[0]).toMatch(/^Trần Văn Minh làm hộ Võ Văn Sáu ghi một người của Chi bộ khu vực 1 phải học trở lại/)
    expect(sentences).toContain('Trần Văn Minh làm hộ Võ Văn Sáu bắt đầu một lần làm hộ ở Chi bộ khu vực 1.')
  })

  test('works in that place through the API too, when the same browser calls it', async () => {
    const { cookies } = await minhForSau()
    const answer = await openApi(app).request('/api/v1/me', { headers: { cookie: cookies.join('; ') } })
    expect(await answer.json()).toMatchObject({ name: 'Võ Văn Sáu' })
  })

  test('has no way to the account of the person helped, nor further on to anybody else', async () => {
    const { cookies, actingId } = await minhForSau()
    expect(await answerOf(tokensPage.loader(asked(app, '/me/tokens', { cookies }) as never))).toMatchObject({ status: 403 })
    expect(await answerOf(newPage.loader(asked(app, '/acting/new', { cookies }) as never))).toMatchObject({ status: 403 })
    expect(problemsOf(await name(cookies, { helpedId: city.person.sau, helperUsername: 'lan.ch', helperName: 'Nguyễn Thị Lan' }))['form']).toMatch(/^Đang làm hộ/)
    expect(problemsOf(await end(cookies, actingId))['form']).toMatch(/^Đang làm hộ/)
    expect((await listPage.loader(asked(app, '/acting', { cookies }) as never)).helping).toEqual([])
  })
})

test('namings are the API’s too, with the same refusals', async () => {
  await db.updateTable('acting').set({ ended_at: new Date() }).where('ended_at', 'is', null).execute()
  const api = openApi(app)
  const call = async (who: (typeof withAccount)[number], path: string, sent?: object) => {
    const headers = { cookie: (await signIn(who)).join('; '), ...(sent ? { 'Content-Type': 'application/json' } : {}) }
    const answer = await api.request(`/api/v1${path}`, { headers, ...(sent ? { method: 'POST', body: JSON.stringify(sent) } : {}) })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  const wanted = naming({ helpedId: city.person.sau, helperId: city.person.minh })
  expect(await call('thu', '/namings', wanted)).toMatchObject({ status: 404 })
  expect(await call('binh', '/namings', wanted)).toMatchObject({ status: 201, body: { receipt: expect.any(Number) } })
  expect((await call('minh', '/namings')).body).toMatchObject({ helping: [{ helper: 'Trần Văn Minh', helped: 'Võ Văn Sáu', isInForce: true, namedBy: 'Lê Thanh Bình' }], helped: [], kept: [] })
  expect((await call('lan', '/namings')).body).toEqual({ helping: [], helped: [], kept: [] })
  expect(await call('hoa', '/naming-endings', { actingId: wanted.id })).toMatchObject({ status: 404 })
  expect(await call('binh', '/naming-endings', { actingId: wanted.id })).toMatchObject({ status: 201 })
})

describe('an office is never borrowed', () => {
  test('who acts for a secretary may do nothing that a secretary may', async () => {
    const actingId = v7()
    await name(await signIn('binh'), { id: actingId, helpedId: city.person.binh, helperUsername: '0901 234 218', helperName: 'trần văn minh' })
    const cookies = await signIn('minh')
    await enter(cookies, actingId)
    const reason = await answerOf(
      read(asked(app, '/', { cookies }), async ({ tx, viewer }) => reasonAgainst(viewer, 'take the roll', await chainOf(tx, city.unit.cellOne, today))?.('vi') ?? null),
    )
    expect(reason.body).toMatch(/^Chỉ bí thư/)
  })

  test.each(['binh', 'ngoc', 'duc', 'mai', 'khoa', 'son'] as const)('acting for %s shows exactly what that person would see without any office', async (who) => {
    await asSystem(db, app.log, 'test', async (tx) => {
      // something of everybody's doing, and a cell for those who hold an office alone
      const has = await tx.selectFrom('membership').select('id').where('person_id', '=', city.person[who]).executeTakeFirst()
      if (!has) await tx.insertInto('membership').values({ id: v7(), person_id: city.person[who], unit_id: city.unit.cellTwo, during: '[2020-01-01,)', status: 'in_post' }).execute()
    })
    await sql`insert into import (id, person_id, kind, effective_on, source, file_name, content) values (${v7()}, ${city.person[who]}, 'members', ${today}::date, 'page', 'danh-sach.xlsx', 'x')`.execute(db)
    const borrowed = await seenBy(who, (tx) => actFor(tx, { helpedId: city.person[who], helperId: city.person.lan }))
    const plain = await seenBy(who, async (tx) => {
      await sql`reset role`.execute(tx)
      await sql`delete from office where person_id = ${city.person[who]}`.execute(tx)
      await sql`delete from inspection_assignment where person_id = ${city.person[who]}`.execute(tx)
      await sql`set local role app`.execute(tx)
    })
    expect(borrowed['import']).toEqual([]) // lists of other people, brought by an office
    for (const table of ['audit_entry', 'acting', 'import']) {
      expect(plain[table]).toEqual(expect.arrayContaining(borrowed[table]!)) // less: what the person did by an office
      delete plain[table]
      delete borrowed[table]
    }
    expect(borrowed).toEqual(plain)
    expect(Object.values(plain).flat().length).toBeGreaterThan(5)
  })
})

/** Every row of every table that this person sees, in a transaction that is taken back. */
async function seenBy(who: Person, prepare: (tx: Tx) => Promise<void>): Promise<Record<string, string[]>> {
  const seen: Record<string, string[]> = {}
  await asViewer(db, { personId: city.person[who], today }, async (tx) => {
    await prepare(tx)
    const { rows } = await sql<{ name: string }>`
      select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r' and has_table_privilege('app', oid, 'select') order by relname`.execute(tx)
    for (const { name: table } of rows) seen[table] = (await sql<{ row: string }>`select each_row::text as row from ${sql.table(table)} as each_row order by 1`.execute(tx)).rows.map(({ row }) => row)
    throw new Error('taken back')
  }).catch((error: Error) => {
    if (error.message !== 'taken back') throw error
  })
  return seen
}

describe('acting for somebody ends', () => {
  const over = { status: 303, to: '/acting' }

  test('when the secretary ends it: what is sent afterwards is saved in nobody’s name, and the next page says so', async () => {
    const { cookies, actingId } = await minhForSau()
    expect(await end(await signIn('binh'), actingId)).toMatchObject({ status: 303 })
    const before = await db.selectFrom('audit_entry').select((each) => each.fn.countAll().as('count')).executeTakeFirst()
    const refused = await writeAsMember(cookies)
    expect(refused.status).toBe(403)
    expect(problemsOf(refused)['form']).toMatch(/^Việc làm hộ này đã kết thúc, chưa có gì được lưu/)
    expect(await db.selectFrom('audit_entry').select((each) => each.fn.countAll().as('count')).executeTakeFirst()).toEqual(before)
    const api = await openApi(app).request('/api/v1/me', { headers: { cookie: cookies.join('; ') } })
    expect(api.status).toBe(403)
    expect((await loadRoot(asked(app, '/', { cookies }))).viewer).toMatchObject({ name: 'Trần Văn Minh' })
    expect(await viewerOf(cookies, '/')).toMatchObject(over)
    expect((await viewerOf(cookies)).body).toMatchObject({ name: 'Trần Văn Minh' })
  })

  test('when the helper gives it up', async () => {
    const { actingId } = await minhForSau()
    expect(await end(await signIn('minh'), actingId)).toMatchObject({ status: 303 })
    expect(await enter(await signIn('minh'), actingId)).toMatchObject(over)
  })

  test('after its last day, and has not begun before its first', async () => {
    const { cookies, actingId } = await minhForSau()
    await sql`update acting set during = daterange(${addDays(today, -5)}::date, ${today}::date) where id = ${actingId}`.execute(db)
    expect(await viewerOf(cookies)).toMatchObject(over)
    await sql`update acting set during = daterange(${addDays(today, 1)}::date, ${addDays(today, 5)}::date) where id = ${actingId}`.execute(db)
    expect(await enter(cookies, actingId)).toMatchObject(over)
    expect((await viewerOf(cookies)).body).toMatchObject({ name: 'Trần Văn Minh' })
    await sql`update acting set during = daterange(${today}::date, ${today}::date, '[]') where id = ${actingId}`.execute(db)
    await enter(cookies, actingId)
    expect((await viewerOf(cookies)).body).toMatchObject({ name: 'Võ Văn Sáu' })
  })

  test('when either account is shut, and does not come back when it is opened again', async () => {
    const first = await minhForSau()
    const shut = (username: string, isDisabled: boolean) => asSystem(db, app.log, 'test', (tx) => disableAccount(tx, { username, isDisabled }))
    await shut('0901234218', true)
    expect((await viewerOf(first.cookies)).to).toMatch(/^\/sign-in/)
    await shut('0901234218', false)
    expect(await enter(await signIn('minh'), first.actingId)).toMatchObject(over)
    await asSystem(db, app.log, 'test', (tx) => createAccount(tx, { personId: city.person.sau, username: 'sau.ch', password }))
    const second = await minhForSau()
    await shut('sau.ch', true)
    expect(await viewerOf(second.cookies)).toMatchObject(over)
    await shut('sau.ch', false)
    expect(await enter(second.cookies, second.actingId)).toMatchObject(over)
    await db.deleteFrom('account').where('username', '=', 'sau.ch').execute()
  })
})

describe('nobody is named', () => {
  const refusal = async (who: (typeof withAccount)[number], given: Naming) => name(await signIn(who), given)

  test('by those who do not keep the person’s cell', async () => {
    await db.updateTable('acting').set({ ended_at: new Date() }).where('ended_at', 'is', null).execute()
    const forSau = { helpedId: city.person.sau, helperUsername: 'lan.ch', helperName: 'Nguyễn Thị Lan' }
    for (const who of ['lan', 'thu', 'hoa'] as const) expect(await refusal(who, forSau), who).toMatchObject({ status: 404 })
    expect((await refusal('son', { ...forSau, helpedId: city.person.hoa })).status).toBe(403) // an inspector sees the people of cell two
    expect([403, 404]).toContain((await refusal('khoa', forSau)).status)
    expect(await db.selectFrom('acting').select('id').where('ended_at', 'is', null).execute()).toEqual([])
    expect(await refusal('ngoc', forSau)).toMatchObject({ status: 303 }) // the clerk of the level right above
  })

  test('for oneself, without an account, under another’s name, twice, for the past or for longer than a year', async () => {
    await db.updateTable('acting').set({ ended_at: new Date() }).where('ended_at', 'is', null).execute()
    const { sau, binh, minh } = city.person
    const said = async (given: Naming) => problemsOf(await refusal('binh', given))
    expect(await said({ helpedId: binh, helperId: binh })).toEqual({ helperId: 'Không ai làm hộ cho chính mình. Chọn người khác.' })
    expect(await said({ helpedId: minh, helperId: sau })).toEqual({ helperId: 'Người này chưa có tài khoản đang mở. Chọn người khác.' })
    expect(await said({ helpedId: sau })).toHaveProperty('helperUsername')
    // another cell's account is found by both words alone, and one wrong word says no more than two
    const wrong = [{ helperUsername: 'hoa.ch', helperName: 'Phạm Thị Hồng' }, { helperUsername: 'hong.ch', helperName: 'Phạm Thị Hoa' }, { helperUsername: 'hong.ch', helperName: 'Phạm Thị Hồng' }]
    const answers = await Promise.all(wrong.map((given) => said({ helpedId: sau, ...given })))
    for (const answer of answers) expect(answer).toEqual({ helperUsername: expect.stringMatching(/^Không tài khoản đang mở nào/) })
    expect(await said({ helpedId: sau, helperId: minh, fromDay: showDay(addDays(today, -1)) })).toHaveProperty('fromDay')
    expect(await said({ helpedId: sau, helperId: minh, untilDay: showDay(addDays(today, -1)) })).toHaveProperty('untilDay')
    expect(await said({ helpedId: sau, helperId: minh, untilDay: showDay(addDays(today, 366)) })).toHaveProperty('untilDay')
    expect(await refusal('binh', { helpedId: sau, helperId: minh, untilDay: showDay(addDays(today, 365)) })).toMatchObject({ status: 303 })
    expect(await said({ helpedId: sau, helperId: minh })).toEqual({ helperId: 'Người này đã được cử làm hộ trong những ngày đó rồi.' })
  })

  test('by one’s own word alone, neither on the page nor past it, and by nobody without a right in the database', async () => {
    await db.updateTable('acting').set({ ended_at: new Date() }).where('ended_at', 'is', null).execute()
    const { sau, binh, ngoc, minh, thu, hoa } = city.person
    for (const who of ['binh', 'ngoc'] as const) { // who leads the cell, and who keeps it from the level above
      expect(problemsOf(await refusal(who, { helpedId: sau, helperUsername: `${who}.ch`, helperName: who === 'binh' ? 'Lê Thanh Bình' : 'Lý Thị Ngọc' }))).toEqual({ helperUsername: expect.stringMatching(/^Anh\/chị không tự nhận/) })
    }
    const write_ = (as: string, helper: string, helped: string, unit: string, by = as) =>
      asViewer(db, { personId: as, today }, (tx) =>
        tx.insertInto('acting').values({ id: v7(), helper_id: helper, helped_id: helped, unit_id: unit, during: `[${today},${addDays(today, 5)})`, reason: 'x', recorded_by: by, source: 'page' }).execute(),
      ).then(() => 'written', (error: Error) => error.message)
    const { cellOne, cellTwo } = city.unit
    const refused = /row-level security|helper_is_named_by_another/
    expect(await write_(ngoc, ngoc, sau, cellOne)).toMatch(refused)
    expect(await write_(ngoc, ngoc, sau, cellOne, binh)).toMatch(refused) // under another's name
    expect(await write_(thu, minh, sau, cellOne)).toMatch(refused) // another cell's
    expect(await write_(thu, minh, sau, cellTwo)).toMatch(refused) // nor in that cell's name
    expect(await write_(hoa, hoa, thu, cellTwo)).toMatch(refused)
    expect(await write_(binh, minh, sau, cellOne)).toBe('written')
    const { numUpdatedRows } = await asViewer(db, { personId: city.person.son, today }, (tx) => tx.updateTable('acting').set({ ended_at: new Date() }).where('ended_at', 'is', null).executeTakeFirst())
    expect(numUpdatedRows).toBe(0n)
  })

  test('and nobody enters by what is not theirs', async () => {
    const { actingId } = await minhForSau()
    const cookies = await signIn('hoa')
    expect(await enter(cookies, actingId)).toMatchObject({ status: 303, to: '/acting' })
    expect((await viewerOf(cookies)).body).toMatchObject({ name: 'Phạm Thị Hoa' })
    expect(await end(cookies, actingId)).toMatchObject({ status: 404 })
    const { id } = await idOf('sau', 'minh')
    expect(id).toBe(actingId)
  })
})
