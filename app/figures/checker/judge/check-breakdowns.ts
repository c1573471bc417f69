import { figureWords } from '../../figures.messages.ts'
import { headOf, type Breakdown, type Part } from '../relate/parts.ts'
import { isDraft, placesOf, type Draft, type Outcome, type Proof } from './finding.ts'
import type { Quantity } from '../read/quantities.ts'
import { isSlip, judgeShare, meets, spanOf, type Span } from '../relate/rounding.ts'
import { writeCount, writePercent, writeShare, type Style } from './writing.ts'

/** What the sums of one breakdown say; the shares that were judged here need no other base. */
export type Judged = { outcomes: Outcome[]; judged: Quantity[]; verified: Quantity[] }

/** Do the parts make the total, the shares 100, and counts and shares one and the same total? */
export function checkBreakdown(group: Breakdown, style: Style): Judged {
  const counts = group.parts.flatMap(({ count }) => (count ? [count] : []))
  const shares = group.parts.flatMap(({ share }) => (share && !share.isPlanned && !share.isWished ? [share] : []))
  const hasOwnBase = counts.some(({ base }) => base && !group.totals.includes(base))
  const isCounted = counts.length === group.parts.length && !hasOwnBase
  const isShared = shares.length === group.parts.length
  const sum = counts.reduce((total, count) => total + count.value, 0)
  const parts = isCounted ? checkParts(group, counts, sum, style) : { outcomes: [], isWhole: false }
  if (hasOwnBase || shares.some((share) => share.range)) return { outcomes: parts.outcomes, judged: [], verified: [] }

  const percent = shares.reduce((total, share) => total + share.value, 0)
  const bases = basesOf(group, counts, sum, percent, isCounted && isShared, parts.isWhole)
  const each = bases.length > 0 ? checkShares(group.parts, bases, style) : { outcomes: [], verified: [] }
  const isRounded = each.outcomes.every((outcome) => !isDraft(outcome) || outcome.code === 'share-truncated')
  const sums: Outcome[] = []
  if (isShared && !(bases.length > 0 && isRounded && parts.isWhole)) sums.push(...checkSum(group, shares, parts.isWhole, counts.length === 0, style))
  if (isShared && isCounted && (group.family || group.totals.length > 0 || Math.abs(percent - 100) <= 5)) sums.push(...checkImplied(group.parts, bases[0] ?? null, style))
  return { outcomes: [...parts.outcomes, ...sums, ...each.outcomes], judged: bases.length > 0 || sums.some(isDraft) ? shares : [], verified: each.verified }
}

/** `isWhole`: the parts are known to make one of the totals. */
function checkParts({ totals, isClosed, isExclusive, isNear }: Breakdown, counts: Quantity[], sum: number, style: Style): { outcomes: Outcome[]; isWhole: boolean } {
  const told = spanSum(counts.map(spanOf))
  const met = totals.find((total) => meets(told, spanOf(total)))
  const parts = counts.map((count) => count.text).join(' + ')
  if (met) return { outcomes: met.value === sum ? [{ places: placesOf([...counts, met]), message: figureWords.say('parts-hold', { parts, total: met.text }) }] : [], isWhole: true }
  const total = totals[0]
  if (!total || counts.some((count) => count.range)) return { outcomes: [], isWhole: false }
  const isOver = totals.every((other) => told.low > spanOf(other).high)
  const isTooFar = isNear && !isSlip(String(sum), String(total.value)) && Math.abs(sum - total.value) > Math.max(2, total.value * 0.03)
  if ((isOver ? !isExclusive : !isClosed) || isTooFar) return { outcomes: [], isWhole: false }
  const expected = writeCount(sum, style)
  const message = figureWords.say('parts-sum', { parts, sum: expected, total: total.text })
  return { outcomes: [{ code: 'parts-sum', start: total.start, end: total.end, printed: total.text, expected, message }], isWhole: false }
}

function spanSum(spans: Span[]): Span {
  return {
    low: spans.reduce((sum, span) => sum + span.low, 0),
    high: spans.reduce((sum, span) => sum + span.high, 0),
    openLow: spans.some((span) => span.openLow),
    openHigh: spans.some((span) => span.openHigh),
  }
}

/** What the shares may be shares of: a stated total, and where the list claims to be whole, the sum of its parts. */
function basesOf(group: Breakdown, counts: Quantity[], sum: number, percent: number, isComplete: boolean, isWhole: boolean): (Quantity | number)[] {
  if (isWhole || group.totals.length > 0) return isComplete && !isWhole ? [...group.totals, sum] : group.totals
  const isTold = isComplete && counts.every((count) => count.half === 0 && !count.qualifier)
  if (!isTold || sum === 0) return []
  const fitting = group.parts.filter(({ count, share }) => judgeShare(share!, count!, sum) !== 'differs').length
  return percent >= 99 || (group.isClosed && percent >= 90) || fitting * 2 > group.parts.length ? [sum] : []
}

function checkShares(parts: Part[], bases: (Quantity | number)[], style: Style): { outcomes: Outcome[]; verified: Quantity[] } {
  const outcomes: Outcome[] = []
  const verified: Quantity[] = []
  for (const { count, share } of parts) {
    if (!count || !share || share.isPlanned || share.isWished) continue
    const meant = parts.find((other) => other.count && !other.share && bases.some((base) => judgeShare(share, other.count!, base) === 'equal'))?.count ?? count // có mặt 43, vắng 2, đạt 95,56%
    const verdicts = bases.map((base) => judgeShare(share, meant, base))
    const fitting = bases[verdicts.indexOf('equal')]
    if (fitting !== undefined) {
      verified.push(share)
      outcomes.push(shareProof(share, meant, fitting, style))
    } else outcomes.push(shareDraft(verdicts.includes('cut') ? 'cut' : 'differs', share, count, bases[verdicts.indexOf('cut')] ?? bases[0]!, style))
  }
  return { outcomes, verified }
}

/** The finding for one share that is not n/N. */
export function shareDraft(verdict: 'cut' | 'differs', share: Quantity, count: Quantity, base: Quantity | number, style: Style): Draft {
  const whole = typeof base === 'number' ? base : base.value
  const baseText = typeof base === 'number' ? writeCount(base, style) : base.text
  const expected = writeShare(count.value, whole, share, style)
  const code = verdict === 'cut' ? 'share-truncated' : share.qualifier ? 'qualifier-contradiction' : 'share-mismatch'
  const values = { n: count.text, base: baseText, printed: share.text, expected }
  return { code, start: share.start, end: share.end, printed: share.text, expected, message: code === 'share-truncated' ? figureWords.say('share-truncated', values) : figureWords.say(code === 'share-mismatch' ? 'share-mismatch' : 'qualified-share', values) }
}

/** The sum that shows one share to be n/N. */
export function shareProof(share: Quantity, count: Quantity, base: Quantity | number, style: Style): Proof {
  const [whole, baseText] = typeof base === 'number' ? [base, writeCount(base, style)] : [base.value, base.text]
  const isExact = !share.qualifier && !share.range
  const expected = writeShare(count.value, whole, isExact ? share : { ...share, decimals: 2 }, style)
  const places = placesOf(typeof base === 'number' ? [count, share] : [count, base, share])
  return { places, message: figureWords.say(isExact ? 'share-holds' : 'qualified-share-holds', { n: count.text, base: baseText, printed: share.text, expected }) }
}

function checkSum({ parts, isClosed, isExclusive, family }: Breakdown, shares: Quantity[], isWhole: boolean, isBare: boolean, style: Style): Outcome[] {
  if (shares.some((share) => share.qualifier)) return []
  const decimals = Math.max(...shares.map((share) => share.decimals))
  const scale = 10 ** decimals
  const sum = shares.reduce((total, share) => total + Math.round(share.value * scale), 0)
  const slack = shares.reduce((total, share) => total + share.half * scale, 0)
  const distance = sum - 100 * scale
  const printed = writePercent(sum, decimals, style)
  const message = (code: 'shares-sum' | 'shares-hold') => figureWords.say(code, { shares: shares.map((share) => share.text).join(' + '), sum: printed })
  if (Math.abs(distance) <= slack + 1e-6) return [{ places: placesOf(shares), message: message('shares-hold') }]
  const isOver = distance > 0
  if (isOver ? !isExclusive : !(isWhole || (isClosed && (isBare || family === null) && sum >= 90 * scale))) return []
  const over = shares.find((share) => share.value > 100)
  if (over) return []
  const [first, last] = [headOf(parts[0]!), shares.at(-1)!]
  const start = Math.min(first.start, shares[0]!.start)
  return [{ code: 'shares-sum', start, end: Math.max(last.end, headOf(parts.at(-1)!).end), printed, expected: '100%', message: message('shares-sum') }]
}

/** Each count with its share implies a span of totals; without a total in all of them no total fits the list. */
function checkImplied(parts: Part[], base: Quantity | number | null, style: Style): Draft[] {
  const implied = parts.flatMap(({ count, share }) => {
    if (!count || !share || count.half > 0 || count.qualifier || share.qualifier || share.value <= share.half || count.value === 0) return []
    return [{ count, share, low: count.value / ((share.value + share.half) / 100), high: count.value / ((share.value - share.half) / 100) }]
  })
  const low = Math.max(...implied.map((one) => one.low))
  const high = Math.min(...implied.map((one) => one.high))
  if (implied.length < 2 || low <= high * (1 + 1e-9) || allCut(implied)) return []
  const said = implied.map(({ count, share }) => `${count.text} : ${share.text} ≈ ${writeCount(Math.round(count.value / (share.value / 100)), style)}`).join('; ')
  const expected = base === null ? '' : typeof base === 'number' ? writeCount(base, style) : base.text
  const start = headOf(parts[0]!).start
  const end = Math.max(...implied.map(({ count, share }) => Math.max(count.end, share.end)))
  return [{ code: 'implied-totals-differ', start: Math.min(start, implied[0]!.share.start), end, printed: said, expected, message: figureWords.say('implied-totals-differ', { totals: said }) }]
}

/** Shares cut instead of rounded still agree on a total. */
function allCut(implied: { count: Quantity; share: Quantity }[]): boolean {
  const low = Math.max(...implied.map(({ count, share }) => count.value / ((share.value + 2 * share.half) / 100)))
  const high = Math.min(...implied.map(({ count, share }) => count.value / (Math.max(share.value, 1e-9) / 100)))
  return low <= high
}
