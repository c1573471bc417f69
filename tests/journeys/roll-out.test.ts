import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import readXlsx from 'read-excel-file/node'
import { afterAll, expect, test } from 'vitest'
import { demoDatabase } from '../demo.ts'
import { readDocx } from '../read-docx.ts'
import { browserOfFile, serve, sessionOf, signedIn } from './site.ts'

const database = await demoDatabase()
const served = await serve(database)
const browser = await browserOfFile()
const officer = await sessionOf(served, 'ha.city')

const day = '2021-06-30'
const levels = ['vinh-thanh-thanh-loc-ap-tan-an', 'vinh-thanh-thanh-loc', 'vinh-thanh', 'can-tho'] as const
const reportOf = (unit: string) => `/campaigns/nq-dai-hoi-xiii/report?unit=${unit}&asOf=${day}`

type Figures = { figures: { key: string; numerator: number; denominator: number | null }[] }
const numberOf = ({ figures }: Figures, key: string) => figures.find((figure) => figure.key === key)!

async function ask<Answer>(path: string): Promise<Answer> {
  const answer = await fetch(served.url + path, { headers: { cookie: officer } })
  expect(answer.status, path).toBe(200)
  return (await answer.json()) as Answer
}

/** How many have studied, at each level from the cell up to the city, by the API. */
async function studied(): Promise<number[]> {
  const answers = await Promise.all(levels.map((unit) => ask<Figures>(`/api/v1/campaigns/nq-dai-hoi-xiii/figures?unit=${unit}&asOf=${day}`)))
  return answers.map((answer) => numberOf(answer, 'studied').numerator)
}

/** The answer that a page gives in its heading, as one line. */
const heading = async (page: Page) => (await page.getByRole('heading', { level: 1 }).innerText()).replaceAll(/\s+/g, ' ')

async function headingAt(page: Page, path: string): Promise<string> {
  await page.goto(path)
  return heading(page)
}

test('the city officer reads 98,96% and opens it down to the level where names stop', async () => {
  const page = await signedIn(browser, served, 'ha.city', { width: 1280 })
  await page.getByRole('navigation', { name: 'Các phần' }).getByRole('link', { name: 'Báo cáo' }).click()
  expect(await heading(page)).toBe('98,96% đảng viên đã học (49.901 / 50.424, tính đến 30/6/2021)')
  expect(await page.getByText('21,43%').filter({ visible: true }).count()).toBeGreaterThan(0)

  await page.getByRole('heading', { level: 1 }).getByRole('link', { name: '98,96%' }).click()
  expect(await heading(page)).toContain('98,96%')
  const steps = ['Huyện ủy Vĩnh Thạnh', 'Đảng ủy xã Thạnh Lộc', 'Chi bộ ấp Tân An']
  for (const unit of steps) {
    await page.getByRole('main').getByRole('link', { name: new RegExp(unit.replace(/^\S+ ủy /, '')) }).first().click()
    expect(await heading(page)).toContain(unit)
  }
  expect(await heading(page)).toContain('97,50%')
  const words = await page.getByRole('main').innerText()
  expect(words).toContain('không xem được tên')
  expect(words).not.toContain('Khang') // who has not studied is for the cell and the commune
  await page.context().close()
})

test('page, Word, Excel, JSON, API and command line give the same numbers', async () => {
  const page = await signedIn(browser, served, 'ha.city', { width: 1280 })
  await page.goto(reportOf('can-tho'))
  const file = async (name: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('main').getByRole('link', { name }).click()])
    return readFile(await download.path())
  }
  const [word, excel, json] = [await file('Tải Word'), await file('Tải Excel'), await file('JSON')]
  await page.context().close()

  const sentences = readDocx(word).paragraphs.join('\n')
  expect(sentences).toMatch(/49\.901\/50\.424 đảng viên phải học .* 98,96%/)
  expect(sentences).toMatch(/10\.806\/50\.424 đảng viên phải học .* 21,43%/)

  const summary = (await readXlsx(excel)).find(({ sheet }) => sheet === 'Tổng hợp')!.data
  const row = (name: string) => summary.find((cells) => cells[0] === name)
  expect(row('Đã học')?.slice(1, 4)).toEqual([49_901, 50_424, 49_901 / 50_424])
  expect(row('Đã học tại hội nghị trực tuyến toàn quốc')?.slice(1, 4)).toEqual([10_806, 50_424, 10_806 / 50_424])

  const ofPage = JSON.parse(json.toString()) as Figures
  expect(numberOf(ofPage, 'studied')).toEqual({ key: 'studied', numerator: 49_901, denominator: 50_424, share: 49_901 / 50_424, base: 'expected' })
  expect(numberOf(ofPage, 'studied-at-national-conference')).toMatchObject({ numerator: 10_806, denominator: 50_424 })
  const ofApi = await ask<Figures>(`/api/v1/campaigns/nq-dai-hoi-xiii/figures?unit=can-tho&asOf=${day}`)
  expect(ofApi.figures).toEqual(ofPage.figures)
  expect(await ask(`/api/v1/campaigns/nq-dai-hoi-xiii/report.json?unit=can-tho&asOf=${day}`)).toEqual(ofPage)

  expect(JSON.parse(await command('json'))).toEqual(ofPage)
  const folder = await mkdtemp(join(tmpdir(), 'thong-suot-report-'))
  afterAll(() => rm(folder, { recursive: true, force: true }))
  await command('docx', '-o', join(folder, 'report.docx'))
  expect(readDocx(await readFile(join(folder, 'report.docx'))).paragraphs).toEqual(readDocx(word).paragraphs)
}, 60_000)

async function command(format: string, ...more: string[]): Promise<string> {
  const program = join(import.meta.dirname, '../../bin/thong-suot')
  const args = ['report', 'nq-dai-hoi-xiii', '--unit', 'can-tho', '--as-of', day, '--format', format, ...more]
  const { stdout } = await promisify(execFile)(program, args, { env: { ...process.env, DATABASE_URL: database.url }, maxBuffer: 16 * 1024 * 1024 })
  return stdout
}

const lineOf = (page: Page, name: string) => page.locator('.sheet > li', { hasText: name })

/** Opens a name, marks it and writes why, as a thumb would. */
async function mark(page: Page, name: string, status: string, reason?: string): Promise<void> {
  const line = lineOf(page, name)
  await line.locator('summary').click()
  await line.getByLabel(status, { exact: true }).check()
  if (reason) await line.getByRole('textbox').fill(reason)
}

/** Tonight's make-up class of the cell, for everybody and on everything. */
async function holdTonight(): Promise<void> {
  const { rows } = await database.pool.query<{ id: string }>('select id from topic')
  const json = { campaignCode: 'nq-dai-hoi-xiii', unitCode: levels[0], kind: 'make_up_class', name: 'Học bù tối 30/6', place: 'Nhà văn hóa ấp Tân An', sittings: [{ heldOn: day, startsAt: '19:00', topicIds: rows.map((row) => row.id) }] }
  const cookie = await sessionOf(served, 'ut.tanan')
  const answer = await fetch(`${served.url}/api/v1/sessions`, { method: 'POST', headers: { cookie, 'Content-Type': 'application/json' }, body: JSON.stringify(json) })
  expect(answer.status, await answer.text()).toBe(201)
}

async function openRoll(page: Page, session: RegExp): Promise<void> {
  await page.goto('/sessions')
  await page.getByRole('main').getByRole('link', { name: session }).click()
  await page.getByRole('main').getByRole('link', { name: /điểm danh/i }).first().click()
  await page.waitForURL('**/roll*')
}

/** Presses the one primary button; returns the number of the receipt. */
async function save(page: Page): Promise<number> {
  await page.getByRole('button', { name: 'Lưu điểm danh' }).click()
  const receipt = page.getByRole('status').filter({ hasText: 'Số biên nhận' })
  await receipt.waitFor()
  return Number(/Số biên nhận\s+([\d.]+)/.exec(await receipt.innerText())![1]!.replaceAll('.', ''))
}

for (const hasScript of [true, false]) {
  const how = hasScript ? 'on a phone' : 'on a phone without script'

  test(`a cell secretary takes tonight's roll ${how}, and cell, commune, district and city show it at once`, async () => {
    if (hasScript) await holdTonight()
    const phone = await signedIn(browser, served, 'ut.tanan', { width: 360, hasScript })
    const [district, city] = [await signedIn(browser, served, 'bithu.vinhthanh', { width: 1280 }), await signedIn(browser, served, 'ha.city', { width: 1280 })]
    const before = await studied()

    if (hasScript) {
      expect(before.filter((_, level) => level !== 1)).toEqual([39, 2_929, 49_901])
      expect(await heading(phone)).toContain('19 giờ')
      await phone.getByRole('link', { name: /^Điểm danh 40 người/ }).click()
    } else {
      await openRoll(phone, /Học bù tối 30/)
    }
    expect(await phone.locator('.sheet > li').count()).toBe(40)
    if (hasScript) {
      const began = Date.now()
      await phone.getByRole('link', { name: /Tất cả có mặt/ }).click()
      await mark(phone, 'Phan Văn Giàu', 'Vắng', 'Nằm viện')
      await mark(phone, 'Cao Văn Nhơn', 'Vắng có lý do', 'Mổ mắt')
      expect(await phone.locator('.save').innerText()).toContain('38 có mặt, 2 vắng')
      expect(Date.now() - began).toBeLessThan(10_000)
    } else {
      await mark(phone, 'Phan Văn Giàu', 'Đi muộn', 'Đến sau giờ nghỉ')
    }
    expect(await save(phone)).toBeGreaterThan(0)

    // Khang, who had missed everything, came; Giàu makes up for what the correction below took from him.
    const after = before.map((count) => count + 1)
    expect(await studied()).toEqual(after)
    expect(await headingAt(phone, reportOf(levels[0]))).toContain(`(${after[0]} / 40,`)
    expect(await headingAt(district, reportOf(levels[2]))).toContain(`(${thousands(after[2]!)} / 2.934,`)
    expect(await headingAt(city, reportOf(levels[3]))).toContain(`(${thousands(after[3]!)} / 50.424,`)
    for (const page of [phone, district, city]) await page.context().close()
  }, 60_000)

  test(`a late correction ${how} changes every level, and what was known before can still be asked`, async () => {
    const phone = await signedIn(browser, served, 'ut.tanan', { width: 360, hasScript })
    const before = await studied()
    const knownAt = new Date().toISOString()
    await openRoll(phone, /Lớp học bù/)
    await mark(phone, hasScript ? 'Phan Văn Giàu' : 'Cao Văn Nhơn', 'Vắng', 'Ghi nhầm')
    await save(phone)
    expect(await studied()).toEqual(before.map((count) => count - 1))
    expect(await headingAt(phone, reportOf(levels[0]))).toContain(`(${before[0]! - 1} / 40,`)
    const known = await ask<Figures>(`/api/v1/campaigns/nq-dai-hoi-xiii/figures?unit=can-tho&asOf=${day}&knownAt=${knownAt}`)
    expect(numberOf(known, 'studied').numerator).toBe(before[3])
    await phone.context().close()
  }, 60_000)
}

const thousands = (value: number) => new Intl.NumberFormat('vi-VN').format(value)

test('a saved roll can be undone, and the kept counts equal a full recount', async () => {
  const phone = await signedIn(browser, served, 'ut.tanan', { width: 360 })
  const before = await studied()
  await openRoll(phone, /Học bù tối 30/)
  await mark(phone, 'Trương Minh Khang', 'Vắng')
  await save(phone)
  expect(await studied()).toEqual(before.map((count) => count - 1))
  await phone.getByRole('status').getByRole('button', { name: 'Hoàn tác' }).click()
  await phone.getByText('Đã hoàn tác').or(phone.getByRole('status')).first().waitFor()
  await expect.poll(studied, { timeout: 5_000 }).toEqual(before)

  const values = async () => (await database.pool.query(`select value.* from campaign, count_values(campaign.id, (select array_agg(id) from unit), $1) as value order by 1, 2, 3`, [day])).rows
  const kept = await values()
  await database.pool.query('select recount(id) from campaign')
  expect(kept).toEqual(await values())
  await phone.context().close()
}, 60_000)
