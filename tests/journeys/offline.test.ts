import { expect, test } from 'vitest'
import { demoDatabase } from '../demo.ts'
import { browserOfFile, serve, signedIn } from './site.ts'

const served = await serve(await demoDatabase())
const browser = await browserOfFile()

test('a form sent without a network stays on the page with what was typed, and goes once there is one', async () => {
  const page = await signedIn(browser, served, 'ut.tanan', { width: 360 })
  await page.goto('/sessions/new?unit=vinh-thanh-thanh-loc-ap-tan-an')
  const name = page.locator('input[name=name]')
  await name.fill('Lớp học bù tối thứ bảy')
  await page.locator('input[name$=".heldOn"]').first().fill('26/6/2021')
  await page.context().setOffline(true)
  await page.locator('main form .btn.primary').click()
  await page.getByRole('alert').getByText('Chưa gửi: mất mạng lúc').waitFor()
  expect(await name.inputValue()).toBe('Lớp học bù tối thứ bảy')

  await page.context().setOffline(false)
  await page.locator('main form .btn.primary').click()
  await page.waitForLoadState()
  await expect.poll(() => page.getByText('Chưa gửi: mất mạng').count()).toBe(0)
  await page.context().close()
})
