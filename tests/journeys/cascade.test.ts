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
  await city.getByRole('button', { name: 'Lưu dự thảo' }).click()
  await city.getByText('Đã lưu dự thảo.').waitFor()
  const plan = new URL(city.url()).pathname.replace('/drafts/', '/documents/')
  await city.goto(plan)
  await city.locator('[name=number]').fill('17')
  await city.locator('[name=issuedOn]').fill(showDay(addDays(now, -18)))
  await city.getByText('“TỔ CHỨC THỰC HIỆN”').first().waitFor()
  await city.getByRole('button', { name: 'Ban hành văn bản' }).click()
  await city.getByText('hoặc đánh dấu vào ô “Ban hành dù còn phần trống” rồi bấm lại').first().waitFor()
  await city.getByLabel('Ban hành dù còn phần trống').check()
  await city.getByRole('button', { name: 'Ban hành văn bản' }).click()
  await city.getByRole('heading', { name: /17-KH\/TU/ }).waitFor()

  // names its clauses as they were written, and orders a plan of every unit within 15 days
  await city.goto(`${plan}/clauses`)
  expect(await city.locator('[name=clauses]').inputValue()).toContain('I MỤC ĐÍCH, YÊU CẦU')
  await city.goto(`/duties/rules/new?unit=can-tho&campaign=nq-xiii&kind=document`)
  await city.locator('[name=title]').fill('Ban hành kế hoạch học tập')
  await city.locator('[name=basisId]').selectOption({ index: 1 })
  await city.locator('[name=who][value=direct]').check()
  await city.locator('[name=dueMode][value=after_basis]').check()
  await city.locator('[name=dueDays]').fill('15')
  await city.getByRole('button', { name: /Xem/ }).click()
  await city.getByRole('heading', { name: /4 đơn vị sẽ có việc/ }).waitFor()
  await city.locator('form[method=post] button[type=submit].primary').click()
  await until(async () => Number((await db.selectFrom('duty').select((one) => one.fn.countAll().as('duties')).executeTakeFirstOrThrow()).duties) === 4)

  const matrix = `/campaigns/nq-xiii/documents?unit=can-tho&asOf=${now}`
  await city.goto(matrix)
  await city.getByRole('heading', { level: 1, name: '4 đơn vị chưa ban hành 4 văn bản đã quá hạn' }).waitFor()
  expect(await city.locator('table.matrix tbody tr').count()).toBe(4)

  // a district's clerk finds the duty at home, on a phone without script, drafts, numbers, files the signed scan
  const clerk = await signedIn(browser, served, 'hang', { width: 360, hasScript: false })
  await clerk.getByText('Ban hành kế hoạch học tập').first().waitFor()
  await clerk.locator('a[href*="/drafts/new"]').first().click()
  await clerk.getByRole('heading', { name: /theo 17-KH\/TU của Thành ủy Cần Thơ/ }).waitFor()
  await clerk.getByRole('button', { name: 'Bắt đầu soạn' }).click()
  expect(await clerk.locator('[name="blocks.0.text"]').inputValue()).toContain('Căn cứ Chỉ thị số 01-CT/TW')
  await clerk.locator('[name="blocks.3.text"]').fill('Đảng viên của quận học xong trước hạn của thành phố.')
  await clerk.getByRole('button', { name: 'Thêm dưới đây, phần 4' }).click()
  await clerk.locator('[name="blocks.4.kind"]').selectOption('clause')
  await clerk.locator('[name="blocks.4.text"]').fill('Hội nghị của quận')
  await clerk.getByRole('button', { name: 'Lưu dự thảo' }).click()
  await clerk.getByText('Đã lưu dự thảo.').waitFor()
  expect(await clerk.locator('[name="blocks.4.text"]').inputValue()).toBe('Hội nghị của quận')
  expect(await clerk.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  await picture(clerk, 'draft', 360)
  await clerk.goto(`${new URL(clerk.url()).pathname}/preview`)
  await picture(clerk, 'preview', 360)
  await clerk.goBack()
  const draft = new URL(clerk.url()).pathname.split('/').at(-1)!

  // nobody else sees the draft, whatever they ask
  for (const path of [`/documents/${draft}`, `/drafts/${draft}`, `/drafts/${draft}/preview`, `/drafts/${draft}/document.pdf`, `/documents/${draft}/clauses`, `/documents/${draft}/answers`]) expect((await city.request.get(path)).status()).toBe(404)
  for (const path of [matrix, `${matrix.replace('documents?', 'documents/chain?')}`, '/documents']) expect(await (await city.request.get(path)).text()).not.toContain(draft)

  await clerk.goto(`/documents/${draft}`)
  await clerk.getByLabel('Ban hành dù còn phần trống').check()
  await clerk.getByRole('button', { name: 'Ban hành văn bản' }).click()
  await clerk.getByRole('heading', { name: /01-KH\/QU/ }).waitFor()
  const scan = Buffer.from(await renderPdf({ ...fixture, issuingBody: 'Quận ủy Ninh Kiều' }))
  await clerk.locator('#files input[type=file]').setInputFiles({ name: 'ban-da-ky.pdf', mimeType: 'application/pdf', buffer: scan })
  await clerk.locator('#files form[enctype="multipart/form-data"] button[type=submit]').click()
  await clerk.getByText('ban-da-ky.pdf').first().waitFor()

  // the matrix turns
  await city.goto(matrix)
  await city.getByRole('heading', { level: 1, name: '3 đơn vị chưa ban hành 3 văn bản đã quá hạn; 1 đơn vị ban hành chậm' }).waitFor()
  const row = city.locator('table.matrix tr', { hasText: 'Quận ủy Ninh Kiều' })
  expect(await row.innerText()).toContain('01-KH/QU')
  expect(await row.innerText()).toContain('muộn 3 ngày')
  await picture(city, 'matrix', 1280)
  expect(await violationsOf(city)).toEqual([])
  await city.goto(`/campaigns/nq-xiii/documents/chain?unit=can-tho&asOf=${now}`)
  await city.locator('.chain').getByText('01-KH/QU').waitFor()
  await picture(city, 'chain', 1280)
  expect(await violationsOf(city)).toEqual([])

  // the city urges the three that are late: three messages and no more
  expect(post.letters).toEqual([])
  await city.goto(matrix)
  await city.getByRole('button', { name: 'Đôn đốc 3 đơn vị quá hạn' }).click()
  await city.getByText('Đã đôn đốc 3 đơn vị, mỗi đơn vị một thông báo.').waitFor()
  await until(() => post.letters.length >= 3)
  await sleep(1500)
  expect(post.letters.flatMap((letter) => letter.recipients).toSorted()).toEqual(['bao@example.vn', 'nhat@example.vn', 'tam@example.vn'])
  expect((await city.request.get(directive)).status()).toBe(200)

  const phone = await signedIn(browser, served, 'mai', { width: 360 })
  await phone.goto(matrix)
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  await picture(phone, 'matrix', 360)
})

test('a draft saves itself, and where somebody else has saved meanwhile both are shown', { timeout: 60_000 }, async () => {
  const city = await signedIn(browser, served, 'mai', { width: 1280 })
  await city.goto('/drafts/new?unit=can-tho')
  await city.getByRole('button', { name: 'Bắt đầu soạn' }).click()
  const form = city.locator('form.drafted')
  const version = Number(await form.getAttribute('data-version'))
  const kept = () => city.evaluate(() => Object.keys(localStorage).length)
  await city.locator('[name="blocks.1.text"]').fill('Tự lưu phần này.')
  expect(await kept()).toBe(1) // on the device, until the server has it
  await city.getByText(/Đã tự lưu lúc/).waitFor({ timeout: 25_000 })
  expect(Number(await form.getAttribute('data-version'))).toBe(version + 1)
  expect(await kept()).toBe(0)

  await db.updateTable('document').set({ version: version + 9, abstract: 'Bản của người khác' }).where('state', '=', 'draft').execute()
  await city.locator('[name=abstract]').fill('Bản của tôi')
  await city.getByRole('button', { name: 'Lưu dự thảo' }).click()
  await city.getByText('Chưa lưu: có người vừa lưu bản khác').waitFor()
  await city.getByText('Bản kia viết: Bản của người khác').waitFor()
  expect(await city.locator('[name=abstract]').inputValue()).toBe('Bản của tôi')
  await city.getByRole('button', { name: 'Lưu dự thảo' }).click()
  await city.getByText('Đã lưu dự thảo.').waitFor()
  expect(await city.locator('[name=abstract]').inputValue()).toBe('Bản của tôi')
  expect(await city.locator('[name="blocks.1.text"]').inputValue()).toBe('Tự lưu phần này.')
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
