import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { v7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { actFor, asViewer } from '../../db/open.ts'
import { openHttp } from '../../http.ts'
import { listen, type Listening } from '../../listen.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { NotFound } from '../../platform/errors.ts'
import { createAccount } from '../../web/accounts.server.ts'
import type { App } from '../../web/context.ts'
import { buildPages } from '../../../scripts/build.ts'
import { testDatabase } from '../../../tests/database.ts'
import { organisation, type Organisation } from '../../../tests/people.ts'
import { testApp } from '../../../tests/web.ts'
import { noticeKinds } from './kinds.ts'
import { linkOf } from './links.server.ts'
import { ownNotices, sentenceOf } from './notice-views.server.ts'
import { noticeWords } from './notices.messages.ts'
import { notify, type Telling } from './notices.server.ts'
import { markRead, openNotice } from './reading.server.ts'

const database = await testDatabase()
const { db } = database
const password = 'một câu rất dài'
let city: Organisation
let app: App

const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
const own = (viewer: Viewer) => as(viewer, ({ tx }) => ownNotices(tx, 'vi'))
const sentences = async (viewer: Viewer) => (await own(viewer)).notices.map((notice) => notice.sentence)
const telling = (more: Partial<Telling> = {}): Telling => ({
  kind: 'duty-made', to: { personIds: [city.person.lan] }, about: { type: 'unit', id: city.unit.cellOne }, unitId: city.unit.cellOne, values: { title: 'Kế hoạch', dueOn: '2021-06-30' }, path: '/', ...more,
})
const tell = (more: Partial<Telling> = {}, viewer = city.viewer.mai) => as(viewer, ({ tx }) => notify(tx, telling(more)))

beforeAll(async () => {
  city = await organisation(db, new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date()))
  app = await testApp(database)
})

describe('who is told', () => {
  test('the people named; of an office, who holds it, but not who says so', async () => {
    expect(await tell()).toBe(1)
    expect(await sentences(city.viewer.lan)).toEqual(['Việc mới: Kế hoạch, hạn 30/6/2021'])
    expect(await tell({ to: { unitIds: [city.unit.cellOne, city.unit.commune], roles: ['secretary', 'clerk'] } })).toBe(2)
    expect(await tell({ to: { unitIds: [city.unit.cellOne, city.unit.commune], roles: ['secretary', 'clerk'] } }, city.viewer.ngoc)).toBe(1)
    expect((await own(city.viewer.binh)).total).toBe(2)
    expect((await own(city.viewer.ngoc)).total).toBe(1)
    expect(await tell({ to: { unitIds: [city.unit.cellTwo], roles: ['deputy'] } })).toBe(0)
  })

  test('nobody reads, marks or opens the notices of another', async () => {
    const [{ id } = { id: '' }] = (await own(city.viewer.lan)).notices
    for (const viewer of [city.viewer.minh, city.viewer.binh, city.viewer.mai, city.viewer.khoa]) {
      expect((await own(viewer)).notices.map((notice) => notice.id)).not.toContain(id)
      await expect(as(viewer, (ctx) => markRead(ctx, { noticeIds: [id], isAll: false }))).rejects.toBeInstanceOf(NotFound)
      await expect(as(viewer, (ctx) => openNotice(ctx, id))).rejects.toThrow(NotFound)
    }
    expect((await own(city.viewer.lan)).unread).toBe(1)
    await expect(as(city.viewer.lan, ({ tx }) => sql`update notice set facts = '{}'`.execute(tx))).rejects.toThrow(/permission denied/)
    await expect(as(city.viewer.lan, ({ tx }) => sql`insert into notice (person_id, kind, about_type, path, is_required, is_urgent, by_office) values (${city.person.lan}, 'urge', 'unit', '/', true, true, false)`.execute(tx))).rejects.toThrow(/permission denied/)
  })

  test('who acts for a person sees what came to the person, not to the person’s office', async () => {
    await tell({ to: { personIds: [city.person.binh] }, values: { title: 'Của riêng Bình', dueOn: '2021-06-30' } })
    const seen = await asViewer(db, city.viewer.lan, async (tx) => {
      await actFor(tx, { helpedId: city.person.binh, helperId: city.person.lan })
      return ownNotices(tx, 'vi')
    })
    expect(seen.notices.map((notice) => notice.sentence)).toEqual(['Việc mới: Của riêng Bình, hạn 30/6/2021'])
  })

  test('a change that is taken back told nobody', async () => {
    await expect(as(city.viewer.mai, async ({ tx }) => {
      await notify(tx, telling({ to: { personIds: [city.person.sau] } }))
      throw new Error('taken back')
    })).rejects.toThrow('taken back')
    expect((await own(city.viewer.sau)).total).toBe(0)
  })
})

describe('what is said', () => {
  test('of what the reader no longer sees, nothing but that', async () => {
    await tell({ to: { personIds: [city.person.hoa] }, about: { type: 'unit', id: city.unit.cellOne }, values: { title: 'Mật', dueOn: '2021-06-30' }, path: '/units/an-hoa-1' })
    const { notices: [notice] } = await own(city.viewer.hoa)
    expect(notice).toMatchObject({ sentence: 'Nội dung này không còn mở với anh/chị', path: null })
    expect(JSON.stringify(notice)).not.toMatch(/Mật|an-hoa-1/)
    expect(await as(city.viewer.hoa, (ctx) => openNotice(ctx, notice!.id))).toBe(`/notices#notice-${notice!.id}`)
  })

  test('every kind has its words in both languages, with its facts and without', () => {
    for (const language of ['vi', 'en'] as const) {
      for (const kind of noticeKinds) {
        const template = noticeWords.catalogues[language][`said.${kind}`]
        const facts = Object.fromEntries([...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name!, ['count', 'days'].includes(name!) ? 2 : 'x']))
        for (const said of [sentenceOf(kind, facts, language), sentenceOf(kind, {}, language), noticeWords.in(language)(`kind.${kind}`)]) expect(said).not.toMatch(/[{}]|^(said|bare|kind)\./)
      }
      expect(sentenceOf('of another version', {}, language)).not.toContain('bare')
    }
  })

  test('the unread come first, then the newest; said again while unread it is one, with the new facts', async () => {
    for (const count of [2, 5]) await tell({ kind: 'urge', to: { personIds: [city.person.minh] }, values: { from: 'Thành ủy', count }, mergeKey: 'urge' })
    await tell({ kind: 'material-new', to: { personIds: [city.person.minh] }, values: { title: 'Đề cương' } })
    expect(await sentences(city.viewer.minh)).toEqual(['Tài liệu mới: Đề cương', 'Thành ủy đôn đốc: còn 5 việc chưa xong'])
    const [newest] = (await own(city.viewer.minh)).notices
    await as(city.viewer.minh, (ctx) => openNotice(ctx, newest!.id))
    expect(await sentences(city.viewer.minh)).toEqual(['Thành ủy đôn đốc: còn 5 việc chưa xong', 'Tài liệu mới: Đề cương'])
    expect(await as(city.viewer.minh, (ctx) => markRead(ctx, { noticeIds: [], isAll: true }))).toBe(1)
    await tell({ kind: 'urge', to: { personIds: [city.person.minh] }, values: { from: 'Thành ủy', count: 1 }, mergeKey: 'urge' })
    expect(await own(city.viewer.minh)).toMatchObject({ total: 3, unread: 1 })
  })

  test('many who are told at once do not wait for one another in a circle', async () => {
    const everybody = Object.values(city.person)
    const told = await Promise.all([everybody, everybody.toReversed(), everybody.toSorted((one, other) => (one < other ? 1 : -1))].map((personIds) => tell({ kind: 'urge', to: { personIds }, values: { from: 'x', count: 1 }, mergeKey: 'all' })))
    expect(told).toEqual([11, 11, 11])
  })
})

describe('over HTTP', () => {
  let url: string
  let listening: Listening
  const cookies: Record<string, string> = {}
  beforeAll(async () => {
    await app.live.start()
    app.streams.start()
    for (const name of ['lan', 'hoa'] as const) await createAccount(db as never, { personId: city.person[name], username: name, password })
    const http = await openHttp(app, await buildPages(() => {}))
    listening = await listen(http.fetch, { host: '127.0.0.1', port: 0 })
    url = `http://127.0.0.1:${listening.port}`
    for (const name of ['lan', 'hoa']) {
      const entered = await fetch(`${url}/sign-in`, { method: 'POST', body: new URLSearchParams({ username: name, password }), headers: { Origin: url }, redirect: 'manual' })
      cookies[name] = entered.headers.getSetCookie().map((each) => each.split(';')[0]).join('; ')
    }
  }, 120_000)
  afterAll(async () => {
    app.streams.stop()
    await listening.close()
    await app.live.stop()
  })

  /** An open stream: what it said so far, and whether it has ended. */
  async function open(name: string) {
    const leaving = new AbortController()
    const response = await fetch(`${url}/notices/stream`, { headers: { Cookie: cookies[name]!, Accept: 'text/event-stream' }, signal: leaving.signal })
    const stream = { response, text: '', isOver: false, leave: () => leaving.abort() }
    void (async () => {
      try {
        for await (const chunk of response.body ?? []) stream.text += Buffer.from(chunk).toString()
      } catch {
        // left
      }
      stream.isOver = true
    })()
    return stream
  }
  async function until(look: () => boolean): Promise<void> {
    for (const end = Date.now() + 10_000; Date.now() < end; await sleep(10)) if (look()) return
    throw new Error('it did not happen in time')
  }

  test('the bell is told at the commit, by one connection for all, and nobody hears of another’s', async () => {
    const [lan, again, hoa] = [await open('lan'), await open('lan'), await open('hoa')]
    expect(lan.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(lan.response.headers.get('x-accel-buffering')).toBe('no')
    expect(lan.response.headers.get('content-encoding')).toBeNull()
    await until(() => [lan, again, hoa].every((stream) => stream.text.includes('event: unread')))
    const unread = (await own(city.viewer.lan)).unread
    const before = hoa.text
    await tell()
    await until(() => [lan, again].every((stream) => stream.text.includes(`data: ${unread + 1}\n`)))
    expect(hoa.text).toBe(before)
    await as(city.viewer.lan, (ctx) => markRead(ctx, { noticeIds: [], isAll: true }))
    await until(() => lan.text.endsWith('data: 0\n\n'))
    const { rows } = await sql<{ count: number }>`select count(*) as count from pg_stat_activity where datname = current_database() and query like 'listen%'`.execute(db)
    expect(rows).toEqual([{ count: 1 }])
    for (const stream of [lan, again, hoa]) stream.leave()
    await until(() => app.streams.count() === 0)
  })

  test('a seventh stream of a person ends the first; signing out ends all of that browser', async () => {
    const streams: Awaited<ReturnType<typeof open>>[] = []
    for (let number = 0; number < 7; number++) streams.push(await open('hoa'))
    await until(() => streams[0]!.isOver)
    expect(streams[0]!.text).toContain('event: over')
    expect(app.streams.count()).toBe(6)
    await fetch(`${url}/sign-out`, { method: 'POST', headers: { Cookie: cookies['hoa']!, Origin: url }, redirect: 'manual' })
    await until(() => streams.every((stream) => stream.isOver))
    expect((await fetch(`${url}/notices/stream`, { headers: { Cookie: cookies['hoa']! } })).status).toBe(204)
    expect((await fetch(`${url}/notices/count`, { headers: { Cookie: cookies['hoa']! } })).status).toBe(401)
  })

  test('the page, the bell without script, and the API say the same, and are one’s own', async () => {
    await tell({ values: { title: 'Kế hoạch <b>mới</b>', dueOn: '2021-06-30' } })
    const get = async (path: string) => (await fetch(url + path, { headers: { Cookie: cookies['lan']! } })).text()
    const page = await get('/notices')
    expect(page).toContain('1 thông báo anh/chị chưa đọc')
    expect(page).toContain('Việc mới: Kế hoạch &lt;b&gt;mới&lt;/b&gt;, hạn 30/6/2021')
    expect(page).toMatch(/<a class="bell" href="\/notices" aria-label="Thông báo: 1 chưa đọc"/)
    expect(JSON.parse(await get('/notices/count'))).toEqual({ unread: 1 })
    const api = JSON.parse(await get('/api/v1/notices')) as { unread: number; notices: { id: string; sentence: string }[] }
    expect(api).toMatchObject({ unread: 1 })
    expect(api.notices[0]!.sentence).toBe('Việc mới: Kế hoạch <b>mới</b>, hạn 30/6/2021')
    const opened = await fetch(`${url}/notices/${api.notices[0]!.id}/open`, { headers: { Cookie: cookies['lan']! }, redirect: 'manual' })
    expect([opened.status, opened.headers.get('location')]).toEqual([303, '/'])
    expect(JSON.parse(await get('/notices/count'))).toEqual({ unread: 0 })
    expect((await fetch(`${url}/notices/nothing/open`, { headers: { Cookie: cookies['lan']! }, redirect: 'manual' })).status).toBe(404)
    expect((await fetch(`${url}/api/v1/notices-read`, { method: 'POST', headers: { Cookie: cookies['lan']!, 'Content-Type': 'application/json' }, body: '{"isAll":true}' })).status).toBe(200)
  })

  test('the link of a letter works signed out: by its button, and by one click of a mail program', async () => {
    const id = v7()
    await sql`insert into notice_address (id, person_id, address, confirmed_at) values (${id}, ${city.person.lan}, 'lan@example.vn', now())`.execute(db)
    const path = linkOf(app, 'unsubscribe', id)
    const page = await (await fetch(url + path)).text()
    expect(page).toContain('Chỉ nhận thư về việc phải làm ở địa chỉ này?')
    expect(page).toContain('vẫn được gửi')
    expect((await sql`select from notice_choice`.execute(db)).rows).toHaveLength(0)
    const clicked = await fetch(url + path, { method: 'POST', body: 'List-Unsubscribe=One-Click', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } })
    expect(clicked.status).toBe(200)
    expect((await sql<{ scope: string }>`select scope from notice_choice`.execute(db)).rows).toEqual([{ scope: 'required' }])
    const wrong = await fetch(`${url}${path.slice(0, -2)}xx`, { method: 'POST' })
    expect(await wrong.text()).toContain('không còn nhận thư nào')
  })

  test('pages of choices, webhooks and the calendar answer; only an administrator has webhooks', async () => {
    const get = (path: string) => fetch(url + path, { headers: { Cookie: cookies['lan']! } })
    for (const path of ['/notices/choices', '/me/calendar']) expect((await get(path)).status, path).toBe(200)
    expect((await get('/notices/webhooks')).status).toBe(403)
  })

  test('a server that stops ends its streams at once', async () => {
    const stream = await open('lan')
    await until(() => stream.text.includes('event: unread'))
    const began = performance.now()
    app.streams.stop()
    await listening.close()
    expect(performance.now() - began).toBeLessThan(5000)
    await until(() => stream.isOver)
    expect(stream.text).not.toContain('event: over') // the page comes back to the next server
  })
})
