import { showDay, type Day } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { homeWords } from './home.messages.ts'
import type { NearSitting } from './home.server.ts'

/** `19:30` as people say it: "19 giờ 30". */
function showTime(time: string, language: Language): string {
  const [hour, minute] = time.split(':').map(Number) as [number, number]
  const t = homeWords.in(language)
  return minute === 0 ? t('hour', { hour }) : t('hourMinute', { hour, minute: String(minute).padStart(2, '0') })
}

/** "thứ Năm" */
function weekdayOf(day: Day, language: Language): string {
  const name = new Intl.DateTimeFormat(language === 'vi' ? 'vi' : 'en-GB', { weekday: 'long', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`))
  return language === 'vi' ? name.replace(/^Thứ/, 'thứ').replace(/^Chủ/, 'Chủ') : name
}

/** "19 giờ, thứ Năm 10/6/2021" */
export function whenOf(sitting: Pick<NearSitting, 'heldOn' | 'startsAt'>, language: Language): string {
  const t = homeWords.in(language)
  const words = { weekday: weekdayOf(sitting.heldOn, language), day: showDay(sitting.heldOn) }
  return sitting.startsAt ? t('whenAt', { ...words, time: showTime(sitting.startsAt, language) }) : t('whenDay', words)
}

export const isEvening = (startsAt: string | null) => startsAt !== null && startsAt >= '17:30'

/** "Tối nay 19 giờ có buổi học", or when the next one is; measured from today, whatever day the page stands at. */
export function nextOf(sitting: NearSitting, today: Day, language: Language): string {
  const t = homeWords.in(language)
  if (sitting.heldOn !== today) return t(sitting.heldOn < today ? 'thenSitting' : 'nextSitting', { when: whenOf(sitting, language) })
  if (!sitting.startsAt) return t('todaySittingNoTime')
  return t(isEvening(sitting.startsAt) ? 'tonightSitting' : 'todaySitting', { time: showTime(sitting.startsAt, language) })
}

/** How many days `day` lies ahead of another; negative once it is past. */
export function daysAhead(day: Day, from: Day): number {
  return Math.round((Date.parse(day) - Date.parse(from)) / 86_400_000)
}
