import { useLanguage } from './language.ts'
import type { Change } from './text-changes.ts'
import { webWords } from './web.messages.ts'

/** What changed in a text: new words marked, old ones struck out, what stayed told by its length. */
export function TextChanges({ changes }: { changes: Change[] }) {
  const t = webWords.in(useLanguage())
  if (changes.every((change) => 'unchanged' in change)) return <p className="q2">{t('nothingChanged')}</p>
  return (
    <div className="changes">
      {changes.map((change, index) =>
        'unchanged' in change ? (
          <p key={index} className="sm q3">
            {t('unchanged', { count: change.unchanged })}
          </p>
        ) : (
          <p key={index}>
            {change.stretches.map(({ is, text }, at) => (is === 'new' ? <ins key={at}>{text}</ins> : is === 'gone' ? <del key={at}>{text}</del> : <span key={at}>{text}</span>))}
          </p>
        ),
      )}
    </div>
  )
}
