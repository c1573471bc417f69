/** A calendar day, `YYYY-MM-DD`. */
export type Day = string

/** The day it is in that time zone. */
export function today(timeZone: string, now: Date = new Date()): Day {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now)
}

/** `count` days after `day`; negative for before. */
export function addDays(day: Day, count: number): Day {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + count)
  return date.toISOString().slice(0, 10)
}

/** Whether the text is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): text is Day {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

/** Reads a day as people type it, `30/6/2021` or `2021-06-30`; null when it is none. */
export function readDay(text: string): Day | null {
  const typed = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*$/.exec(text)
  const day = typed ? `${typed[3]}-${typed[2]!.padStart(2, '0')}-${typed[1]!.padStart(2, '0')}` : text.trim()
  return isDay(day) ? day : null
}

/** What of a day as typed is on no calendar: a thirteenth month, or a date past the end of its month, which has so many; null for a day, and for what looks like none. */
export function impossibleDay(text: string): { typed: string; month: number; year: string; days: number | null } | null {
  const [, date, month, year] = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*$/.exec(text) ?? []
  if (!date || !month || !year || readDay(text)) return null
  const isMonth = Number(month) >= 1 && Number(month) <= 12
  return { typed: `${Number(date)}/${Number(month)}/${year}`, month: Number(month), year, days: isMonth ? new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate() : null }
}

/** The day as Vietnamese screens show it, `30/6/2021`; English too: the deployment is in Vietnam. */
export function showDay(day: Day): string {
  const [year, month, date] = day.split('-')
  return `${Number(date)}/${Number(month)}/${year}`
}

/** Clock time and day of an instant in that time zone, `16:48, 30/6/2021`. */
export function showInstant(instant: Date, timeZone: string): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, hour: 'numeric', minute: '2-digit' }).format(instant)
  return `${time}, ${showDay(today(timeZone, instant))}`
}

/** The day of the week as it stands before a date, `thứ Năm`, `Thursday`. */
export function showWeekday(day: Day, language: 'vi' | 'en'): string {
  const weekday = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`))
  if (language === 'en') return weekday
  return weekday === 'Chủ Nhật' ? 'chủ nhật' : weekday[0]!.toLowerCase() + weekday.slice(1)
}

/** Clock time of an instant in that time zone, `16:48`. */
export function showTime(instant: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: 'numeric', minute: '2-digit' }).format(instant)
}
