import { bodies, countable, people, shareLead, takingPart } from '../read/lexicon.ts'
import type { Quantity, Reading } from '../read/quantities.ts'
import { isSlip } from './rounding.ts'
import type { Token } from '../read/tokens.ts'

/** Ties n to N (`n/N`, `n trong tổng số N`, `n of N`) and counts to the shares printed for them. */
export function pair(reading: Reading): void {
  for (const quantity of reading.quantities) tieBase(reading, quantity)
  for (const quantity of reading.quantities) if (quantity.kind === 'share') tieShare(reading, quantity)
}

export function isCountable(quantity: Quantity | undefined): quantity is Quantity & { kind: 'count' | 'money' } {
  return quantity?.kind === 'count' || quantity?.kind === 'money'
}

/** Whether both may count the same kind of thing; a number without a noun may. */
export function isSameKind(one: Quantity, other: Quantity): boolean {
  if (one.unit === '' || other.unit === '' || one.unit === other.unit || one.nouns.some((noun) => other.nouns.includes(noun))) return true
  if (one.kind !== other.kind) return false
  if (people.has(one.unit) && people.has(other.unit)) return true
  return one.unit.startsWith(`${other.unit} `) || other.unit.startsWith(`${one.unit} `)
}

const outOf = [
  'trong tổng số', 'trong số', 'trong tổng', 'trong', 'trên tổng số', 'trên tổng', 'trên số', 'trên', '/ tổng số', '/ tổng', '/', 'so với tổng số', 'of', 'of the', 'out of', 'out of the', 'out of a total of', 'of a total of', 'of all', 'from a total of', 'among',
]
const outOfWays = new Set(outOf)

function tieBase({ tokens, quantities }: Reading, n: Quantity): void {
  const next = quantities[n.index + 1]
  const isBracketed = next?.kind === 'share' && next.depth > n.depth && tokens[next.to + 1]?.low === ')'
  const base = isBracketed ? quantities[n.index + 2] : next
  if (!isCountable(n) || !base || !(isCountable(base) || base.kind === 'measure') || n.baseOf || base.sentence !== n.sentence || base.range || n.range) return
  if (base.from - n.to > 12) return
  const isSlash = tokens[n.to + 1]?.low === '/' || tokens[n.unitTo + 1]?.low === '/'
  const from = isBracketed ? next.to + 2 : tokens[n.to + 1]?.low === '/' ? n.to + 1 : n.unitTo + 1
  const between = tokens.slice(from, base.from)
  const way = between.map((token) => token.low).join(' ')
  if (isSlash ? !(way === '/' || way === '/ tổng số' || way === '/ tổng') : !(outOfWays.has(way) || outOfWays.has(stripPredicate(between)))) return
  if (isSlash && !isRatio(tokens, n, base)) return
  const isExplicit = way.includes('tổng') || way.includes('out of') || way.includes('total')
  if (!isSlash && ((base.value < n.value && !isExplicit) || !isSameKind(n, base) || base.kind === 'measure')) return
  if (way === 'trên' && (base.unit === '' || (n.unit === '' && from !== n.to + 1))) return
  if (base.kind === 'measure' && base.unit !== '') return
  n.base = base
  base.baseOf = n
  if (n.unit === '') n.unit = base.unit
  if (isSlash && base.kind === 'money') n.kind = 'money'
  if (isSlash && base.half > 0 && n.value < base.value / 1000) Object.assign(n, rescale(tokens, n, base))
}

/** `2.929 đồng chí đã học trong tổng số 2.934`: the predicate between is let go, the told words stay. */
function stripPredicate(between: Token[]): string {
  const words = between.map((token) => token.low)
  if (between.some((token) => token.kind === 'mark' && token.low !== ',')) return ''
  const at = words.findLastIndex((word) => word === 'trong' || word === 'trên' || word === 'out')
  return at > 0 && (words.includes('tổng') || words[at] === 'out') ? words.slice(at).join(' ') : ''
}

/** A fraction (`2/3 số đảng viên`), `24/7` and a street are no counts out of counts. */
function isRatio(tokens: Token[], n: Quantity, base: Quantity): boolean {
  if (tokens[base.to + 1]?.low === '/' && tokens[base.to + 2]?.kind === 'number') return false
  if (tokens[n.from - 1]?.low === '/') return false
  if (base.value <= 10 && n.value < base.value && (tokens[base.to + 1]?.low === 'số' || tokens[base.to + 1]?.low === 'tổng' || (n.qualifier !== null && base.value <= 5))) return false
  return base.value > 0 && base.kind !== 'share'
}

/** In `45/60 tỷ đồng` the scale is said once. */
function rescale(tokens: Token[], n: Quantity, base: Quantity): Partial<Quantity> {
  const scale = base.half / (0.5 * 10 ** -base.decimals)
  return tokens[n.to]!.kind === 'number' ? { value: n.value * scale, half: 0.5 * 10 ** -n.decimals * scale, kind: base.kind } : {}
}

function tieShare(reading: Reading, share: Quantity): void {
  const isClass = isThreshold(reading, share)
  share.isWished ||= isClass
  if (share.isGrowth || isClass || (share.range && share.range.high > 100)) return
  const inside = countInside(reading, share)
  if (inside) return tie(inside, share)
  const plan = planAfter(reading, share)
  const told = baseAfter(reading, share) ?? plan
  const count = countBefore(reading, share, plan)
  if (!count) return
  if (told && !count.base) {
    if (told === plan && !isSameKind(count, told)) return
    if (told.value < count.value || !isSameKind(count, told)) return
    count.base = told
    told.baseOf = count
  }
  tie(count, share)
}

/** `8/14 đảng bộ đạt từ 95% đến dưới 99%`: a class of units, not their share. */
function isThreshold({ tokens, quantities }: Reading, share: Quantity): boolean {
  const before = tokens[share.qualifierFrom - 1]
  if (before?.sentence !== share.sentence || share.range) return false
  const last = quantities[share.index - 1]
  return before.low === 'từ' || (before.low === 'đến' && last?.kind === 'share' && last.sentence === share.sentence && tokens[last.qualifierFrom - 1]?.low === 'từ')
}

function tie(count: Quantity, share: Quantity): void {
  count.share = share
  share.shareOf = count
}

/** `98,96% (49.901/50.424 đảng viên)`, `98,96% đảng viên (49.901 đồng chí)`. */
function countInside({ tokens, quantities }: Reading, share: Quantity): Quantity | null {
  const next = quantities[share.index + 1]
  if (!isCountable(next) || next.sentence !== share.sentence || next.from - share.to > 12) return null
  if (next.depth === share.depth) return next.base && !next.share && saysAgain(tokens, share, next) ? next : null
  if (next.depth !== share.depth + 1) return null
  const open = tokens.slice(share.to + 1, next.from).findIndex((token) => token.low === '(') + share.to + 1
  if (open <= share.to || tokens.slice(share.to + 1, open).some((token) => token.kind !== 'word')) return null
  if (tokens.slice(open + 1, next.from).some((token) => !(shareLead.has(token.low) || token.low === ':' || token.low === '='))) return null
  const isTold = next.base !== null
  if (!isTold && (share.shareOf || next.isGrowth || hasCountBefore({ tokens, quantities }, share))) return null
  return (share.isPlanned && !isTold) || next.share ? null : next
}

/** `98,96% đảng viên dự học, tương ứng 49.901/50.424 đồng chí`. */
function saysAgain(tokens: Token[], share: Quantity, count: Quantity): boolean {
  const between = tokens.slice(share.to + 1, count.qualifierFrom)
  const comma = between.findLastIndex((token) => token.kind === 'mark')
  const lead = between.slice(comma + 1).map((token) => token.low).join(' ')
  return between[comma]?.low === ',' && ['tương ứng', 'tương ứng với', 'tương đương', 'tức', 'tức là', 'hay', 'hay là', 'that is', 'i e', 'or'].includes(lead)
}

function hasCountBefore({ tokens, quantities }: { tokens: Token[]; quantities: Quantity[] }, share: Quantity): boolean {
  const last = quantities[share.index - 1]
  return isCountable(last) && last.sentence === share.sentence && !last.share && !tokens.slice(last.to + 1, share.from).some((token) => token.low === ';')
}

/** `chiếm 23,84% tổng số 1.791 bài`, `98.96% of 50,424 members`. */
function baseAfter({ tokens, quantities }: Reading, share: Quantity): Quantity | null {
  const next = quantities[share.index + 1]
  if (!isCountable(next) || next.sentence !== share.sentence || next.baseOf || next.depth !== share.depth || share.isPlanned) return null
  const between = tokens.slice(share.to + 1, next.from).filter((_, at) => share.to + 1 + at < next.qualifierFrom || next.qualifier === null)
  if (between.length === 0 || between.length > 7 || between.some((token) => token.kind !== 'word')) return null
  const words = between.map((token) => token.low)
  return words.includes('tổng') || words.includes('of') || words[0] === 'trong' || (words[0] === 'trên' && words.includes('số')) ? next : null
}

/** `đạt 97,16% so với 4.336 đảng viên`, `đạt 83,3% kế hoạch 30.000 cuốn`: the plan is told as a number. */
function planAfter({ tokens, quantities }: Reading, share: Quantity): Quantity | null {
  const next = quantities[share.index + 1]
  if (!isCountable(next) || next.unit === '' || next.sentence !== share.sentence || next.baseOf || next.base || next.range || next.depth !== share.depth || share.isGrowth) return null
  const between = tokens.slice(share.to + 1, next.from).map((token) => token.low)
  const words = ['so', 'với'].every((word, at) => between[at] === word) ? between.slice(2) : between
  return between.length > 0 && (words.length === 0 || ['kế hoạch', 'kế hoạch giao', 'chỉ tiêu', 'chỉ tiêu giao', 'dự toán', 'dự toán giao'].includes(words.join(' '))) ? next : null
}

/** The count that a share belongs to, before it in its sentence. */
function countBefore(reading: Reading, share: Quantity, plan: Quantity | null): Quantity | null {
  const { tokens, quantities } = reading
  let count: Quantity | undefined
  for (let at = share.index - 1; at >= share.index - 8 && at >= 0; at--) {
    const candidate = quantities[at]!
    if (candidate.sentence !== share.sentence) return null
    if (candidate.depth > share.depth) continue // said in brackets
    count = candidate
    break
  }
  if (!count || count.depth < share.depth - 1) return null
  const last = count
  if (count.baseOf && count.baseOf.share === null && (count.baseOf.from < count.from)) count = count.baseOf
  if (count.isGrowth && isCountable(count) && share.from - count.unitTo <= 4) share.isGrowth = true
  if (!isCountable(count) || count.share || count.isGrowth || count.range) return null
  const isOfPlan = share.isPlanned && count.base !== null && (count.kind === 'money' || share.decimals > 0) && isNearly(share, count, count.base)
  if ((share.isPlanned && !isOfPlan && !plan) || (share.isWished && !count.base)) return null
  return leads(tokens, last, share, count) ? count : null
}

/** `24,5/35 tỷ đồng, đạt 77% kế hoạch`: N is the plan where n/N is the share but for a slip. */
function isNearly(share: Quantity, n: Quantity, base: Quantity): boolean {
  const scale = 10 ** share.decimals
  const expected = Math.round((n.value / base.value) * 100 * scale)
  return isSlip(String(expected), String(Math.round(share.value * scale)))
}

/** Whether the words between a count and a share leave the share no subject of its own. */
function leads(tokens: Token[], last: Quantity, share: Quantity, count: Quantity): boolean {
  const between = tokens.slice(last.unitTo + 1, share.qualifierFrom < share.from && share.qualifierFrom > last.to ? share.qualifierFrom : share.from).filter((token) => token.depth <= share.depth)
  if (between.length > 40) return false
  const pieces: Token[][] = [[]]
  for (const token of between) {
    if (token.kind === 'word') pieces.at(-1)!.push(token)
    else pieces.push([])
  }
  const [predicate, ...rest] = pieces as [Token[], ...Token[][]]
  const said = new Set(predicate.map((token) => token.low))
  if (predicate.length > 28 || hasOwnRate(predicate)) return false
  if (hasOtherBase(tokens, share, count) && !share.isPlanned) return false
  if (rest.length === 0) {
    if (predicate.length === 0) return true
    return predicate.some((token) => ['đạt', 'chiếm', 'lệ', 'bằng', 'đương', 'ứng', 'or', 'representing', 'reaching', 'is'].includes(token.low)) && !isEach(predicate, share, count)
  }
  const isNeutral = (token: Token) => shareLead.has(token.low) || said.has(token.low) || neutral.has(token.low)
  if (rest.every((piece) => piece.every(isNeutral))) return true
  return count.base !== null && rest.every((piece) => piece.every(isNeutral) || (!hasNoun(piece) && !hasOwnRate(piece) && !piece.some((token) => token.low === 'lệ' || token.low === 'còn')))
}

const neutral = new Set([...takingPart].flatMap((phrase) => phrase.split(' ')).concat('hoàn', 'thành', 'so', 'phải', 'số', 'học', 'toàn', 'thực', 'hiện', 'tổ', 'chức', 'sinh', 'hoạt', 'triệu', 'tập', 'đảng', 'trong', 'trên', 'nghị', 'quyết', 'kết', 'quả', 'của', 'như', 'vậy', 'tốt', 'khá', 'giỏi', 'attendance', 'participation', 'in', 'bài', 'thu', 'hoạch'))

/** `tỷ lệ hài lòng đạt`: the rate of something else. */
function hasOwnRate(words: Token[]): boolean {
  const at = words.findIndex((token, index) => token.low === 'lệ' && words[index - 1]?.low === 'tỷ')
  return at >= 0 && words.slice(at + 1).some((token) => !shareLead.has(token.low) && !neutral.has(token.low))
}

function hasNoun(words: Token[]): boolean {
  return words.some((token, at) => countable.has(token.low) || countable.has(`${token.low} ${words[at + 1]?.low ?? ''}`))
}

/** `10/13 đơn vị đạt 99%` says more likely that each of the ten reached it. */
function isEach(predicate: Token[], share: Quantity, count: Quantity): boolean {
  if (!bodies.has(count.unit)) return false
  if (share.qualifier || share.range || share.value === 100 || share.isWished) {
    share.isWished = true // a mark that each reached
    return true
  }
  const verbs = predicate.filter((token) => !shareLead.has(token.low))
  return verbs.length === 0 && !predicate.some((token) => token.low === 'chiếm' || token.low === 'bằng' || token.low === 'ứng')
}

/** `120 đảng viên, chiếm 1,2% dân số`: a share of something that neither n nor N counts. */
function hasOtherBase(tokens: Token[], share: Quantity, count: Quantity): boolean {
  let phrase = ''
  for (let at = share.to + 1; at <= share.to + 8; at++) {
    const token = tokens[at]
    if (token?.kind !== 'word' || token.sentence !== share.sentence) return false
    if (phrase === '' && ['tổng', 'số', 'trong', 'trên', 'của', 'so', 'với', 'toàn', 'of', 'the', 'all'].includes(token.low)) {
      if (token.low === 'số' && tokens[at - 1]?.low === 'dân') return true
      continue
    }
    phrase = phrase ? `${phrase} ${token.low}` : token.low
    if (phrase === 'dân số' || phrase === 'diện tích') return true
    if (countable.has(phrase)) return count.unit !== '' && phrase !== count.unit && !(people.has(phrase) && people.has(count.unit)) && !count.unit.startsWith(phrase) && !phrase.startsWith(count.unit)
    if (phrase.split(' ').length >= 3) return false
  }
  return false
}
