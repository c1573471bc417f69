import { countable } from '../read/lexicon.ts'
import { isCountable, isSameKind } from './pairs.ts'
import { headOf, lastOf, type Labels, type Part } from './parts.ts'
import type { Quantity, Reading } from '../read/quantities.ts'
import { judgeShare } from './rounding.ts'
import { hasPhrase } from '../read/tokens.ts'

/** Words that announce the parts of what was said before. */
export const connectors = new Set(['gồm', 'cụ thể', 'chia ra', 'chia thành', 'phân ra', 'trong đó', 'kết quả', 'xếp loại', 'phân loại', 'đánh giá', 'of which', 'of whom', 'including', 'comprising', 'consisting', 'namely', 'graded', 'rated'])
const grading = new Set(['xếp loại', 'phân loại', 'đánh giá', 'chấm', 'graded', 'rated', 'marked', 'phân tích'])

/** The numbers that may be the whole of these parts: said before them and tied by a connector, or after them as their sum. */
export function totalsOf(reading: Reading, parts: Part[], labels: Labels): { totals: Quantity[]; isNear: boolean } {
  const { tokens, quantities } = reading
  const first = headOf(parts[0]!)
  const told = lastOf(parts.at(-1)!).base ?? parts.at(-1)!.count?.base // nam 2.816 đồng chí trên tổng số 4.336
  const isLast = told && !isCountable(quantities[told.index + 1]?.sentence === told.sentence ? quantities[told.index + 1] : undefined)
  const after = told && isLast && parts.slice(0, -1).every(({ count }) => count && !count.base && isSameKind(count, told)) ? [told] : totalAfter(reading, parts)
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
    const isOutOf = isSame && ((before.includes('trong') && !before.includes('đó')) || before.includes('tổng') || before.includes('of') || before.includes('among') || ['phải học', 'phải nộp', 'phải báo cáo', 'được triệu tập'].includes(between.slice(total.unitTo - total.to, total.unitTo - total.to + 2).map((token) => token.low).join(' ')))
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

/** `..., tổng cộng 1.791 bài`, or under a list the line `Tổng số: 1.791 bài`. */
function totalAfter({ tokens, quantities }: Reading, parts: Part[]): Quantity[] {
  const last = lastOf(parts.at(-1)!)
  const next = quantities[last.index + 1]
  if (!isCountable(next) || next.baseOf || !(next.sentence === last.sentence || isLineUnder(tokens, last, next)) || parts.some((part) => !part.count || part.count.kind !== next.kind) || next.from - last.to > 12) return []
  const words = tokens.slice(Math.max(last.to + 1, next.from - 4), next.from)
  const isSum = words.some((token, at) => (token.low === 'tổng' && ['cộng', 'số', ':', undefined, 'là'].includes(words[at + 1]?.low)) || token.low === 'cộng' || token.low === 'total' || token.low === 'altogether')
  return isSum && isSameKind(next, parts[0]!.count!) ? [next] : []
}

function isLineUnder(tokens: Reading['tokens'], last: Quantity, next: Quantity): boolean {
  const isNextLine = next.sentence === last.sentence + 1 && tokens[last.from]!.bullet !== '' && next.block - last.block <= 1
  let opening = next.from
  while (opening > last.to && tokens[opening - 1]!.sentence === next.sentence) opening--
  return isNextLine && ['tổng', 'cộng', 'total'].includes(tokens[opening]!.low)
}

const generic = new Set(['văn bản', 'tài liệu', 'sản phẩm', 'tác phẩm', 'tin bài', 'đơn vị', 'tổ chức', 'tổ chức đảng', 'tổ chức cơ sở đảng', 'cơ quan', 'hoạt động', 'documents', 'units', 'items', 'điểm', 'trường hợp', 'địa phương'])

/** Whether parts of another noun may make it: `25 văn bản, gồm 3 nghị quyết ...`. */
export function isGeneric(total: Quantity): boolean {
  return generic.has(total.unit)
}
