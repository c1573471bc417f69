import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { comparePlaces, depthOf, keyOf, pointLetters, readKey, toRoman, type ClausePlace } from './clause-key.schema.ts'
import { clausesIn } from './clauses-in-text.ts'

const letter = fc.option(fc.integer({ min: 1, max: pointLetters.length }))
const numbers = fc.array(fc.integer({ min: 1, max: 999 }), { maxLength: 3 })
const place: fc.Arbitrary<ClausePlace> = fc
  .record({ part: fc.option(fc.integer({ min: 1, max: 49 })), numbers, letter })
  .filter(({ part, numbers }) => part !== null || numbers.length > 0)

describe('the key of a clause', () => {
  test.each([
    ['I.2', 'I.2'], ['III.1a', 'III.1a'], ['iii.1A', 'III.1a'], [' III. 1 a) ', 'III.1a'], ['III 1 đ', 'III.1đ'], ['2.1', '2.1'], ['IV', 'IV'], ['iv.', 'IV'], ['IV.a', 'IV.a'], ['3b', '3b'], ['II.2.1c', 'II.2.1c'],
  ])('%s is kept as %s', (typed, kept) => expect(keyOf(readKey(typed)!)).toBe(kept))

  test.each(['', 'a', 'IIII', 'VX', '0', 'I.0', 'I.1f', 'I.1ab', '1.2.3.4', 'mục 1', 'I..a.1', '1000', 'L'])('%s is none', (typed) => expect(readKey(typed)).toBe(null))

  test('what is written is read as the same place, however it is typed', () => {
    fc.assert(fc.property(place, (one) => {
      const key = keyOf(one)
      expect(readKey(key)).toEqual(one)
      expect(readKey(` ${key.toLowerCase()}) `)).toEqual(one)
      expect(readKey(key.normalize('NFD'))).toEqual(one)
    }))
  })

  test('two places have one key only when they are one place', () => {
    fc.assert(fc.property(place, fc.option(place), (one, other) => {
      const second = other ?? { ...one }
      expect(keyOf(one) === keyOf(second)).toBe(comparePlaces(one, second) === 0)
    }))
  })

  test('the order is one, and a clause stands before what is beneath it', () => {
    fc.assert(fc.property(place, place, place, (a, b, c) => {
      expect(Math.sign(comparePlaces(a, b))).toBe(-Math.sign(comparePlaces(b, a)) + 0)
      if (comparePlaces(a, b) <= 0 && comparePlaces(b, c) <= 0) expect(comparePlaces(a, c)).toBeLessThanOrEqual(0)
      if (a.letter === null) expect(comparePlaces(a, { ...a, letter: 1 })).toBeLessThan(0)
      if (a.letter === null && a.numbers.length < 3) expect(comparePlaces(a, { ...a, numbers: [...a.numbers, 1] })).toBeLessThan(0)
    }))
  })

  test('I.2 stands before I.10, and III.1a after III.1', () => {
    const keys = ['III.1b', 'I.10', 'III.1', 'I', 'I.2', 'III.1a', 'II']
    expect(keys.toSorted((a, b) => comparePlaces(readKey(a)!, readKey(b)!))).toEqual(['I', 'I.2', 'I.10', 'II', 'III.1', 'III.1a', 'III.1b'])
  })
})

describe('clauses read out of a text', () => {
  test('headings, numbers and points, without dates, sums and lists that begin nowhere', () => {
    const text = `KẾ HOẠCH
22. Ngày hai mươi hai không phải là mục
I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích
Làm cho cán bộ, đảng viên nắm vững.
2. Yêu cầu
a) Nghiêm túc, thiết thực.
b) Đúng thời gian.
30. Ba mươi tháng sáu
II - NỘI DUNG
1. Tổ chức học tập
1.1. Cấp thành phố
1.2. Cấp huyện
V. Không liền số`
    expect(clausesIn(text).map(({ key, text: words }) => `${key} ${words}`)).toEqual([
      'I MỤC ĐÍCH, YÊU CẦU', 'I.1 Mục đích', 'I.2 Yêu cầu', 'I.2a Nghiêm túc, thiết thực.', 'I.2b Đúng thời gian.', 'II NỘI DUNG', 'II.1 Tổ chức học tập', 'II.1.1 Cấp thành phố', 'II.1.2 Cấp huyện',
    ])
  })

  test('a document written by the grammar is read back whole, in order', () => {
    const parts = fc.array(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 5 }), { minLength: 1, maxLength: 6 })
    fc.assert(fc.property(parts, (whole) => {
      const keys: string[] = []
      const lines = whole.flatMap((clauses, part) => {
        keys.push(toRoman(part + 1))
        return [`${toRoman(part + 1)}. Phần`, ...clauses.flatMap((points, clause) => {
          keys.push(`${toRoman(part + 1)}.${clause + 1}`)
          return [`${clause + 1}. Mục`, 'Một đoạn văn.', ...Array.from({ length: points }, (_, point) => {
            keys.push(`${toRoman(part + 1)}.${clause + 1}${pointLetters[point]}`)
            return `${pointLetters[point]}) Điểm`
          })]
        })]
      })
      const found = clausesIn(lines.join('\n'))
      expect(found.map(({ key }) => key)).toEqual(keys)
      expect(found.every(({ key, depth }) => depth === depthOf(readKey(key)!))).toBe(true)
    }))
  })
})
