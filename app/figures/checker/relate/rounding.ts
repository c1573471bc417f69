import type { Quantity } from '../read/quantities.ts'

export type Span = { low: number; high: number; openLow: boolean; openHigh: boolean }

const far = Number.POSITIVE_INFINITY

/** The values that a printed number may stand for: by rounding, and by its qualifier when it has one. */
export function spanOf({ value, half, qualifier, range, kind }: Quantity): Span {
  const slack = kind === 'share' ? 5 : null // "gần 99%" means a few points below
  if (range) return closed(value - half, range.high + half)
  if (qualifier === 'more') return { low: value, high: far, openLow: true, openHigh: true }
  if (qualifier === 'atLeast') return { low: value, high: far, openLow: false, openHigh: true }
  if (qualifier === 'less') return { low: 0, high: value, openLow: false, openHigh: true }
  if (qualifier === 'atMost') return { low: 0, high: value, openLow: false, openHigh: false }
  if (qualifier === 'nearly') return { low: slack ? value - slack : value * 0.8, high: value, openLow: false, openHigh: true }
  if (qualifier === 'about') return slack ? closed(value - slack, value + slack) : closed(value * 0.8, value * 1.2)
  return half === 0 ? closed(value, value) : { low: value - half, high: value + half, openLow: false, openHigh: true }
}

function closed(low: number, high: number): Span {
  return { low, high, openLow: false, openHigh: false }
}

export function meets(one: Span, other: Span): boolean {
  const low = Math.max(one.low, other.low)
  const high = Math.min(one.high, other.high)
  if (low < high) return true
  if (low > high + 1e-9 * Math.max(1, Math.abs(high))) return false
  const isLowOpen = (one.low === low && one.openLow) || (other.low === low && other.openLow)
  const isHighOpen = (one.high === high && one.openHigh) || (other.high === high && other.openHigh)
  return !isLowOpen && !isHighOpen
}

export type Verdict = 'equal' | 'cut' | 'differs'

/**
 * Whether a share is n/N half-up at its printed precision, was cut instead of rounded, or is neither. Exact for whole
 * counts; qualified and rounded numbers are taken as the spans they stand for.
 */
export function judgeShare(share: Quantity, n: Quantity, base: Quantity | number): Verdict {
  const isPlain = (quantity: Quantity) => quantity.half === 0 && !quantity.qualifier && !quantity.range && Number.isSafeInteger(quantity.value)
  const baseSpan = typeof base === 'number' ? closed(base, base) : spanOf(base)
  if (baseSpan.high <= 0) return 'equal'
  if (isPlain(n) && (typeof base === 'number' || isPlain(base)) && !share.qualifier && !share.range) {
    const value = typeof base === 'number' ? base : base.value
    if (Math.abs((n.value / value) * 100 - share.value) > 1.5 * 10 ** -share.decimals) return 'differs'
    const scale = 10 ** share.decimals
    const printed = BigInt(Math.round(share.value * scale))
    const whole = BigInt(value)
    const part = BigInt(n.value) * 100n * BigInt(scale)
    if ((part * 2n + whole) / (2n * whole) === printed) return 'equal'
    return part / whole === printed ? 'cut' : 'differs'
  }
  const nSpan = spanOf(n)
  const low = baseSpan.high === far ? 0 : (nSpan.low / baseSpan.high) * 100
  const high = baseSpan.low <= 0 ? far : (nSpan.high / baseSpan.low) * 100
  const told = spanOf(share)
  if (meets(told, { low, high, openLow: nSpan.openLow, openHigh: nSpan.openHigh })) return 'equal'
  const cut = { low: share.value, high: share.value + 2 * share.half, openLow: false, openHigh: true }
  return !share.qualifier && !share.range && meets(cut, { low, high, openLow: nSpan.openLow, openHigh: nSpan.openHigh }) ? 'cut' : 'differs'
}

/** 100 n / N half-up to that many decimals, as a whole number of the last place; exact for whole numbers. */
export function roundedShare(n: number, base: number, decimals: number): number {
  const scale = 10 ** decimals
  if (Number.isSafeInteger(n) && Number.isSafeInteger(base)) return Number((BigInt(n) * 200n * BigInt(scale) + BigInt(base)) / (2n * BigInt(base)))
  return Math.floor((n / base) * 100 * scale + 0.5)
}

/** Whether a slip of the keyboard makes one numeral of the other: one digit changed, or two neighbours swapped. */
export function isSlip(one: string, other: string): boolean {
  const [first, last] = differing(one, other)
  return (first === last && one.length === other.length) || isSwap(one, other)
}

/** Whether two neighbouring digits changed places. */
export function isSwap(one: string, other: string): boolean {
  const [first, last] = differing(one, other)
  return one.length === other.length && last === first + 1 && one[first] === other[last] && one[last] === other[first]
}

/** The first and the last place at which the two differ. */
function differing(one: string, other: string): [number, number] {
  let first = 0
  while (first < one.length && one[first] === other[first]) first++
  let last = one.length - 1
  while (last > first && one[last] === other[last]) last--
  return [first, last]
}
