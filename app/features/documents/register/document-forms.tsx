import { showDay, type Day } from '../../../platform/clock.ts'
import { Button, ButtonLink, Buttons } from '../../../web/button.tsx'
import { DayField, Field, TextField, Tick } from '../../../web/field.tsx'
import { useLanguage } from '../../../web/language.ts'
import { Notice } from '../../../web/notice.tsx'
import type { Answer } from '../../../web/write.server.ts'
import type { DocumentWhole } from '../document-views.server.ts'
import type { SeriesState } from '../numbers/series.server.ts'
import { registerWords } from './register.messages.ts'

/** Gives a draft its number and day: the next of its series, unless another is typed. */
export function IssueForm({ document, next, empty, today, answer }: { document: DocumentWhole; next: SeriesState | null; empty: string[]; today: Day; answer: Answer | undefined }) {
  const t = registerWords.in(useLanguage())
  return (
    <form method="post" action={`/documents/${document.id}?do=issue`} className="part-form">
      <input type="hidden" name="documentId" value={document.id} />
      <input type="hidden" name="version" value={document.version} />
      <h2>{t('issueTitle')}</h2>
      {empty.length > 0 && (
        <Notice isAttention title={t('emptyTitle', { count: empty.length })} actions={<ButtonLink href={`/drafts/${document.id}`}>{t('toDraftParts')}</ButtonLink>}>
          <ul className="plain">
            {empty.map((one, at) => (
              <li key={at}>{one}</li>
            ))}
          </ul>
          <div className="field" id="isKnownEmpty">
            <Tick name="isKnownEmpty" label={t('issueEmpty')} isTicked={answer?.values['isKnownEmpty'] !== undefined} />
          </div>
        </Notice>
      )}
      {next && (
        <p className="sm q2">
          {next.last === 0 ? t('seriesBegins', { series: next.series }) : t('seriesStands', { series: next.series, last: String(next.last) })}{' '}
          {next.gaps.length > 0 && t('seriesGaps', { gaps: shown(next.gaps) })} {next.termName ?? (document.grammar === 'party' ? t('noTerm') : null)}
        </p>
      )}
      <div className="two">
        {(next || document.authorId) && (
          <Field name="number" label={t('number')} hint={document.authorId ? t('numberNotNeeded') : t('numberHint')} value={answer?.values['number'] ?? (next ? String(next.number) : '')} problem={answer?.problems['number']} inputMode="numeric" maxLength={5} autoComplete="off" />
        )}
        <DayField name="issuedOn" label={t('issuedOn')} value={answer?.values['issuedOn'] ?? showDay(today)} problem={answer?.problems['issuedOn']} isRequired />
      </div>
      <Buttons>
        <Button kind="primary" isWide>{t('issue')}</Button>
      </Buttons>
    </form>
  )
}

/** "1–4, 7, 9": numbers in a row are told by their ends. */
export function shown(numbers: number[]): string {
  const runs: [number, number][] = []
  for (const number of numbers) {
    const last = runs.at(-1)
    if (last && last[1] === number - 1) last[1] = number
    else runs.push([number, number])
  }
  return runs.map(([from, to]) => (from === to ? String(from) : to === from + 1 ? `${from}, ${to}` : `${from}–${to}`)).join(', ')
}

export function ReceivedForm({ document, unit, isQuiet }: { document: DocumentWhole; unit: { code: string; name: string }; isQuiet?: boolean }) {
  const t = registerWords.in(useLanguage())
  return (
    <form method="post" action={`/documents/${document.id}?do=received`} className="part-form">
      <input type="hidden" name="documentId" value={document.id} />
      <input type="hidden" name="unitCode" value={unit.code} />
      <input type="hidden" name="isReceived" value={isQuiet ? 'no' : 'on'} />
      {!isQuiet && <p>{t('receivedAsk', { unit: unit.name })}</p>}
      <Button kind={isQuiet ? 'quiet' : 'primary'}>{t(isQuiet ? 'receivedTakeBack' : 'received')}</Button>
    </form>
  )
}

export function WithdrawForm({ document, problem }: { document: DocumentWhole; problem: string | undefined }) {
  const t = registerWords.in(useLanguage())
  return (
    <details className="part" open={problem !== undefined}>
      <summary>{t('withdrawOpen')}</summary>
      <form method="post" action={`/documents/${document.id}?do=withdraw`}>
        <input type="hidden" name="documentId" value={document.id} />
        <input type="hidden" name="version" value={document.version} />
        <TextField name="reason" label={t('reason')} hint={t('reasonHint')} rows={2} problem={problem} isRequired />
        <Buttons>
          <Button>{t('withdraw', { written: document.written ?? '' })}</Button>
        </Buttons>
      </form>
    </details>
  )
}

export function DiscardForm({ document }: { document: DocumentWhole }) {
  const t = registerWords.in(useLanguage())
  return (
    <details className="part">
      <summary>{t('discardOpen')}</summary>
      <form method="post" action={`/documents/${document.id}?do=discard`}>
        <input type="hidden" name="documentId" value={document.id} />
        <input type="hidden" name="version" value={document.version} />
        <p className="sm q2">{t('discardHint')}</p>
        <Button>{t('discard')}</Button>
      </form>
    </details>
  )
}
