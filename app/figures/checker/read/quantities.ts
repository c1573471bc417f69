import { bodies, countable, measures, money, people, things } from './lexicon.ts'
import { findNotCounts, startsCountable, type PrintedDate, type Taken } from './not-counts.ts'
import { readNumberWords, scales } from './number-words.ts'
import { readNumeral } from './numerals.ts'
import { hasGrowth, isPlannedAt, isWishedAt, qualifierAfter, qualifierBefore, type Qualifier } from './stance.ts'
import type { Token } from './tokens.ts'

/** One number of the text with what stands around it. */
export type Quantity = {
  index: number // in the list of quantities
  from: number // first and last token: numeral, scale, %
  to: number
  start: number // offsets of the same
  end: number
  text: string
  kind: 'count' | 'share' | 'money' | 'measure'
  value: number
  half: number // half a unit of the last printed place; 0 for a count printed in full
  decimals: number
  style: 'comma' | 'point' | null
  qualifier: Qualifier | null
  qualifierFrom: number // token where the qualifier begins; `from` without one
  range: { high: number } | null // 82-84: `value` is its low end
  unit: string // `đảng viên`; '' when none follows
  unitTo: number // last token of the unit, further nouns beside it included (`xã, phường`); `to` when none
  nouns: string[] // the unit and those further nouns
  isGrowth: boolean
  isPlanned: boolean
  isWished: boolean
  isWord: boolean // one written word (năm đồng chí)
  sentence: number
  block: number
  depth: number
  base: Quantity | null // N of n/N, or of "n trong tổng số N"
  baseOf: Quantity | null
  share: Quantity | null // the share printed for this count
  shareOf: Quantity | null
}

export type Reading = { text: string; tokens: Token[]; taken: Map<number, Taken>; dates: PrintedDate[]; quantities: Quantity[] }

/** Finds every number that counts or shares; days, documents' numbers and names are left out. */
export function readQuantities(text: string, tokens: Token[]): Reading {
  const { taken, dates } = findNotCounts(tokens)
  const quantities: Quantity[] = []
  for (let i = 0; i < tokens.length; i++) {
    const found = readAt(text, tokens, i, taken, quantities.at(-1))
    if (!found) continue
    if (found === 'joined') continue
    found.index = quantities.length
    quantities.push(found)
    i = found.to
  }
  return { text, tokens, taken, dates, quantities }
}

function readAt(text: string, tokens: Token[], i: number, taken: Map<number, Taken>, last: Quantity | undefined): Quantity | 'joined' | null {
  const token = tokens[i]!
  if (token.kind === 'word') return readWritten(text, tokens, i)
  if (token.kind !== 'number' || taken.has(i)) return null
  const numeral = readNumeral(token.text)
  if (!numeral) return null
  let { value, decimals, style } = numeral
  let to = i
  const isShare = percentEnd(tokens, i) > i || rangeIsShare(tokens, i)
  if (isShare) to = Math.max(i, percentEnd(tokens, i))
  const scale = tokens[to + 1]?.kind === 'word' ? scales.get(tokens[to + 1]!.low) : undefined
  const isScaled = !isShare && scale !== undefined && !(tokens[to + 1]!.low === 'tỷ' && tokens[to + 2]?.low === 'lệ')
  const isMeasured = isScaled || measures.has(tokens[to + 1]?.low ?? '')
  if (numeral.other && (isShare || (isMeasured && style === 'point'))) {
    ;({ value, decimals } = numeral.other)
    style = style === 'point' ? 'comma' : 'point'
  }
  let half = decimals > 0 ? 0.5 * 10 ** -decimals : isShare ? 0.5 : 0
  if (isScaled) {
    half = 0.5 * 10 ** -decimals * scale
    value *= scale
    to += 1
  }
  const quantity = make(text, tokens, i, to, { value, half, decimals, style }, isShare)
  if (last && joins(tokens, last, quantity)) {
    extend(text, tokens, last, quantity)
    return 'joined'
  }
  readCompound(text, tokens, quantity, taken)
  return quantity
}

/** `một trăm`, `hai mươi lăm đồng chí`; a single word only before something that is counted. */
function readWritten(text: string, tokens: Token[], i: number): Quantity | null {
  const written = readNumberWords(tokens, i)
  if (!written) return null
  const to = i + written.length - 1
  const isCounted = startsCountable(tokens, to + 1)
  const before = tokens[i - 1]
  if (written.isSingle && (!isCounted || (tokens[i]!.low === 'năm' && before?.kind === 'word' && before.sentence === tokens[i]!.sentence && !['còn', 'lại', 'có', 'là'].includes(before.low)))) return null
  if (before?.kind === 'word' && before.sentence === tokens[i]!.sentence && ['thứ', 'tháng', 'hàng', 'lớp', 'khối', 'quý', 'hạng', 'bậc', 'lần', 'mỗi', 'từng', 'khu'].includes(before.low)) return null
  const isRound = scales.has(tokens[to]!.low)
  const quantity = make(text, tokens, i, to, { value: written.value, half: isRound ? (scales.get(tokens[to]!.low) ?? 0) / 2 : 0, decimals: 0, style: null })
  quantity.isWord = written.isSingle
  return quantity
}

function make(text: string, tokens: Token[], from: number, to: number, number: { value: number; half: number; decimals: number; style: 'comma' | 'point' | null }, isShare = false): Quantity {
  const { start, sentence, block, depth } = tokens[from]!
  const end = tokens[to]!.end
  const { unit, unitTo, nouns } = readUnit(tokens, from, to)
  const qualifier = qualifierBefore(tokens, from) ?? qualifierAfter(tokens, to)
  const kind = isShare ? 'share' : money.has(unit) ? 'money' : measures.has(unit) ? 'measure' : 'count'
  return {
    index: 0, from, to, start, end, text: text.slice(start, end), kind, ...number, qualifier: qualifier?.kind ?? null, qualifierFrom: qualifier ? Math.min(qualifier.from, from) : from, range: null, unit, unitTo, nouns,
    isGrowth: hasGrowth(tokens, from, to), isPlanned: isShare && isPlannedAt(tokens, from, to), isWished: isWishedAt(tokens, from, to), isWord: false, sentence, block, depth, base: null, baseOf: null, share: null, shareOf: null,
  }
}

/** The last token of a percent sign or word after token `i`; `i` when there is none. */
function percentEnd(tokens: Token[], i: number): number {
  const [next, second] = [tokens[i + 1], tokens[i + 2]]
  if (next?.sentence !== tokens[i]!.sentence) return i
  if (next.low === '%' || next.low === '٪' || next.low === '%' || next.low === 'percent') return i + 1
  if ((next.low === 'phần' && second?.low === 'trăm') || (next.low === 'per' && second?.low === 'cent')) return i + 2
  return i
}

/** `82` of `82-84%` and of `từ 82 đến 84%`. */
function rangeIsShare(tokens: Token[], i: number): boolean {
  const [joint, high] = [tokens[i + 1], tokens[i + 2]]
  return !!joint && rangeJoints.has(joint.low) && high?.kind === 'number' && high.sentence === tokens[i]!.sentence && percentEnd(tokens, i + 2) > i + 2
}

const rangeJoints = new Set(['-', 'đến', 'tới', 'to', '~'])

/** Makes the number before a dash and this one a range: `82-84 %`, `từ 82% đến 84%`, `20 - 25 người`. */
function joins(tokens: Token[], low: Quantity, high: Quantity): boolean {
  const joint = tokens[low.to + 1]
  if (high.from !== low.to + 2 || !joint || !rangeJoints.has(joint.low) || low.range || low.sentence !== high.sentence) return false
  const isOneKind = (low.kind === 'share') === (high.kind === 'share')
  if (low.value >= high.value || !isOneKind) return false
  if (joint.low === '-' || joint.low === '~') return joint.glued === tokens[high.from]!.glued
  const before = tokens[low.from - 1]?.low
  return before === 'từ' || before === 'from' || before === 'khoảng' || low.kind === 'share'
}

function extend(text: string, tokens: Token[], low: Quantity, high: Quantity): void {
  const { unit, unitTo, nouns, kind } = high
  Object.assign(low, { to: high.to, end: high.end, text: text.slice(low.start, high.end), range: { high: high.value }, unit, unitTo, nouns, kind })
  low.isGrowth ||= high.isGrowth
  low.isPlanned ||= high.isPlanned
  low.isWished ||= high.isWished
  low.decimals = Math.max(low.decimals, high.decimals)
}

/** `1 tỷ 200 triệu đồng` is one number. */
function readCompound(text: string, tokens: Token[], quantity: Quantity, taken: Map<number, Taken>): void {
  const next = tokens[quantity.to + 1]
  const scaleAfter = scales.get(tokens[quantity.to + 2]?.low ?? '')
  const scale = scales.get(tokens[quantity.to]!.low)
  if (!scale || next?.kind !== 'number' || !scaleAfter || scaleAfter >= scale || taken.has(quantity.to + 1)) return
  const numeral = readNumeral(next.text)
  if (!numeral || numeral.value >= 1000) return
  const to = quantity.to + 2
  Object.assign(quantity, make(text, tokens, quantity.from, to, { value: quantity.value + numeral.value * scaleAfter, half: 0.5 * scaleAfter, decimals: 0, style: quantity.style }))
}

// Words that end the noun after a number.
const unitEnds = new Set(`đã được đạt tham dự hoàn có chiếm và với tại trong cho ở của từ là nộp học chưa còn phải đến về do để theo trên dưới bằng không thuộc gồm bị đang sẽ thì mà khi như nữ tốt khá loại xếp cấp mới ngoài sau trước trực nam chính dự
  in of at from who were was are is have has had with and for to by attended studied submitted took that which on out or among per than good fair average excellent poor`.split(/\s+/))

function readUnit(tokens: Token[], from: number, to: number): { unit: string; unitTo: number; nouns: string[] } {
  let phrase = ''
  let unit = ''
  let unitTo = to
  const sentence = tokens[to]!.sentence
  for (let at = to + 1; at <= to + 4; at++) {
    const token = tokens[at]
    if (token?.kind !== 'word' || token.sentence !== sentence) break
    phrase = phrase ? `${phrase} ${token.low}` : token.low
    if (countable.has(phrase) || money.has(phrase) || measures.has(phrase)) {
      unit = phrase
      unitTo = at
    }
  }
  const nouns = [unit]
  for (let next = coordinated(tokens, unitTo, unit); next > unitTo && nouns.length < 6; next = coordinated(tokens, unitTo, unit)) {
    nouns.push(tokens.slice(unitTo + 2, next + 1).map((token) => token.low).join(' '))
    unitTo = next
  }
  if (unit === '') {
    const next = tokens[to + 1]
    if (next?.kind === 'word' && next.sentence === sentence && !unitEnds.has(next.low) && !scales.has(next.low)) return { unit: next.low, unitTo: to + 1, nouns: [next.low] }
    return { unit: unitBefore(tokens, from), unitTo, nouns: [] }
  }
  return { unit, unitTo, nouns }
}

/** `Số đảng viên phải học: 250` counts members. */
function unitBefore(tokens: Token[], from: number): string {
  const last = tokens[from - 1]
  if (last?.low !== ':' && last?.kind !== 'word') return ''
  for (let at = last.low === ':' ? from - 2 : from - 1; at >= from - 12 && at >= 0 && tokens[at]!.kind === 'word' && tokens[at]!.sentence === tokens[from]!.sentence; at--) {
    if (tokens[at]!.low !== 'số' || at > from - 3) continue
    const [one, two] = [tokens[at + 1]!.low, tokens[at + 2]?.low ?? '']
    return countable.has(`${one} ${two}`) ? `${one} ${two}` : countable.has(one) ? one : ''
  }
  return ''
}

/** The end of a second noun of the same class: `cán bộ, đảng viên`, `xã, phường, thị trấn`; `at` when there is none. */
function coordinated(tokens: Token[], at: number, unit: string): number {
  const kind = [people, bodies, things].find((nouns) => nouns.has(unit))
  if (!kind || ![',', 'và', 'and'].includes(tokens[at + 1]?.low ?? '') || tokens[at + 1]!.sentence !== tokens[at]!.sentence) return at
  const [one, two, three] = [2, 3, 4].map((step) => (tokens[at + step]?.kind === 'word' && tokens[at + step]!.sentence === tokens[at]!.sentence ? tokens[at + step]!.low : '-'))
  if (kind.has(`${one} ${two} ${three}`)) return at + 4
  if (kind.has(`${one} ${two}`)) return at + 3
  return kind.has(one!) ? at + 2 : at
}
