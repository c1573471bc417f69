import { figureWords } from '../../figures.messages.ts'
import { placesOf, type Outcome } from './finding.ts'
import { isCountable } from '../relate/pairs.ts'
import type { Quantity, Reading } from '../read/quantities.ts'
import { isSlip, isSwap, meets, spanOf } from '../relate/rounding.ts'
import { isCapitalised, type Token } from '../read/tokens.ts'

/**
 * The same quantity told twice: with the same noun and the same words after it, nothing on either side that could tell the
 * two apart (a name, a year, a stage, a group), and, where their words differ a little, a near miss. What is left in doubt
 * is not reported.
 */
export function checkToldTwice(reading: Reading, skip: Set<Quantity>): Outcome[] {
  const tellings = reading.quantities.flatMap((quantity) => (isTold(quantity) && !skip.has(quantity) ? [telling(reading, quantity)] : []))
  const buckets = new Map<string, Telling[]>()
  const outcomes: Outcome[] = []
  for (const one of tellings) {
    const others = one.nouns.map((noun) => buckets.get(noun) ?? buckets.set(noun, []).get(noun)!)
    const other = others.map((bucket) => findOther(reading, bucket, one)).find((found) => found)
    if (other) outcomes.push(outcomeOf(reading, other.quantity, one.quantity))
    for (const bucket of others) bucket.push(one)
  }
  return [...outcomes, ...reading.quantities.flatMap((quantity) => checkBracket(reading, quantity))]
}

/** `trên 99% (98,7%)`, `gần 95.000 người (94.938 người)`: an approximate number and, in brackets after it, the exact one. */
function checkBracket(reading: Reading, about: Quantity): Outcome[] {
  const { tokens, quantities } = reading
  const exact = quantities[about.index + 1]
  if (!about.qualifier || !exact || exact.qualifier || exact.kind !== about.kind || exact.depth !== about.depth + 1 || [about, exact].some((one) => one.range || one.base || one.isGrowth || one.isWished)) return []
  const isAlone = tokens[about.unitTo + 1]?.low === '(' && exact.from === about.unitTo + 2 && tokens[exact.unitTo + 1]?.low === ')'
  return isAlone && (exact.unit === '' || exact.unit === about.unit) && isComparable(about, exact) ? [outcomeOf(reading, about, exact)] : []
}

/** Among the latest twenty the last that differs, or else one that a qualifier agrees with; equal numbers are passed over before any words are compared. */
function findOther(reading: Reading, bucket: Telling[], one: Telling): Telling | undefined {
  let agreeing: Telling | undefined
  for (let at = bucket.length - 1; at >= 0 && at >= bucket.length - 20; at--) {
    const earlier = bucket[at]!
    if (earlier.quantity.value === one.quantity.value && !earlier.quantity.qualifier && !one.quantity.qualifier) continue
    if (!isWorthComparing(earlier, one)) continue
    if (!isSameQuantity(reading, earlier, one)) continue
    if (!agree(earlier.quantity, one.quantity)) return earlier
    if ((earlier.quantity.qualifier === null) !== (one.quantity.qualifier === null)) agreeing ??= earlier
  }
  return agreeing
}

function isWorthComparing(one: Telling, other: Telling): boolean {
  if (one.quantity.qualifier || other.quantity.qualifier) return isComparable(one.quantity, other.quantity)
  return isNear(one, other) || (one.quantity.kind !== 'share' && one.after.length >= 2 && one.after.length === other.after.length && one.after[0] === other.after[0])
}

type Telling = { quantity: Quantity; digits: string; nouns: string[]; after: string[]; before: string[]; marks: Set<string> | null; clause: Token[]; isHeadline: boolean; isTotal: boolean }

function isTold(quantity: Quantity): boolean {
  if (quantity.isGrowth || quantity.isWished || quantity.isPlanned || quantity.range || quantity.isWord) return false
  if (quantity.kind === 'share') return quantity.value !== 100
  return isCountable(quantity) && quantity.value >= 10 && quantity.unit !== ''
}

// Words that say nothing of what is counted.
const empty = new Set(`có là đã được các những với và tại ở trong của cho về theo qua đến từ thì mà này đó khi như số tổng cộng toàn thể gồm đạt chiếm tỷ lệ bằng lên cả báo cáo kết quả tính hết nay ngày hiện như vậy nêu trên vào hơn gần khoảng trên dưới
  the a an of in at were was is are had has have with and by for on to that total there overall altogether`.split(/\s+/))

// Words that make it another figure.
const stages = new Set(`phải trước sau mới thêm còn chưa không nữ nam trẻ dự kiến kế chỉ tiêu cùng kỳ đợt lần giai đoạn đầu cuối sáng chiều tối hôm mỗi bình quân trung từng thứ đúng quá trễ hạn tốt khá yếu kém giỏi sắc loại riêng ngoài khác lượt miễn bù vắng phép cấp huyện xã phường quận ấp tỉnh chính thức bị trực tiếp tuyến quý tháng năm khóa nhiệm cũ hưu trí đương chức
  new last previous each average per first second morning afternoon not without female male online planned remaining other exempt late`.split(/\s+/))

function telling({ tokens }: Reading, quantity: Quantity): Telling {
  const after = wordsFrom(tokens, quantity.unitTo + 1, 1, quantity.sentence, 9)
  const before = wordsFrom(tokens, quantity.qualifierFrom - 1, -1, quantity.sentence, 9).reverse()
  const isMembers = quantity.unit === 'đồng chí' && before.some((word, at) => word.low === 'viên' && before[at - 1]?.low === 'đảng') // số đảng viên dự học là 4.213 đồng chí
  const content = (words: Token[]) => words.map((word) => word.low).filter((word) => !empty.has(word) && !(isMembers && ['đảng', 'viên'].includes(word)))
  const noun = quantity.kind === 'share' ? '%' : quantity.nouns.length > 0 ? quantity.nouns.join(', ') : quantity.unit
  const isTotal = before.some((word, at) => word.low === 'tổng' || (word.low === 'toàn' && before[at + 1]?.low !== 'diện'))
  return { quantity, digits: String(quantity.value), nouns: isMembers ? [noun, 'đảng viên'] : [noun], after: content(after), before: content(before), marks: null, clause: [...before, ...after], isHeadline: quantity.sentence === 0, isTotal }
}

function wordsFrom(tokens: Token[], from: number, step: 1 | -1, sentence: number, length: number): Token[] {
  const words: Token[] = []
  for (let at = from; words.length < length; at += step) {
    const token = tokens[at]
    if (token?.kind !== 'word' || token.sentence !== sentence) break
    words.push(token)
  }
  return words
}

function sentenceAround(tokens: Token[], { from, sentence }: Quantity): Token[] {
  let start = from
  let end = from
  while (start > 0 && tokens[start - 1]!.sentence === sentence && from - start < 60) start--
  while (end < tokens.length - 1 && tokens[end + 1]!.sentence === sentence && end - from < 40) end++
  return tokens.slice(start, end + 1)
}

/** Asked only of numbers worth comparing. What may tell two quantities apart: names, numbers that are names, days, and words of stage or group. */
function marksOf(sentence: Token[], clause: Token[]): Set<string> {
  const marks = new Set<string>()
  const isShouted = sentence.filter((token) => token.text.length > 1 && token.text !== token.text.toLowerCase() && token.text === token.text.toUpperCase()).length >= 4 // a heading in capitals
  sentence.forEach((token, at) => {
    const isFirst = token.opensLine || at === 0 || sentence[at - 1]!.low === '.' || sentence[at - 1]!.low === ':'
    if (isCapitalised(token) && !isFirst && !(isShouted && token.text === token.text.toUpperCase())) marks.add(token.text)
    if (token.kind === 'number' && ['năm', 'tháng', 'ngày', 'đợt', 'lần', 'quý', 'khóa', 'tuần', '/', 'chi bộ', 'bộ', 'lớp', 'ấp', 'thứ', 'in'].includes(sentence[at - 1]?.low ?? '')) marks.add(token.text)
  })
  clause.forEach((token, at) => {
    const isWhole = clause[at - 1]?.low === 'toàn' // toàn huyện is all of it
    const isExact = token.low === 'chính' && clause[at + 1]?.low === 'xác'
    if (stages.has(token.low) && !isWhole && !isExact) marks.add(token.low)
  })
  return marks
}

function isSameQuantity(reading: Reading, one: Telling, other: Telling): boolean {
  if (one.quantity.kind !== other.quantity.kind || (one.quantity.sentence === other.quantity.sentence && !isToldAgain(one, other))) return false
  if (one.quantity.shareOf && other.quantity.shareOf && (one.quantity.shareOf.base || one.quantity.shareOf.value !== other.quantity.shareOf.value)) return false // each is held against its own count
  const isNearMiss = isNear(one, other)
  const [marks, others] = [one, other].map((told) => (told.marks ??= marksOf(sentenceAround(reading.tokens, told.quantity), told.clause))) as [Set<string>, Set<string>]
  const difference = differing(marks, others)
  if (difference === 'both' || (difference === 'one' && !(isNearMiss && hasOnlyNames(marks, others)))) return false
  if (difference === 'one' && [one, other].some((told) => !(told.isHeadline && other.quantity.block !== one.quantity.block) && isPlaced(reading.tokens, told.quantity, told === one ? others : marks))) return false
  const isQualified = one.quantity.qualifier !== null || other.quantity.qualifier !== null
  const predicate = shared(one.after, other.after)
  const [words, otherWords] = [one, other].map((told) => [...new Set([...told.before, ...told.after])])
  if (words!.length >= 2 && words!.length === otherWords!.length && isContained(words!, otherWords!) && isSlip(one.digits, other.digits)) return true
  if (one.quantity.kind === 'share') {
    const lead = shared(one.before, other.before)
    return isNearMiss && (isContained(one.before, other.before) && lead.length >= 3 || isContained(one.after, other.after) && predicate.length >= 3) && !(lead.length === 0 && predicate.length === 0)
  }
  const isSameAfter = isContained(one.after, other.after)
  if (predicate.length >= 2 && isSameAfter && (isNearMiss || isQualified || (one.after.length === other.after.length && isContained(one.before, other.before)))) return isNearMiss || !isQualified || isComparable(one.quantity, other.quantity)
  if (one.isTotal && other.isTotal && one.after.length === 0 && other.after.length === 0 && isContained(one.before, other.before)) return isNearMiss
  const isSwapped = difference === 'none' && isContained(one.before, other.before) && one.digits.length >= 4 && isSwap(one.digits, other.digits)
  if (isSwapped && one.quantity.unit.includes(' ') && (one.after.length === 0 || other.after.length === 0)) return true
  const isLoose = (one.isHeadline || other.isHeadline) && isNearMiss && (predicate.length >= 1 || shared(one.before, other.before).length >= 2) && [...one.after, ...other.after].length > 0
  return isLoose && isContained(one.after, other.after)
}

/** Whether a name that the other lacks stands before the number: `Tại Tân Lộc có 421 đảng viên`. */
function isPlaced(tokens: Token[], quantity: Quantity, others: Set<string>): boolean {
  return sentenceAround(tokens, quantity).some((token, at, sentence) => token.end <= quantity.start && at > 0 && isCapitalised(token) && ![sentence[at - 1], sentence[at + 1]].some((next) => next?.kind === 'number') && !others.has(token.text) && !',.:'.includes(sentence[at - 1]!.low))
}

/** In one sentence only an approximate number may be told again as an exact one, in the same words. */
function isToldAgain(one: Telling, other: Telling): boolean {
  return (one.quantity.qualifier === null) !== (other.quantity.qualifier === null) && one.after.length >= 2 && one.after.join(' ') === other.after.join(' ')
}

function isNear(one: Telling, other: Telling): boolean {
  return isClose(one.quantity, other.quantity) || isSlip(one.digits, other.digits)
}

function isClose(one: Quantity, other: Quantity): boolean {
  return Math.abs(one.value - other.value) <= 0.01 * Math.max(one.value, other.value)
}

/** A qualified number far from the other is of something else. */
function isComparable(one: Quantity, other: Quantity): boolean {
  const ratio = one.value / other.value
  return ratio > 0.8 && ratio < 1.25
}

function differing(one: Set<string>, other: Set<string>): 'none' | 'one' | 'both' {
  const missing = [...one].some((mark) => !other.has(mark))
  const extra = [...other].some((mark) => !one.has(mark))
  return missing && extra ? 'both' : missing || extra ? 'one' : 'none'
}

function hasOnlyNames(one: Set<string>, other: Set<string>): boolean {
  const odd = [...one].filter((mark) => !other.has(mark)).concat([...other].filter((mark) => !one.has(mark)))
  return odd.every((mark) => !stages.has(mark))
}

function shared(one: string[], other: string[]): string[] {
  return one.length === 0 || other.length === 0 ? [] : one.filter((word) => other.includes(word))
}

/** Whether every word of the shorter list is in the longer one. */
function isContained(one: string[], other: string[]): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one]
  return short.every((word) => long.includes(word))
}

function agree(one: Quantity, other: Quantity): boolean {
  return meets(spanOf(one), spanOf(other))
}

function outcomeOf({ text, tokens }: Reading, earlier: Quantity, later: Quantity): Outcome {
  const qualified = earlier.qualifier ? earlier : later.qualifier ? later : null
  if (!qualified) {
    return { code: 'repeated-figure-differs', start: later.start, end: later.end, printed: later.text, expected: earlier.text, message: figureWords.say('repeated-figure-differs', { printed: later.text, other: earlier.text }) }
  }
  const exact = qualified === earlier ? later : earlier
  const start = Math.min(qualified.start, tokens[qualified.qualifierFrom]!.start)
  const printed = text.slice(start, qualified.end)
  if (agree(earlier, later)) return { places: placesOf([qualified, exact]), message: figureWords.say('qualifier-holds', { qualified: printed, exact: exact.text }) }
  return { code: 'qualifier-contradiction', start, end: qualified.end, printed, expected: exact.text, message: figureWords.say('qualifier-contradiction', { qualified: printed, exact: exact.text }) }
}
