import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { sql } from 'kysely'
import { v7 } from 'uuid'
import { afterAll, expect, test } from 'vitest'
import { addDays, showDay, today } from '../../app/platform/clock.ts'
import { plan as fixture } from '../../app/features/documents/typesetting/official-document.fixture.ts'
import { renderPdf } from '../../app/features/documents/typesetting/official-pdf.server.ts'
import { hashPassword } from '../../app/web/password.server.ts'
import { testDatabase } from '../database.ts'
import { openPostOffice } from '../smtp.ts'
import { violationsOf } from './axe.ts'
import { browserOfFile, password, serve, signedIn } from './site.ts'

// A city with four districts, a cell beneath each, and a clerk with an e-mail address in every district. It is ten in the morning there,
// so that letters go out at once and no daily letter is due.
const timeZone = zoneWhereItIsTen(new Date())
const now = today(timeZone)
const database = await testDatabase()
const { db } = database
const districts = [
  { code: 'ninh-kieu', name: 'Quận ủy Ninh Kiều', clerk: 'Lê Thị Thu Hằng', username: 'hang' },
  { code: 'binh-thuy', name: 'Quận ủy Bình Thủy', clerk: 'Trần Quốc Bảo', username: 'bao' },
  { code: 'cai-rang', name: 'Quận ủy Cái Răng', clerk: 'Phạm Thanh Tâm', username: 'tam' },
  { code: 'o-mon', name: 'Quận ủy Ô Môn', clerk: 'Võ Minh Nhật', username: 'nhat' },
]
await layCity()
const post = await openPostOffice()
afterAll(() => post.close())
const served = await serve(database, { timeZone, publicUrl: null, mail: { url: post.url, from: 'Thông Suốt <thong-suot@example.vn>' } })
const browser = await browserOfFile()

test('from the directive to a district’s own plan, and to three messages for those that are late', { timeout: 120_000 }, async () => {
  const city = await signedIn(browser, served, 'mai', { width: 1280 })

  // the city registers the directive
  await city.goto('/documents/new?kind=incoming&campaign=nq-xiii')
  await city.locator('[name=issuerName]').fill('Bộ Chính trị')
  await city.locator('[name=written]').fill('01-CT/TW')
  await city.locator('[name=type]').selectOption('directive')
  await city.locator('[name=issuedOn]').fill(showDay(addDays(now, -30)))
  await city.locator('[name=abstract]').fill('nghiên cứu, học tập, quán triệt Nghị quyết Đại hội XIII của Đảng')
  await city.getByRole('button', { name: 'Vào sổ', exact: true }).click()
  await city.getByRole('heading', { name: /01-CT\/TW/ }).waitFor()
  const directive = new URL(city.url()).pathname

  // drafts its plan from it, and issues it under number 17
  await city.getByRole('link', { name: 'Soạn văn bản của đơn vị' }).click()
  await city.getByRole('button', { name: 'Bắt đầu soạn' }).click()
  await city.getByRole('heading', { name: /Kế hoạch … của Thành ủy Cần Thơ/ }).waitFor()
  await city.locator('[name="blocks.2.text"]').fill('Làm cho cán bộ, đảng viên nắm vững nghị quyết.')
  await city.locator('[name="blocks.4.text"]').fill('Mỗi đơn vị tổ chức học tập và ban hành kế hoạch của mình.')
  await city.getByRole('button', { name: 'Lưu bản thảo' }).click()
  await city.getByText('Đã lưu bản thảo.').waitFor()
  const version = await city.locator('form.drafted').getAttribute('data-version')
  await city.locator('[name="blocks.6.text"]').fill('Tự lưu phần này.')
  expect(await city.evaluate(() => Object.keys(localStorage).length)).toBe(1)
  await city.getByText(/Đã tự lưu lúc/).waitFor({ timeout: 25000 })
  expect(Number(await city.locator('form.drafted').getAttribute('data-version'))).toBe(Number(version) + 1)
  expect(await city.evaluate(() => Object.keys(localStorage).length)).toBe(0)
  // somebody else saves meanwhile
  await db.updateTable('document').set({ version: 99, abstract: 'Bản của người khác' }).where('state', '=', 'draft').execute()
  await city.locator('[name=abstract]').fill('Bản của tôi')
  await city.getByRole('button', { name: 'Lưu bản thảo' }).click()
  await city.getByText('Chưa lưu: có người vừa lưu bản khác').waitFor()
  await city.getByText('Bản kia viết: Bản của người khác').waitFor()
  expect(await city.locator('[name=abstract]').inputValue()).toBe('Bản của tôi')
  await picture(city, 'conflict', 1280)
  await city.getByRole('button', { name: 'Lưu bản thảo' }).click()
  await city.getByText('Đã lưu bản thảo.').waitFor()
  expect(await city.locator('[name=abstract]').inputValue()).toBe('Bản của tôi')
  expect(await city.locator('[name="blocks.6.text"]').inputValue()).toBe('Tự lưu phần này.')
})

/** Kept for somebody to look at. */
async function picture(page: Page, name: string, width: number): Promise<void> {
  await page.screenshot({ path: join(import.meta.dirname, `screenshots/cascade-${name}-${width}.png`), fullPage: true })
}

async function until(is: () => boolean | Promise<boolean>, most = 20_000): Promise<void> {
  for (const end = Date.now() + most; Date.now() < end; await sleep(50)) if (await is()) return
  throw new Error('it did not happen in time')
}

function zoneWhereItIsTen(at: Date): string {
  const ahead = (10 - at.getUTCHours() + 36) % 24 - 12 // -12 to 11
  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`
}

async function layCity(): Promise<void> {
  const unitOf = new Map<string, string>()
  const unit = async (code: string, kind: string, name: string, symbol: string, under: string | null) => {
    const id = v7()
    unitOf.set(code, id)
    await db.insertInto('unit').values({ id, code, kind, name, symbol, place: 'Cần Thơ' }).execute()
    if (under) await db.insertInto('unit_parent').values({ unit_id: id, parent_id: unitOf.get(under)! }).execute()
  }
  const officer = async (name: string, username: string, role: 'city_officer' | 'clerk', code: string) => {
    const [person, account] = [v7(), v7()]
    await db.insertInto('person').values({ id: person, name }).execute()
    await db.insertInto('office').values({ id: v7(), person_id: person, unit_id: unitOf.get(code)!, role, during: '[2020-01-01,)' }).execute()
    await db.insertInto('account').values({ id: account, person_id: person, username, display_username: username, name, email: `${account}@account.invalid` }).execute()
    await db.insertInto('account_credential').values({ id: v7(), account_id: account, provider: 'credential', provider_account_id: account, password: hashed }).execute()
    await sql`insert into notice_address (id, person_id, address, confirmed_at) values (${v7()}, ${person}, ${`${username}@example.vn`}, now())`.execute(db)
    await sql`insert into notice_choice (person_id, digest_hour) values (${person}, 23)`.execute(db)
  }
  const hashed = await hashPassword(password)
  await unit('can-tho', 'city_committee', 'Thành ủy Cần Thơ', 'TU', null)
  for (const { code, name } of districts) {
    await unit(code, 'district_committee', name, 'QU', 'can-tho')
    await unit(`${code}-1`, 'cell', `Chi bộ khu vực 1, ${name.replace('Quận ủy ', '')}`, 'CB', code)
  }
  await sql`select lay_ancestors()`.execute(db)
  await officer('Huỳnh Thị Mai', 'mai', 'city_officer', 'can-tho')
  for (const { code, clerk, username } of districts) await officer(clerk, username, 'clerk', code)
  await sql`
    insert into campaign (id, code, name, unit_id, study_from, study_to, data_day, opened_on, exempt_expected, who_writes)
    values (${v7()}, 'nq-xiii', 'Học tập Nghị quyết Đại hội XIII', ${unitOf.get('can-tho')!}, ${addDays(now, -30)}, ${addDays(now, 60)}, ${addDays(now, 60)}, ${addDays(now, -30)}, false, 'in_post')`.execute(db)
}
