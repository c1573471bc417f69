import { expect, test } from 'vitest'
import { demoDatabase } from '../demo.ts'
import { violationsOf } from './axe.ts'
import { browserOfFile, password, serve, signedIn, type Screen } from './site.ts'

const database = await demoDatabase()
const { pool } = database
const served = await serve(database)
const browser = await browserOfFile()
const phone: Screen = { width: 360 }

test('an old farmer without a phone has a member of the cell act for him, and both names stand on what is done', async () => {
  const { rows } = await pool.query<{ name: string }>(
    `select person.name from membership join person on person.id = membership.person_id join unit on unit.id = membership.unit_id
     where unit.code = 'vinh-thanh-thanh-loc-ap-tan-an' and upper_inf(membership.during) and not exists (select from account where account.person_id = person.id)
     order by person.given_name limit 1`)
  const farmer = rows[0]!.name

  const secretary = await signedIn(browser, served, 'ut.tanan', phone)
  await secretary.goto('/acting')
  await secretary.getByRole('link', { name: 'Cử người làm hộ' }).click()
  const whom = secretary.locator('select[name=helpedId]')
  await whom.selectOption({ label: (await whom.locator('option').allTextContents()).find((label) => label.startsWith(`${farmer},`))! })
  const helpers = secretary.locator('select[name=helperId]')
  await helpers.selectOption({ label: (await helpers.locator('option').allTextContents()).find((label) => label.includes('Lan'))! })
  await secretary.locator('input[name=reason]').fill('Tuổi cao, không có điện thoại thông minh')
  await secretary.getByRole('button', { name: 'Cử người này' }).click()
  await secretary.waitForURL('**/acting')
  expect(await secretary.locator('.toast').textContent()).toContain(`làm hộ được cho ${farmer}`)

  const helper = await signedIn(browser, served, 'lan.tanan', phone)
  const name = (await helper.locator('header .me').textContent())!.split(',')[0]!.trim()
  await helper.getByRole('button', { name: `Bắt đầu làm hộ ${farmer}` }).click()
  const bar = helper.locator('.acting-bar')
  for (const path of ['/', '/me/held', '/campaigns', '/units', '/guide']) {
    await helper.goto(path)
    expect(await bar.textContent(), path).toContain(`${name} đang làm hộ ${farmer}`)
  }
  expect(await violationsOf(helper)).toEqual([])
  await helper.goto('/me/held/amend?item=missing')
  await helper.locator('textarea[name=wanted], input[name=wanted]').first().fill('Tôi đã học lớp ngày 10/4/2021.')
  await helper.locator('textarea[name=reason], input[name=reason]').first().fill('Có tên trong sổ của chi bộ.')
  await helper.locator('main form button[type=submit]').last().click()
  await helper.locator('.toast').waitFor()
  await bar.getByRole('button', { name: 'Thôi làm hộ' }).click()
  await helper.waitForURL('**/acting')
  expect(await bar.count()).toBe(0)

  const written = await pool.query<{ by: string; helped: string }>(
    `select helper.name as by, helped.name as helped from audit_entry join person as helper on helper.id = actor_id join person as helped on helped.id = on_behalf_of
     where action = 'amendment.asked'`)
  expect(written.rows).toEqual([{ by: name, helped: farmer }])
})

test('a clerk makes a token, a program reads with it, and after revoking it reads no more', async () => {
  const clerk = await signedIn(browser, served, 'vanphong.thanhloc', { width: 1280 })
  await clerk.goto('/me/tokens')
  await clerk.locator('input[name=name]').fill('Máy tổng hợp của văn phòng')
  await clerk.locator('input[name=password]').fill(password)
  await clerk.getByRole('button', { name: 'Tạo mã' }).click()
  const secret = (await clerk.locator('[data-secret]').textContent())!.trim()
  expect(await violationsOf(clerk)).toEqual([])
  const read = () => fetch(`${served.url}/api/v1/me`, { headers: { Authorization: `Bearer ${secret}` } })
  expect((await read()).status).toBe(200)
  await clerk.goto('/me/tokens')
  expect(await clerk.content()).not.toContain(secret)
  await clerk.getByRole('button', { name: 'Thu hồi mã Máy tổng hợp của văn phòng' }).click()
  await clerk.locator('.toast').waitFor()
  expect((await read()).status).toBe(401)
})
