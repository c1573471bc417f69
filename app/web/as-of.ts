import { readDay, type Day } from '../platform/clock.ts'
import type { Language } from '../platform/i18n.ts'
import { webWords } from './web.messages.ts'

/** The day that `?asOf=` asks for, typed or as `YYYY-MM-DD`; the fallback without one, and with a sentence when it is none. */
export function dayAsked(url: URL, fallback: Day, language: Language): { asOf: Day; asOfProblem: string | null } {
  const typed = url.searchParams.get('asOf')
  if (!typed) return { asOf: fallback, asOfProblem: null }
  const day = readDay(typed)
  return day ? { asOf: day, asOfProblem: null } : { asOf: fallback, asOfProblem: webWords.in(language)('dayProblem') }
}
