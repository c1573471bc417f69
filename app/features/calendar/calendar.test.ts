import fc from 'fast-check'
import ical, { type VEvent } from 'node-ical'
import { sql } from 'kysely'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { asViewer } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { addDays, today } from '../../platform/clock.ts'
import { Forbidden } from '../../platform/errors.ts'
import { testDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation, type Organisation } from '../../../tests/people.ts'
import { asked, answerOf, testApp } from '../../../tests/web.ts'
import type { App } from '../../web/context.ts'
import { holdSession } from '../study/sessions.server.ts'
import { calendarBehind, calendarOf, makeLink, revokeLink, type Entry } from './calendar.server.ts'
import { loader } from './calendar.route.ts'

const zone = process.env['TZ']
afterEach(() => {
  if (zone === undefined) delete process.env['TZ']
  else process.env['TZ'] = zone
})

const entry = (more: Partial<Entry> = {}): Entry =>
  ({ id: 'sitting-1', name: 'Lớp học tập; chuyên đề 1, 2', place: 'Hội trường', path: '/sessions/1', isCancelled: false, version: 1, changedAt: new Date('2021-03-01T00:00:00Z'), startsAt: new Date('2021-04-05T00:30:00Z'), endsAt: null, ...more }) as Entry
const written = (...entries: Entry[]) => calendarOf(entries, { language: 'vi', origin: 'https://thong-suot.test' })
const eventsOf = (text: string) => Object.values(ical.sync.parseICS(text)).filter((one): one is VEvent => one?.type === 'VEVENT')
const unfolded = (text: string) => text.replace(/\r\n[ \t]/g, '')

describe('a calendar as RFC 5545 asks', () => {
  test('says instants in UTC and due days as whole days, wherever the server stands', () => {
    for (const TZ of ['UTC', 'Asia/Ho_Chi_Minh', 'America/Los_Angeles']) {
      process.env['TZ'] = TZ
      // 22:30 of the 5th at home is still the 5th in UTC; 6:00 of the 6th is too
      const text = written(entry({ startsAt: new Date('2021-04-05T15:30:00Z'), endsAt: new Date('2021-04-05T23:00:00Z') }), { ...entry(), id: 'duty-1', day: '2021-06-30', kind: 'due' } as Entry)
      expect(text).toContain('DTSTART:20210405T153000Z\r\n')
      expect(text).toContain('DTEND:20210405T230000Z\r\n')
      expect(text).toContain('DTSTART;VALUE=DATE:20210630\r\n')
      expect(text).toContain('DTEND;VALUE=DATE:20210701\r\n')
    }
  })

  test('has lines of 75 octets at most that do not cut a letter, and brings every name back whole', () => {
    const name = fc.string({ unit: fc.constantFrom(...Array.from('ĐảngỦyhọctập ;,\\:1một')), minLength: 1, maxLength: 200 }).map((text) => text.trim() || 'x')
    fc.assert(fc.property(name, name, (title, place) => {
      const text = written(entry({ name: title, place }))
      for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
      expect(text).not.toContain('\uFFFD')
      expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
      const valueOf = (field: string) => new RegExp(`^${field}:(.*)\r$`, 'm').exec(unfolded(text))![1]!.replace(/\\([\\;,])/g, '$1')
      expect(valueOf('SUMMARY')).toBe(title)
      expect(valueOf('LOCATION')).toBe(place)
    }))
  })

  test('has what every calendar and event must have', () => {
    const text = unfolded(written(entry(), entry({ id: 'sitting-2', isCancelled: true, version: 3 })))
    expect(text.startsWith('BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:')).toBe(true)
    expect(text.trimEnd().endsWith('END:VCALENDAR')).toBe(true)
    expect(text.match(/^BEGIN:VEVENT/gm)).toHaveLength(2)
    for (const event of text.split('BEGIN:VEVENT').slice(1)) for (const name of ['UID:', 'DTSTAMP:20210301T000000Z', 'DTSTART:', 'SUMMARY:']) expect(event).toContain(`\r\n${name}`)
    expect(text).toContain('UID:sitting-1@thong-suot')
    expect(text).toContain('STATUS:CANCELLED')
    expect(text).toContain('SEQUENCE:2')
    expect(text).not.toContain('BEGIN:VTIMEZONE')
  })
})

describe('the feed of a person', async () => {
  const database = await testDatabase()
  const { db } = database
  const day = today('Asia/Ho_Chi_Minh')
  let city: Organisation
  let app: App
  const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))

  beforeAll(async () => {
    city = await organisation(db, day)
    app = await testApp(database, { publicUrl: 'https://thong-suot.test' })
    await openedCampaign(db, city)
    const hold = (viewer: Viewer, unitCode: string, name: string, heldOn: string, startsAt?: string, endsAt?: string) =>
      as(viewer, (ctx) => holdSession(ctx, { campaignCode: 'nq-xiii', unitCode, kind: 'class', name, place: 'Nhà văn hóa', categories: [], sittings: [{ heldOn, topicIds: [], ...(startsAt ? { startsAt, endsAt } : {}) }] }))
    await hold(city.viewer.binh, 'an-hoa-1', 'Lớp chi bộ 1', addDays(day, 3), '19:30', '21:00')
    await hold(city.viewer.thu, 'an-hoa-2', 'Lớp chi bộ 2', addDays(day, 3), '06:00', '08:00')
    await hold(city.viewer.ngoc, 'an-hoa', 'Lớp đảng bộ', addDays(day, 5))
  })
  const names = async (secret: string) => eventsOf((await calendarBehind(app, secret, 'vi'))!).map((event) => event.summary as string).toSorted((one, other) => (one < other ? -1 : 1))

  test('has one’s own sessions and those above, not those of another cell; times are those of the deployment', async () => {
    const { secret } = await as(city.viewer.lan, makeLink)
    expect(await names(secret)).toEqual(['Lớp chi bộ 1', 'Lớp đảng bộ'])
    const text = unfolded((await calendarBehind(app, secret, 'vi'))!)
    expect(text).toContain(`DTSTART:${addDays(day, 3).replaceAll('-', '')}T123000Z`)
    expect(text).not.toMatch(/Nguyễn Thị Lan|Lê Thanh Bình|ATTENDEE|ORGANIZER/)
  })

  test('opens by the last link alone, whose hash alone is kept, until it is revoked', async () => {
    const first = await as(city.viewer.hoa, makeLink)
    const { secret } = await as(city.viewer.hoa, makeLink)
    expect(await calendarBehind(app, first.secret, 'vi')).toBeNull()
    expect(await names(secret)).toEqual(['Lớp chi bộ 2', 'Lớp đảng bộ'])
    expect((await sql<{ text: string }>`select calendar_link::text as text from calendar_link`.execute(db)).rows.map((row) => row.text).join()).not.toContain(secret)
    expect((await as(city.viewer.lan, ({ tx }) => sql<{ id: string }>`select person_id as id from calendar_link`.execute(tx))).rows).toEqual([{ id: city.person.lan }])
    await as(city.viewer.hoa, revokeLink)
    expect(await calendarBehind(app, secret, 'vi')).toBeNull()
    await expect(as({ ...city.viewer.hoa, actedBy: { personId: city.person.lan, name: 'Lan' } }, makeLink)).rejects.toThrow(Forbidden)
  })

  test('is shut with the account, and shows of an office that has ended nothing any more', async () => {
    const { secret } = await as(city.viewer.ngoc, makeLink)
    expect(await names(secret)).toEqual(['Lớp đảng bộ'])
    await db.updateTable('office').set({ during: sql`daterange(lower(during), ${day}::date)` }).where('person_id', '=', city.person.ngoc).execute()
    expect(await names(secret)).toEqual([])
    const id = city.person.ngoc
    await db.insertInto('account').values({ id, person_id: id, username: 'ngoc', display_username: 'ngoc', name: 'ngoc', email: `${id}@account.invalid`, is_disabled: true }).execute()
    expect(await calendarBehind(app, secret, 'vi')).toBeNull()
  })

  test('answers programs that ask again with nothing when nothing is new', async () => {
    const { secret } = await as(city.viewer.minh, makeLink)
    const ask = (headers: Record<string, string> = {}) => loader(asked(app, `/calendar/${secret}.ics`, { headers, params: { file: `${secret}.ics` } }))
    const answer = await ask()
    expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8')
    const etag = answer.headers.get('etag')!
    expect((await ask({ 'If-None-Match': etag })).status).toBe(304)
    expect((await ask({ 'If-None-Match': '"old"' })).status).toBe(200)
    for (const file of ['x.ics', `${secret}`, `${secret.slice(1)}A.ics`]) expect((await answerOf(loader(asked(app, `/calendar/${file}`, { params: { file } })))).status).toBe(404)
  })
})
