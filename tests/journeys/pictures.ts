import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { openBrowser } from '../../scripts/browser.ts'
import { buildPages } from '../../scripts/build.ts'

process.env['NODE_ENV'] = 'production'

// Takes the pictures of the README from a demonstration of its own: `node tests/journeys/pictures.ts`.

const folder = join(import.meta.dirname, '../../docs/pictures')
const largest = 200 * 1024
const { startServer } = await import('../../app/server.ts')
const { loadDemo } = await import('../../demo/load.ts')
const { readConfig } = await import('../../app/platform/config.ts')

const dataDir = await mkdtemp(join(tmpdir(), 'thong-suot-pictures-'))
const config = { ...readConfig({ data: dataDir, port: '0', isDemo: true }), logLevel: 'warn' }
const served = await startServer(config, { pages: buildPages(tell), prepare: loadDemo })
const browser = await openBrowser()
try {
  await picture('report.png', await open(browser, 'ha.city', { width: 1280, height: 1080 }, '/campaigns/nq-dai-hoi-xiii/report?unit=can-tho&asOf=2021-06-30'))
  await picture('roll.png', await openRoll(browser))
} finally {
  await browser.close()
  await served.stop()
  for (const dir of new Set([dataDir, served.app.config.dataDir])) await rm(dir, { recursive: true, force: true })
}

/** The roll of the cell that the manual shows, on a phone, with one name opened. */
async function openRoll(from: Browser) {
  const { rows } = await served.app.pool.query<{ id: string }>(
    `select sitting.id from sitting join unit on unit.id = sitting.unit_id where unit.code = 'vinh-thanh-thanh-loc-ap-tan-an' order by held_on, sitting.id offset 1 limit 1`,
  )
  const page = await open(from, 'ut.tanan', { width: 360, height: 740 }, `/sittings/${rows[0]!.id}/roll`)
  await page.locator('.sheet > li').nth(1).locator('summary').click()
  return page
}

async function open(from: Browser, username: string, viewport: { width: number; height: number }, path: string) {
  const context = await from.newContext({ baseURL: served.url, viewport, colorScheme: 'light', locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', deviceScaleFactor: viewport.width < 720 ? 2 : 1 })
  const page = await context.newPage()
  await page.goto('/sign-in')
  await page.locator('#username').fill(username)
  await page.locator('#password').fill('thong-suot')
  await Promise.all([page.waitForURL('**/'), page.locator('#password').press('Enter')])
  await page.goto(path)
  await page.evaluate(() => document.fonts.ready)
  return page
}

async function picture(name: string, page: Awaited<ReturnType<typeof open>>): Promise<void> {
  const path = join(folder, name)
  await writeFile(path, await page.screenshot())
  const { size } = await stat(path)
  tell(`${name}: ${Math.round(size / 1024)} KB`)
  if (size > largest) throw new Error(`${name} is larger than ${largest / 1024} KB.`)
}

function tell(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}
