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
