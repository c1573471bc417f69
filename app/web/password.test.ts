import { describe, expect, test } from 'vitest'
import { Refused } from '../platform/errors.ts'
import { demandGoodPassword } from './password-strength.server.ts'
import { longestPassword, NewPassword, shortestPassword } from './password-length.ts'
import { strengthOf } from './script/strength.ts'

const own = ['lan.nt', 'Nguyễn Thị Lan', 'Chi bộ khu vực 1', 'an-hoa-1', 'Đảng ủy phường An Hòa']
const judged = (password: string) => demandGoodPassword('newPassword', password, own).then(() => 'taken', (error: unknown) => (error instanceof Refused ? error.sentence('vi') : error))

describe('a new password', () => {
  test('has twelve to 128 characters, however they were typed, and no other form', () => {
    const takes = (typed: string) => NewPassword.safeParse(typed).success
    expect([shortestPassword, longestPassword]).toEqual([12, 128])
    expect(takes('mười một chữ')).toBe(true)
    expect(takes('mười một ch')).toBe(false)
    expect(takes('mười một ch'.normalize('NFD'))).toBe(false)
    expect(takes('x'.repeat(128))).toBe(true)
    expect(takes('x'.repeat(129))).toBe(false)
    expect(takes('🌾 mùa gặt đến rồi')).toBe(true)
  })

  test.each(['123456789012', 'qwerty123456', 'Password1234', 'iloveyou1234', 'aaaaaaaaaaaa', 'abcabcabcabc', '1qaz2wsx3edc', 'leavemealone', 'q1w2e3r4t5y6', 'matkhau12345'])(
    'that many have or that follows from such a one is refused: %s',
    async (password) => expect(await judged(password)).toMatch(/dễ đoán/),
  )

  test.each(['nguyenthilan1', 'Nguyễn Thị Lan', 'lan.nt an-hoa-1', 'Thông Suốt 12', 'chi bộ khu vực 1', 'An Hòa An Hòa', 'thongsuotthongsuot', 'Đảng ủy An Hòa'])(
    'made of nothing but names, the unit or the product is refused: %s',
    async (password) => expect(await judged(password)).toMatch(/đoán/),
  )

  test.each(['một câu rất dài', 'trời mưa đường trơn', 'hoa sen trắng nở', 'correcthorsebatterystaple', '🌾 mùa gặt đến rồi', 'Lan thích bún riêu cua', 'x7#kPq02!mZw'])(
    'of one’s own is taken, of whatever letters: %s',
    async (password) => expect(await judged(password)).toBe('taken'),
  )
})

test('the page says while it is typed how hard it is to guess', () => {
  const said = (typed: string) => strengthOf(typed, shortestPassword)
  expect(['ngắn', 'mười một ch'].map(said)).toEqual(['short', 'short'])
  expect(['aaaaaaaaaaaa', '123456789012', 'abcabcabcabc', 'abababababab'].map(said)).toEqual(['weak', 'weak', 'weak', 'weak'])
  expect(said('hoa sen trắng')).toBe('fair')
  expect(said('trời mưa đường trơn trượt')).toBe('good')
})
