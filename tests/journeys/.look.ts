import { openBrowser } from './browser.ts'
const [,, user, width, path, out, dark] = process.argv
const b = await openBrowser()
const c = await b.newContext({ baseURL: 'http://127.0.0.1:3200', viewport: { width: Number(width), height: 800 }, colorScheme: dark ? 'dark' : 'light' })
const p = await c.newPage()
await p.goto('/sign-in'); await p.locator('input[name=username]').fill(user!); await p.locator('input[name=password]').fill('thong-suot'); await p.locator('input[name=password]').press('Enter'); await p.waitForURL('**/')
const t = Date.now()
const r = await p.goto(path!)
console.log(r!.status(), Date.now()-t, await p.title(), await p.locator('h1').allTextContents())
await p.screenshot({ path: out!, fullPage: true })
await b.close()
