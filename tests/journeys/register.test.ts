import { expect, test } from 'vitest'
import { renderPdf } from '../../app/features/documents/typesetting/official-pdf.server.ts'
import { plan } from '../../app/features/documents/typesetting/official-document.fixture.ts'
import { demoDatabase } from '../demo.ts'
import { violationsOf } from './axe.ts'
import { browserOfFile, serve, signedIn } from './site.ts'

const served = await serve(await demoDatabase())
const browser = await browserOfFile()

test('the city registers a directive from its file, issues its plan, and a commune says that it received it', { timeout: 120_000 }, async () => {
  const city = await signedIn(browser, served, 'ha.city', { width: 1280, hasScript: false })
  await city.goto('/documents')
  await city.getByRole('link', { name: 'Vào sổ văn bản đến' }).click()
  const file = await renderPdf({ ...plan, type: 'directive', number: 45, issuerSymbol: 'TW', superiorBody: null, issuingBody: 'Bộ Chính trị', place: 'Hà Nội', day: '2021-03-09', abstract: 'về việc nghiên cứu, học tập, quán triệt Nghị quyết' })
  await city.locator('input[type=file]').setInputFiles({ name: 'chi-thi.pdf', mimeType: 'application/pdf', buffer: Buffer.from(file) })
  await city.getByRole('button', { name: 'Đọc tệp' }).click()
  await city.getByText('Đã đọc trang đầu của tệp').first().waitFor()
  expect(await city.locator('[name=written]').inputValue()).toBe('45-CT/TW')
  expect(await city.locator('[name=issuedOn]').inputValue()).toBe('9/3/2021')
  await city.getByRole('button', { name: 'Vào sổ', exact: true }).click()
  await city.getByRole('heading', { name: /45-CT\/TW/ }).waitFor()
  const directive = city.url()

  await city.goto('/documents/new')
  await city.locator('[name=abstract]').fill('học tập, quán triệt, tuyên truyền và triển khai Nghị quyết')
  await city.locator('[name=find]').fill('45-CT/TW')
  await city.getByRole('button', { name: 'Tìm văn bản' }).click()
  await city.locator('[name="relations.0.kind"]').selectOption('carries_out')
  await city.locator('[name=toAllBeneath]').check()
  await city.getByRole('button', { name: 'Lưu dự thảo' }).click()
  await city.getByRole('button', { name: 'Ban hành văn bản' }).waitFor()
  const number = String(Number(await city.locator('[name=number]').inputValue()) + 1) // the register begins in the middle of a series
  await city.locator('[name=number]').fill(number)
  await city.getByRole('button', { name: 'Ban hành văn bản' }).click()
  await city.getByRole('heading', { name: new RegExp(`${number.padStart(2, '0')}-KH/TU`) }).waitFor()
  const issued = new URL(city.url()).pathname
  await city.goto('/documents/numbers')
  await city.getByRole('heading', { level: 1, name: /không.số.nào.bỏ.trống/ }).waitFor() // what came before the first was issued on paper
  await city.goto('/documents')

  const commune = await signedIn(browser, served, 'solieu.vinhthanh', { width: 360, hasScript: false })
  await commune.goto('/documents')
  await commune.goto(issued)
  await commune.getByRole('button', { name: 'Đã nhận' }).click()
  await commune.getByText('đơn vị đã nhận văn bản').first().waitFor()
  await commune.goto(new URL(directive).pathname)
  await commune.getByText('Được thực hiện bởi').waitFor()
  await commune.goto('/documents/new')
  expect(await commune.evaluate(() => document.documentElement.scrollWidth)).toBe(360)

  const scripted = await signedIn(browser, served, 'ha.city', { width: 1280 })
  for (const path of ['/documents', issued, '/documents/new', '/documents/numbers']) {
    await scripted.goto(path)
    expect([path, await violationsOf(scripted), await scripted.evaluate(() => document.documentElement.scrollWidth)]).toEqual([path, [], 1280])
  }
})
