import { bodies, countable, overlapping, people } from '../read/lexicon.ts'
import { isCountable, isSameKind } from './pairs.ts'
import type { Breakdown, Labels } from './parts.ts'
import type { Quantity, Reading } from '../read/quantities.ts'
import { hasPhrase, type Token } from '../read/tokens.ts'
import { isGeneric } from './totals.ts'

export type Connector = { at: number; from: number; isPartial: boolean }

/** Lists after "gồm", "trong đó", a colon or a bracket, whose parts have no name of a family. */
export function listed(reading: Reading, used: Set<Quantity>, labels: Labels): Breakdown[] {
  const groups: Breakdown[] = []
  let index = 0 // first quantity after the token
  const { tokens, quantities } = reading
  for (let at = 0; at < tokens.length; at++) {
    while (index < quantities.length && quantities[index]!.from <= at) index++
    const connector = connectorAt(tokens, at)
    const first = quantities[index]
    const total = quantities[index - 1]
    if (!connector || !first || !total) continue
    const group = listAfter(reading, connector, index, used, labels)
    if (group) groups.push(group)
  }
  return groups
}

/** A word or mark that opens the parts of what was told before. */
export function connectorAt(tokens: Token[], at: number): Connector | null {
  const { low, sentence } = tokens[at]!
  const next = tokens[at + 1]?.sentence === sentence ? tokens[at + 1]!.low : ''
  if (low === 'trong' && next === 'đó') return { at, from: at + 2, isPartial: true }
  if (low === 'of' && (next === 'which' || next === 'whom')) return { at, from: at + 2, isPartial: true }
  if (low === 'including') return { at, from: at + 1, isPartial: true }
  if (low === 'gồm' || low === 'comprising' || low === 'namely') return { at, from: at + 1, isPartial: false }
  if (low === 'chia' && (next === 'ra' || next === 'thành') || low === 'phân' && next === 'ra' || low === 'consisting') return { at, from: at + 2, isPartial: false }
  if (low === ':' || low === '(') return { at, from: at + 1, isPartial: false }
  return null
}

const sideClauses = new Set(['với', 'cho', 'thu hút', 'thu được', 'phục vụ', 'trị giá', 'kinh phí', 'bình quân', 'trung bình', 'tăng', 'giảm', 'so', 'mỗi', 'khoảng', 'tổng', 'từ', 'đến', 'trên', 'dưới', 'with', 'for', 'per', 'average', 'total', 'còn', 'do', 'kèm', 'có', 'đạt', 'vượt', 'trong', 'tương'])

function listAfter(reading: Reading, connector: Connector, index: number, used: Set<Quantity>, labels: Labels): Breakdown | null {
  const { tokens, quantities } = reading
  const first = quantities[index]!
  const total = totalBefore(reading, connector, index)
  if (!total || used.has(first)) return null
  const isBracket = tokens[connector.at]!.low === '('
  const depth = tokens[connector.at]!.depth + (isBracket ? 1 : 0)
  const isList = first.sentence !== tokens[connector.at]!.sentence
  if (isList && !(first.block === total.block && tokens[first.from]!.bullet !== '')) return null
  const parts: Quantity[] = []
  let edge = connector.from
  let strays = 0 // numbers that open no item
  for (let at = index; at < quantities.length && at < index + 40; at++) {
    const part = quantities[at]!
    const isInside = isList ? part.block === first.block : part.sentence === first.sentence
    if (!isInside || part.depth < depth) break
    if (hasStop(tokens, edge, part.from, depth)) {
      const nested = endOfNested(quantities, at, parts.at(-1))
      if (!nested) break
      at = nested.index
      edge = nested.to + 1
      continue
    }
    if (part.depth > depth || (isList && tokens[part.from]!.bullet !== tokens[first.from]!.bullet)) continue
    if (part.kind === 'share') continue
    if (!isItem(tokens, edge, part)) {
      if (part.unit === total.unit && total.unit !== '') return null // a part that was not understood
      if (++strays > 4) break
      continue
    }
    if (part.kind === 'measure' || part.base || part.range || part.isGrowth || part.isWished || used.has(part)) return null
    if (part.baseOf) return null
    parts.push(part)
    edge = part.to + 1
  }
  return asBreakdown(reading, connector, total, parts, isList, labels)
}

/** The total that a connector breaks down: the nearest count before it, with nothing but its own words between. */
function totalBefore({ tokens, quantities }: Reading, connector: Connector, index: number): Quantity | null {
  const isOpened = tokens[connector.at - 1]?.low === '(' // (gồm 31 phường và 72 xã)
  const depth = tokens[connector.at]!.depth - (isOpened ? 1 : 0)
  for (let at = index - 1; at >= index - 5 && at >= 0; at--) {
    const total = quantities[at]!
    if (total.depth > depth || total.kind === 'share') continue
    const sentences = tokens[connector.at]!.sentence - total.sentence
    const isNextSentence = sentences === 1 && total.block === tokens[connector.at]!.block && tokens[connector.at - 1]?.sentence !== tokens[connector.at]!.sentence
    if ((sentences !== 0 && !isNextSentence) || connector.at - total.to > 25 || total.depth < depth) return null
    if (!isCountable(total) || total.isGrowth || total.isWished || total.isPlanned || total.range || total.qualifier === 'atLeast') return null
    if (tokens[connector.at]!.low === '(' && connector.at > total.unitTo + 6) return null
    return total.baseOf && total.from > total.baseOf.from ? null : total
  }
  return null
}

/** Another connector, a semicolon's new clause or the end of the brackets ends a list. */
function hasStop(tokens: Token[], from: number, to: number, depth: number): boolean {
  for (let at = from; at < to; at++) {
    const token = tokens[at]!
    if (token.depth < depth && token.low === ')') return true
    if (token.depth === depth && connectorAt(tokens, at) && token.low !== '(' && token.low !== ':') return true
  }
  return false
}

/** The last number of a list within the list that makes the part before it: `210 bài ..., trong đó 120 ... và 90 ..., và 130 bài`. */
function endOfNested(quantities: Quantity[], from: number, whole: Quantity | undefined): Quantity | null {
  let sum = 0
  for (let at = from; whole && at < from + 8; at++) {
    const part = quantities[at]
    if (!isCountable(part) || part.sentence !== whole.sentence || part.depth !== whole.depth || part.kind !== whole.kind || !isSameKind(part, whole)) return null
    sum += part.value
    if (sum === whole.value && at > from) return part
    if (sum >= whole.value) return null
  }
  return null
}

/** Whether the number opens an item: after the connector, a comma, a semicolon, "và" or a bullet, with at most a short name. */
function isItem(tokens: Token[], edge: number, part: Quantity): boolean {
  const lead: Token[] = []
  let at = part.qualifierFrom - 1
  for (; at >= edge; at--) {
    const token = tokens[at]!
    if (',;'.includes(token.low) || token.low === 'và' || token.low === 'and' || (token.sentence !== tokens[part.from]!.sentence && (at = Math.max(at, edge)))) break
    lead.push(token)
  }
  const isOpened = at < edge ? edge === at + 1 && (lead.length === 0 || tokens[edge - 1]?.kind !== 'number') : true
  return isOpened && lead.length <= 10 && ((lead.length === 1 && lead[0]!.low === 'có') || !hasPhrase(lead.reverse(), sideClauses))
}

function asBreakdown({ tokens }: Reading, connector: Connector, total: Quantity, found: Quantity[], isList: boolean, labels: Labels): Breakdown | null {
  const isOneKind = found.filter((part) => isSameKind(part, total)).length >= 2
  const other = isOneKind ? found.findIndex((part) => !isSameKind(part, total)) : -1
  const parts = other === -1 ? found : found.slice(0, other)
  if (parts.length < 2 || parts.some((part) => part.kind !== total.kind || part.qualifier)) return null
  const between = tokens.slice(connector.from, parts.at(-1)!.to + 9).filter((token) => token.sentence <= parts.at(-1)!.sentence)
  if (people.has(total.unit) && hasPhrase(between, overlapping)) return null
  const isHetero = !isOneKind && parts.some((part) => part.unit !== '' && !isSameKind(part, total))
  const units = new Set(parts.map((part) => part.unit))
  if (isHetero && !(isGeneric(total) && units.size === parts.length && !parts.some((part) => people.has(part.unit)))) return null
  const sum = parts.reduce((value, part) => value + part.value, 0)
  const isNearly = Math.abs(sum - total.value) <= Math.max(1, total.value * 0.02)
  const low = tokens[connector.at]!.low
  const isMark = low === ':' || low === '('
  const isUnnamed = parts.every((part) => part.unit === '')
  const isSure = total.kind === 'money' ? !connector.isPartial : !connector.isPartial && !isHetero && (!isMark || isList || !isUnnamed) && (isOneKind || isNearly)
  const levels = new Set(parts.map((part) => labels.get(part)).flatMap((label) => (label?.family.name === 'level' ? [label.label] : [])))
  const isParallel = parts.length >= 3 && isOneKind && Math.max(...parts.map((part) => part.value)) < total.value && Math.abs(sum - total.value) <= total.value * 0.1 && areParallel(tokens, parts)
  const isOverlap = parts.length === 2 && isOneKind && !people.has(total.unit) && sum > total.value && sum - total.value <= total.value * 0.1 && areParallel(tokens, parts)
  const isProbable = isOverlap || (isNearly && parts.length >= 3 && total.value >= 100 && isOneKind) || (levels.size >= 2 && isOneKind && parts.length >= 3) || isParallel
  if (!isSure && !isProbable && !(isHetero && isNearly && !connector.isPartial) && sum !== total.value) return null
  if (isMark && !isList && isSure && !isNearly && (bodies.has(total.unit) || people.has(total.unit) || !parts.every((part) => countable.has(part.unit)))) return null
  return { parts: parts.map((count) => ({ count, share: count.share, label: null })), totals: [total], family: null, isClosed: true, isExclusive: true, isNear: false }
}

/** `6 đơn vị khối Đảng, 5 đơn vị khối chính quyền, 5 đơn vị khối đoàn thể`: one word opens what tells each part from the others. */
function areParallel(tokens: Token[], parts: Quantity[]): boolean {
  const words = new Set(parts.map((part) => (tokens[part.unitTo + 1]?.kind === 'word' ? tokens[part.unitTo + 1]!.low : '')))
  return words.size === 1 && !words.has('') && ['khối', 'cấp', 'buổi', 'về', 'ở', 'tại', 'thuộc', 'của', 'do', 'cho', 'hệ', 'ngành', 'at', 'in', 'from', 'on', 'for'].includes([...words][0]!)
}

/** 296 typed as 269: two neighbouring digits changed places, which nothing else makes so near. */
function areSwapped(sum: number, typed: number): boolean {
  const [right, wrong] = [String(sum), String(typed)]
  const at = right.split('').findIndex((digit, index) => digit !== wrong[index])
  return right.length >= 3 && right.length === wrong.length && at >= 0 && right[at] === wrong[at + 1] && right[at + 1] === wrong[at] && right.slice(at + 2) === wrong.slice(at + 2)
}

/** `Lớp A có 125 học viên, lớp B có 130 học viên, tổng cộng 255 học viên`; some of the numbers before may not belong. */
export function summed({ tokens, quantities }: Reading, used: Set<Quantity>): Breakdown[] {
  return quantities.flatMap((total) => {
    const words = tokens.slice(Math.max(0, total.from - 4), total.from).map((token) => token.low)
    const isSum = ['cộng', '='].includes(words.at(-1) ?? '') || words.slice(-2).join(' ') === 'total of' || (words.at(-1) === 'là' && words.includes('cộng')) // cộng hai đợt là
    if (!isCountable(total) || total.base || total.baseOf || total.qualifier || !isSum) return []
    const parts: Quantity[] = []
    for (let at = total.index - 1; at >= total.index - 20 && at >= 0; at--) {
      const part = quantities[at]!
      if (part.sentence !== total.sentence) break
      if (part.kind === 'share' || part.depth > total.depth || part.isWord) continue
      if (words.at(-1) === '=' && tokens[(parts[0] ?? total).from - 1]?.low !== (parts[0] ? '+' : '=')) break
      if (!isCountable(part) || (part.unit === '' && words.at(-1) !== '=') || !isSameKind(part, total) || part.base || part.baseOf || part.isGrowth || part.range || part.qualifier || used.has(part)) break
      parts.unshift(part)
    }
    const sums = parts.map((_, from) => parts.slice(from).reduce((sum, part) => sum + part.value, 0))
    if (parts.length < 2 || sums.slice(0, words.at(-1) === '=' ? 1 : -1).includes(total.value) || (Math.abs(sums[0]! - total.value) > Math.max(2, total.value * 0.05) && !areSwapped(sums[0]!, total.value))) return []
    return [{ parts: parts.map((count) => ({ count, share: null, label: null })), totals: [total], family: null, isClosed: true, isExclusive: true, isNear: false }]
  })
}
