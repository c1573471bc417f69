import type { Page } from 'playwright-core'
import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import routes from '../../app/routes.ts'
import { createAccount } from '../../app/web/accounts.server.ts'
import { testDatabase } from '../database.ts'
import { browserOfFile, password, serve, signedIn, visitor } from './site.ts'

const database = await testDatabase()
const { db } = database
const served = await serve(database)
const browser = await browserOfFile()

const heading = async (page: Page) => (await page.getByRole('heading', { level: 1 }).innerText()).replaceAll(/\s+/g, ' ')
const field = (page: Page, name: string) => page.locator(`[name="${name}"]`)

test('every page of an empty database leads to the set-up', async () => {
  const paths = routes.map((route) => `/${(route.path ?? '').replaceAll(/:\w+|\*/g, 'x')}`).filter((path) => !['/setup', '/preferences'].includes(path))
  for (const path of paths) {
    const answer = await fetch(served.url + path, { redirect: 'manual' })
    expect([path, answer.status, answer.headers.get('location')]).toEqual([path, 302, '/setup'])
  }
})

test('the first administrator sets up on a phone without script, and is signed in', async () => {
  const page = await visitor(browser, served, { width: 360, hasScript: false })
  await page.goto('/')
  expect(await heading(page)).toContain('Đơn vị nào đứng đầu cây tổ chức?')
  await field(page, 'unit.name').fill('Thành ủy Cần Thơ')
  await field(page, 'unit.kind').selectOption('city_committee')
  await field(page, 'unit.organisationName').fill('Đảng bộ thành phố Cần Thơ')
  await field(page, 'unit.place').fill('Cần Thơ')
  await field(page, 'unit.symbol').fill('TU')
  await field(page, 'person.name').fill('Đặng Anh Khoa')
  await field(page, 'username').fill('khoa')
  await field(page, 'password').fill('ngắn')
  await page.getByRole('button', { name: 'Tạo đơn vị và tài khoản quản trị' }).click()
  expect(await page.getByRole('alert').innerText()).toContain('Chưa lưu')
  expect(await field(page, 'unit.name').inputValue()).toBe('Thành ủy Cần Thơ') // nothing typed is lost, but for the password
  await field(page, 'password').fill('một câu rất dài')
  await page.getByRole('button', { name: 'Tạo đơn vị và tài khoản quản trị' }).click()
  await page.waitForURL('**/')
  expect(await page.getByRole('status').innerText()).toContain('Đã tạo Thành ủy Cần Thơ và tài khoản khoa.')
  await page.context().close()
})

test('afterwards the set-up is refused to everybody', async () => {
  const answer = await fetch(`${served.url}/setup`, { redirect: 'manual' })
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/sign-in'])
  const again = { 'unit.name': 'Kẻ khác', 'unit.kind': 'cell', 'person.name': 'Kẻ khác', username: 'khac', password: 'một câu rất dài' }
  const posted = await fetch(`${served.url}/setup`, { method: 'POST', body: new URLSearchParams(again), redirect: 'manual' })
  expect([posted.status, posted.headers.get('location')]).toEqual([302, '/sign-in'])
  expect(await db.selectFrom('account').select('username').execute()).toEqual([{ username: 'khoa' }])
})

test('once members are there, a city officer prepares a campaign and opens it', async () => {
  await insertMembers()
  const page = await signedIn(browser, served, 'mai', { width: 1280 })
  await page.goto('/campaigns')
  expect(await heading(page)).toBe('Chưa có đợt học tập nào')
  await page.getByRole('link', { name: 'Chuẩn bị đợt học tập' }).first().click()
  await field(page, 'name').fill('Học tập, quán triệt Nghị quyết Đại hội XIV')
  await field(page, 'code').fill('nq-dai-hoi-xiv')
  await field(page, 'studyFrom').fill('1/3/2026')
  await field(page, 'studyTo').fill('30/6/2026')
  await field(page, 'dataDay').fill('31/2/2026')
  await field(page, 'resolutions.0.name').fill('Nghị quyết Đại hội XIV')
  await field(page, 'resolutions.0.code').fill('nq-xiv')
  await field(page, 'resolutions.0.topics').fill('Những điểm mới\nNhiệm vụ')
  await field(page, 'categories').fill('Cán bộ chủ chốt\nĐảng viên khác')
  await page.getByRole('button', { name: 'Lưu đợt học tập' }).click()
  await page.getByText('Không có ngày 31/2/2026').first().waitFor()
  expect(await field(page, 'resolutions.0.topics').inputValue()).toBe('Những điểm mới\nNhiệm vụ')
  await field(page, 'dataDay').fill('30/6/2026')
  await page.getByRole('button', { name: 'Lưu đợt học tập' }).click()
  await page.waitForURL('**/campaigns/nq-dai-hoi-xiv')
  expect(await heading(page)).toContain('Đang chuẩn bị, chưa chốt danh sách')

  await field(page, 'openedOn').first().fill('1/3/2026')
  await page.getByRole('button', { name: 'Xem danh sách ngày này' }).click()
  await page.getByText('danh sách sẽ có 3 đảng viên của 1 đơn vị: 2 người phải học, 1 người được miễn').waitFor()
  await page.getByRole('button', { name: 'Mở đợt và chốt danh sách ngày 1/3/2026' }).click()
  await page.getByRole('status').filter({ hasText: 'Số biên nhận' }).waitFor()
  expect(await heading(page)).toContain('2 người phải học, đã mở ngày 1/3/2026')
  await page.goto('/report')
  expect(await heading(page)).toMatch(/0,00% đảng viên đã học \(0 \/ 2, tính đến/)
  await page.context().close()
})

/** A cell with three members, one of them exempt, and an officer of the city: what an import would have left. */
async function insertMembers(): Promise<void> {
  const { id: city } = await db.selectFrom('unit').select('id').where('code', '=', 'can-tho').executeTakeFirstOrThrow()
  const cell = v7()
  await db.insertInto('unit').values({ id: cell, code: 'khu-vuc-1', kind: 'cell', name: 'Chi bộ khu vực 1' }).execute()
  await db.insertInto('unit_parent').values({ unit_id: cell, parent_id: city }).execute()
  await database.pool.query('select lay_ancestors()')
  for (const [name, status] of [['Nguyễn Thị Lan', 'in_post'], ['Trần Văn Minh', 'in_post'], ['Võ Văn Sáu', 'exempt']] as const) {
    const person_id = v7()
    await db.insertInto('person').values({ id: person_id, name }).execute()
    await db.insertInto('membership').values({ id: v7(), person_id, unit_id: cell, during: '[2020-01-01,)', status, exempt_reason: status === 'exempt' ? 'Tuổi cao, sức yếu' : null }).execute()
  }
  const mai = v7()
  await db.insertInto('person').values({ id: mai, name: 'Huỳnh Thị Mai' }).execute()
  await db.insertInto('office').values({ id: v7(), person_id: mai, unit_id: city, role: 'city_officer', during: '[2020-01-01,)' }).execute()
  await db.transaction().execute((tx) => createAccount(tx, { personId: mai, username: 'mai', password }))
}
