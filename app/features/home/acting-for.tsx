import { showDay } from '../../platform/clock.ts'
import { Button } from '../../web/button.tsx'
import { useLanguage } from '../../web/language.ts'
import { actingWords } from '../acting/acting.messages.ts'
import type { Home } from './home.page.tsx'

/** People without a phone whom this person acts for today, each with the button that begins; and who acts for this person. */
export function ActingFor({ helping, helpedBy }: Pick<Home, 'helping' | 'helpedBy'>) {
  const t = actingWords.in(useLanguage())
  if (helping.length === 0 && helpedBy.length === 0) return null
  return (
    <section className="helping" aria-label={t('title')}>
      {helping.map((one) => (
        <form key={one.id} method="post" action="/acting/mode?do=enter">
          <input type="hidden" name="actingId" value={one.id} />
          <p>
            <b>{t('for', { name: one.helped ?? t('somebody') })}</b> <span className="sm q2">{t('until', { until: showDay(one.until) })}</span>
          </p>
          <Button label={t('begin_for', { name: one.helped ?? t('somebody') })}>{t('begin')}</Button>
        </form>
      ))}
      {helpedBy.map((one) => (
        <p key={one.id} className="sm">
          <a href="/acting">{t('acts_for_you', { name: one.helper ?? t('somebody') })}</a> <span className="q2">{t('until', { until: showDay(one.until) })}</span>
        </p>
      ))}
    </section>
  )
}
