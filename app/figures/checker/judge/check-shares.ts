import { figureWords } from '../../figures.messages.ts'
import { shareDraft, shareProof } from './check-breakdowns.ts'
import { countable, people, takingPart } from '../read/lexicon.ts'
import { isDraft, type Draft, type Outcome } from './finding.ts'
import { isCountable, isSameKind } from '../relate/pairs.ts'
import type { Quantity, Reading } from '../read/quantities.ts'
import { isSlip, judgeShare, roundedShare } from '../relate/rounding.ts'
import { hasPhrase } from '../read/tokens.ts'
import type { Style } from './writing.ts'

/** Shares outside breakdowns: against N of n/N, against a total said elsewhere, above 100, or without any base. */
export function checkShares(reading: Reading, judged: Set<Quantity>, verified: Quantity[], style: Style): Outcome[] {
  const outcomes: Outcome[] = []
  const fit = new Set(verified.map((share) => share.value))
  const baseless: Quantity[] = []
  const sums = sumsOfShares(reading)
  const totals = reading.quantities.filter((quantity) => isCountable(quantity) && isTotal(reading, quantity)).slice(0, 80)
  for (const share of reading.quantities) {
    if (share.kind !== 'share' || share.isGrowth || judged.has(share)) continue
    const sum = sums.get(share)
    const result = judge(reading, share, totals, style) ?? (sum === undefined ? null : shareProof(share, share.shareOf!, sum, style))
    const isOver = (!result || !isDraft(result)) && passesWhole(reading, share)
    if (result && !isDraft(result)) fit.add(share.value)
    if (isOver) outcomes.push(overDraft(share))
    else if (result) outcomes.push(result)
    else baseless.push(share)
  }
  for (const share of baseless) {
    if (share.isPlanned || share.isWished || share.range || share.value >= 100 || fit.has(share.value) || isRuled(reading, share) || isOfTold(reading, share) || hasFittingPair(reading, share, totals)) continue
    outcomes.push({ code: 'share-without-base', start: share.start, end: share.end, printed: share.text, expected: '', message: figureWords.say('share-without-base', { printed: share.text }) })
  }
  return outcomes
}

function overDraft(share: Quantity): Draft {
  return { code: 'share-over-100', start: share.start, end: share.end, printed: share.text, expected: '', message: figureWords.say('share-over-100', { printed: share.text }) }
}

/** What its count and the base told for it, or a total of the text, say of one share; null where nothing is known. */
function judge(reading: Reading, share: Quantity, totals: Quantity[], style: Style): Outcome | null {
  const count = share.shareOf
  if (!count) return null
  const told = count.base ?? toldBase(reading, count, share)
  if (told) {
    const verdict = judgeShare(share, count, told)
    if (verdict === 'equal') return shareProof(share, count, told, style)
    if (verdict === 'differs' && !count.base && (share.isWished || share.range)) return null
    return shareDraft(verdict, share, count, told, style)
  }
  const near = nearBases(reading, count, share)
  const candidates = [...near, ...totals, ...laterTotals(reading, count)].filter((base) => base !== count && base.value >= count.value)
  const fitting = candidates.find((base) => judgeShare(share, count, base) === 'equal')
  if (fitting) return shareProof(share, count, fitting, style)
  const tied = near[0]
  if (!tied || share.qualifier || share.range || share.isWished || count.qualifier) return null
  if (new Set(near.map((base) => base.value)).size > 1) return null
  const verdict = judgeShare(share, count, tied)
  const expected = roundedShare(count.value, tied.value, share.decimals)
  const printed = Math.round(share.value * 10 ** share.decimals)
  const isNear = Math.abs(expected - printed) <= 0.3 * 10 ** share.decimals || isSlip(String(expected), String(printed))
  return verdict === 'cut' || isNear ? shareDraft(verdict === 'cut' ? 'cut' : 'differs', share, count, tied, style) : null
}

/** Whether some count of the sentence is that share of a total, though the words do not tie them: then it has a base. */
function hasFittingPair({ quantities }: Reading, share: Quantity, totals: Quantity[]): boolean {
  const told: Quantity[] = []
  for (let at = share.index - 1; at >= share.index - 6 && at >= 0; at--) if (isCountable(quantities[at]) && quantities[at]!.sentence === share.sentence) told.push(quantities[at]!)
  return told.some((count) => [...told, ...totals].some((base) => base.value > count.value && judgeShare(share, count, base) === 'equal'))
}

/** Shares of one sentence that are exact over the sum of their own counts: `118 chi bộ (94,4%) ...; 7 chi bộ (5,6%) ...`. */
function sumsOfShares({ quantities }: Reading): Map<Quantity, number> {
  const sums = new Map<Quantity, number>()
  for (let from = 0; from < quantities.length; ) {
    let to = from
    while (to < quantities.length && to - from < 60 && quantities[to]!.sentence === quantities[from]!.sentence) to++
    const counts = quantities.slice(from, to).filter((count) => count.share && !count.base && count.kind === 'count')
    from = to
    const sum = counts.reduce((total, count) => total + count.value, 0)
    if (counts.length >= 2 && Number.isSafeInteger(sum) && counts.every((count) => judgeShare(count.share!, count, sum) === 'equal')) for (const count of counts) sums.set(count.share!, sum)
  }
  return sums
}

const rules = new Set(['trích', 'giữ', 'đóng', 'góp', 'hỗ', 'thuế', 'khấu', 'phạt', 'nợ', 'phủ', 'đầy'])

/** A share that needs no base: one laid down (`trích 30%`), the rest of such a one, or one of the count before it (`trong số đó 60%`). */
function isRuled(reading: Reading, share: Quantity): boolean {
  const { tokens, quantities } = reading
  const before: string[] = []
  for (let at = share.qualifierFrom - 1; at >= share.qualifierFrom - 6 && tokens[at]?.kind === 'word' && tokens[at]!.sentence === share.sentence; at--) before.unshift(tokens[at]!.low)
  const last = quantities[share.index - 1]
  const isLast = last?.sentence === share.sentence
  if (isLast && isCountable(last) && /^(trong )?số (đó|này)$|^of (these|them|whom)$/.test(before.slice(-3).join(' '))) return true
  const isRest = (other: Quantity | undefined) => other?.kind === 'share' && other.sentence === share.sentence && other.value + share.value === 100 && (other.isPlanned || isLaidDown(reading.tokens, other))
  return isLaidDown(tokens, share) || isRest(last) || isRest(quantities[share.index + 1])
}

/** A list of shares and then their whole: `nông nghiệp 35,1%, dịch vụ 26,1% trong tổng giá trị 3.450 tỷ đồng`. */
function isOfTold({ tokens, quantities }: Reading, share: Quantity): boolean {
  for (let at = share.index + 1; at <= share.index + 12; at++) {
    const next = quantities[at]
    if (next?.sentence !== share.sentence) return false
    if (next.kind === 'share') continue
    const words = tokens.slice(quantities[at - 1]!.to + 1, next.qualifierFrom)
    return isCountable(next) && words.length <= 7 && words.every((token) => token.kind === 'word') && ['trong', 'trên', 'của', 'of'].includes(words[0]?.low ?? '') && words.some((token) => token.low === 'tổng' || token.low === 'all')
  }
  return false
}

function isLaidDown(tokens: Reading['tokens'], share: Quantity): boolean {
  const before = tokens.slice(Math.max(0, share.from - 4), share.from).filter((token) => token.sentence === share.sentence).map((token) => token.low)
  return before.some((word) => rules.has(word)) && !before.includes('tham')
}

const outOf = new Set(['trong', 'of', 'among', 'trên'])

/**
 * N said before n in the sentence as that which n is out of: `Trong tổng số 2.934 đảng viên, có 2.929 đồng chí ..., đạt ...`. After
 * `có mặt 480 (96%), trong đó 240 nữ (50%)` n may be out of the part as well as of its whole: that which fits is meant.
 */
function toldBase(reading: Reading, count: Quantity, share: Quantity): Quantity | null {
  const { tokens, quantities } = reading
  const opened: Quantity[] = [] // parts that are themselves taken apart before this count
  for (let at = count.index - 1; at >= count.index - 12 && at >= 0; at--) {
    const base = quantities[at]!
    if (base.sentence !== count.sentence) return opened.find((part) => judgeShare(share, count, part) === 'equal') ?? null
    if (base.kind === 'share' || base.depth > count.depth || base.kind === 'measure') continue
    if (base.share && !isOutOf(tokens, base)) {
      if (isCountable(base) && base.value >= count.value && hasPhrase(tokens.slice(base.to + 1, count.from), intoParts)) opened.push(base)
      continue // a part beside this one
    }
    const told = toldIn(reading, base, count, share)
    const fitting = [told, ...opened].find((whole) => whole && judgeShare(share, count, whole) === 'equal')
    const isDirect = opened[0]?.share?.index === count.index - 1
    return fitting ?? (told && isDirect ? opened[0]! : told)
  }
  return opened.find((part) => judgeShare(share, count, part) === 'equal') ?? null
}

const intoParts = new Set(['trong đó', 'số đó', 'số này', 'of which', 'of whom', 'of these', 'of them', 'including'])

function toldIn({ tokens }: Reading, base: Quantity, count: Quantity, share: Quantity): Quantity | null {
  if (base.value < count.value || !isSameKind(base, count) || base.range || base.baseOf) return null
  if (isOutOf(tokens, base)) return base
  const between = tokens.slice(base.to + 1, count.from).map((token) => token.low)
  const within = between.findIndex((word, i) => word === 'trong' && between[i + 1] === 'đó')
  const isPart = within >= 0 && base.depth === count.depth && base.index === count.index - 1
  return isPart && isShareOfWhole(tokens, count, share) ? base : null
}

function isOutOf(tokens: Reading['tokens'], base: Quantity): boolean {
  const [one, two, three] = [1, 2, 3].map((step) => tokens[base.qualifierFrom - step]).map((token) => (token?.sentence === base.sentence ? token.low : ''))
  if (one === 'số' || one === 'the' || one === 'tổng') return outOf.has(two!) || (two === 'tổng' && outOf.has(three!)) || (two === 'tổng' && three === '')
  return (one === 'trong' || one === 'of' || one === 'among') && base.unit !== ''
}

/** `120 nữ (24%)`, `chiếm 24%`; "đạt 80%" may be of another whole. */
function isShareOfWhole(tokens: Reading['tokens'], count: Quantity, share: Quantity): boolean {
  const between = tokens.slice(count.to + 1, share.from).map((token) => token.low)
  return between.includes('chiếm') || share.depth > count.depth
}

const wholes = new Set(['toàn', 'tổng', 'số', 'cộng', 'tổng số', 'phải', 'total', 'all', 'entire', 'whole', 'triệu'])

function isTotal({ tokens }: Reading, quantity: Quantity): boolean {
  if (quantity.isGrowth || quantity.isWished || quantity.range || quantity.half > 0 || quantity.qualifier) return false
  if (quantity.baseOf || quantity.base) return true
  for (let at = quantity.from - 1; at >= quantity.from - 9 && at >= 0 && tokens[at]!.sentence === quantity.sentence; at--) {
    if (tokens[at]!.kind === 'number') return false
    if (wholes.has(tokens[at]!.low)) return true
  }
  const after = tokens.slice(quantity.unitTo + 1, quantity.unitTo + 4).map((token) => token.low)
  return after.includes('phải')
}

/** Totals of the same kind in this sentence or the three before, in the same paragraph. */
function nearBases(reading: Reading, count: Quantity, share: Quantity): Quantity[] {
  const { quantities } = reading
  const bases: Quantity[] = []
  for (let at = count.index - 1; at >= count.index - 12 && at >= 0; at--) {
    const base = quantities[at]!
    if (base.block !== count.block || base.sentence < count.sentence - 3) break
    if (base.share || base.base) continue
    if (!isCountable(base) || base.value < count.value || base.depth > count.depth || base.unit === '' || !isSameKind(base, count) || share.isPlanned) continue
    if (isTotal(reading, base) || base.sentence === count.sentence) bases.push(base)
  }
  return bases
}

function laterTotals({ quantities }: Reading, count: Quantity): Quantity[] {
  const from = Math.max(0, count.index - 30)
  return quantities.slice(from, count.index + 12).filter((quantity) => isCountable(quantity) && quantity.block === count.block && quantity.value >= count.value && !quantity.range)
}

/** Whether a share above 100 is said of parts of one whole, which cannot be. */
function passesWhole({ tokens }: Reading, share: Quantity): boolean {
  if (share.value <= 100 || share.isPlanned || share.isGrowth || share.range || share.qualifier) return false
  const words: string[] = []
  for (let at = share.from - 1; at >= share.from - 25 && at >= 0; at--) {
    const token = tokens[at]!
    if (token.sentence !== share.sentence || token.low === ';') break
    words.unshift(token.low)
  }
  const said = words.join(' ')
  if (/kế hoạch năm|dự toán|chỉ tiêu|cùng kỳ|so với|năm trước|kết nạp|phát triển|thu ngân sách|giao|vận động|huy động|tuyển|plan|target|budget|recruit|quota/.test(said)) return false
  if (words.at(-1) === 'chiếm' || (words.at(-1) === 'lệ' && words.at(-3) === 'chiếm')) return true
  const after = tokens.slice(share.to + 1, share.to + 4).filter((token) => token.sentence === share.sentence).map((token) => token.low)
  const noun = [after[0], after.slice(0, 2).join(' '), after[0] === 'of' ? after[1] : undefined].find((phrase) => phrase && people.has(phrase))
  const hasPart = words.some((word, at) => takingPart.has(word) || takingPart.has(`${word} ${words[at + 1] ?? ''}`)) || after.some((word, at) => takingPart.has(word) || takingPart.has(`${word} ${after[at + 1] ?? ''}`))
  const hasPeople = words.some((word, at) => people.has(word) || people.has(`${word} ${words[at + 1] ?? ''}`) || countable.has(`${word} ${words[at + 1] ?? ''}`))
  return (noun !== undefined && words.slice(-2).some((word) => word === 'có' || word === 'với')) || (hasPart && (hasPeople || words.includes('lệ') || noun !== undefined))
}
