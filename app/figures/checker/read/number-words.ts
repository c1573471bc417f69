import type { Token } from './tokens.ts'

const digits = new Map(Object.entries({ một: 1, mốt: 1, hai: 2, ba: 3, bốn: 4, tư: 4, năm: 5, lăm: 5, sáu: 6, bảy: 7, tám: 8, chín: 9, mười: 10 }))
const english = new Map(Object.entries({ one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12 }))

/** Factors that follow a numeral or a written number: `8 nghìn`, `1.9 million`. */
export const scales = new Map(Object.entries({ nghìn: 1e3, vạn: 1e4, triệu: 1e6, tỷ: 1e9, thousand: 1e3, million: 1e6, billion: 1e9 }))

/** A number written in words from token `i` on, with the count of its tokens; `isSingle` for one word, which is often no number (năm, ba). */
export function readNumberWords(tokens: Token[], i: number): { value: number; length: number; isSingle: boolean } | null {
  const first = tokens[i]
  if (first?.kind !== 'word') return null
  if (english.has(first.low)) return { value: english.get(first.low)!, length: 1, isSingle: true }
  if (!digits.has(first.low)) return null
  let total = 0 // groups already closed by nghìn, triệu, tỷ
  let group = 0 // below a thousand
  let digit: number | null = null
  let at = i
  for (; at < tokens.length && at < i + 16; at++) {
    const { low, kind } = tokens[at]!
    if (kind !== 'word') break
    const scale = scales.get(low)
    if (low === 'tỷ' && tokens[at + 1]?.low === 'lệ') break
    if (low === 'năm' && at > i && digit === null && !isTens(tokens[at - 1]?.low) && !['mươi', 'trăm', 'nghìn', 'triệu'].includes(tokens[at + 1]?.low ?? '')) break // "một trăm năm" is 105 or a hundred years: leave it
    if (digits.has(low)) {
      if (digit !== null) break
      digit = digits.get(low)!
      if (low === 'mười') {
        group += 10
        digit = null
      }
    } else if (low === 'mươi' || low === 'trăm') {
      if (digit === null) break
      group += digit * (low === 'trăm' ? 100 : 10)
      digit = null
    } else if ((low === 'linh' || low === 'lẻ') && group > 0 && digit === null) continue
    else if (scale && (group > 0 || digit !== null)) {
      total += (group + (digit ?? 0)) * scale
      group = 0
      digit = null
    } else break
  }
  const value = total + group + (digit ?? 0)
  return value > 0 ? { value, length: at - i, isSingle: at - i === 1 } : null
}

function isTens(word: string | undefined): boolean {
  return word === 'mươi' || word === 'mười' || word === 'linh' || word === 'lẻ'
}
