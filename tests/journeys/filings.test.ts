import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import readXlsx from 'read-excel-file/node'
import { afterAll, describe, expect, test } from 'vitest'
import { filingHead } from '../../app/features/filings/filing-head.server.ts'
import { saveText, saveValues } from '../../app/features/filings/filing.server.ts'
import { sectionsOf } from '../../app/features/filings/forms.server.ts'
import { acceptFiling, submitFiling } from '../../app/features/filings/workflow.server.ts'
import type { ReportJson } from '../../app/features/reports/report-json.ts'
import { showCount, showPercent } from '../../app/figures/figure.ts'
import { addDays, showDay } from '../../app/platform/clock.ts'
import { testDatabase } from '../database.ts'
import { readDocx } from '../read-docx.ts'
import { readPdf } from '../read-pdf.ts'
import { reportedCity, type Commune } from './reported-city.ts'
import { browserOfFile, serve, sessionOf, signedIn } from './site.ts'

// A round of reports from its opening to the archive of what was sealed: a hundred units, one late, one returned.

const database = await testDatabase()
const { db, pool } = database
const { communes, as, officer, day } = await reportedCity(database)
const served = await serve(database)
const browser = await browserOfFile()
const folder = await mkdtemp(join(tmpdir(), 'thong-suot-filings-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
const run = promisify(execFile)

const heading = async (page: Page) => (await page.getByRole('heading', { level: 1 }).innerText()).replaceAll(/\s+/g, ' ')
const button = (page: Page, name: string | RegExp) => page.getByRole('main').getByRole('button', { name })
const box = (page: Page, name: string | RegExp) => page.getByRole('main').getByRole('textbox', { name })
const toast = async (page: Page) => (await page.locator('.toast').innerText()).replaceAll(/\s+/g, ' ')
const filingOf = async ({ id }: Commune) => (await db.selectFrom('filing').select('id').where('unit_id', '=', id).executeTakeFirstOrThrow()).id
const [first, second, third, fourth, late] = communes as [Commune, Commune, Commune, Commune, Commune]
let round = ''
let sealed = '' // the code of the seal

/** What the clerk of a commune does by hand on the page, done by the same operations. */
async function report({ clerk }: Commune, filingId: string, classes: number): Promise<void> {
  await as(clerk, async (ctx) => {
    const { formId } = await filingHead(ctx.tx, filingId)
    const written = (await sectionsOf(ctx.tx, formId)).filter((section) => section.kind !== 'figures')
    await saveValues(ctx, { filingId, values: { 'lop-tuyen-truyen': { value: classes } } })
    for (const { id } of written) await saveText(ctx, { filingId, sectionId: id, text: 'Đơn vị thực hiện đúng kế hoạch.', version: 0 })
    const { version } = await filingHead(ctx.tx, filingId)
    await submitFiling(ctx, { filingId, version, reasons: {} })
  })
}

describe('a round of reports', () => {
  test('the city adds a figure of its own, makes a form and asks its hundred units', async () => {
    const page = await signedIn(browser, served, 'officer', { width: 1280 })
    await page.goto('/indicators')
    await page.getByLabel('Tên số liệu').fill('Lớp tuyên truyền')
    await page.getByLabel('Đơn vị tính').selectOption({ label: 'lớp' })
    await button(page, 'Thêm vào danh mục').click()
    expect(await toast(page)).toMatch(/^Đã thêm “Lớp tuyên truyền” vào danh mục\. Số biên nhận \d+/)
    expect(await heading(page)).toBe('10 số liệu đếm từ hồ sơ, 1 số liệu do đơn vị khai báo')

    await page.goto('/forms/new')
    await page.getByLabel('Tên mẫu').fill('Báo cáo tháng')
    await page.locator('input[name="sections.0.indicators"][value="lop-tuyen-truyen"]').check()
    for (const row of [5, 6]) await page.locator(`input[name="sections.${row}.title"]`).fill('')
    await button(page, 'Lưu mẫu báo cáo').click()
    expect(await heading(page)).toBe('Báo cáo tháng')
    expect(await page.getByRole('main').innerText()).toContain('6 số liệu, trong đó 1 số phải gõ; 2 phần lời')

    await page.getByRole('link', { name: 'Mở kỳ báo cáo theo mẫu này' }).click()
    await page.getByLabel('Tên kỳ').fill('Báo cáo tháng này')
    await page.getByLabel('Số liệu tính đến ngày').fill('31/2/2021')
    await button(page, 'Mở kỳ báo cáo').click()
    expect(await page.getByRole('alert').innerText()).toContain('còn 1 chỗ cần sửa')
    expect(await page.getByLabel('Tên kỳ').inputValue()).toBe('Báo cáo tháng này')
    await page.getByLabel('Số liệu tính đến ngày').fill(showDay(day))
    await page.getByLabel('Ngày phải gửi').fill(showDay(addDays(day, 3)))
    await button(page, 'Mở kỳ báo cáo').click()
    await page.waitForURL('**/rounds/*')
    expect(await toast(page)).toContain('Đã mở kỳ “Báo cáo tháng này” cho 100 đơn vị.')
    expect(await heading(page)).toBe('0 / 100 đơn vị đã gửi')
    round = new URL(page.url()).pathname
    await page.context().close()
  }, 60_000)

  test('a clerk without script, on a phone, types one number and the words, proves it with a file and sends it up', async () => {
    const page = await signedIn(browser, served, first.username, { width: 360, hasScript: false })
    await page.getByRole('main').getByRole('link', { name: 'Gửi báo cáo: Báo cáo tháng này', exact: true }).click()
    expect(await heading(page)).toBe(`Báo cáo của ${first.name} chưa gửi : còn 1 số phải gõ`.replace(' :', ':'))
    expect((await page.getByRole('row', { name: /Đảng viên đã học/ }).first().innerText()).replaceAll(/\s+/g, ' ')).toContain('66,67%')

    await box(page, /^Lớp tuyên truyền/).fill('12 lớp')
    await box(page, 'Kết quả').fill('Học tập nghiêm túc, đúng kế hoạch.')
    await button(page, 'Lưu nháp').click()
    expect(await page.getByRole('alert').first().innerText()).toContain('chữ số')
    expect(await box(page, 'Kết quả').inputValue()).toBe('Học tập nghiêm túc, đúng kế hoạch.') // nothing typed is lost

    await box(page, /^Lớp tuyên truyền/).fill('4')
    await page.locator('input[type=file]').setInputFiles({ name: 'danh sách lớp.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<html>no document</html>') })
    await button(page, 'Lưu nháp').click()
    expect(await page.getByRole('alert').first().innerText()).toContain('Tệp này là trang web')
    await page.locator('input[type=file]').setInputFiles({ name: 'danh sách lớp.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF') })
    await button(page, 'Lưu nháp').click()
    expect(await toast(page)).toMatch(/^Đã lưu nháp lúc \d+:\d\d\. Số biên nhận \d+/)
    expect(await page.getByRole('main').innerText()).toContain('danh sách lớp.pdf')

    await button(page, /Gửi báo cáo lên/).click()
    expect(await page.getByRole('alert').first().innerText()).toContain('còn trống')
    await box(page, /^Khó khăn/).fill('Không có.')
    await button(page, /Gửi báo cáo lên/).click()
    expect(await toast(page)).toContain('Đã gửi báo cáo lên Thành ủy Cần Thơ.')
    expect(await heading(page)).toBe(`${first.name} đã gửi báo cáo, chờ Thành ủy Cần Thơ xem`)
    expect(await page.getByRole('main').innerText()).toContain('khai báo')
    await page.context().close()
  }, 60_000)

  test('two people in one report: whoever saves later sees both texts, and none is lost', async () => {
    const path = `/filings/${await filingOf(second)}`
    const clerk = await signedIn(browser, served, second.username, { width: 1280 })
    const secretary = await signedIn(browser, served, 'secretary.2', { width: 1280 })
    for (const page of [clerk, secretary]) await page.goto(path)
    await box(clerk, 'Kết quả').fill('Bản của văn phòng.')
    await button(clerk, 'Lưu nháp').click()
    await box(secretary, 'Kết quả').fill('Bản của bí thư.')
    await box(secretary, /^Lớp tuyên truyền/).fill('7')
    const [answer] = await Promise.all([secretary.waitForResponse((one) => one.request().method() === 'POST'), button(secretary, 'Lưu nháp').click()])
    expect(answer.status()).toBe(409)
    await secretary.getByText(`${second.clerk.name} vừa lưu phần này`).first().waitFor()
    expect(await secretary.locator('.theirs').innerText()).toBe('Bản của văn phòng.')
    expect(await box(secretary, 'Bản của anh/chị, chưa lưu').inputValue()).toBe('Bản của bí thư.')
    expect(await box(secretary, /^Lớp tuyên truyền/).inputValue()).toBe('7')
    expect(await secretary.getByRole('main').innerText()).toContain(`${second.clerk.name} đang sửa, lưu lúc`)

    await box(secretary, 'Bản của anh/chị, chưa lưu').fill('Bản của văn phòng. Bản của bí thư.')
    await box(secretary, /^Khó khăn/).fill('Không có.')
    await button(secretary, /Gửi báo cáo lên/).click()
    expect(await toast(secretary)).toContain('Đã gửi báo cáo')
    const { rows } = await pool.query<{ text: string }>(`select text from filing_text where filing_id = $1 and text like 'Bản%' order by recorded_at`, [path.split('/').at(-1)])
    expect(rows.map((row) => row.text)).toEqual(['Bản của văn phòng.', 'Bản của văn phòng. Bản của bí thư.'])
    await clerk.context().close()
    await secretary.context().close()
  }, 60_000)

  test('what is typed and not saved is still there after the page was left', async () => {
    const page = await signedIn(browser, served, third.username, { width: 360 })
    const path = `/filings/${await filingOf(third)}`
    await page.goto(path)
    await box(page, 'Kết quả').fill('Gõ dở, chưa lưu.')
    await page.goto('/')
    await page.goto(path)
    expect(await box(page, 'Kết quả').inputValue()).toBe('Gõ dở, chưa lưu.')
    expect(await page.getByRole('main').innerText()).toContain('Đã lấy lại nội dung chưa lưu trên máy này')
    await box(page, /^Lớp tuyên truyền/).fill('5')
    await box(page, /^Khó khăn/).fill('Không có.')
    await button(page, /Gửi báo cáo lên/).click()
    expect(await toast(page)).toContain('Đã gửi báo cáo')
    expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('form:')))).toEqual([])
    await page.context().close()
  }, 60_000)

  test('87 / 100: who is overdue is named first; more time is given with a reason', async () => {
    for (const [index, commune] of communes.slice(5, 89).entries()) await report(commune, await filingOf(commune), 3 + (index % 3))
    await pool.query(`update filing set due_at = clock_timestamp() - interval '1 minute' where unit_id = $1`, [late.id]) // its time goes by
    const page = await signedIn(browser, served, 'officer', { width: 1280 })
    await page.goto(round)
    expect(await heading(page)).toBe('87 / 100 đơn vị đã gửi, 1 đơn vị quá hạn')
    expect((await page.locator('.unitrow').first().innerText()).replaceAll(/\s+/g, ' ')).toBe(`${late.name} Chưa gửi, quá hạn`)
    expect(await page.getByRole('main').innerText()).toContain(`1 · ${late.name}`.slice(4))

    await page.locator('.unitrow summary', { hasText: `${fourth.name}` }).first().click()
    await page.getByRole('link', { name: `Gia hạn: ${fourth.name}`, exact: true }).click()
    expect(await page.getByRole('checkbox', { name: new RegExp(`^${fourth.name} \\(`) }).isChecked()).toBe(true)
    await page.getByLabel('Hạn mới').fill(showDay(addDays(day, 1)))
    await page.getByLabel('Lý do gia hạn').fill('Mất điện hai ngày.')
    await button(page, 'Gia hạn').click()
    expect(await page.getByText(/phải muộn hơn/).first().innerText()).toContain(fourth.name)
    await page.getByLabel('Hạn mới').fill(showDay(addDays(day, 6)))
    await button(page, 'Gia hạn').click()
    expect(await toast(page)).toContain(`Đã gia hạn đến 17:00 ngày ${showDay(addDays(day, 6))}.`)
    await page.context().close()

    const unit = await signedIn(browser, served, fourth.username, { width: 360 })
    await unit.goto(`/filings/${await filingOf(fourth)}`)
    expect(await unit.getByRole('main').innerText()).toContain('Lý do: Mất điện hai ngày.')
    await unit.context().close()
  }, 240_000)

  test('the last ones send theirs, one of them late', async () => {
    for (const commune of [fourth, ...communes.slice(89)]) await report(commune, await filingOf(commune), 4)
    const page = await signedIn(browser, served, late.username, { width: 360 })
    expect(await page.getByRole('main').innerText()).toContain('Quá hạn')
    await page.goto(`/filings/${await filingOf(late)}`)
    await box(page, /^Lớp tuyên truyền/).fill('400')
    for (const name of ['Kết quả', /^Khó khăn/]) await box(page, name).fill('Đã thực hiện.')
    await button(page, /Gửi báo cáo lên/).click()
    // far from what units like it report: passed with a reason
    expect(await page.getByRole('alert').first().innerText()).toContain('khác xa các đơn vị cùng loại')
    expect(await box(page, 'Kết quả').inputValue()).toBe('Đã thực hiện.')
    await page.getByLabel('Lý do con số vẫn đúng').fill('Xã có 40 tổ tuyên truyền, mỗi tổ mười lớp.')
    await button(page, /Gửi báo cáo lên/).click()
    expect(await toast(page)).toContain('Đã gửi báo cáo')
    expect(await page.getByRole('main').innerText()).toContain('gửi muộn')
    await page.context().close()
    const asker = await signedIn(browser, served, 'officer', { width: 1280 })
    await asker.goto(round)
    expect(await heading(asker)).toBe('100 / 100 đơn vị đã gửi, 100 báo cáo chờ xem')
    await asker.context().close()
  }, 240_000)

  test('the city returns one with a comment, the unit sends it anew, and all are accepted', async () => {
    const page = await signedIn(browser, served, 'officer', { width: 1280 })
    await page.goto(`/filings/${await filingOf(first)}`)
    expect(await heading(page)).toContain('đã gửi báo cáo')
    const [proof] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /danh sách lớp\.pdf/ }).click()])
    expect(await readFile(await proof.path(), 'latin1')).toBe('%PDF-1.4\n%%EOF')
    await page.getByText('Trả lại để bổ sung…').click()
    await page.getByLabel('Cần bổ sung điều gì').fill('Nêu rõ kết quả từng chi bộ.')
    await button(page, 'Trả lại báo cáo').click()
    expect(await toast(page)).toContain('Đã trả lại báo cáo')

    const unit = await signedIn(browser, served, first.username, { width: 360 })
    await unit.getByRole('main').getByRole('link', { name: 'Bổ sung và gửi lại: Báo cáo tháng này', exact: true }).click()
    expect(await unit.getByRole('main').innerText()).toContain('Nêu rõ kết quả từng chi bộ.')
    await box(unit, 'Kết quả').fill('Chi bộ ấp 1 học đủ hai phần ba.')
    await button(unit, /Gửi lại lên/).click()
    expect(await toast(unit)).toContain('Đã gửi báo cáo')
    await unit.context().close()

    await page.reload()
    expect(await page.getByRole('main').innerText()).toContain('Chi bộ ấp 1 học đủ hai phần ba.')
    await page.getByRole('link', { name: 'Lần 1', exact: true }).click()
    expect(await page.getByRole('main').innerText()).toContain('Học tập nghiêm túc, đúng kế hoạch.') // what was handed up first stays
    await page.goto(`/filings/${await filingOf(first)}`)
    await button(page, 'Nhận báo cáo').click()
    expect(await heading(page)).toBe(`Thành ủy Cần Thơ đã nhận báo cáo của ${first.name}`)
    expect(await page.getByRole('link', { name: /Báo cáo chờ xem tiếp theo/ }).count()).toBe(1)
    await page.context().close()
    for (const commune of communes.slice(1)) {
      const filingId = await filingOf(commune)
      await as(officer, async (ctx) => acceptFiling(ctx, { filingId, version: (await filingHead(ctx.tx, filingId)).version }))
    }
  }, 240_000)

  test('the city consolidates: every sum opens to what it was summed from, and says what is declared', async () => {
    const page = await signedIn(browser, served, 'officer', { width: 1280 })
    await page.goto(round)
    expect(await page.getByRole('main').innerText()).toContain('Đủ 100 / 100 báo cáo đã nhận.')
    await page.getByRole('link', { name: 'Tổng hợp báo cáo' }).click()
    expect(await heading(page)).toBe('Thành ủy Cần Thơ: tổng hợp 100 / 100 báo cáo')
    const { rows } = await pool.query<{ sum: number }>(`select sum(value)::integer as sum from filing_value where superseded_at is null`)
    const sum = rows[0]!.sum
    const row = page.getByRole('row', { name: /^Lớp tuyên truyền/ })
    expect((await row.innerText()).replaceAll(/\s+/g, ' ')).toContain(`${sum} cộng từ 100 báo cáo, trong đó khai báo 100,00% (${sum})`)
    await row.getByRole('link', { name: String(sum) }).click()
    const drawer = page.getByRole('dialog')
    await expect.poll(() => drawer.getByRole('link', { name: /^Đảng ủy xã/ }).count()).toBe(100)
    expect(await drawer.locator('tbody tr').first().innerText()).toContain('400')
    await page.goto(page.url().replace(/\?.*/, ''))
    for (const name of ['Kết quả', /^Khó khăn/]) await box(page, name).fill('Toàn thành phố thực hiện đúng kế hoạch.')
    await button(page, 'Tổng hợp báo cáo').click()
    expect(await toast(page)).toContain('Đã tổng hợp 100 báo cáo.')
    expect(await page.getByRole('link', { name: 'Khóa số liệu', exact: true }).count()).toBe(1)
    await page.context().close()
  }, 60_000)

  test('it asks the unit about a number and gets the answer', async () => {
    const page = await signedIn(browser, served, 'officer', { width: 1280 })
    await page.goto(`/filings/${await filingOf(late)}`)
    await page.getByRole('link', { name: 'Hỏi về con số này: Lớp tuyên truyền' }).click()
    expect(await heading(page)).toContain('400')
    await page.locator('textarea[name=text]').fill('400 lớp có nhầm với cuộc họp không?')
    await button(page, /Gửi câu hỏi cho/).click()
    await page.waitForURL('**/questions/*')
    const question = new URL(page.url()).pathname

    const unit = await signedIn(browser, served, late.username, { width: 360 })
    await unit.goto(question)
    await unit.locator('textarea[name=text]').first().fill('Đúng là 400 lớp, có danh sách kèm theo.')
    await button(unit, 'Gửi trả lời').click()
    await unit.context().close()
    await page.reload()
    expect(await page.getByRole('main').innerText()).toContain('Đúng là 400 lớp, có danh sách kèm theo.')
    await page.context().close()
  }, 60_000)

  test('it seals, exports and verifies; one changed byte fails', async () => {
    const page = await signedIn(browser, served, 'officer', { width: 1280 })
    await page.goto(round)
    await page.getByRole('link', { name: 'Mở báo cáo tổng hợp' }).click()
    await page.getByRole('link', { name: 'Khóa số liệu', exact: true }).click()
    await button(page, /^Khóa số liệu/).click()
    await page.waitForURL('**/seals/*')
    const code = (sealed = new URL(page.url()).pathname.split('/').at(-1)!)
    const answer = await fetch(`${served.url}/seals/${code}/archive.zip`, { headers: { cookie: await sessionOf(served, 'officer') } })
    expect(answer.status).toBe(200)
    const archive = new Uint8Array(await answer.arrayBuffer())
    const file = join(folder, 'archive.zip')
    await writeFile(file, archive)
    const cli = join(import.meta.dirname, '../../bin/thong-suot')
    expect((await run(cli, ['verify', file])).stdout).toContain(code)
    const half = Math.floor(archive.length / 2)
    await writeFile(file, archive.with(half, archive[half]! ^ 1))
    await expect(run(cli, ['verify', file])).rejects.toMatchObject({ code: 1 })

    await page.goto(round)
    await page.getByRole('link', { name: 'Mở báo cáo tổng hợp' }).click()
    expect(await heading(page)).toBe('Số liệu của Thành ủy Cần Thơ đã khóa')
    await page.context().close()
  }, 240_000)
})

test('page, DOCX, PDF, XLSX and JSON of the sealed report have the same numbers, read back out of all five', async () => {
  const cookie = await sessionOf(served, 'officer')
  const file = async (format: string) => new Uint8Array(await (await fetch(`${served.url}/seals/${sealed}/report.${format}`, { headers: { cookie } })).arrayBuffer())
  const json = JSON.parse(new TextDecoder().decode(await file('json'))) as ReportJson
  const shown = (figure: { numerator: number; denominator: number | null }) => [showCount(figure.numerator, 'vi'), ...(figure.denominator === null ? ['', ''] : [showCount(figure.denominator, 'vi'), showPercent(figure.numerator, figure.denominator, 'vi')])]
  const form = json.form!.figures
  const units = json.sections.units.map(({ name, studied, expected }) => ({ name, numerator: studied, denominator: expected }))
  expect([form.length, units.length]).toEqual([6, 100])
  const ofForm = form.map((figure) => [figure.name, ...shown(figure)])
  const ofUnits = units.map((unit) => [unit.name, ...shown(unit)])

  const page = await signedIn(browser, served, 'officer', { width: 1280 })
  await page.goto(`/seals/${sealed}`)
  const rowsIn = (part: string) => page.locator(`${part} table`).first().locator('tbody tr').evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => (cell as HTMLElement).innerText.trim())))
  const onPage = await rowsIn('#figures')
  const longestFirst = form.map((figure) => figure.name).toSorted((one, other) => other.length - one.length)
  expect(onPage.map(([name, ...cells]) => [longestFirst.find((one) => name!.startsWith(one)), ...cells])).toEqual(ofForm)
  const total = { numerator: units.reduce((sum, unit) => sum + unit.numerator, 0), denominator: units.reduce((sum, unit) => sum + unit.denominator, 0) }
  const [studied, expected, share] = shown(total)
  expect(await heading(page)).toContain(`${share} đảng viên đã học (${studied} / ${expected}`)
  const rowsOfUnits = (await rowsIn('#units')).map((cells) => cells.join(' ').replaceAll(/\s+/g, ' '))
  for (const [name, part, whole, percent] of ofUnits) {
    const row = rowsOfUnits.find((one) => one.startsWith(`${name} `))!
    for (const value of [part, whole, percent]) expect(row).toContain(value)
  }
  await page.context().close()

  const docx = readDocx(await file('docx')).tables
  const inDocx = (head: string) => docx.find((table) => table[0]!.includes(head))!.slice(1)
  expect(inDocx('Chỉ tiêu').map(([, name, ...cells]) => [name!.replace(/ \(trên .*\)$/, ''), ...cells.slice(0, 3)])).toEqual(ofForm)
  const unitRows = docx.find((table) => table[0]!.includes('Đơn vị'))!
  const at = (head: string) => unitRows[0]!.indexOf(head)
  expect(unitRows.slice(1, -1).map((row) => [row[at('Đơn vị')], row[at('Đã học')], row[at('Phải học')], row[at('Tỷ lệ')]])).toEqual(ofUnits)

  const pdf = (await readPdf(await file('pdf'))).text.replaceAll(/[\s\u200b]/g, '')
  for (const table of [inDocx('Chỉ tiêu'), unitRows.slice(1)]) for (const row of table) expect(pdf).toContain(row.join('').replaceAll(/\s/g, ''))

  const sheets = new Map((await readXlsx(Buffer.from(await file('xlsx')))).map(({ sheet, data }) => [sheet, data]))
  const asShown = (name: unknown, numerator: unknown, denominator: unknown, ratio: unknown) => {
    const figure = { numerator: numerator as number, denominator: denominator as number | null }
    if (figure.denominator !== null) expect(ratio).toBe(figure.numerator / figure.denominator)
    return [name, ...shown(figure)]
  }
  expect(sheets.get('Theo mẫu báo cáo')!.slice(-form.length).map(([, name, numerator, denominator, ratio]) => asShown(name, numerator, denominator, ratio))).toEqual(ofForm)
  const inXlsx = sheets.get('Theo đơn vị')!
  const heads = inXlsx.findIndex((row) => row.includes('Đơn vị'))
  const column = (head: string) => inXlsx[heads]!.indexOf(head)
  expect(inXlsx.slice(heads + 1, heads + 1 + units.length).map((row) => asShown(row[column('Đơn vị')], row[column('Đã học')], row[column('Phải học')], row[column('Tỷ lệ')]))).toEqual(ofUnits)
}, 60_000)

test('nobody else opens a report, its proof or its draft', async () => {
  const mine = await filingOf(first)
  const { rows } = await pool.query<{ id: string }>('select id from evidence limit 1')
  const [neighbour, asker] = [await sessionOf(served, third.username), await sessionOf(served, 'officer')]
  const status = async (path: string, cookie: string) => (await fetch(served.url + path, { headers: { cookie } })).status
  expect(await status(`/filings/${mine}`, neighbour)).toBe(404)
  expect(await status(`/filings/${mine}/evidence/${rows[0]!.id}`, neighbour)).toBe(404)
  const answer = await fetch(`${served.url}/filings/${mine}/evidence/${rows[0]!.id}`, { headers: { cookie: asker } })
  expect([answer.status, answer.headers.get('x-content-type-options'), answer.headers.get('content-disposition')]).toEqual([200, 'nosniff', expect.stringContaining('attachment')])
  expect(answer.headers.get('content-security-policy')).toContain('sandbox')
})
