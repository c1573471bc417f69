import { showDay, showInstant } from '../../../platform/clock.ts'
import { useLanguage } from '../../../web/language.ts'
import type { Change, Correction } from '../corrections.server.ts'
import type { DocumentHead } from '../document-rows.server.ts'
import { numbersWords } from '../numbers/numbers.messages.ts'
import { registerWords } from './register.messages.ts'

type Shown = { corrections: Correction[]; related: DocumentHead[] }

/** Who corrected what and when, from what to what, the latest first. */
export function CorrectionList({ corrections, related, timeZone }: Shown & { timeZone: string }) {
  const t = registerWords.in(useLanguage())
  return (
    <ol className="trail">
      {corrections.map(({ id, at, by, reason, changes }) => (
        <li key={id}>
          <time dateTime={at.toISOString()}>{showInstant(at, timeZone)}</time>
          <div>
            {t(by ? 'correctedBy' : 'correctedBySomebody', { who: by ?? '' })}
            {reason && <span className="sub sm q2">{t('correctedBecause', { reason })}</span>}
            {changes.map((change) => (
              <span key={change.field} className="sub sm">
                <ChangeLine change={change} related={related} />
              </span>
            ))}
          </div>
        </li>
      ))}
    </ol>
  )
}

function ChangeLine({ change, related }: { change: Change; related: DocumentHead[] }) {
  const language = useLanguage()
  const t = registerWords.in(language)
  const said = numbersWords.in(language)
  const ofDocument = (id: string) => related.find((one) => one.id === id)?.written ?? t('correctedUnseen')
  const list = (all: string[]) => (all.length > 0 ? all.join('; ') : t('correctedEmpty'))
  const plain = (field: string, value: string | null) => {
    if (!value) return t('correctedEmpty')
    if (field === 'type') return said(`type.${value as 'plan'}`)
    if (field === 'urgency') return t(`urgency.${value as 'normal'}`)
    if (field.endsWith('On')) return showDay(value)
    return `“${value.length > 300 ? `${value.slice(0, 300)}…` : value}”`
  }
  const label = t(`field.${change.field}`)
  switch (change.field) {
    case 'relations': {
      const lines = (all: typeof change.from) => list(all.map(({ kind, toId }) => `${t(`relation.${kind}`)}: ${ofDocument(toId)}`))
      return t('correctedFromTo', { label, from: lines(change.from), to: lines(change.to) })
    }
    case 'recipients':
      return t('correctedFromTo', { label, from: list(change.from), to: list(change.to) })
    default:
      return t('correctedFromTo', { label, from: plain(change.field, change.from), to: plain(change.field, change.to) })
  }
}
