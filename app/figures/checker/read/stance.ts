import { countable, firstWords, growth, people, planned, qualifierPhrases, wished } from './lexicon.ts'
import type { Token } from './tokens.ts'

// How a number stands in its sentence: about or exact, grown by, of a plan, wished for.

export type Qualifier = 'more' | 'less' | 'nearly' | 'about' | 'atLeast' | 'atMost'

/** `hơn`, `gần`, `ít nhất` right before token `from`, with the token where it begins. */
export function qualifierBefore(tokens: Token[], from: number): { kind: Qualifier; from: number } | null {
  const sentence = tokens[from]!.sentence
  for (let length = 3; length >= 1; length--) {
    if (!qualifierOpeners.has(tokens[from - length]?.low ?? '')) continue
    const words = tokens.slice(from - length, from)
    if (words.some((word) => word.kind !== 'word' || word.sentence !== sentence)) continue
    const kind = qualifierPhrases.get(words.map((word) => word.low).join(' '))
    if (kind) return isOutOf(tokens, from - length) ? null : { kind, from: from - length }
  }
  return null
}

/** `120 đảng viên trên 150` tells a base, not a qualifier. */
function isOutOf(tokens: Token[], at: number): boolean {
  return tokens[at]!.low === 'trên' && (tokens[at - 1]?.kind === 'number' || (tokens[at - 2]?.kind === 'number' && people.has(tokens[at - 1]?.low ?? '')) || (tokens[at - 3]?.kind === 'number' && countable.has(`${tokens[at - 2]?.low} ${tokens[at - 1]?.low}`)))
}

/** `95% trở lên`. */
export function qualifierAfter(tokens: Token[], to: number): { kind: Qualifier; from: number } | null {
  for (let at = to + 1; at <= to + 4; at++) {
    if (tokens[at]?.kind !== 'word' || tokens[at]!.sentence !== tokens[to]!.sentence) return null
    if (tokens[at]!.low === 'trở') return { kind: tokens[at + 1]?.low === 'xuống' ? 'atMost' : 'atLeast', from: to }
  }
  return null
}

const growthOpeners = firstWords(growth)
const wishedOpeners = firstWords(wished)
const qualifierOpeners = firstWords(new Set(qualifierPhrases.keys()))

/** `tăng 5%`, `vượt 12%`, `giảm 3 đảng viên`; not `tăng lên 98%`. */
export function hasGrowth(tokens: Token[], from: number, to: number): boolean {
  const sentence = tokens[from]!.sentence
  let lifted = false
  for (let at = from - 1; at >= from - 5 && at >= 0; at--) {
    const { low, kind } = tokens[at]!
    if (kind !== 'word' && low !== '(' || tokens[at]!.sentence !== sentence) break
    if (low === 'lên' || low === 'đạt' || low === 'còn' || low === 'chiếm' || low === 'xuống' || low === 'to') lifted = true
    if (!growthOpeners.has(low)) continue
    const two = `${low} ${tokens[at + 1]?.low ?? ''}`
    if (growth.has(two) || (growth.has(low) && !(low === 'thêm' && at < from - 2))) return !lifted
  }
  const [next, second] = [tokens[to + 1], tokens[to + 2]]
  if (next?.sentence !== sentence) return false
  if (next.low === '/' && ['năm', 'tháng', 'quý', 'ngày'].includes(second?.low ?? '')) return tokens[to]!.low === '%' // 7,2%/năm
  return ((next.low === 'so' || next.low === 'cao' || next.low === 'thấp' || next.low === 'nhiều' || next.low === 'ít') && (second?.low === 'hơn')) || next.low === 'higher' || next.low === 'lower' || (next.low === 'so' && isOverYears(tokens, to + 1))
}

function isOverYears(tokens: Token[], at: number): boolean {
  const words = tokens.slice(at, at + 5).map((token) => token.low)
  return words.includes('kỳ') || words.includes('trước') || words.includes('ngoái') || words.includes('năm')
}

/** `105% dự toán`, `98% so với cùng kỳ`; `98% so với tổng số` is no plan. */
export function isPlannedAt(tokens: Token[], from: number, to: number): boolean {
  for (let at = to + 1; at <= to + 6; at++) {
    const token = tokens[at]
    if (token?.kind !== 'word' || token.sentence !== tokens[from]!.sentence || people.has(`${token.low} ${tokens[at + 1]?.low ?? ''}`)) return false
    const two = `${token.low} ${tokens[at + 1]?.low ?? ''}`
    const ofWhole = token.low === 'so' && ['tổng', 'số'].includes(tokens[at + (tokens[at + 1]?.low === 'với' ? 2 : 1)]?.low ?? '')
    if (ofWhole) return false
    if (planned.has(token.low) || (planned.has(two) && (two !== 'nghị quyết' || at === to + 1))) return true
  }
  return false
}

/** `phấn đấu 95%`, `95% trở lên`. */
export function isWishedAt(tokens: Token[], from: number, to: number): boolean {
  const sentence = tokens[from]!.sentence
  for (let at = from - 1; at >= from - 14 && at >= 0 && tokens[at]!.sentence === sentence; at--) {
    const { low } = tokens[at]!
    if (low === ';') break
    if (isWish(tokens, at)) return true
  }
  if (opensWithWish(tokens, from)) return true
  return within(tokens, to + 1, 3, (_, words) => ['trở lên', 'trở xuống', 'should', 'must'].includes(words), sentence)
}

function isWish(tokens: Token[], at: number): boolean {
  const { low } = tokens[at]!
  const isMet = low === 'yêu' && tokens[at - 1]?.low === 'đạt' // đạt yêu cầu
  return wishedOpeners.has(low) && !isMet && low !== 'trở' && (wished.has(low) || wished.has(`${low} ${tokens[at + 1]?.low ?? ''}`))
}

/** `Phấn đấu ... 100%; ... trên 90%; ...`: a wish goes on to the end of its sentence. */
function opensWithWish(tokens: Token[], from: number): boolean {
  let at = from
  while (at > 0 && from - at < 60 && tokens[at - 1]!.sentence === tokens[from]!.sentence) at--
  return tokens[at]!.low === 'phấn' && isWish(tokens, at)
}

/** Whether one of the next words, up to a mark or another number, is what is looked for; asked with one and with two words. */
function within(tokens: Token[], from: number, length: number, is: (at: number, words: string) => boolean, sentence: number): boolean {
  for (let at = from; at < from + length; at++) {
    const token = tokens[at]
    if (token?.kind !== 'word' || token.sentence !== sentence) return false
    if (is(at, token.low) || is(at, `${token.low} ${tokens[at + 1]?.low ?? ''}`)) return true
  }
  return false
}
