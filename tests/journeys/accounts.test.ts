import { Secret, TOTP } from 'otpauth'
import { expect, test } from 'vitest'
import { demoDatabase } from '../demo.ts'
import { readPdf } from '../read-pdf.ts'
import { violationsOf } from './axe.ts'
import { browserOfFile, password, serve, signedIn, visitor, type Screen } from './site.ts'

const served = await serve(await demoDatabase())
const browser = await browserOfFile()
const phone: Screen = { width: 360 }

test('a cell secretary prints slips for the whole cell in three taps, and a member of seventy activates on a phone with one field', async () => {
  const secretary = await signedIn(browser, served, 'ut.tanan', phone)
  await secretary.locator('a[href="#menu"]').click()
  await secretary.locator('footer').getByRole('link', { name: 'Tài khoản' }).click()
  await secretary.waitForURL('**/accounts')
  expect(await secretary.locator('h1').textContent()).toBe('4 / 40 người đã dùng được tài khoản')
  expect(await violationsOf(secretary)).toEqual([])
  await secretary.getByRole('button', { name: 'In phiếu cho mọi người chưa kích hoạt của Chi bộ ấp Tân An' }).click()
  await secretary.locator('.slip').first().waitFor()
  expect(await secretary.locator('h1').textContent()).toBe('36 phiếu đã sẵn sàng để in')
  expect(await violationsOf(secretary)).toEqual([])
  const { text, pages } = await readPdf(new Uint8Array(await secretary.pdf({ preferCSSPageSize: true })))
  expect(pages).toHaveLength(5)
  expect(text.match(/\d{4} \d{4} \d{4}/g)).toHaveLength(36)

  const slip = secretary.locator('.slip').first()
  const name = (await slip.locator('header b').textContent())!
  const username = (await slip.locator('.choose b').textContent())!
  const code = (await slip.locator('.code').textContent())!.replaceAll(' ', '')
  const member = await visitor(browser, served, { ...phone, hasScript: false })
  await member.goto(`/activate?code=${code}`) // what the QR code of the slip opens
  await member.locator('input[name=newPassword]').fill('123456789abc')
  await member.getByRole('button', { name: 'Kích hoạt và đăng nhập' }).click()
  expect(await member.locator('#newPassword-problem').textContent()).toContain('dễ đoán')
  await member.locator('input[name=newPassword]').fill('hoa sen trắng')
  await member.getByRole('button', { name: 'Kích hoạt và đăng nhập' }).click()
  await member.waitForURL('**/')
  expect(await member.locator('.toast').textContent()).toContain(`đăng nhập bằng tên ${username}`)
  expect(await member.locator('header .me').textContent()).toContain(name)

  const again = await visitor(browser, served, phone)
  await again.goto('/activate')
  await again.locator('input[name=code]').fill(code)
  const meter = again.locator('[data-strength]')
  for (const [typed, said] of [['hoa sen', 'Còn 5 ký tự nữa.'], ['123456789abc', 'Dễ đoán'], ['hoa sen trắng nở trong đầm', 'Dài, khó đoán.']] as const) {
    await again.locator('input[name=newPassword]').fill(typed)
    expect(await meter.textContent()).toContain(said)
  }
  expect(await violationsOf(again)).toEqual([])
  await again.locator('input[name=newPassword]').fill('của kẻ khác đặt')
  await again.getByRole('button', { name: 'Kích hoạt và đăng nhập' }).click()
  expect(await again.locator('[role=alert]').textContent()).toContain('Mã này không dùng được')
  expect(await violationsOf(again)).toEqual([])

  await secretary.goto('/accounts')
  expect(await secretary.locator('h1').textContent()).toBe('5 / 40 người đã dùng được tài khoản')
}, 60_000)

test('a clerk sets up a second factor, signs in with it, ends the other session, and an administrator takes it away', async () => {
  const clerk = await signedIn(browser, served, 'vanphong.thanhloc', { width: 1280 })
  await clerk.goto('/me/security')
  expect(await violationsOf(clerk)).toEqual([])
  await clerk.getByRole('link', { name: 'Thiết lập' }).click()
  await clerk.getByRole('button', { name: 'Bắt đầu thiết lập' }).click()
  const secret = (await clerk.locator('.typed-key').textContent())!.replaceAll(' ', '')
  expect(await violationsOf(clerk)).toEqual([])
  const codeAt = (halfMinutes: number) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + halfMinutes * 30_000 })
  await clerk.locator('input[name=code]').fill(codeAt(-1))
  await clerk.getByRole('button', { name: 'Xác nhận và bật' }).click()
  expect(await clerk.locator('.recovery li').count()).toBe(10)
  expect(await violationsOf(clerk)).toEqual([])

  const elsewhere = await visitor(browser, served, phone)
  await elsewhere.goto('/sign-in?to=/me/security')
  await elsewhere.locator('input[name=username]').fill('vanphong.thanhloc')
  await elsewhere.locator('input[name=password]').fill(password)
  await elsewhere.locator('input[name=password]').press('Enter')
  await elsewhere.waitForURL('**/sign-in/code?to=%2Fme%2Fsecurity')
  expect(await violationsOf(elsewhere)).toEqual([])
  await elsewhere.locator('input[name=code]').fill(codeAt(0))
  await elsewhere.getByRole('button', { name: 'Đăng nhập' }).click()
  await elsewhere.waitForURL('**/me/security')
  expect(await elsewhere.locator('h1').textContent()).toBe('Tài khoản vanphong.thanhloc đang đăng nhập trên 2 máy')
  await elsewhere.getByRole('button', { name: 'Đăng xuất 1 máy kia' }).click()
  await elsewhere.locator('.toast').waitFor()
  await clerk.goto('/me/security')
  expect(clerk.url()).toContain('/sign-in')

  const administrator = await signedIn(browser, served, 'quantri', { width: 1280 })
  await administrator.goto('/accounts?q=vanphong')
  await administrator.getByRole('link', { name: 'Đỗ Ngọc Hân' }).click()
  expect(await violationsOf(administrator)).toEqual([])
  await administrator.getByRole('button', { name: 'Gỡ mã xác nhận hai bước' }).click()
  expect(await administrator.locator('.toast').textContent()).toContain('Đã gỡ mã xác nhận hai bước')
  await signedIn(browser, served, 'vanphong.thanhloc', phone)
}, 60_000)
