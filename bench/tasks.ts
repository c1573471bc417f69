import { writeXlsx } from 'hucre/xlsx'
import type { Locator, Page } from 'playwright-core'
import { openBrowser } from '../scripts/browser.ts'
import { line } from './shared/measure.ts'
import { serveCity } from './shared/served-city.ts'

// The first five tasks of somebody new, through the real pages: how many clicks, fields and seconds each takes. Seconds are those
// of the machine, not of a person reading; clicks and fields are the person's.

const cell = 'vinh-thanh-thanh-loc-ap-tan-an'
const city = await serveCity()
const browser = await openBrowser()
try {
  await play('clerk of a commune', 'vanphong.thanhloc', 1280, [
    ['find a unit', async ({ page, press, fill }) => {
      await press('Control+k')
      await fill(page.getByRole('combobox'), 'ap tan an')
      await page.getByRole('option', { name: /ấp Tân An/ }).first().waitFor()
      await press('Enter')
      await page.waitForURL(`**/units/${cell}**`)
    }],
    ['import 3 members', async ({ page, click, put }) => {
      await click(page.getByRole('link', { name: 'Nhập, xuất' }).first())
      await put(page.locator('input[type=file]'), await threeMembers())
      await click(page.getByRole('button', { name: 'Xem trước' }))
      await page.getByRole('button', { name: /^Nhập 3/ }).waitFor({ timeout: 30_000 })
      await click(page.getByRole('button', { name: /^Nhập 3/ }))
      await page.getByRole('heading', { name: /Đã nhập: 3 mới/ }).waitFor({ timeout: 30_000 })
    }],
    ['take a roll', (hand) => takeRoll(hand)],
    ['download the report', (hand) => downloadReport(hand)],
  ])
  await play('secretary of a cell', 'ut.tanan', 360, [
    ['see who has not studied', async ({ page }) => {
      await page.getByRole('heading', { level: 1 }).waitFor()
    }],
    ['take a roll', (hand) => takeRoll(hand)],
    ['get the invitation of a class', async ({ page, click }) => {
      await click(page.locator('a[href^="/sessions/"]:visible').filter({ hasText: /\S/ }).first())
      const [download] = await Promise.all([page.waitForEvent('download'), click(page.locator('a[href$="/invitation.pdf"]'))])
      await download.path()
    }],
    ['download the report', (hand) => downloadReport(hand)],
  ])
} finally {
  await browser.close()
  await city.stop()
}

type Hand = { page: Page; click: (what: Locator) => Promise<void>; fill: (what: Locator, words: string) => Promise<void>; press: (key: string) => Promise<void>; put: (what: Locator, file: Uint8Array) => Promise<void> }

async function play(who: string, username: string, width: number, tasks: [string, (hand: Hand) => Promise<void>][]): Promise<void> {
  const context = await browser.newContext({ baseURL: city.url, viewport: { width, height: width < 720 ? 740 : 900 }, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh' })
  const page = await context.newPage()
  const spent = { clicks: 0, fields: 0, keys: 0 }
  const hand: Hand = {
    page,
    click: (what) => ((spent.clicks += 1), what.click()),
    fill: (what, words) => ((spent.fields += 1), what.fill(words)),
    press: (key) => ((spent.keys += 1), page.keyboard.press(key)),
    put: (what, file) => ((spent.fields += 1), what.setInputFiles({ name: 'dang-vien.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from(file) })),
  }
  await page.goto('/')
  for (const [task, work] of [['sign in', signIn(username)], ...tasks] as const) {
    Object.assign(spent, { clicks: 0, fields: 0, keys: 0 })
    const began = performance.now()
    await work(hand)
    line({ bench: 'tasks', who, width, task, ...spent, seconds: Math.round(performance.now() - began) / 1000 })
  }
  await context.close()
}

function signIn(username: string) {
  return async ({ page, fill, click }: Hand) => {
    await fill(page.locator('input#username'), username)
    await fill(page.locator('input#password'), 'thong-suot')
    await click(page.locator('form:has(#username) button.primary'))
    await page.waitForURL((url) => url.pathname === '/')
  }
}

/** The latest class of the cell: everybody present but one. */
async function takeRoll({ page, click }: Hand): Promise<void> {
  await click(await inMenu(page, 'Buổi học'))
  await click(page.locator('main a[href^="/sessions/"]').filter({ hasText: 'Tân An' }).first())
  await click(page.locator('a[href^="/sittings/"]').first())
  await click(page.locator('[data-all-present]').first())
  await click(page.getByRole('button', { name: 'Lưu điểm danh' }))
  await page.locator('.toast').waitFor()
}

async function downloadReport({ page, click }: Hand): Promise<void> {
  await click(await inMenu(page, 'Báo cáo'))
  const [download] = await Promise.all([page.waitForEvent('download'), click(page.locator('a[href*="report.docx"]').first())])
  await download.path()
}

/** A section in the bar of a desk, or in the menu of a phone, where opening the menu is a click of its own. */
async function inMenu(page: Page, name: string): Promise<Locator> {
  const inBar = page.locator('.bar nav a', { hasText: name })
  return (await inBar.first().isVisible()) ? inBar.first() : page.locator('.foot nav a', { hasText: name }).first()
}

function threeMembers(): Promise<Uint8Array> {
  const rows = [['Họ và tên', 'Ngày sinh', 'Chi bộ', 'Số thẻ đảng viên'], ['Võ Thị Mười', '5/9/1990', 'Chi bộ ấp Tân An', '92.990001'], ['Lâm Văn Chín', '17/1/1985', 'Chi bộ ấp Tân An', '92.990002'], ['Phan Thị Bảy', '2/2/1979', 'Chi bộ ấp Tân An', '92.990003']]
  return writeXlsx({ sheets: [{ name: 'Đảng viên', rows }] })
}
