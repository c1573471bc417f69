import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { v7 } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asViewer } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { Forbidden, Refused } from '../../platform/errors.ts'
import { openMail } from '../../platform/mail.ts'
import { testDatabase } from '../../../tests/database.ts'
import { organisation, type Organisation } from '../../../tests/people.ts'
import { headerOf, openPostOffice, type Mailed, type PostOffice } from '../../../tests/smtp.ts'
import { testApp } from '../../../tests/web.ts'
import type { App } from '../../web/context.ts'
import { choose, confirmAddress, giveAddress, ownChoices, removeAddress, unsubscribe } from './choices.server.ts'
import { handOver, startDelivery, type Pace } from './delivery.server.ts'
import { addressOf, linkOf } from './links.server.ts'
import { makeDigests, sweepNotices } from './notices.jobs.ts'
import { notify, type Telling } from './notices.server.ts'
import { markRead } from './reading.server.ts'
import { resend, stuck } from './webhooks.server.ts'

const pace: Pace = { retry: { limit: 2, delay: 1, longest: 1 }, atOnce: 4, lookMs: 500, pauseMs: 50, graceMs: 300 }
const database = await testDatabase()
const { db } = database
let city: Organisation
let post: PostOffice
let app: App
let stop: () => Promise<void>

const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))

beforeAll(async () => {
  city = await organisation(db, new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date()))
  post = await openPostOffice()
  const mail = { url: post.url, from: 'Thông Suốt <thong-suot@example.vn>' }
  app = await testApp(database, { mail, publicUrl: 'https://thong-suot.test' })
  await app.live.start()
  stop = startDelivery(app, pace)
  await address(city.viewer.binh, 'binh@example.vn')
  await address(city.viewer.ngoc, 'ngoc@example.vn', 'en')
})
afterAll(async () => {
  await stop()
  await app.live.stop()
  app.mail.close()
  await post.close()
})
beforeEach(async () => {
  await settled()
  post.letters.length = 0
})

const urge = (more: Partial<Telling> = {}): Telling => ({
  kind: 'urge',
  to: { unitIds: [city.unit.cellOne], roles: ['secretary', 'deputy', 'clerk'] },
  about: { type: 'unit', id: city.unit.cellOne },
  unitId: city.unit.cellOne,
  values: { from: 'Thành ủy Cần Thơ', count: 3 },
  path: '/',
  ...more,
})

/** Gives an address, follows the link of its letter, and has no quiet hours. */
async function address(viewer: Viewer, to: string, language: 'vi' | 'en' = 'vi') {
  await as(viewer, (ctx) => giveAddress(ctx, { id: v7(), address: to }, language))
  const letter = await letterTo(to)
  const addressId = addressOf(app, 'confirm', new URL(/https:\S+/.exec(letter.text!)![0]).searchParams.get('of'))
  expect(await confirmAddress(app, addressId!)).toBe(true)
  await as(viewer, (ctx) => choose(ctx, { scope: 'all', digestHour: 0, quietFrom: 5, quietTo: 5, kinds: {} }))
  return addressId!
}

async function letterTo(to: string): Promise<Mailed> {
  return until(() => post.letters.find((letter) => letter.recipients.includes(to)))
}

async function until<Found>(look: () => Found | undefined | false | Promise<Found | undefined | false>, most = 20_000): Promise<Found> {
  for (const end = Date.now() + most; Date.now() < end; await sleep(20)) {
    const found = await look()
    if (found) return found
  }
  throw new Error('it did not happen in time')
}

const states = async () => (await sql<{ state: string; count: number }>`select state, count(*) from notice_delivery group by state`.execute(db)).rows
const settled = () => until(async () => (await states()).every(({ state }) => ['sent', 'dead', 'dropped', 'held'].includes(state)))

describe('what is urgent', () => {
  test('goes by e-mail at once, in the reader’s language, with the headers a mail program needs', async () => {
    expect(await as(city.viewer.mai, ({ tx }) => notify(tx, urge()))).toBe(1)
    const letter = await letterTo('binh@example.vn')
    expect(letter.subject).toBe('Thành ủy Cần Thơ đôn đốc: còn 3 việc chưa xong')
    expect(letter.raw).toMatch(/^Subject: =\?UTF-8\?/m)
    expect(letter.from).toEqual({ name: 'Thông Suốt', address: 'thong-suot@example.vn' })
    expect(letter.to).toEqual([{ name: '', address: 'binh@example.vn' }])
    const { rows } = await sql<{ id: string }>`select id from notice_delivery where purpose = 'notice'`.execute(db)
    expect(letter.messageId).toBe(`<notice-${rows[0]!.id}@example.vn>`)
    expect(Math.abs(Date.parse(letter.date!) - Date.now())).toBeLessThan(60_000)
    expect(headerOf(letter, 'list-unsubscribe')).toMatch(/^<https:\/\/thong-suot\.test\/notices\/unsubscribe\?of=[^>]+>$/)
    expect(headerOf(letter, 'list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click')
    expect(headerOf(letter, 'content-type')).toMatch(/^multipart\/alternative/)
    expect(letter.text).toContain('đôn đốc: còn 3 việc chưa xong.')
    expect(letter.html).toContain('<html lang="vi">')
    expect(letter.html + letter.text!).not.toContain('Lê Thanh Bình')
    expect(post.letters).toHaveLength(1)
  })

  test('is said in English to whom chose that, and not to who has given no address', async () => {
    expect(await as(city.viewer.mai, ({ tx }) => notify(tx, urge({ to: { personIds: [city.person.ngoc, city.person.duc] } })))).toBe(2)
    expect((await letterTo('ngoc@example.vn')).subject).toBe('Thành ủy Cần Thơ urges; duties not done: 3')
    await settled()
    expect(post.letters).toHaveLength(1)
  })

  test('of a change that was taken back is never sent', async () => {
    await expect(as(city.viewer.mai, async ({ tx }) => {
      await notify(tx, urge())
      throw new Error('taken back')
    })).rejects.toThrow('taken back')
    await handOver(app, pace)
    await sleep(200)
    expect(post.letters).toEqual([])
  })

  test('with one merge key is one letter however much is told in one change; said again later, it is another', async () => {
    const again = (count: number) => urge({ mergeKey: 'urge cell one', values: { from: 'Thành ủy', count } })
    await as(city.viewer.mai, async ({ tx }) => {
      for (const count of [1, 2, 7]) await notify(tx, again(count))
    })
    await until(() => post.letters.length === 1)
    expect(post.letters[0]!.subject).toContain('còn 7 việc')
    await settled()
    await as(city.viewer.mai, ({ tx }) => notify(tx, again(4)))
    await until(() => post.letters.length === 2)
    expect(new Set(post.letters.map((letter) => letter.messageId)).size).toBe(2)
    const { rows } = await sql<{ occasion: number }>`select occasion from notice where merge_key = 'urge cell one'`.execute(db)
    expect(rows).toEqual([{ occasion: 2 }])
  })

  test('waits through quiet hours, and is not sent once it was read', async () => {
    const hour = Number(new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Ho_Chi_Minh', hour: 'numeric' }).format(new Date()))
    const quiet = (on: boolean) => as(city.viewer.binh, (ctx) => choose(ctx, { scope: 'all', digestHour: 0, quietFrom: on ? hour : 5, quietTo: on ? (hour + 2) % 24 : 5, kinds: {} }))
    await quiet(true)
    await as(city.viewer.mai, ({ tx }) => notify(tx, urge()))
    await as(city.viewer.mai, ({ tx }) => notify(tx, urge({ values: { from: 'Thành ủy', count: 9 } })))
    await sleep(200)
    expect((await states()).find(({ state }) => state === 'waiting')?.count).toBe(2)
    const { rows } = await sql<{ id: string }>`select id from notice where facts ->> 'count' = '9'`.execute(db)
    expect(await as(city.viewer.binh, (ctx) => markRead(ctx, { noticeIds: [rows[0]!.id], isAll: false }))).toBe(1)
    await quiet(false)
    await settled()
    expect(post.letters.map((letter) => letter.subject)).toEqual(['Thành ủy Cần Thơ đôn đốc: còn 3 việc chưa xong'])
  })

  test('is tried again when the server is busy, under the same Message-ID, and is dead once the address is refused', async () => {
    let busy = 1
    post.refuse(() => (busy-- > 0 ? { code: 451, text: 'bận, thử lại sau' } : null))
    await as(city.viewer.mai, ({ tx }) => notify(tx, urge()))
    await letterTo('binh@example.vn')
    await settled()
    const tried = await sql<{ attempts: number; state: string }>`select attempts, state from notice_delivery where purpose = 'notice' order by made_at desc limit 1`.execute(db)
    expect(tried.rows).toEqual([{ attempts: 2, state: 'sent' }])
    post.refuse(() => ({ code: 550, text: 'không có hộp thư này' }))
    await as(city.viewer.mai, ({ tx }) => notify(tx, urge()))
    await until(async () => (await states()).some(({ state }) => state === 'dead'))
    expect((await as(city.viewer.binh, ownChoices)).address?.lastProblem).toContain('550')
    post.refuse(null)
    await sql`delete from notice_delivery where state = 'dead'`.execute(db)
  })

  test.each([
    ['a full mailbox (450)', { code: 450, text: 'hộp thư đầy' }],
    ['a server that goes away (421)', { code: 421, text: 'đang khởi động lại' }],
    ['a connection cut in the middle of the letter', 'cut' as const],
  ])('is tried again after %s, once and under the same Message-ID', async (_, trouble) => {
    let troubles = 1
    post.trouble(() => (troubles-- > 0 ? trouble : null))
    await as(city.viewer.mai, ({ tx }) => notify(tx, urge()))
    await letterTo('binh@example.vn')
    await settled()
    post.trouble(null)
    const { rows } = await sql<{ id: string; attempts: number; state: string }>`select id, attempts, state from notice_delivery where purpose = 'notice' order by made_at desc limit 1`.execute(db)
    expect(rows).toMatchObject([{ attempts: 2, state: 'sent' }])
    expect(post.letters.map((letter) => letter.messageId)).toEqual([`<notice-${rows[0]!.id}@example.vn>`])
  })

  test('is dead at once when the letter itself is refused for good, and an administrator sees it without a name and sends it again', async () => {
    post.trouble(() => ({ code: 554, text: 'thư bị từ chối' }))
    await as(city.viewer.mai, ({ tx }) => notify(tx, urge()))
    await until(async () => (await states()).some(({ state }) => state === 'dead'))
    const [dead] = await as(city.viewer.khoa, stuck)
    expect(dead).toMatchObject({ purpose: 'notice', state: 'dead', attempts: 1, problem: expect.stringContaining('554') })
    expect(JSON.stringify(dead)).not.toMatch(/binh|Bình/)
    for (const viewer of [city.viewer.mai, city.viewer.binh]) await expect(as(viewer, stuck)).rejects.toThrow(Forbidden)
    post.trouble(null)
    await as(city.viewer.khoa, (ctx) => resend(ctx, { deliveryIds: [dead!.id] }))
    await letterTo('binh@example.vn')
    await settled()
    expect(post.letters).toHaveLength(1)
  })

  test('waits through quiet hours over midnight, in the time of the deployment, to their last minute', async () => {
    await stop()
    await as(city.viewer.binh, (ctx) => choose(ctx, { scope: 'all', digestHour: 0, quietFrom: 22, quietTo: 6, kinds: {} }))
    await as(city.viewer.mai, ({ tx }) => notify(tx, urge()))
    await app.queue.start()
    for (const instant of ['15:00', '16:59', '17:01', '22:59']) expect(await handOver(app, pace, new Date(`2031-03-10T${instant}:00Z`)), instant).toBe(0) // 22:00 to 5:59
    expect(await handOver(app, pace, new Date('2031-03-10T14:59:00Z'))).toBe(1) // 21:59
    await sql`update notice_delivery set state = 'waiting' where state = 'queued'`.execute(db)
    expect(await handOver(app, pace, new Date('2031-03-10T23:00:00Z'))).toBe(1) // 6:00
    await app.queue.stop()
    stop = startDelivery(app, pace)
    await letterTo('binh@example.vn')
    await as(city.viewer.binh, (ctx) => choose(ctx, { scope: 'all', digestHour: 0, quietFrom: 5, quietTo: 5, kinds: {} }))
    await settled()
    expect(post.letters).toHaveLength(1)
  })

  test('tells nobody what is closed to them by now', async () => {
    await as(city.viewer.mai, ({ tx }) => notify(tx, urge({ to: { personIds: [city.person.binh] }, about: { type: 'unit', id: city.unit.cellTwo } })))
    await settled()
    expect(post.letters).toEqual([])
  })
})

describe('the daily letter', () => {
  const made = (count: number, more: Partial<Telling> = {}) => as(city.viewer.mai, async ({ tx }) => {
    for (let number = 1; number <= count; number++) await notify(tx, urge({ kind: 'duty-made', values: { title: `Kế hoạch số ${number}`, dueOn: '2021-06-30' }, ...more }))
  })
  const nextDay = (days: number) => new Date(Date.now() + days * 24 * 3600_000)

  test('has what no letter had and nobody read, once; with nothing to say there is none', async () => {
    await as(city.viewer.binh, (ctx) => markRead(ctx, { noticeIds: [], isAll: true }))
    expect(await makeDigests(app)).toBe(0)
    await made(2)
    const { rows } = await sql<{ id: string }>`select id from notice where facts ->> 'title' = 'Kế hoạch số 2'`.execute(db)
    await as(city.viewer.binh, (ctx) => markRead(ctx, { noticeIds: [rows[0]!.id], isAll: false }))
    await made(1, { kind: 'material-new', values: { title: 'Hỏi – đáp' } })
    await as(city.viewer.mai, ({ tx }) => notify(tx, urge()))
    await until(() => post.letters.length === 1)
    expect(await makeDigests(app)).toBe(1)
    expect(await makeDigests(app)).toBe(0)
    await until(() => post.letters.length === 2)
    const letter = post.letters[1]!
    expect(letter.subject).toMatch(/^Thông Suốt: 2 thông báo chưa đọc, \d+\/\d+\/\d+$/)
    expect(letter.text).toContain('Việc mới: Kế hoạch số 1, hạn 30/6/2021')
    expect(letter.text).toContain('Tài liệu mới: Hỏi – đáp')
    expect(letter.text).not.toMatch(/Kế hoạch số 2|đôn đốc/)
    expect(await makeDigests(app, nextDay(1))).toBe(0)
  })

  test('is not sent when all of it was read before it went', async () => {
    await made(1)
    await stop()
    expect(await makeDigests(app, nextDay(2))).toBe(1)
    await as(city.viewer.binh, (ctx) => markRead(ctx, { noticeIds: [], isAll: true }))
    stop = startDelivery(app, pace)
    await settled()
    expect(post.letters).toEqual([])
  })

  test('comes at its reader’s hour in the time of the deployment, also where the day changes at 17:00 UTC', async () => {
    await as(city.viewer.binh, (ctx) => choose(ctx, { scope: 'all', digestHour: 6, quietFrom: 5, quietTo: 5, kinds: {} }))
    await made(1)
    const day = '2031-03-10'
    expect(await makeDigests(app, new Date(`${day}T16:59:00Z`))).toBe(1) // 23:59 of the 10th
    await made(1)
    expect(await makeDigests(app, new Date(`${day}T17:01:00Z`))).toBe(0) // 0:01 of the 11th: a new day, before its hour
    expect(await makeDigests(app, new Date(`${day}T22:59:00Z`))).toBe(0)
    expect(await makeDigests(app, new Date(`${day}T23:00:00Z`))).toBe(1) // 6:00 of the 11th
    await settled()
  })
})

describe('choices', () => {
  test('asking for fewer letters by one click keeps what duty requires', async () => {
    const { rows } = await sql<{ id: string }>`select id from notice_address where person_id = ${city.person.binh}`.execute(db)
    const token = new URL(linkOf(app, 'unsubscribe', rows[0]!.id)).searchParams.get('of')
    expect(addressOf(app, 'confirm', token)).toBeNull()
    expect(addressOf(app, 'unsubscribe', token!.replace(/.$/, (letter) => (letter === 'A' ? 'B' : 'A')))).toBeNull()
    expect(await unsubscribe(app, addressOf(app, 'unsubscribe', token)!)).toBe(true)
    await as(city.viewer.mai, async ({ tx }) => {
      await notify(tx, urge({ kind: 'material-new', values: { title: 'Đề cương' } }))
      await notify(tx, urge())
    })
    await until(() => post.letters.length === 1)
    expect(await makeDigests(app, new Date(Date.now() + 5 * 24 * 3600_000))).toBe(0)
    expect(post.letters[0]!.text).toContain('vẫn gửi qua thư')
  })

  test('what duty requires is put off to the daily letter, not switched off', async () => {
    await expect(as(city.viewer.binh, (ctx) => choose(ctx, { scope: 'all', digestHour: 0, quietFrom: 5, quietTo: 5, kinds: { urge: 'none' } }))).rejects.toThrow(Refused)
    await as(city.viewer.binh, (ctx) => choose(ctx, { scope: 'all', digestHour: 0, quietFrom: 5, quietTo: 5, kinds: { urge: 'digest', 'material-new': 'now' } }))
    await as(city.viewer.mai, async ({ tx }) => {
      await notify(tx, urge())
      await notify(tx, urge({ kind: 'material-new', values: { title: 'Đề cương' } }))
    })
    await until(() => post.letters.length === 1)
    await settled()
    expect(post.letters.map((letter) => letter.subject)).toEqual(['Tài liệu mới: Đề cương'])
  })

  test('new duties come in the daily letter, and can be switched off', async () => {
    await as(city.viewer.binh, (ctx) => markRead(ctx, { noticeIds: [], isAll: true }))
    await as(city.viewer.binh, (ctx) => choose(ctx, { scope: 'all', digestHour: 0, quietFrom: 5, quietTo: 5, kinds: { 'duty-made': 'none' } }))
    await as(city.viewer.mai, ({ tx }) => notify(tx, urge({ kind: 'duty-made', values: { title: 'Kế hoạch', dueOn: '2021-06-30' } })))
    expect(await makeDigests(app, new Date(Date.now() + 7 * 24 * 3600_000))).toBe(0)
    await as(city.viewer.binh, (ctx) => choose(ctx, { scope: 'all', digestHour: 0, quietFrom: 5, quietTo: 5, kinds: {} }))
    expect(await makeDigests(app, new Date(Date.now() + 8 * 24 * 3600_000))).toBe(1)
    await until(() => post.letters.length === 1)
    expect(post.letters[0]!.text).toContain('Việc mới: Kế hoạch, hạn 30/6/2021')
    await settled()
  })

  test('nobody else sees an address, not even who acts for the person; without one nothing is mailed', async () => {
    const seen = await as(city.viewer.khoa, ({ tx }) => sql`select from notice_address`.execute(tx))
    expect(seen.rows).toHaveLength(0)
    const helper: Viewer = { ...city.viewer.binh, offices: [], actedBy: { personId: city.person.lan, name: 'Nguyễn Thị Lan' } }
    await expect(as(helper, ownChoices)).rejects.toThrow(Forbidden)
    await as(city.viewer.binh, removeAddress)
    await as(city.viewer.mai, ({ tx }) => notify(tx, urge()))
    await settled()
    expect(post.letters).toEqual([])
  })

  test('an address gets five letters a day at most, and a link confirms once', async () => {
    for (let time = 1; time <= 4; time++) await as(city.viewer.binh, (ctx) => giveAddress(ctx, { id: v7(), address: 'binh@example.vn' }, 'vi'))
    await expect(as(city.viewer.binh, (ctx) => giveAddress(ctx, { id: v7(), address: 'binh@example.vn' }, 'vi'))).rejects.toThrow(/tomorrow/)
    await settled()
    const { rows } = await sql<{ id: string }>`select id from notice_address where person_id = ${city.person.binh}`.execute(db)
    expect(await confirmAddress(app, rows[0]!.id)).toBe(true)
    expect(await confirmAddress(app, rows[0]!.id)).toBe(false)
  })
})

test('what was claimed by a process that is gone is sent again by another, and shows so', async () => {
  await stop()
  await as(city.viewer.mai, ({ tx }) => notify(tx, urge({ to: { personIds: [city.person.ngoc] } })))
  const { rows } = await sql<{ id: string }>`update notice_delivery set state = 'sending', attempts = 1, claimed_by = gen_random_uuid(), since = now() - interval '1 minute' where state = 'waiting' returning id`.execute(db)
  stop = startDelivery(app, pace)
  const letter = await letterTo('ngoc@example.vn')
  expect(letter.messageId).toBe(`<notice-${rows[0]!.id}@example.vn>`)
  await settled()
  const again = await sql<{ attempts: number }>`select attempts from notice_delivery where id = ${rows[0]!.id}`.execute(db)
  expect(again.rows).toEqual([{ attempts: 2 }])
})

test('what a living process has claimed is left to it', async () => {
  await as(city.viewer.mai, ({ tx }) => notify(tx, urge({ to: { personIds: [city.person.ngoc] } })))
  await settled()
  await sql`update notice_delivery set state = 'sending', claimed_by = ${app.live.process}, since = now() - interval '1 minute' where id = (select id from notice_delivery order by made_at desc limit 1)`.execute(db)
  expect(await handOver(app, { graceMs: 1 })).toBe(0)
  await sql`update notice_delivery set state = 'sent' where state = 'sending'`.execute(db)
})

test('a server without e-mail leaves letters where they are', async () => {
  await stop()
  await as(city.viewer.mai, ({ tx }) => notify(tx, urge({ to: { personIds: [city.person.ngoc] } })))
  expect(await handOver({ ...app, mail: openMail(null) }, pace)).toBe(0)
  stop = startDelivery(app, pace)
  await letterTo('ngoc@example.vn')
})

test('old notices are swept: read after the setting, unread after twice that', async () => {
  await as(city.viewer.mai, ({ tx }) => notify(tx, urge({ to: { personIds: [city.person.duc, city.person.hoa, city.person.thu] } })))
  const old = (days: number, read: boolean, person: string) => sql`
    update notice set made_at = now() - ${days} * interval '1 day', read_at = case when ${read} then now() - ${days} * interval '1 day' end where person_id = ${person}`.execute(db)
  await old(200, true, city.person.duc)
  await old(200, false, city.person.hoa)
  await old(400, false, city.person.thu)
  await sweepNotices(app)
  const { rows } = await sql<{ person_id: string }>`select distinct person_id from notice where person_id = any (${[city.person.duc, city.person.hoa, city.person.thu]}::uuid[])`.execute(db)
  expect(rows).toEqual([{ person_id: city.person.hoa }])
})
