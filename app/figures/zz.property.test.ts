import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkText } from './check.ts'
import { showCount, showPercent } from './figure.ts'

// Texts written from consistent figures, and the same texts with one digit changed.

type Written = { text: string; slips: string[] } // slips: the numerals of which one changed digit breaks a sum

const vi = (value: number) => showCount(value, 'vi')
const en = (value: number) => showCount(value, 'en')
const share = (n: number, base: number) => showPercent(n, base, 'vi')

const units = ['Đảng bộ xã Tân Thuận Đông', 'Đảng bộ phường An Khánh Mới', 'Đảng bộ Khối Doanh nghiệp', 'Huyện ủy Trường Phú Hạ', 'Đảng bộ Trường Cao đẳng Y Tây Hà'] as const

const ofWhole = fc.tuple(fc.integer({ min: 20, max: 60_000 }), fc.double({ min: 0.05, max: 1, noNaN: true })).map(([base, part]) => ({ base, n: Math.max(1, Math.floor(base * part)) }))

const rate = fc.tuple(ofWhole, fc.integer({ min: 0, max: 9 })).map(([{ n, base }, form]): Written => {
  const p = share(n, base)
  const forms = [
    `có ${vi(n)}/${vi(base)} đảng viên tham gia học tập, đạt ${p}`,
    `có ${vi(n)}/${vi(base)} đảng viên học tập Nghị quyết (${p})`,
    `có ${vi(n)} trong tổng số ${vi(base)} đảng viên hoàn thành việc học tập, đạt tỷ lệ ${p}`,
    `trong tổng số ${vi(base)} đảng viên được triệu tập, có ${vi(n)} đồng chí dự học, chiếm tỷ lệ ${p}`,
    `có ${vi(base)} đảng viên, trong đó ${vi(n)} đảng viên đã viết bài thu hoạch, chiếm ${p}`,
    `tỷ lệ dự học đạt ${p} (${vi(n)}/${vi(base)} đồng chí)`,
    `${vi(n)} đảng viên, chiếm ${p} tổng số ${vi(base)} đảng viên, đã nộp bài`,
    `${vi(n)} đồng chí/${vi(base)} đồng chí có mặt, đạt ${p}`,
    `phải học ${vi(base)} đảng viên, đã học ${vi(n)}/${vi(base)} đảng viên; tỷ lệ ${p}`,
    `đã mở được các lớp cho ${vi(n)} trên tổng số ${vi(base)} đảng viên (đạt ${p})`,
  ]
  return { text: forms[form]!, slips: [p] }
})

const three = fc.tuple(fc.integer({ min: 2, max: 900 }), fc.integer({ min: 2, max: 2000 }), fc.integer({ min: 2, max: 900 }))

const grades = fc.tuple(three, fc.integer({ min: 0, max: 4 })).map(([parts, form]): Written => {
  const total = parts.reduce((sum, part) => sum + part, 0)
  const [a, b, c] = parts.map(vi)
  const [p, q, r] = parts.map((part) => share(part, total))
  const forms: Written[] = [
    { text: `kết quả xếp loại ${vi(total)} bài thu hoạch: loại tốt ${a} bài (${p}), loại khá ${b} bài (${q}), loại trung bình ${c} bài (${r})`, slips: [vi(total), a!, b!, c!, p!, q!, r!] },
    { text: `đã chấm ${vi(total)} bài, trong đó ${a} bài loại tốt, ${b} bài loại khá và ${c} bài loại trung bình`, slips: [vi(total), a!, b!, c!] },
    { text: `loại tốt ${a} bài, đạt ${p}; loại khá ${b} bài, đạt ${q}; loại trung bình ${c} bài, đạt ${r}`, slips: [] },
    { text: `đã phân loại ${vi(total)} bài, cụ thể:\n- Loại tốt: ${a} bài, chiếm ${p};\n- Loại khá: ${b} bài, chiếm ${q};\n- Loại trung bình: ${c} bài, chiếm ${r}`, slips: [vi(total), a!, b!, c!, p!, q!, r!] },
    { text: `${a} bài loại tốt, ${b} bài loại khá, ${c} bài loại trung bình, tổng cộng ${vi(total)} bài`, slips: [vi(total), a!, b!, c!] },
  ]
  return forms[form]!
})

const parts = fc.tuple(three, fc.integer({ min: 0, max: 4 })).map(([[a, b, c], form]): Written => {
  const total = a + b + c
  const two = a + b
  const forms: Written[] = [
    { text: `có ${vi(total)} điểm cầu, trong đó ${vi(a)} điểm cầu cấp thành phố, ${vi(b)} điểm cầu cấp huyện và ${vi(c)} điểm cầu cấp xã`, slips: [vi(total), vi(a), vi(b), vi(c)] },
    { text: `mở ${vi(two)} lớp, gồm ${vi(a)} lớp cho đảng viên và ${vi(b)} lớp cho đoàn viên`, slips: [vi(two), vi(a), vi(b)] },
    { text: `có ${vi(two)} đại biểu dự, trong đó ${vi(a)} nam và ${vi(b)} nữ`, slips: [vi(two), vi(a), vi(b)] },
    { text: `đã có ${vi(a)}/${vi(two)} chi bộ hoàn thành, còn ${vi(b)} chi bộ chưa hoàn thành`, slips: [vi(b)] },
    { text: `có ${vi(two)} đảng viên (${vi(a)} chính thức, ${vi(b)} dự bị)`, slips: [vi(two), vi(a), vi(b)] },
  ]
  return forms[form]!
})

const english = fc.tuple(ofWhole, three, fc.integer({ min: 0, max: 3 })).map(([{ n, base }, counts, form]): Written => {
  const total = counts.reduce((sum, part) => sum + part, 0)
  const p = showPercent(n, base, 'en')
  const [q, r, s] = counts.map((count) => showPercent(count, total, 'en'))
  const [a, b, c] = counts.map(en)
  const forms: Written[] = [
    { text: `${en(n)} of ${en(base)} members attended (${p}).`, slips: [p] },
    { text: `Of ${en(base)} members, ${en(n)} attended the class (${p}).`, slips: [p] },
    { text: `There were ${en(total)} venues, comprising ${a} city venues, ${b} district venues and ${c} commune venues.`, slips: [en(total), a!, b!, c!] },
    { text: `Of ${en(total)} papers, ${a} were good (${q}), ${b} fair (${r}) and ${c} average (${s}).`, slips: [q!, r!, s!] },
  ]
  return forms[form]!
})

const sentence = fc.oneof(rate, grades, parts)
const report = fc.array(sentence, { minLength: 1, maxLength: units.length }).map((written): Written => ({
  text: written.map(({ text }, at) => `Tại ${units[at]}, ${text}.`).join('\n'),
  slips: written.length === 1 ? written[0]!.slips : [],
}))

const faults = (text: string) => checkText(text).findings.filter((finding) => finding.severity === 'fault').map(({ code, text: span, expected }) => `${code} ${span} -> ${expected}`)

test('a text written from consistent figures has no fault', () => {
  fc.assert(fc.property(fc.oneof(report, english), ({ text }) => {
    expect({ text, faults: faults(text) }).toEqual({ text, faults: [] })
  }), { numRuns: 12000 })
}, 120_000)

test('one changed digit that leaves the rounding interval or breaks a stated sum is found', () => {
  const changed = fc.oneof(report, english).filter(({ slips }) => slips.length > 0).chain(({ text, slips }) =>
    fc.tuple(fc.nat(slips.length - 1), fc.nat(20), fc.integer({ min: 1, max: 9 })).map(([which, at, by]) => ({ text, changed: changeDigit(text, slips[which]!, at, by) })),
  )
  fc.assert(
    fc.property(changed, ({ text, changed: other }) => {
      fc.pre(other !== null && other !== text)
      const { findings } = checkText(other!)
      // A share that was cut, not rounded, is a note of its own.
      const isFound = findings.some(({ severity, code }) => severity === 'fault' || code === 'share-truncated')
      expect({ text: other, isFound }).toEqual({ text: other, isFound: true })
    }),
    { numRuns: 12000 },
  )
}, 120_000)

test('any text at all is read without failing, and spans are what they say', () => {
  const pieces = fc.constantFrom('đạt ', 'chiếm ', 'trong đó ', 'tổng số ', '12', '1.234', '5,6%', '/', '(', ')', ', ', '; ', '. ', '\n', '- ', 'loại tốt ', 'loại khá ', 'đảng viên ', 'hơn ', 'ngày ', '31/6/2021', 'còn ', 'chưa ', 'A', ':', 'gồm ', 'và ', '%', '82-84%', 'bình quân ', 'một trăm ')
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.array(pieces, { maxLength: 40 }).map((all) => all.join(''))), (text) => {
      const checked = checkText(text)
      for (const { start, end, text: span } of checked.findings) expect(checked.text.slice(start, end)).toBe(span)
    }),
    { numRuns: 12000 },
  )
}, 120_000)

/** The first occurrence of the numeral with one digit changed; null where that would put a zero first. */
function changeDigit(text: string, numeral: string, at: number, by: number): string | null {
  const digits = [...numeral.matchAll(/\d/g)].map((found) => found.index)
  const index = digits[at % digits.length]!
  const digit = (Number(numeral[index]) + by) % 10
  if (digit === 0 && index === 0) return null
  const from = new RegExp(`(?<![\\d.,])${numeral.replace(/[.%]/g, '\\$&')}(?![\\d.,]*\\d)`).exec(text)?.index
  if (from === undefined) return null
  return text.slice(0, from + index) + digit + text.slice(from + index + 1)
}
