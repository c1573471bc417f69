import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { readXlsx } from 'hucre/xlsx'
import { beforeAll, describe, expect, test } from 'vitest'
import { asSystem } from '../../app/db/open.ts'
import { importWords } from '../../app/features/imports/imports.messages.ts'
import { workbook } from '../../app/features/imports/imports.fixture.ts'
import { messyWorkbooks } from '../../app/features/imports/workbooks.fixture.ts'
import { openLog } from '../../app/platform/log.ts'
import { createAccount } from '../../app/web/accounts.server.ts'
import { testDatabase } from '../database.ts'
import { organisation } from '../people.ts'
import { browserOfFile, password, serve, sessionOf, signedIn } from './site.ts'

const database = await testDatabase()
const { db } = database
const { person } = await organisation(db)
const served = await serve(database)
const browser = await browserOfFile()
const t = importWords.in('vi')
const pictures = join(import.meta.dirname, 'screenshots')

beforeAll(async () => {
  await mkdir(pictures, { recursive: true })
  for (const [username, personId] of [['ngoc', person.ngoc], ['binh', person.binh]] as const) await asSystem(db, openLog('silent'), 'accounts of a test', (tx) => createAccount(tx, { personId, username, password }))
})

const heading = async (page: Page) => (await page.getByRole('heading', { level: 1 }).innerText()).replaceAll(/\s+/g, ' ')

async function choose(page: Page, { name, kind, unit }: { name: string; kind: string; unit?: string }, bytes: Uint8Array): Promise<void> {
  await page.goto('/')
  await page.getByRole('link', { name: 'Nhập, xuất' }).first().click()
  await page.locator(`input[name=kind][value=${kind}]`).check()
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) })
  if (unit) {
    await page.getByText('Tệp không có cột đơn vị').click()
    await page.locator('select[name=unitCode]').selectOption(unit)
  }
  await page.getByRole('button', { name: 'Xem trước' }).click()
  await settled(page)
}

/** The page looks again by itself while the file is being read. */
async function settled(page: Page): Promise<void> {
  await page.waitForURL(/\/imports\/[0-9a-f-]{36}/, { timeout: 30_000 })
  await expect.poll(() => heading(page).catch(() => '…'), { timeout: 30_000, interval: 200 }).not.toMatch(/…|Đang/)
}

const shoot = (page: Page, name: string) => page.screenshot({ path: join(pictures, `imports-${name}.png`), fullPage: true })

describe('a clerk who has never seen the product', () => {
  test.each(messyWorkbooks.map((one, index) => ({ ...one, index })))('brings “$name”', { timeout: 60_000 }, async ({ name, kind, unit, file, good, bad, refused, index }) => {
    const page = await signedIn(browser, served, 'ngoc', { width: index % 2 === 0 ? 1280 : 360, isDark: index % 3 === 2, hasScript: index % 4 !== 3 })
    await choose(page, { name, kind, ...(unit && { unit }) }, await file())
    if (refused) {
      expect(await heading(page)).toBe(t('answerRefused'))
      expect(await page.getByRole('alert').innerText()).toBe(t(refused as 'fileLocked'))
    } else if (bad) {
      expect(await heading(page)).toContain('cần sửa trước khi nhập')
      const told = await page.locator('#bad').innerText()
      for (const problem of bad) expect(told).toContain(t(`problem.${problem.split(' ')[1]!}` as 'problem.born').split(/[{]/)[0]!.trim())
      expect(await page.getByRole('button', { name: /^Nhập/ }).count()).toBe(0)
    } else {
      expect(await heading(page)).toContain('không dòng nào sai')
      await shoot(page, `${index}-preview`)
      await page.getByRole('button', { name: `Nhập ${good} dòng` }).click()
      await settled(page)
      expect(await heading(page)).toBe(`Đã nhập: ${good} mới, 0 thay đổi`)
    }
    await shoot(page, String(index))
    await page.context().close()
  })

  test('corrects the rows in the file that tells what is wrong, and brings that file', { timeout: 60_000 }, async () => {
    const page = await signedIn(browser, served, 'ngoc', { width: 1280 })
    await choose(page, { name: 'sai.xlsx', kind: 'members' }, await workbook([['Họ và tên', 'Số thẻ', 'Ngày sinh', 'Chi bộ'], ['Tô Thị Sai', '92.700001', '31/2/1980', 'Chi bộ khu vực 1']]))
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: t('remarks') }).click()])
    const { sheets } = await readXlsx(await bytesOf(await download.path()))
    const rows = sheets[0]!.rows
    expect(rows[1]!.at(-1)).toContain('Cột C: “31/2/1980”. Không phải ngày sinh.')
    rows[1]![2] = '28/2/1980'
    await choose(page, { name: 'sua.xlsx', kind: 'members' }, await workbook(rows as never))
    expect(await heading(page)).toBe('1 dòng đọc được, không dòng nào sai')
    await page.context().close()
  })

  test('says on the page who it is, without changing the file', { timeout: 60_000 }, async () => {
    const page = await signedIn(browser, served, 'ngoc', { width: 360 })
    await choose(page, { name: 'hai.xlsx', kind: 'members' }, await workbook([['Họ và tên', 'Ngày sinh', 'Điện thoại', 'Chi bộ'], ['Lê Thanh Bình', '5/5/1975', '0912000444', 'Chi bộ khu vực 1'], ['Trần Văn Minh', '1/2/1983', null, 'Chi bộ khu vực 1']]))
    expect(await heading(page)).toBe('2 trên 2 dòng cần sửa trước khi nhập')
    await page.getByRole('button', { name: 'Ghi nhận lựa chọn' }).click()
    await page.getByText('Chưa chọn người nào').waitFor()
    await page.getByLabel('Trần Văn Minh trong dòng này là ai?').selectOption('another')
    await page.getByLabel('Lê Thanh Bình trong dòng này là ai?').selectOption({ index: 1 })
    await page.getByRole('button', { name: 'Ghi nhận lựa chọn' }).click()
    await page.getByRole('heading', { name: '2 dòng đọc được, không dòng nào sai' }).waitFor()
    expect(await page.locator('#summary').innerText()).toMatch(/Thêm mới\s+1[\s\S]*Thay đổi\s+1/)
    await page.context().close()
  })

  test('downloads what there is, brings it back, and nothing would change', { timeout: 60_000 }, async () => {
    const page = await signedIn(browser, served, 'ngoc', { width: 1280 })
    for (const format of ['Excel', 'CSV']) {
      await page.goto('/imports')
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: `Xuất Đảng viên, ${format}` }).click()])
      await choose(page, { name: download.suggestedFilename(), kind: 'members' }, await bytesOf(await download.path()))
      expect(await heading(page)).toMatch(/^Cả \d+ dòng đều đã có đúng như vậy$/)
    }
    await shoot(page, 'same')
    await page.context().close()
  })
})

test.each([{ width: 1280 }, { width: 360, isDark: true }])('the page to begin with at $width px', { timeout: 60_000 }, async (screen) => {
  const page = await signedIn(browser, served, 'ngoc', screen)
  await page.goto('/imports')
  expect(await heading(page)).toBe(t('heading'))
  await shoot(page, `begin-${screen.width}`)
  await page.getByRole('button', { name: 'Xem trước' }).click() // without a file the browser asks for one
  expect(new URL(page.url()).pathname).toBe('/imports')
  await page.context().close()
})

test('the API does the same: brings, tells what is wrong, carries out, gives up', { timeout: 60_000 }, async () => {
  const cookie = await sessionOf(served, 'ngoc')
  const call = async (method: string, path: string, body?: FormData) => {
    const answer = await fetch(`${served.url}/api/v1${path}`, { method, headers: { cookie }, ...(body && { body }) })
    return { status: answer.status, body: (answer.headers.get('content-type')?.includes('json') ? await answer.json() : await answer.arrayBuffer()) as Record<string, never> & ArrayBuffer }
  }
  const bring = async (rows: (string | null)[][], kind = 'members') => {
    const form = new FormData()
    form.set('kind', kind)
    form.set('file', new File([(await workbook([['Họ và tên', 'Số thẻ', 'Ngày sinh', 'Mã đơn vị'], ...rows])) as never], 'qua-api.xlsx'))
    return ended(await call('POST', '/imports', form))
  }
  /** What takes longer than two seconds is asked for again. */
  const ended = async (answer: Awaited<ReturnType<typeof call>>): ReturnType<typeof call> => {
    if (!['waiting', 'working'].includes(String(answer.body['state']))) return answer
    await new Promise((resolve) => setTimeout(resolve, 300))
    return ended(await call('GET', `/imports/${answer.body['id']}`))
  }
  const wrong = await bring([['Qua Thị Giao', '92.900001', '31/2/1980', 'an-hoa-1']])
  expect(wrong).toMatchObject({ status: 200, body: { state: 'checked', counts: { bad: 1, new: 0 } } })
  const rows = await call('GET', `/imports/${wrong.body['id']}/rows?verdict=bad`)
  expect(rows.body).toMatchObject({ rows: [{ row: 2, verdict: 'bad', problems: [{ code: 'born', column: 'C', value: '31/2/1980' }] }] })
  expect(await call('POST', `/imports/${wrong.body['id']}/run`)).toMatchObject({ status: 422 })
  const good = await bring([['Qua Thị Giao', '92.900001', '28/2/1980', 'an-hoa-1']])
  const done = await ended(await call('POST', `/imports/${good.body['id']}/run`))
  expect(done).toMatchObject({ status: 200, body: { state: 'imported', receipt: expect.any(Number) as number } })
  expect(await call('POST', `/imports/${wrong.body['id']}/cancel`)).toMatchObject({ status: 200, body: { state: 'cancelled' } })
  expect((await call('GET', '/imports')).body).toMatchObject({ imports: expect.arrayContaining([expect.objectContaining({ id: good.body['id'] })]) as never })
  expect((await call('GET', '/lists/members?format=csv')).status).toBe(200)
  expect((await call('GET', '/lists/offices')).status).toBe(403)
  expect((await call('GET', '/lists/members/template')).status).toBe(200)
  expect((await bring([], 'people')).status).toBe(422)
  const empty = new FormData()
  empty.set('kind', 'members')
  expect((await call('POST', '/imports', empty)).status).toBe(422)
  const huge = new FormData()
  huge.set('kind', 'members')
  huge.set('file', new File([new Uint8Array(21 * 1024 * 1024)], 'lon.xlsx'))
  expect((await call('POST', '/imports', huge)).status).toBe(413)
})

test('an import is not there for anybody else', async () => {
  const page = await signedIn(browser, served, 'ngoc', { width: 1280 })
  await choose(page, { name: 'rieng.xlsx', kind: 'members' }, await workbook([['Họ và tên', 'Chi bộ'], ['Riêng Tư', 'Chi bộ khu vực 1']]))
  const { pathname } = new URL(page.url())
  const other = await signedIn(browser, served, 'binh', { width: 1280 })
  for (const path of [pathname, `${pathname}/remarks.xlsx`]) expect((await other.goto(path))?.status()).toBe(404)
  await other.goto('/imports')
  expect(await other.locator('main').innerText()).not.toContain('rieng.xlsx')
  await page.getByRole('button', { name: t('cancel') }).click()
  await page.waitForURL('**/imports')
  expect(await page.locator('#recent').innerText()).toContain(t('state.cancelled'))
  await page.context().close()
  await other.context().close()
})

async function bytesOf(path: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(path))
}
