import { sql } from 'kysely'
import { beforeAll, expect, test, vi } from 'vitest'
import { layDuties } from '../../app/features/duties/duties.jobs.ts'
import { openLog } from '../../app/platform/log.ts'
import { createAccount } from '../../app/web/accounts.server.ts'
import { testDatabase } from '../database.ts'
import { openedCampaign, organisation, type Organisation } from '../people.ts'
import { violationsOf } from './axe.ts'
import { browserOfFile, password, serve, signedIn } from './site.ts'

vi.setConfig({ testTimeout: 90_000 })
const database = await testDatabase()
const { db } = database
let city: Organisation

beforeAll(async () => {
  city = await organisation(db)
  await openedCampaign(db, city)
  await db.updateTable('campaign').set({ study_to: '2045-06-30', data_day: '2045-06-30' }).execute()
  for (const name of ['mai', 'duc'] as const) await createAccount(db as never, { personId: city.person[name], username: name, password })
})
const served = await serve(database)
const browser = await browserOfFile()

test('the city orders, the district finds the notice and the duty; it is waived with a reason in the row itself, and owed again by one click', async () => {
  const mai = await signedIn(browser, served, 'mai', { width: 1280 })
  await mai.goto('/duties/rules/new?unit=can-tho&kind=document')
  await mai.locator('input[name=title]').fill('Ban hành kế hoạch quý I')
  await mai.locator('input[name=dueOn]').fill('30/3/2044')
  await mai.getByRole('button', { name: 'Xem trước' }).click()
  await mai.getByRole('heading', { name: '1 đơn vị sẽ có việc “Ban hành kế hoạch quý I”' }).waitFor()
  await mai.getByRole('button', { name: 'Giao 1 việc' }).click()
  await mai.waitForURL('**/duties/rules/*')
  await layDuties({ db, log: openLog('silent'), config: { timeZone: 'Asia/Ho_Chi_Minh' } as never })

  const duc = await signedIn(browser, served, 'duc', { width: 360, isDark: true })
  await duc.goto('/notices')
  await duc.getByRole('link', { name: 'Việc mới: Ban hành kế hoạch quý I, hạn 30/3/2044' }).click()
  expect(await duc.locator('h1').textContent()).toBe('Quận ủy Ninh Kiều còn 1 việc')

  await mai.goto('/duties?unit=ninh-kieu')
  await mai.getByText('Cho thôi không phải làm').click() // lies in a row whose link fills it
  await mai.locator('textarea[name=reason]').fill('Quận đang sắp xếp lại tổ chức.')
  expect(await violationsOf(mai)).toEqual([])
  await mai.getByRole('button', { name: 'Cho thôi: Ban hành kế hoạch quý I' }).click()
  expect(await mai.locator('h1').textContent()).toBe('Quận ủy Ninh Kiều không còn việc nào')
  await duc.goto('/notices')
  await duc.getByRole('link', { name: 'Được cho thôi không phải làm: Ban hành kế hoạch quý I' }).click()
  await duc.getByText('Đã cho thôi: Quận đang sắp xếp lại tổ chức.').waitFor()
  await mai.getByRole('button', { name: 'Hoàn tác' }).click()
  await mai.getByRole('heading', { name: 'Quận ủy Ninh Kiều còn 1 việc' }).waitFor()

  await mai.getByText('Đôn đốc đơn vị này').click()
  await mai.locator('textarea[name=note]').fill('Đề nghị gửi trước 20/3.')
  await mai.getByRole('button', { name: 'Gửi đôn đốc' }).click()
  await mai.getByText('Đã gửi đôn đốc đến 1 đơn vị.').waitFor()
  await duc.goto('/notices')
  await duc.getByRole('link', { name: 'Thành ủy Cần Thơ đôn đốc: 1 việc chưa xong (Ban hành kế hoạch quý I)' }).waitFor()
  await duc.getByText('“Đề nghị gửi trước 20/3.”').waitFor()
  expect(await duc.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
})

test('a change says what it would add, move and drop before it does', async () => {
  const mai = await signedIn(browser, served, 'mai', { width: 1280 })
  const { rows } = await sql<{ id: string }>`select id from duty_rule`.execute(db)
  await mai.goto(`/duties/rules/${rows[0]!.id}?do=change`)
  await mai.locator('input[name=dueOn]').fill('15/4/2044')
  await mai.locator('input[name=who][value=all]').check()
  await mai.getByRole('button', { name: 'Xem trước' }).click()
  await mai.getByRole('heading', { name: 'Đổi “Ban hành kế hoạch quý I”: 3 việc được giao; 1 việc đổi hạn hoặc đổi yêu cầu' }).waitFor()
  expect(await violationsOf(mai)).toEqual([])
  expect((await sql`select from duty`.execute(db)).rows).toHaveLength(1)
  await mai.getByRole('button', { name: 'Đổi quy định' }).click()
  await mai.waitForURL(`**/duties/rules/${rows[0]!.id}`)
  await layDuties({ db, log: openLog('silent'), config: { timeZone: 'Asia/Ho_Chi_Minh' } as never })
  await mai.reload()
  expect(await mai.locator('h1').textContent()).toBe('Ban hành kế hoạch quý I: 0 / 4 việc đã xong')
})
