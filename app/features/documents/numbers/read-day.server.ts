import { isDay, type Day } from '../../../platform/clock.ts'

/** The day in a text without marks; null when there is none. `isUnsure`: what stands there is no day, lacks its year, or there are two. */
export function dayIn(plain: string): { day: Day | null; isUnsure: boolean } {
  const found = new Set([...inWords(plain), ...inFigures(plain)].map(([date, month, year]) => dayOf(date, month, year)))
  if (found.size === 0) return { day: null, isUnsure: /\bngay \d{1,2}(?: ?[/.-] ?\d{1,2}| thang \d{1,2})/.test(plain) }
  const [day] = found
  return found.size === 1 && day ? { day, isUnsure: false } : { day: null, isUnsure: true }
}

type Parts = [date: string, month: string, year: string]

// Scanned figures come apart: "ngày 2 2 tháng 3 năm 2 0 2 1".
const words = /\bngay\s*(\d(?:\s?\d)?)\s*thang\s*(\d(?:\s?\d)?)\s*nam\s*(\d(?:\s?\d){3}|\d{2})(?!\d)/g
const figures = /(?<![\d/.-])(\d{1,2})\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d/-])/g
const machine = /(?<![\d/.-])(\d{4})-(\d{2})-(\d{2})(?![\d/-])/g

const inWords = (plain: string): Parts[] => [...plain.matchAll(words)].map(([, date, month, year]) => [date!, month!, year!])
const inFigures = (plain: string): Parts[] => [
  ...[...plain.matchAll(figures)].map(([, date, , month, year]): Parts => [date!, month!, year!]),
  ...[...plain.matchAll(machine)].map(([, year, month, date]): Parts => [date!, month!, year!]),
]

/** Null for what stands on no calendar. Years of two figures are of this century up to its middle: the Party is of 1930. */
function dayOf(...parts: Parts): Day | null {
  const [date, month, year] = parts.map((part) => part.replace(/\s/g, '')) as Parts
  const whole = year.length === 2 ? `${Number(year) < 50 ? '20' : '19'}${year}` : year
  const day = `${whole}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
  return isDay(day) && day >= '1930-01-01' ? day : null
}
