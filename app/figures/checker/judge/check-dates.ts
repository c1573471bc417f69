import { figureWords } from '../../figures.messages.ts'
import type { Draft } from './finding.ts'
import type { PrintedDate } from '../read/not-counts.ts'
import type { Reading } from '../read/quantities.ts'
import { isVietnamese } from './writing.ts'

/** Days that no calendar has: 31/6, 29/2/2021, month 13. Lunar days are left alone, and so is month/day/year in English. */
export function checkDates({ text, tokens, dates }: Reading): Draft[] {
  if (dates.length === 0) return []
  const mayBeAmerican = !isVietnamese(text)
  return dates.flatMap((date) => {
    if (!date.isSure || isPossible(date) || isLunar(date)) return []
    if (mayBeAmerican && date.day !== null && isPossible({ ...date, day: date.month, month: date.day })) return []
    const start = tokens[date.from]!.start
    const end = tokens[date.to]!.end
    const printed = text.slice(start, end)
    const isMonthWrong = date.month < 1 || date.month > 12
    const message = isMonthWrong
      ? figureWords.say('impossible-month', { printed, month: date.month })
      : figureWords.say('impossible-day', { printed, month: date.month, days: daysOf(date.month, date.year) })
    const expected = isMonthWrong ? '' : `1-${daysOf(date.month, date.year)}/${date.month}${date.year === null ? '' : `/${date.year}`}`
    return [{ code: 'impossible-date', start, end, printed, expected, message }]
  })

  function isLunar({ from, to }: PrintedDate): boolean {
    const near = tokens.slice(Math.max(0, from - 3), to + 5)
    return near.some((token, at) => (token.low === 'âm' && near[at + 1]?.low === 'lịch') || token.low === 'âl' || token.low === 'mùng' || token.low === 'mồng')
  }
}

function isPossible({ day, month, year }: { day: number | null; month: number; year: number | null }): boolean {
  if (month < 1 || month > 12) return false
  return day === null || (day >= 1 && day <= daysOf(month, year))
}

function daysOf(month: number, year: number | null): number {
  if (month === 2) return year === null || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}
