import { sql } from 'kysely'
import { beforeAll, expect, test, vi } from 'vitest'
import { asViewer } from '../../app/db/open.ts'
import { notify } from '../../app/features/notices/notices.server.ts'
import { createAccount } from '../../app/web/accounts.server.ts'
import { testDatabase } from '../database.ts'
import { organisation, type Organisation } from '../people.ts'
import { browserOfFile, password, serve, signedIn } from './site.ts'
import { violationsOf } from './axe.ts'

vi.setConfig({ testTimeout: 90_000 })
const database = await testDatabase()
const { db } = database
let city: Organisation

beforeAll(async () => {
  city = await organisation(db, new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date()))
  for (const name of ['binh', 'khoa'] as const) await createAccount(db as never, { personId: city.person[name], username: name, password })
})
const served = await serve(database, { mail: { url: 'smtp://127.0.0.1:9', from: 'thong-suot@example.vn' }, publicUrl: null })
const browser = await browserOfFile()

const urge = (count: number) =>
  asViewer(db, city.viewer.mai, (tx) => notify(tx, { kind: 'urge', to: { unitIds: [city.unit.cellOne], roles: ['secretary'] }, about: { type: 'unit', id: city.unit.cellOne }, unitId: city.unit.cellOne, values: { from: 'Thành ủy Cần Thơ', count }, path: '/units/an-hoa-1' }))

test('the bell follows what happens while a page is open, by the stream and where that is cut, and leads to what it tells of', async () => {
  const page = await signedIn(browser, served, 'binh', { width: 1280 })
  const bell = page.locator('[data-bell]')
  await urge(3)
  await page.waitForFunction(() => document.querySelector('[data-bell] .n')?.textContent === '1')
  expect(await bell.getAttribute('aria-label')).toBe('Thông báo: 1 chưa đọc')

  const phone = await signedIn(browser, served, 'binh', { width: 360 })
  await phone.route('**/notices/stream', (route) => route.fulfill({ status: 503 }))
  await phone.reload()
  await urge(2)
  await phone.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await phone.waitForFunction(() => document.querySelector('[data-bell] .n')?.textContent === '2')

  await bell.click()
  expect(await page.locator('h1').textContent()).toBe('2 thông báo anh/chị chưa đọc')
  await page.screenshot({ path: 'tests/journeys/screenshots/notices-1280.png', fullPage: true })
  expect(await violationsOf(page)).toEqual([])
  await page.getByRole('link', { name: 'Thành ủy Cần Thơ đôn đốc: còn 3 việc chưa xong' }).click()
  await page.waitForURL('**/units/an-hoa-1')
  await phone.waitForFunction(() => document.querySelector('[data-bell] .n')?.textContent === '2') // its stream is cut
  await phone.goto('/notices')
  expect(await phone.locator('h1').textContent()).toBe('1 thông báo anh/chị chưa đọc')
  await phone.screenshot({ path: 'tests/journeys/screenshots/notices-360.png', fullPage: true })
  await phone.getByRole('button', { name: 'Đánh dấu đã đọc tất cả' }).click()
  await phone.getByText('Đã đánh dấu 1 thông báo là đã đọc.').waitFor()
  await page.waitForFunction(() => document.querySelector<HTMLElement>('[data-bell] .n')?.hidden)
})

test('without script the bell is a link with the number of when the page was made', async () => {
  await urge(4)
  const page = await signedIn(browser, served, 'binh', { width: 360, hasScript: false })
  expect(await page.locator('[data-bell] .n').textContent()).toBe('1')
  await page.locator('[data-bell]').click()
  await page.getByRole('button', { name: /^Đánh dấu đã đọc: Thành ủy/ }).click()
  expect(await page.locator('h1').textContent()).toBe('Anh/chị đã đọc hết thông báo')
})

test('choices, the calendar and webhooks are usable on a phone, and say what they keep', async () => {
  const page = await signedIn(browser, served, 'binh', { width: 360, hasScript: false })
  await page.goto('/notices/choices')
  await page.locator('input[name=address]').fill('binh@example')
  await page.getByRole('button', { name: 'Gửi thư xác nhận' }).click()
  await page.getByText('Viết địa chỉ như ten@example.vn.').first().waitFor()
  await page.locator('input[name=address]').fill('binh@example.vn')
  await page.getByRole('button', { name: 'Gửi thư xác nhận' }).click()
  expect(await page.locator('h1').textContent()).toBe('Địa chỉ binh@example.vn đang chờ xác nhận')
  await page.screenshot({ path: 'tests/journeys/screenshots/notice-choices-360.png', fullPage: true })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  await page.goto('/me/calendar')
  await page.getByRole('button', { name: 'Lập liên kết' }).click()
  const link = (await page.locator('[data-secret]').textContent())!
  const calendar = await fetch(link)
  expect([calendar.status, await calendar.text()]).toEqual([200, expect.stringContaining('BEGIN:VCALENDAR')])
  await page.screenshot({ path: 'tests/journeys/screenshots/calendar-360.png', fullPage: true })
  await page.getByRole('button', { name: 'Bỏ liên kết' }).click()
  expect((await fetch(link)).status).toBe(404)

  const administrator = await signedIn(browser, served, 'khoa', { width: 1280 })
  await administrator.goto('/notices/webhooks')
  await administrator.locator('input[name=name]').fill('Cổng Zalo')
  await administrator.locator('input[name=url]').fill('https://10.0.0.5/zalo')
  await administrator.getByRole('button', { name: 'Thêm kênh' }).click()
  await administrator.getByText('Địa chỉ này ở trong mạng riêng.').first().waitFor()
  await administrator.locator('input[name=url]').fill('https://zalo.example.vn/thong-suot')
  await administrator.getByRole('button', { name: 'Thêm kênh' }).click()
  expect(await administrator.locator('[data-secret]').textContent()).toMatch(/^\s*tsw_[\w-]{43}\s*$/)
  await sql`insert into notice_delivery (purpose, person_id, digest_on, state, attempts, problem) values ('digest', ${city.person.binh}, '2021-04-01', 'dead', 8, 'connect ECONNREFUSED')`.execute(db)
  await administrator.goto('/notices/webhooks')
  await administrator.screenshot({ path: 'tests/journeys/screenshots/webhooks-1280.png', fullPage: true })
  expect(await violationsOf(administrator)).toEqual([])
  await administrator.getByRole('button', { name: 'Gửi lại' }).first().click()
  await administrator.getByText('Đang gửi lại 1 thông báo.').waitFor()
})
