import { startServer } from '../app/server.ts'
import { buildPages } from './build.ts'
import { openBrowser } from './browser.ts'
import { openScratchServer, createMigrated, administer } from './scratch-server.ts'
import { openDatabase } from '../app/db/open.ts'
import { openLog } from '../app/platform/log.ts'
import { firstAdministrator } from '../app/web/accounts.server.ts'
import { Setup } from '../app/web/setup.schema.ts'
import { readFileSync } from 'node:fs'
const { server } = await openScratchServer()
const name = 'check_shots_4101'
await administer(server, `drop database if exists ${name} with (force)`)
await createMigrated(server, name)
const log = openLog('warn')
const opened = openDatabase({ ...server, database: name }, log, 2)
await firstAdministrator(opened.db, log, Setup.parse({ unit: { name: 'Thành ủy Cần Thơ', kind: 'city_committee' }, person: { name: 'Nguyễn Thu Hà' }, username: 'khoa', password: 'thong-suot-ha' }))
const url = `postgres://thong_suot@localhost:5999/${name}?host=/tmp/pgdev`
const served = await startServer({ databaseUrl: url, dataDir: '/nowhere', host: '127.0.0.1', port: 4101, publicUrl: null, timeZone: 'Asia/Ho_Chi_Minh', isDemo: false, logLevel: 'silent' } as never, { pages: buildPages(() => {}) } as never)
const browser = await openBrowser()
for (const [width, isDark] of [[1280, false], [360, false], [1280, true], [360, true]] as const) {
  const context = await browser.newContext({ baseURL: served.url, viewport: { width, height: width < 720 ? 740 : 900 }, colorScheme: isDark ? 'dark' : 'light', locale: 'vi-VN', reducedMotion: 'reduce' })
  const page = await context.newPage()
  await page.goto('/sign-in')
  await page.locator('input[name=username]').fill('khoa')
  await page.locator('input[name=password]').fill('thong-suot-ha')
  await Promise.all([page.waitForURL('**/'), page.locator('input[name=password]').press('Enter')])
  for (const [what, file] of [['one', '/tmp/fresh/one.txt'], ['right', '/tmp/fresh/right.txt']] as const) {
    await page.goto('/check')
    await page.locator('textarea[name=text]').fill(readFileSync(file, 'utf8'))
    await Promise.all([page.waitForLoadState('load'), page.locator('main button[type=submit], main form button').first().click()])
    await page.waitForSelector('.text')
    await page.screenshot({ path: `/tmp/fresh/shots/${what}-${width}${isDark ? '-dark' : ''}.png`, fullPage: true })
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    console.log(what, width, isDark, 'overflow', over)
  }
  await context.close()
}
await browser.close()
await served.stop()
await opened.pool.end()
await administer(server, `drop database if exists ${name} with (force)`)
