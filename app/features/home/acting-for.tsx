import { showDay } from '../../platform/clock.ts'
import { Button } from '../../web/button.tsx'
import { useLanguage } from '../../web/language.ts'
import { actingWords } from '../accounts/acting.messages.ts'
import type { Home } from './home.page.tsx'

/** People without a phone whom this person acts for today, each with the button that begins. */
export function ActingFor({ helping }: Pick<Home, 'helping'>) {
  const t = actingWords.in(useLanguage())
  if (helping.length === 0) return null
  return (
    <section className="helping" aria-label={t('helping')}>
      {helping.map((one) => (
        <form key={one.id} method="post" action="/acting/mode?do=enter">
          <input type="hidden" name="actingId" value={one.id} />
          <p>
            <b>{t('for', { name: one.helped ?? t('somebody') })}</b> <span className="sm q2">{t('until', { until: showDay(one.until) })}</span>
          </p>
          <Button label={t('begin_for', { name: one.helped ?? t('somebody') })}>{t('begin')}</Button>
        </form>
      ))}
    </section>
  )
}
