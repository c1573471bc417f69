import { labelOf, type Family, type Label } from './families.ts'
import { isCountable, isSameKind } from './pairs.ts'
import { bodies, countable, overlapping, people } from './lexicon.ts'
import type { Quantity, Reading } from './quantities.ts'
import { judgeShare } from './rounding.ts'
import type { Token } from './tokens.ts'

/** One part of a whole: its count, its share, or both. */
export type Part = { count: Quantity | null; share: Quantity | null; label: Label | null }

/**
 * A total broken down. `totals` are the numbers that the text may mean as its whole (any may be the one); `isClosed` says
 * that the parts exclude each other and leave nothing out; `isNear` that the tie to the total is loose, so that only a near
 * miss is one.
 */
export type Breakdown = { parts: Part[]; totals: Quantity[]; family: Family | null; isClosed: boolean; isExclusive: boolean; isNear: boolean }

const longestList = 200

/** Finds the lists that break one total down, first by names that exclude each other, then by "gồm", "trong đó" and colons. */
export function findBreakdowns(reading: Reading): Breakdown[] {
  const parts = partsOf(reading)
  const labels = new Map(parts.map((part) => [headOf(part), part.label]))
  const found = [...familyGroups(reading, parts, labels), ...bareGroups(reading, parts), ...shareGroups(reading, parts)]
  const used = new Set(found.filter(({ isClosed }) => isClosed).flatMap((group) => group.parts.flatMap((part) => (part.count ? [part.count] : []))))
  return [...found, ...listed(reading, used, labels), ...summed(reading, used)]
}

export function headOf(part: Part): Quantity {
  return part.count ?? part.share!
}

function lastOf(part: Part): Quantity {
  return part.share && part.count && part.share.index > part.count.index ? part.share : (part.count ?? part.share!)
}

function partsOf({ tokens, quantities }: Reading): Part[] {
  const parts: Part[] = []
  let end = -1 // last token of the part before
  for (const quantity of quantities) {
    const isPart = isCountable(quantity) ? !quantity.baseOf && !quantity.range : quantity.kind === 'share' && !quantity.shareOf && !quantity.isGrowth && !quantity.range
    if (!isPart) {
      if (quantity.kind !== 'share') end = quantity.unitTo
      continue
    }
    const count = quantity.kind === 'share' ? null : quantity
    const share = count ? count.share : quantity
    const part: Part = { count, share, label: null }
    const last = lastOf(part)
    part.label = labelOf(wordsBefore(tokens, quantity, end), wordsAfter(tokens, quantity, share && share !== quantity ? share : null))
    parts.push(part)
    end = Math.max(last.to, quantity.unitTo)
  }
  return parts
}

/** Words between the last boundary and the number; a colon or dash is read across. */
function wordsBefore(tokens: Token[], quantity: Quantity, end: number): Token[] {
  const words: Token[] = []
  const first = quantity.qualifierFrom - 1
  for (let at = tokens[first]?.low === '(' ? first - 1 : first; at > end && at >= quantity.from - 9; at--) {
    const token = tokens[at]!
    if (token.sentence !== quantity.sentence || ',;().'.includes(token.low) || token.low === 'và' || token.low === 'đó') break
    words.unshift(token)
  }
  return words
}

function wordsAfter(tokens: Token[], quantity: Quantity, share: Quantity | null): Token[] {
  const words = run(tokens, quantity.to + 1, quantity.sentence, share ? share.from : Number.POSITIVE_INFINITY)
  return share ? [...words, ...run(tokens, share.to + (tokens[share.to + 1]?.low === ')' ? 2 : 1), quantity.sentence, Number.POSITIVE_INFINITY)] : words
}

function run(tokens: Token[], from: number, sentence: number, until: number): Token[] {
  const words: Token[] = []
  for (let at = from; at < until && at < from + 10; at++) {
    const token = tokens[at]
    if (token?.kind !== 'word' || token.sentence !== sentence || token.low === 'và' || token.low === 'and') break
    words.push(token)
  }
  return words
}

type Labels = Map<Quantity, Label | null>

function familyGroups(reading: Reading, parts: Part[], labels: Labels): Breakdown[] {
  const groups: Breakdown[] = []
  let open: Part[] = []
  const close = () => {
    const family = open[0]?.label?.family
    if (family && open.length >= 2) {
      const isClosed = family.isWhole(new Set(open.map((part) => part.label!.label)))
      const { totals, isNear } = totalsOf(reading, open, labels)
      if (family.name !== 'level' || totals.length > 0) groups.push({ parts: open, totals, family, isClosed, isExclusive: true, isNear })
    }
    open = []
  }
  for (const part of parts) {
    const last = open.at(-1)
    const head = headOf(part)
    if (last && head.depth > headOf(last).depth && headOf(last).sentence === head.sentence && (!part.label || part.label.family === last.label!.family)) continue // said in brackets
    const isWhole = open.length === 1 && part.label?.family.name === 'role' && hasPhrase(reading.tokens.slice(headOf(last!).to, head.from), connectors) // 21 thành viên, trong đó 1 trưởng ban
    const fits = last && !isWhole && part.label?.family === last.label!.family && isNext(reading, lastOf(last), head) && !open.some((other) => other.label!.label === part.label!.label) && !head.isGrowth && isAlike(open[0]!, part)
    if (!fits) close()
    if (part.label && !head.isGrowth && !head.isPlanned && !head.isWished) open.push(part)
  }
  close()
  return groups
}

/** Parts of one list are all counts or all shares, of one kind. */
function isAlike(one: Part, other: Part): boolean {
  if ((one.count === null) !== (other.count === null)) return false
  if (one.count && other.count) return one.count.kind === other.count.kind && (['level', 'role'].includes(one.label?.family.name ?? '') || isSameKind(one.count, other.count))
  return true
}

function isNext({ tokens }: Reading, last: Quantity, next: Quantity): boolean {
  const isNextLine = next.block === last.block + 1 && next.sentence === last.sentence + 1 && next.from - last.to <= 8 // a list without bullets
  if ((next.block !== last.block && !isNextLine) || next.from - last.to > 30) return false
  if (next.sentence === last.sentence) return true
  const between = tokens.slice(last.to + 1, next.from)
  return between.length <= 14 && tokens[next.from]!.bullet === tokens[last.from]!.bullet
}

/** `427 25,84%, 1.016 55,64%, 348 21,02%`: nothing but counts and shares, which make about a whole. */
function bareGroups({ tokens }: Reading, parts: Part[]): Breakdown[] {
  const groups: Breakdown[] = []
  let open: Part[] = []
  const close = () => {
    const sum = open.reduce((total, part) => total + part.share!.value, 0)
    if (open.length >= 3 && Math.abs(sum - 100) <= 5) groups.push({ parts: open, totals: [], family: null, isClosed: true, isExclusive: true, isNear: false })
    open = []
  }
  for (const part of parts) {
    const last = open.at(-1)
    const isBare = part.count && part.share && !part.label && !part.count.base && tokens.slice(part.count.unitTo + 1, part.share.from).every((token) => token.kind === 'mark')
    const isJoined = last && part.count && part.count.from - last.share!.to <= 3 && tokens.slice(last.share!.to + 1, part.count.from).every((token) => token.kind === 'mark' || token.low === 'và' || token.low === 'and') && part.count.block === last.count!.block
    if (!isBare || (last && !isJoined) || open.length > longestList) close()
    if (isBare) open.push(part)
  }
  close()
  return groups
}

/** Shares without counts that are said to be of one whole: `cơ cấu ...: 30,5%; 40,2%; 29,3%`, or three times "chiếm". */
function shareGroups({ tokens }: Reading, parts: Part[]): Breakdown[] {
  const groups: Breakdown[] = []
  for (let from = 0; from < parts.length; ) {
    let to = from
    while (to < parts.length && to - from < longestList && !parts[to]!.count && !parts[to]!.label && parts[to]!.share!.sentence === parts[from]!.share?.sentence) to++
    const open = parts.slice(from, to)
    from = Math.max(to, from + 1)
    if (open.length < 3 || open.some(({ share }) => share!.isWished || share!.isPlanned || share!.qualifier || share!.depth !== open[0]!.share!.depth)) continue
    const sum = open.reduce((total, part) => total + part.share!.value, 0)
    const first = open[0]!.share!
    const said = tokens.slice(Math.max(0, first.from - 30), open.at(-1)!.share!.from).filter((token) => token.sentence === first.sentence).map((token) => token.low)
    const isStructure = said.some((word, at) => (word === 'cơ' && said[at + 1] === 'cấu') || (word === 'tỷ' && said[at + 1] === 'trọng') || word === 'structure')
    const isAccounted = open.every(({ share }) => tokens.slice(Math.max(0, share!.from - 3), share!.from).some((token) => token.low === 'chiếm'))
    const isInOrder = said.some((word, at) => (word === 'lần' && said[at + 1] === 'lượt') || word === 'respectively') && ['tốt', 'khá', 'trung'].every((word) => said.includes(word)) && open.length === 3
    const mayOverlap = said.some((word, at) => overlapping.has(word) || overlapping.has(`${word} ${said[at + 1] ?? ''}`))
    if (isInOrder || areAges(said.join(' '), open.length) || (isStructure && Math.abs(sum - 100) <= 5) || (isAccounted && !mayOverlap && Math.abs(sum - 100) <= 1.5)) groups.push({ parts: open, totals: [], family: null, isClosed: true, isExclusive: true, isNear: false })
  }
  return groups
}

/** `dưới 30 tuổi ..., từ 30 đến 50 tuổi ..., trên 50 tuổi ...`: ages that touch and leave none out. */
function areAges(said: string, parts: number): boolean {
  const ages = /dưới (\d+) tuổi.* từ (\d+) (?:tuổi )?đến (?:dưới )?(\d+) tuổi.* (?:trên|từ) (\d+) tuổi/.exec(said)?.slice(1).map(Number)
  return parts === 3 && ages !== undefined && [0, 1].includes(ages[1]! - ages[0]!) && [0, 1].includes(ages[3]! - ages[2]!)
}

const connectors = new Set(['gồm', 'cụ thể', 'chia ra', 'chia thành', 'phân ra', 'trong đó', 'kết quả', 'xếp loại', 'phân loại', 'đánh giá', 'of which', 'of whom', 'including', 'comprising', 'consisting', 'namely', 'graded', 'rated'])
const grading = new Set(['xếp loại', 'phân loại', 'đánh giá', 'chấm', 'graded', 'rated', 'marked', 'phân tích'])

function hasPhrase(words: Token[], phrases: Set<string>): boolean {
  return words.some((token, at) => phrases.has(token.low) || phrases.has(`${token.low} ${words[at + 1]?.low ?? ''}`))
}

/** The numbers that may be the whole of these parts: said before them and tied by a connector, or after them as their sum. */
function totalsOf(reading: Reading, parts: Part[], labels: Labels): { totals: Quantity[]; isNear: boolean } {
  const { tokens, quantities } = reading
  const first = headOf(parts[0]!)
  const after = totalAfter(reading, parts)
  const shares = first.kind === 'share'
  for (let at = first.index - 1; at >= first.index - 6 && at >= 0; at--) {
    const total = quantities[at]!
    if (total.block !== first.block || first.from - total.to > 60) break
    if (total.kind === 'share' || total.depth > first.depth || total.kind === 'measure') continue
    const between = tokens.slice(total.to + 1, first.from)
    const isSame = total.sentence === first.sentence
    const sentences = first.sentence - total.sentence
    const isMark = between.some((token) => token.low === ':' || token.low === '(' )
    const isAnnounced = hasPhrase(between, connectors)
    const before = tokens.slice(Math.max(0, total.qualifierFrom - 3), total.qualifierFrom).map((token) => token.low)
    const isOutOf = isSame && ((before.includes('trong') && !before.includes('đó')) || before.includes('tổng') || before.includes('of') || before.includes('among'))
    const isBulleted = tokens[first.from]!.bullet !== '' && tokens[total.from]!.bullet !== tokens[first.from]!.bullet
    const isTied = isSame ? isMark || isAnnounced || isOutOf : sentences === 1 && (isAnnounced || isBulleted || hasPhrase(tokens.slice(Math.max(0, total.from - 14), total.from), grading))
    if (!isTied && isSame && !total.base && labels.get(total) && isSameKind(total, first)) continue // 198 nữ, said beside them of the same whole
    if (!isTied || total.isGrowth || total.isWished || total.range) break
    if (!shares && countable.has(first.unit) && !isSameKind(total, first) && !isGeneric(total)) break
    if (!shares && !(isSame && (isMark || isAnnounced)) && parts.some((part) => part.count && part.count.value > total.value * 1.5 && part.count.value > total.value + 2)) break
    const own = total.baseOf ? [total, total.baseOf] : [total]
    return { totals: [...own, ...after], isNear: !isSame && !isBulleted && !hasPhrase(between, directly) }
  }
  const fitted = after.length === 0 ? (fittedTotal(quantities, parts) ?? equalTotal(quantities, parts)) : null
  return { totals: fitted ? [fitted] : after, isNear: false }
}

/** The number just before the parts that each of their shares fits, whatever its noun: `45 đại biểu: 30 phiếu (66,67%), ...`. */
function fittedTotal(quantities: Quantity[], parts: Part[]): Quantity | null {
  const first = headOf(parts[0]!)
  const total = quantities[first.index - 1]
  const isFit = isCountable(total) && total.sentence === first.sentence && total.value > 0 && parts.every(({ count, share }) => count && share && judgeShare(share, count, total) === 'equal')
  return isFit ? total : null
}

/** A number said shortly before, in another paragraph too, that the parts make to the last one. */
function equalTotal(quantities: Quantity[], parts: Part[]): Quantity | null {
  const first = headOf(parts[0]!)
  const sum = parts.reduce((total, { count }) => total + (count?.value ?? Number.NaN), 0)
  const near = quantities.slice(Math.max(0, first.index - 8), first.index)
  return near.findLast((total) => isCountable(total) && total.value === sum && sum >= 10 && total.unit !== '' && isSameKind(total, first)) ?? null
}

const directly = new Set(['trong đó', 'cụ thể', 'kết quả', 'gồm', 'of which', 'of these'])

/** `..., tổng cộng 1.791 bài`. */
function totalAfter({ tokens, quantities }: Reading, parts: Part[]): Quantity[] {
  const last = lastOf(parts.at(-1)!)
  const next = quantities[last.index + 1]
  if (!isCountable(next) || next.sentence !== last.sentence || parts.some((part) => !part.count || part.count.kind !== next.kind) || next.from - last.to > 12) return []
  const words = tokens.slice(Math.max(last.to + 1, next.from - 4), next.from)
  const isSum = words.some((token, at) => (token.low === 'tổng' && ['cộng', 'số', ':', undefined, 'là'].includes(words[at + 1]?.low)) || token.low === 'cộng' || token.low === 'total' || token.low === 'altogether')
  return isSum && isSameKind(next, parts[0]!.count!) ? [next] : []
}

const generic = new Set(['văn bản', 'tài liệu', 'sản phẩm', 'tác phẩm', 'tin bài', 'đơn vị', 'tổ chức', 'tổ chức đảng', 'tổ chức cơ sở đảng', 'cơ quan', 'hoạt động', 'documents', 'units', 'items', 'điểm', 'trường hợp', 'địa phương'])

function isGeneric(total: Quantity): boolean {
  return generic.has(total.unit)
}

/** `Lớp A có 125 học viên, lớp B có 130 học viên, tổng cộng 255 học viên`; some of the numbers before may not belong. */
function summed({ tokens, quantities }: Reading, used: Set<Quantity>): Breakdown[] {
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
    if (parts.length < 2 || sums.slice(0, words.at(-1) === '=' ? 1 : -1).includes(total.value) || Math.abs(sums[0]! - total.value) > Math.max(2, total.value * 0.05)) return []
    return [{ parts: parts.map((count) => ({ count, share: null, label: null })), totals: [total], family: null, isClosed: true, isExclusive: true, isNear: false }]
  })
}

type Connector = { at: number; from: number; isPartial: boolean }

/** Lists after "gồm", "trong đó", a colon or a bracket, whose parts have no name of a family. */
function listed(reading: Reading, used: Set<Quantity>, labels: Labels): Breakdown[] {
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

function connectorAt(tokens: Token[], at: number): Connector | null {
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
  return words.size === 1 && !words.has('') && ['khối', 'cấp', 'về', 'ở', 'tại', 'thuộc', 'của', 'do', 'cho', 'hệ', 'ngành', 'at', 'in', 'from', 'on', 'for'].includes([...words][0]!)
}
