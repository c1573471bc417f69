import { afterAll } from 'vitest'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { startServer, type Served } from '../../app/server.ts'
import type { Config } from '../../app/platform/config.ts'
import { buildPages } from '../../scripts/build.ts'
import type { TestDatabase } from '../database.ts'
import { filesFolder } from '../files.ts'
import { openBrowser } from '../../scripts/browser.ts'

/** The password of every account of the demonstration city. */
export const password = 'thong-suot'

let pages: Promise<string> | undefined

/** The product as `npm start` serves it, on a test's database and a port of its own; stopped when the file has ended. */
export async function serve(database: TestDatabase, settings: Partial<Config> = {}): Promise<Served> {
  const folder = await filesFolder()
  const served = await startServer(
    { databaseUrl: database.url, dataDir: '/nowhere', host: '127.0.0.1', port: 0, publicUrl: null, timeZone: 'Asia/Ho_Chi_Minh', isDemo: false, logLevel: 'silent', files: { kind: 'disk', folder }, ...settings },
    { pages: (pages ??= buildPages(() => {})) },
  )
  afterAll(() => served.stop())
  return served
}

/** Closed when the file has ended. */
export async function browserOfFile(): Promise<Browser> {
  const browser = await openBrowser()
  afterAll(() => browser.close())
  return browser
}

export type Screen = { width: number; isDark?: boolean; hasScript?: boolean; language?: 'vi' | 'en' }

/** A fresh browser profile of somebody who has not signed in. */
export async function visitor(browser: Browser, { url }: Served, { width, isDark = false, hasScript = true, language = 'vi' }: Screen): Promise<Page> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height: width < 720 ? 740 : 900 },
    colorScheme: isDark ? 'dark' : 'light',
    javaScriptEnabled: hasScript,
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(10_000)
  if (language === 'en') await context.addCookies([{ name: 'language', value: 'en', url }])
  return context.newPage()
}

/** Somebody who signs in through the page. */
export async function signedIn(browser: Browser, served: Served, username: string, screen: Screen): Promise<Page> {
  const page = await visitor(browser, served, screen)
  await page.goto('/sign-in')
  await page.locator('input[name=username]').fill(username)
  await page.locator('input[name=password]').fill(password)
  await Promise.all([page.waitForURL('**/'), page.locator('input[name=password]').press('Enter')])
  return page
}

/** The cookie of a session that was begun without a browser, for crawling. */
export async function sessionOf({ url }: Pick<Served, 'url'>, username: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/sign-in`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ username, password }) })
  if (answer.status !== 204) throw new Error(`${username} could not sign in: ${answer.status} ${await answer.text()}`)
  return answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ')
}

/** A session's cookies as a browser keeps them. */
export async function withSession(context: BrowserContext, { url }: Served, cookie: string): Promise<void> {
  await context.addCookies(cookie.split('; ').map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1), url })))
}
