import { showDay, showTime, today, type Day } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { filingPageWords } from './filing-pages.messages.ts'

/** An instant as due times are told: its day and clock time in the deployment's zone. */
export type Moment = { day: Day; time: string; instant: string }

export function momentOf(at: Date, timeZone: string): Moment {
  return { day: today(timeZone, at), time: showTime(at, timeZone), instant: at.toISOString() }
}

/** "17 giờ ngày 7/7/2021", "17:00, 7/7/2021" */
export function showMoment({ day, time }: Moment, language: Language): string {
  const [hour, minute] = time.split(':') as [string, string]
  const t = filingPageWords.in(language)
  return t('moment', { time: minute === '00' ? t('hour', { hour: Number(hour) }) : t('hourMinute', { hour: Number(hour), minute }), day: showDay(day) })
}

/** A figure's name as it stands in a column: "Đảng viên đã học". */
export function titled(name: string): string {
  return name.charAt(0).toLocaleUpperCase('vi') + name.slice(1)
}

/** A short mark of a text, to tell whether somebody changed what the page showed; FNV-1a, nothing secret hangs on it. */
export function markOf(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return `${text.length}-${(hash >>> 0).toString(36)}`
}
