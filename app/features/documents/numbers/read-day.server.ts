import { impossibleDay, isDay, type Day } from '../../../platform/clock.ts'
import { aligned } from './plain-text.server.ts'

/** The day in a text without marks; null when there is none. `isUnsure`: what stands there is no day, lacks its year, or there are two. */
export function dayIn(plain: string): { day: Day | null; isUnsure: boolean } {
  const found = new Set([...inWords(plain), ...inFigures(plain)].map(([date, month, year]) => dayOf(date, month, year)))
  if (found.size === 0) return { day: null, isUnsure: /\bngay \d{1,2}(?: ?[/.-] ?\d{1,2}| thang \d{1,2})/.test(plain) }
  const [day] = found
  return found.size === 1 && day ? { day, isUnsure: false } : { day: null, isUnsure: true }
}

/** The first day in a typed line that is on no calendar, as `30/2/2021`; null when each there is one. */
export function impossibleIn(typed: string): string | null {
  const { plain } = aligned(typed)
  for (const parts of [...inWords(plain), ...inFigures(plain)]) {
    const [date, month, year] = parts.map((part) => part.replace(/\s/g, '')) as Parts
    const written = `${date}/${month}/${wholeYear(year)}`
    if (impossibleDay(written)) return written
  }
  return null
}

/**
 * Days that a search names, one or a month, with the words beside it: "kế hoạch ngày 22/3/2021", "tháng 3/2021", "3/2021". Null when it
 * names none, or several.
 */
export function daysNamed(typed: string): { from: Day; until: Day; rest: string } | null {
  const { text, plain } = aligned(typed)
  const found = [words, figures, machine].flatMap((form) => [...plain.matchAll(form)])
  const [only] = found
  if (found.length > 1) return null
  if (only) {
    const { day } = dayIn(only[0].startsWith('ngay') ? only[0] : only[0].trim())
    return day ? { from: day, until: day, rest: beside(text, plain, only) } : null
  }
  const [month] = [...plain.matchAll(months)]
  if (!month) return null
  const from = dayOf('1', (month[1] ?? month[3])!, (month[2] ?? month[4])!)
  if (!from) return null
  return { from, until: `${from.slice(0, 8)}${new Date(Date.UTC(Number(from.slice(0, 4)), Number(from.slice(5, 7)), 0)).getUTCDate()}`, rest: beside(text, plain, month) }
}

function beside(text: string, plain: string, { index, 0: match }: RegExpExecArray): string {
  const before = plain.slice(0, index).replace(/(?:^|\s)(?:ngay|trong)\s*$/, '')
  return `${text.slice(0, before.length)} ${text.slice(index + match.length)}`.trim()
}

type Parts = [date: string, month: string, year: string]

// Scanned figures come apart: "ngày 2 2 tháng 3 năm 2 0 2 1".
const words = /\bngay\s*(\d(?:\s?\d)?)\s*thang\s*(\d(?:\s?\d)?)\s*nam\s*(\d(?:\s?\d){3}|\d{2})(?!\d)/g
const figures = /(?<![\d/.-])(\d{1,2})\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d/-])/g
const months = /(?<![\d/.-])(?:thang\s*(\d{1,2})\s*(?:nam|[/-])\s*(\d{4})|(\d{1,2})\s?\/\s?(\d{4}))(?![\d/-])/g
const machine = /(?<![\d/.-])(\d{4})-(\d{2})-(\d{2})(?![\d/-])/g

const inWords = (plain: string): Parts[] => [...plain.matchAll(words)].map(([, date, month, year]) => [date!, month!, year!])
const inFigures = (plain: string): Parts[] => [
  ...[...plain.matchAll(figures)].map(([, date, , month, year]): Parts => [date!, month!, year!]),
  ...[...plain.matchAll(machine)].map(([, year, month, date]): Parts => [date!, month!, year!]),
]

/** Null for what stands on no calendar. Years of two figures are of this century up to its middle: the Party is of 1930. */
function dayOf(...parts: Parts): Day | null {
  const [date, month, year] = parts.map((part) => part.replace(/\s/g, '')) as Parts
  const day = `${wholeYear(year)}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
  return isDay(day) && day >= '1930-01-01' ? day : null
}

const wholeYear = (year: string) => (year.length === 2 ? `${Number(year) < 50 ? '20' : '19'}${year}` : year)
