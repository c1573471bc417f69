import type { Language } from '../platform/i18n.ts'

/**
 * A figure as it is shown and exported. A rate has its denominator and the name of its base; a plain count has neither.
 * `share` is 0..1, not rounded; null for a count and for a rate whose base is empty.
 */
export type Figure = {
  key: string
  numerator: number
  denominator: number | null
  share: number | null
  base: string | null
}

/** A plain count of something. */
export function count(key: string, numerator: number): Figure {
  return { key, numerator, denominator: null, share: null, base: null }
}

/** A numerator over the base it is part of. */
export function rate(key: string, numerator: number, denominator: number, base: string): Figure {
  return { key, numerator, denominator, share: denominator === 0 ? null : numerator / denominator, base }
}

// made once: making one takes longer than writing a hundred numbers with it, and a page of units writes hundreds
const styles = { vi: new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 0 }), en: new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 }) }

/** `49.901` in Vietnamese, `49,901` in English. */
export function showCount(value: number, language: Language): string {
  return styles[language].format(value)
}

/**
 * `98,96%` in Vietnamese, `98.96%` in English; an en dash when the base is empty.
 * Half-up to two decimals, computed on whole numbers: 0.125 % is 0.13 %, which floating point would round down.
 */
export function showPercent(numerator: number, denominator: number | null, language: Language): string {
  if (!denominator) return '–'
  const hundredths = percentInHundredths(numerator, denominator)
  const mark = language === 'vi' ? ',' : '.'
  return `${showCount(Math.trunc(hundredths / 100), language)}${mark}${String(hundredths % 100).padStart(2, '0')}%`
}

/** Hundredths of a per cent, half-up: 49,901 of 50,424 is 9896. Both counts are whole and not negative. */
function percentInHundredths(numerator: number, denominator: number): number {
  return Number((BigInt(numerator) * 20_000n + BigInt(denominator)) / (2n * BigInt(denominator)))
}
