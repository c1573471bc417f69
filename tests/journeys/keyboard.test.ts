import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { demoDatabase } from '../demo.ts'
import { violationsOf } from './axe.ts'
import { browserOfFile, serve, signedIn } from './site.ts'

// Everything with the keyboard alone: finding, walking a page, taking a roll.

const served = await serve(await demoDatabase())
const browser = await browserOfFile()

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent.trim().slice(0, 80) ?? '')

test('Ctrl+K goes to a unit by words without marks, and Escape gives the page back', async () => {
  const page = await signedIn(browser, served, 'ha.city', { width: 1280 })
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: 'Tìm đơn vị, người, trang' })
  await expect.poll(() => field.evaluate((one) => one === document.activeElement)).toBe(true)
  expect(await violationsOf(page, { within: 'dialog' })).toEqual([])

  await page.keyboard.press('Escape')
  await expect.poll(() => page.locator('dialog').count()).toBe(0)
  expect(new URL(page.url()).pathname).toBe('/')

  await page.keyboard.press('Control+k')
  await page.keyboard.type('loc thanh dang uy')
  await page.getByRole('option', { name: /Thạnh Lộc/ }).first().waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL('**/units/vinh-thanh-thanh-loc**')
  await page.context().close()
})

test('it goes to a section, and says when nothing is found', async () => {
  const page = await signedIn(browser, served, 'ha.city', { width: 1280 })
  await page.keyboard.press('Control+k')
  await page.keyboard.type('xyzzy')
  await page.getByText('Không thấy gì trong phạm vi anh/chị được xem.').waitFor()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('bao cao')
  await page.getByRole('option', { name: 'Báo cáo' }).first().waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL('**/report**')
  expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
  await page.context().close()
})

test('without a network the palette says so and keeps the sections', async () => {
  const page = await signedIn(browser, served, 'ha.city', { width: 1280 })
  await page.context().setOffline(true)
  await page.keyboard.press('Control+k')
  await page.keyboard.type('bao')
  await page.getByText('Chưa tìm được lúc này.').waitFor()
  await expect.poll(() => page.getByRole('option').count()).toBeGreaterThan(0)
  await page.context().close()
})

test('a member without an office has no palette', async () => {
  const page = await signedIn(browser, served, 'lan.tanan', { width: 1280 })
  await page.keyboard.press('Control+k')
  expect(await page.locator('dialog').count()).toBe(0)
  await page.context().close()
})

test('Tab reaches everything on the home page, shows where it is, and the first stop skips to the content', async () => {
  const page = await signedIn(browser, served, 'ut.tanan', { width: 1280 })
  await page.goto('/')
  await page.keyboard.press('Tab')
  expect(await focused(page)).toBe('Đến nội dung chính')
  const stops = await page.locator('a:visible, button:visible, summary:visible, input:visible, select:visible').count()
  const reached = new Set<string>()
  for (let step = 0; step < stops + 2; step++) {
    const stop = await page.evaluate(() => {
      const one = document.activeElement!
      const { outlineStyle, outlineWidth } = getComputedStyle(one)
      return { where: one === document.body ? '' : one.outerHTML.slice(0, 160), isShown: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 }
    })
    if (stop.where) expect(stop, stop.where).toMatchObject({ isShown: true })
    reached.add(stop.where)
    await page.keyboard.press('Tab')
  }
  expect(reached.size).toBeGreaterThan(10)
  await page.context().close()
})
