import { figureWords } from '../../figures.messages.ts'
import { placesOf, type Outcome } from './finding.ts'
import { countable } from '../read/lexicon.ts'
import { namesFrom, type Names } from '../read/names.ts'
import { isCountable, isSameKind } from '../relate/pairs.ts'
import type { Quantity, Reading } from '../read/quantities.ts'
import { isCapitalised, type Token } from '../read/tokens.ts'
import { writeCount, type Style } from './writing.ts'

/**
 * `45/48 đơn vị đã báo cáo, còn 2 đơn vị chưa báo cáo`, `chưa báo cáo: 2 đơn vị`: done and pending make the whole; and names
 * after the number of pending units are as many. Names are counted both ways where "và" or a comma may belong to one.
 */
export function checkPending(reading: Reading, style: Style): Outcome[] {
  const rests = reading.quantities.flatMap((done) => checkRest(reading, done, style))
  const splits = reading.quantities.flatMap((whole) => checkSplit(reading, whole, style))
  return [...rests, ...splits, ...checkNamed(reading, style)]
}

type Pending = Quantity | Names

function checkRest(reading: Reading, done: Quantity, style: Style): Outcome[] {
  const whole = done.base
  if (!whole || done.kind !== 'count' || done.qualifier || whole.qualifier || done.half + whole.half > 0 || whole.value <= done.value) return []
  const pending = pendingAfter(reading, done, whole)
  if (!pending) return []
  return 'kind' in pending ? checkCount(pending, done, whole, style) : checkNames(reading, pending, done, whole, style)
}

/** What is said to be left after n/N, in the same sentence or the next of the paragraph. */
function pendingAfter(reading: Reading, done: Quantity, whole: Quantity): Pending | null {
  const { tokens, quantities } = reading
  const said = wordsBefore(tokens, done)
  const isLeft = (quantity: Quantity | undefined, at: number) => (quantity && isRestOf(reading, quantity, whole, said, at) ? quantity : null)
  const quantityAt = (at: number, reach: number) => quantities.slice(done.index + 2, done.index + 8).find(({ from, sentence }) => from > at && from - at <= reach && sentence === tokens[at]!.sentence)
  for (let at = whole.unitTo + 1; at < tokens.length && at <= whole.to + 45; at++) {
    const token = tokens[at]!
    if (token.sentence > whole.sentence + 1 || token.block > whole.block + 1) return null
    if (token.low === 'chưa' && opensClause(tokens, at)) return pendingTold(reading, quantityAt, at, whole, said)
    if (['còn', 'riêng', 'trừ', 'remaining'].includes(token.low)) {
      const next = quantityAt(at, 3)
      if (next) return isLeft(next, at)
      const names = token.low === 'remaining' ? null : namesFrom(tokens, at + (['lại', 'có'].includes(tokens[at + 1]?.low ?? '') ? 2 : 1))
      return names && saysNotYet(tokens, names.end, token.sentence, said) ? names : null
    }
    if (token.kind === 'word' && token.sentence === whole.sentence) said.add(token.low)
    const before = tokens[at - 1]!
    const mayBeLeft = token.kind === 'number' || (isCapitalised(token) && token.sentence !== before.sentence)
    if (mayBeLeft && tokens[at + 1]?.low !== '%' && (token.sentence > whole.sentence || [',', ';', 'và', 'and'].includes(before.low))) {
      const left = quantities.slice(done.index + 2, done.index + 8).find(({ from }) => from === at)
      if (left && [1, 2].some((step) => ['chưa', 'not'].includes(tokens[left.unitTo + step]?.low ?? ''))) return isLeft(left, left.unitTo)
      if (left && tokens[left.unitTo + 1]?.low === 'còn' && tokens[left.unitTo + 2]?.low === 'lại') return isLeft(left, left.unitTo + 1)
      if (token.kind === 'number') return null
    }
  }
  return null
}

/** The words of the clause that tells the done ones, before their number. */
function wordsBefore(tokens: Token[], { from, sentence }: Quantity): Set<string> {
  const words = new Set<string>()
  for (let at = from - 1; at >= from - 8 && tokens[at]?.kind === 'word' && tokens[at]!.sentence === sentence; at--) words.add(tokens[at]!.low)
  return words
}

/** Whether nothing but a noun of what is counted stands between a mark and token `at`: `; số xã chưa ...`. */
function opensClause(tokens: Token[], at: number): boolean {
  let from = at
  while (from > at - 5 && tokens[from - 1]?.kind === 'word' && tokens[from - 1]!.sentence === tokens[at]!.sentence) from--
  const isOpened = tokens[from - 1]?.sentence !== tokens[at]!.sentence || ',;('.includes(tokens[from - 1]!.low)
  const words = tokens.slice(from, at).map((token) => token.low)
  if (['số', 'các', 'những', 'còn'].includes(words[0] ?? '')) words.shift()
  return isOpened && (words.length === 0 || countable.has(words.join(' ')))
}

/** `chưa nộp báo cáo: 3 đơn vị`, `chưa nộp báo cáo là 3 đơn vị`, `chưa nộp: A, B`, from `chưa` on. */
function pendingTold({ tokens, quantities }: Reading, quantityAt: (at: number, reach: number) => Quantity | undefined, not: number, whole: Quantity, said: Set<string>): Pending | null {
  let at = not + 1
  while (at < not + 9 && tokens[at]?.kind === 'word' && !['là', 'còn', 'có', 'gồm'].includes(tokens[at]!.low) && tokens[at]!.sentence === tokens[not]!.sentence) at++
  const lead = tokens[at]
  if (!lead || lead.sentence !== tokens[not]!.sentence || ![':', 'là', 'còn', 'có', 'gồm'].includes(lead.low) || !areSaid(tokens.slice(not + 1, at), said)) return null
  const left = quantityAt(at, 2)
  if (left) return isExact(left) && (left.unit === '' || isSameKind(left, whole)) && !isFollowed(quantities, left) ? left : null
  const names = lead.low === ':' || lead.low === 'gồm' || lead.low === 'là' ? namesFrom(tokens, at + 1) : null
  const next = names && tokens[names.end + 1]
  return names && (!next || next.sentence !== lead.sentence || '.;!'.includes(next.low)) ? names : null
}

function isRestOf({ tokens, quantities }: Reading, left: Quantity, whole: Quantity, said: Set<string>, at: number): boolean {
  const isNamed = left.unit !== '' || ['not', 'had', 'have'].includes(tokens[left.to + 1]?.low ?? '')
  if (!isExact(left) || !isNamed || !isSameKind(left, whole) || isFollowed(quantities, left)) return false
  const isRest = tokens[at + 1]?.low === 'lại' || tokens[left.unitTo + 1]?.low === 'còn'
  return isRest || saysNotYet(tokens, left.unitTo, left.sentence, said)
}

function isExact(quantity: Quantity): boolean {
  return isCountable(quantity) && !quantity.qualifier && !quantity.range && !quantity.base && !quantity.baseOf && quantity.half === 0
}

/** Whether another such number follows: the rest may be told in several parts. */
function isFollowed(quantities: Quantity[], left: Quantity): boolean {
  const after = quantities[left.index + 1]
  return after !== undefined && after.sentence === left.sentence && after.depth === left.depth && isCountable(after) && isSameKind(after, left)
}

/** `chưa`, then nothing but what was said of the done ones. */
function saysNotYet(tokens: Token[], from: number, sentence: number, said: Set<string>): boolean {
  for (let at = from + 1; at <= from + 6; at++) {
    const token = tokens[at]
    if (!token || token.sentence !== sentence) return false
    if (token.low !== 'chưa' && token.low !== 'not') continue
    let end = at + 1
    while (end < at + 9 && tokens[end]?.kind === 'word' && tokens[end]!.sentence === sentence && !reasons.has(tokens[end]!.low)) end++
    return areSaid(tokens.slice(at + 1, end), said)
  }
  return false
}

const reasons = new Set(['do', 'vì', 'nên', 'gồm', 'là', 'vẫn', 'và', 'because', 'yet', 'so', 'by'])
// Verbs that may stand for any other.
const anyVerb = new Set(['hoàn', 'thành', 'thực', 'hiện', 'xong', 'tổ', 'chức', 'được', 'kịp', 'có', 'done'])

function areSaid(words: Token[], said: Set<string>): boolean {
  return words.every(({ low }) => said.has(low) || anyVerb.has(low))
}

function checkCount(left: Quantity, done: Quantity, whole: Quantity, style: Style): Outcome[] {
  const missing = whole.value - done.value
  const values = { done: done.text, left: left.text, total: whole.text, expected: writeCount(missing, style) }
  if (left.value === missing) return [{ places: placesOf([done, whole, left]), message: figureWords.say('pending-holds', values) }]
  return [{ code: 'parts-sum', start: left.start, end: left.end, printed: left.text, expected: values.expected, message: figureWords.say('pending-sum', values) }]
}

function checkNames({ text, tokens }: Reading, names: Names, done: Quantity, whole: Quantity, style: Style): Outcome[] {
  const missing = whole.value - done.value
  const [start, end] = [tokens[names.start]!.start, tokens[names.end]!.end]
  const values = { done: done.text, total: whole.text, expected: writeCount(missing, style), names: names.most }
  if (missing >= names.least && missing <= names.most) return [{ places: placesOf([done, whole]), message: figureWords.say('pending-names-hold', values) }]
  return [{ code: 'parts-sum', start, end, printed: text.slice(start, end), expected: values.expected, message: figureWords.say('pending-names', values) }]
}

/** `Trong 48 đơn vị, 45 đơn vị đã nộp, 2 đơn vị chưa nộp`, `Có 48 đơn vị, 45 đơn vị đã nộp, ...`. */
function checkSplit({ tokens, quantities }: Reading, whole: Quantity, style: Style): Outcome[] {
  const [done, left, more] = quantities.slice(whole.index + 1, whole.index + 6).filter(({ kind }) => kind !== 'share')
  if (!done || !left || [whole, done, left].some((one) => one.kind !== 'count' || !isExact(one) || one.sentence !== whole.sentence || one.depth !== whole.depth)) return []
  if (more && more.sentence === whole.sentence && isCountable(more) && isSameKind(more, whole)) return []
  const before = tokens.slice(Math.max(0, whole.from - 2), whole.from).map((token) => token.low)
  const isOutOf = ['trong', 'of', 'số'].some((word) => before.includes(word)) || tokens.slice(whole.unitTo + 1, done.from).some((token, at, all) => token.low === 'trong' && all[at + 1]?.low === 'đó')
  const after = (part: Quantity, length: number) => tokens.slice(part.to + 1, part.to + 1 + length + (countable.has(part.unit) ? part.unitTo - part.to : 0)).filter((token) => token.sentence === whole.sentence).map((token) => token.low)
  const isSplit = after(left, 3).some((word) => word === 'chưa' || word === 'not') && !after(done, 3).some((word) => word === 'chưa' || word === 'not' || word === 'không')
  const said = after(done, Math.max(1, Math.min(8, left.from - done.unitTo - 1)))
  const isSameVerb = after(left, 6).some((word) => word !== 'chưa' && word !== 'not' && said.includes(word)) || after(left, 3).includes('hoàn')
  const isDivided = whole.unit === done.unit && after(done, 1).at(-1) === 'đã' && Math.abs(done.value + left.value - whole.value) <= Math.max(2, whole.value * 0.03) && saysNotYet(tokens, left.unitTo, left.sentence, new Set(said))
  const isOfWhole = (part: Quantity) => !countable.has(part.unit) || isSameKind(part, whole)
  if (!(isOutOf || isDivided) || !isSplit || !isSameVerb || !isOfWhole(done) || !isOfWhole(left) || done.value > whole.value) return []
  return checkCount(left, done, whole, style)
}

/** `còn 3 đơn vị chưa nộp: A, B`, `chưa nộp: 3 đơn vị (A, B)`. */
function checkNamed({ text, tokens, quantities }: Reading, style: Style): Outcome[] {
  return quantities.flatMap((left): Outcome[] => {
    if (left.kind !== 'count' || !isExact(left) || left.value > 30) return []
    const before = tokens.slice(Math.max(0, left.from - 3), left.from).map((token) => token.low)
    const isNotYet = [':', 'là', 'còn', 'có'].includes(before.at(-1) ?? '') && tokens.slice(Math.max(0, left.from - 9), left.from).some((token) => token.low === 'chưa' && token.sentence === left.sentence)
    const isCounted = tokens[left.unitTo + 1]?.low === 'chưa' // Có 3 đơn vị chưa nộp: A, B
    if (!before.includes('còn') && !before.includes('riêng') && !isNotYet && !isCounted) return []
    let at = left.unitTo + 1
    while (at <= left.unitTo + 12 && tokens[at]?.kind === 'word' && tokens[at]!.sentence === left.sentence && !['là', 'gồm'].includes(tokens[at]!.low)) at++
    const mark = tokens[at]
    const words = tokens.slice(left.unitTo + 1, at).map((token) => token.low)
    if (!mark || mark.sentence !== left.sentence || ![':', '(', 'là', 'gồm'].includes(mark.low)) return []
    const names = namesFrom(tokens, [':', 'gồm', 'là'].includes(tokens[at + 1]?.low ?? '') ? at + 2 : at + 1)
    if (!names) return []
    const rest = tokens.slice(names.end + 1, names.end + 3).map((token) => token.low)
    if (!words.includes('chưa') && !before.includes('lại') && !rest.includes('chưa') && !isNotYet) return []
    const end = tokens[names.end + 1]
    if (mark.low === '(' ? end?.low !== ')' : end !== undefined && end.sentence === left.sentence && !'.;!'.includes(end.low) && end.low !== 'chưa') return []
    if (tokens[names.end]!.low === 'v') return []
    const values = { left: left.text, names: names.most, list: text.slice(tokens[names.start]!.start, tokens[names.end]!.end) }
    if (left.value >= names.least && left.value <= names.most) return [{ places: placesOf([left]), message: figureWords.say('named-holds', values) }]
    return [{ code: 'parts-sum', start: left.start, end: left.end, printed: left.text, expected: writeCount(names.most, style), message: figureWords.say('named-sum', values) }]
  })
}
