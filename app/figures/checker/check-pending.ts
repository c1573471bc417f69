import { figureWords } from '../figures.messages.ts'
import type { Draft } from './finding.ts'
import { countable } from './lexicon.ts'
import { isCountable, isSameKind } from './pairs.ts'
import type { Quantity, Reading } from './quantities.ts'
import { isCapitalised, type Token } from './tokens.ts'
import { writeCount, type Style } from './writing.ts'

/**
 * `45/48 đơn vị đã báo cáo, còn 2 đơn vị chưa báo cáo`: done and pending make the whole; and names after the number of pending
 * units are as many. Names are counted both ways where "và" or a comma may belong to one.
 */
export function checkPending(reading: Reading, style: Style): Draft[] {
  return reading.quantities.flatMap((done) => {
    const whole = done.base
    if (!whole || done.kind !== 'count' || done.qualifier || whole.qualifier || done.half + whole.half > 0 || whole.value <= done.value) return []
    const pending = pendingAfter(reading, done, whole)
    if (!pending) return []
    const missing = whole.value - done.value
    if (pending.count) return checkCount(pending.count, done, whole, missing, style)
    return checkNames(reading, pending.names, missing, done, whole, style)
  }).concat(checkSplit(reading, style), checkNamed(reading, style))
}

type Pending = { count: Quantity; names: null } | { count: null; names: Names }
type Names = { start: number; end: number; least: number; most: number }

/** What is said to be left after n/N, in the same sentence or the next of the paragraph. */
function pendingAfter(reading: Reading, done: Quantity, whole: Quantity): Pending | null {
  const { tokens, quantities } = reading
  const said = new Set<string>()
  for (let at = whole.unitTo + 1; at < tokens.length && at <= whole.to + 45; at++) {
    const token = tokens[at]!
    if (token.sentence > whole.sentence + 1 || token.block > whole.block + 1) return null
    if (token.low === 'còn' || token.low === 'riêng' || token.low === 'trừ' || token.low === 'remaining') {
      const next = quantities.slice(done.index + 2, done.index + 8).find((quantity) => quantity.from > at)
      if (next && next.from - at <= 3 && next.sentence === token.sentence) return countPending(reading, next, whole, said, at)
      const names = token.low === 'còn' || token.low === 'riêng' || token.low === 'trừ' ? namesFrom(tokens, at + (tokens[at + 1]?.low === 'lại' || tokens[at + 1]?.low === 'có' ? 2 : 1)) : null
      return names && saysNotYet(tokens, names.end, token.sentence, said) ? { count: null, names: names } : null
    }
    if (token.kind === 'word' && token.sentence === whole.sentence) said.add(token.low)
    const mayBeLeft = token.kind === 'number' || (isCapitalised(token) && token.sentence !== tokens[at - 1]!.sentence)
    if (mayBeLeft && tokens[at + 1]?.low !== '%' && (token.sentence > whole.sentence || tokens[at - 1]?.low === ',' || tokens[at - 1]?.low === ';' || tokens[at - 1]?.low === 'và' || tokens[at - 1]?.low === 'and')) {
      const left = quantities.slice(done.index + 2, done.index + 8).find((quantity) => quantity.from === at)
      if (left && [1, 2].some((step) => ['chưa', 'not'].includes(tokens[left.unitTo + step]?.low ?? ''))) return countPending(reading, left, whole, said, left.unitTo)
      if (left && tokens[left.unitTo + 1]?.low === 'còn' && tokens[left.unitTo + 2]?.low === 'lại') return countPending(reading, left, whole, said, left.unitTo + 1)
      if (token.kind === 'number') return null
    }
  }
  return null
}

function countPending({ tokens, quantities }: Reading, left: Quantity, whole: Quantity, said: Set<string>, at: number): Pending | null {
  if (!isCountable(left) || left.qualifier || left.range || left.base || left.half > 0 || left.unit === '' || !isSameKind(left, whole)) return null
  const isRest = tokens[at + 1]?.low === 'lại' || tokens[left.unitTo + 1]?.low === 'còn'
  const after = quantities[left.index + 1]
  if (after && after.sentence === left.sentence && isCountable(after) && isSameKind(after, left)) return null // the rest may be told in several parts
  return isRest || saysNotYet(tokens, left.unitTo, left.sentence, said) ? { count: left, names: null } : null
}

/** `chưa`, then a verb that was said of the done ones, or none in particular. */
function saysNotYet(tokens: Token[], from: number, sentence: number, said: Set<string>): boolean {
  for (let at = from + 1; at <= from + 6; at++) {
    const token = tokens[at]
    if (!token || token.sentence !== sentence) return false
    if (token.low !== 'chưa' && token.low !== 'not') continue
    const verbs = tokens.slice(at + 1, at + 4).filter((word) => word.kind === 'word' && word.sentence === sentence).map((word) => word.low)
    return verbs.length === 0 || said.size === 0 || verbs.some((verb) => said.has(verb)) || ['hoàn', 'thực', 'xong', 'tổ'].includes(verbs[0]!)
  }
  return false
}

function checkCount(left: Quantity, done: Quantity, whole: Quantity, missing: number, style: Style): Draft[] {
  if (left.value === missing) return []
  const expected = writeCount(missing, style)
  return [{ code: 'parts-sum', start: left.start, end: left.end, printed: left.text, expected, message: figureWords.say('pending-sum', { done: done.text, left: left.text, total: whole.text, expected }) }]
}

function checkNames({ text, tokens }: Reading, names: Names, missing: number, done: Quantity, whole: Quantity, style: Style): Draft[] {
  if (missing >= names.least && missing <= names.most) return []
  const [start, end] = [tokens[names.start]!.start, tokens[names.end]!.end]
  const printed = text.slice(start, end)
  return [{ code: 'parts-sum', start, end, printed, expected: writeCount(missing, style), message: figureWords.say('pending-names', { done: done.text, total: whole.text, expected: writeCount(missing, style), names: names.most }) }]
}

/** `Trong 48 đơn vị, 45 đơn vị đã nộp, 2 đơn vị chưa nộp`. */
function checkSplit({ tokens, quantities }: Reading, style: Style): Draft[] {
  return quantities.flatMap((whole) => {
    const [done, left, more] = [1, 2, 3].map((step) => quantities[whole.index + step])
    if (!done || !left || [whole, done, left].some((one) => one.kind !== 'count' || one.base || one.baseOf || one.qualifier || one.range || one.half > 0 || one.sentence !== whole.sentence || one.depth !== whole.depth)) return []
    if (more && more.sentence === whole.sentence && isCountable(more) && isSameKind(more, whole)) return []
    const before = tokens.slice(Math.max(0, whole.from - 2), whole.from).map((token) => token.low)
    const isOutOf = ['trong', 'of', 'số'].some((word) => before.includes(word)) || tokens.slice(whole.unitTo + 1, done.from).some((token, at, all) => token.low === 'trong' && all[at + 1]?.low === 'đó')
    const after = (part: Quantity, length: number) => tokens.slice(part.to + 1, part.to + 1 + length + (countable.has(part.unit) ? part.unitTo - part.to : 0)).filter((token) => token.sentence === whole.sentence).map((token) => token.low)
    const isSplit = after(left, 3).some((word) => word === 'chưa' || word === 'not') && !after(done, 3).some((word) => word === 'chưa' || word === 'not' || word === 'không')
    const said = after(done, Math.max(1, Math.min(8, left.from - done.unitTo - 1)))
    const isSameVerb = after(left, 6).some((word) => word !== 'chưa' && word !== 'not' && said.includes(word)) || after(left, 3).includes('hoàn')
    const isOfWhole = (part: Quantity) => !countable.has(part.unit) || isSameKind(part, whole)
    if (!isOutOf || !isSplit || !isSameVerb || !isOfWhole(done) || !isOfWhole(left)) return []
    const missing = whole.value - done.value
    return missing < 0 ? [] : checkCount(left, done, whole, missing, style)
  })
}

/** `còn 3 đơn vị chưa nộp: A, B`. */
function checkNamed({ text, tokens, quantities }: Reading, style: Style): Draft[] {
  return quantities.flatMap((left) => {
    if (left.kind !== 'count' || left.half > 0 || left.qualifier || left.range || left.value > 30 || left.base || left.baseOf) return []
    const before = tokens.slice(Math.max(0, left.from - 3), left.from).map((token) => token.low)
    if (!before.includes('còn') && !before.includes('riêng')) return []
    let at = left.unitTo + 1
    while (at <= left.unitTo + 12 && tokens[at]?.kind === 'word' && tokens[at]!.sentence === left.sentence && !['là', 'gồm'].includes(tokens[at]!.low)) at++
    const mark = tokens[at]
    const words = tokens.slice(left.unitTo + 1, at).map((token) => token.low)
    if (!mark || mark.sentence !== left.sentence || ![':', '(', 'là', 'gồm'].includes(mark.low)) return []
    const names = namesFrom(tokens, [':', 'gồm', 'là'].includes(tokens[at + 1]?.low ?? '') ? at + 2 : at + 1)
    if (!names || (left.value >= names.least && left.value <= names.most)) return []
    const rest = tokens.slice(names.end + 1, names.end + 3).map((token) => token.low)
    if (!words.includes('chưa') && !before.includes('lại') && !rest.includes('chưa')) return []
    const end = tokens[names.end + 1]
    if (mark.low === '(' ? end?.low !== ')' : end !== undefined && end.sentence === left.sentence && !'.;!'.includes(end.low) && end.low !== 'chưa') return []
    if (tokens[names.end]!.low === 'v') return []
    return [{ code: 'parts-sum', start: left.start, end: left.end, printed: left.text, expected: writeCount(names.most, style), message: figureWords.say('named-sum', { left: left.text, names: names.most, list: text.slice(tokens[names.start]!.start, tokens[names.end]!.end) }) }]
  })
}

const openers = new Set(['sở', 'ban', 'phòng', 'đảng', 'chi', 'huyện', 'quận', 'xã', 'phường', 'thị', 'trường', 'hội', 'đoàn', 'công', 'bệnh', 'trung', 'ủy', 'văn', 'tỉnh', 'thành', 'viện', 'tòa', 'cục', 'báo', 'đài', 'khối', 'mặt', 'liên', 'hợp', 'ấp', 'khu', 'ngân', 'chi cục', 'bộ'])

/** A list of names from token `from` on: at least as many as certain commas, at most as many as commas and "và". Null when it is no list of names. */
function namesFrom(tokens: Token[], from: number): Names | null {
  const first = tokens[from]
  if (!isCapitalised(first) && !(first?.kind === 'word' && openers.has(first.low))) return null
  let certain = 1
  let most = 1
  let end = from
  const kinds = openers.has(first!.low) ? openers : null
  let capitals = 0
  for (let at = from; at < tokens.length && at < from + 120; at++) {
    const token = tokens[at]!
    if (token.sentence !== first!.sentence) break
    if (token.kind === 'number') {
      if (at > from && tokens[at - 1]!.kind === 'word' && capitals >= 0) {
        end = at
        continue
      }
      return null
    }
    const isJoint = token.low === ',' || token.low === ';' || token.low === 'và'
    if (isJoint) {
      const next = tokens[at + 1]
      if (token.low === ',' && next?.low === 'chưa') break
      if (!isCapitalised(next) && !(next && openers.has(next.low))) return null
      most++
      if (kinds ? kinds.has(next!.low) : true) certain++
      continue
    }
    if (token.kind !== 'word') break
    if (['chưa', 'là', 'do', 'đang', 'vì', 'không', 'sẽ', 'đã', 'chậm'].includes(token.low)) break
    if (isCapitalised(token)) capitals++
    else if (!openers.has(token.low) && !isCapitalised(tokens[at - 1]) && !openers.has(tokens[at - 1]?.low ?? '')) return null
    end = at
  }
  return capitals === 0 ? null : { start: from, end, least: certain, most }
}
