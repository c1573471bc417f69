import { showDay } from '../../platform/clock.ts'
import { Button, Buttons } from '../../web/button.tsx'
import { CheckField, DayField, Field, TextField } from '../../web/field.tsx'
import { useLanguage } from '../../web/language.ts'
import { ProblemList } from '../../web/notice.tsx'
import type { Answer } from '../../web/write.server.ts'
import { filingPageWords } from './filing-pages.messages.ts'
import type { RoundData } from './round.page.tsx'

/** More time for one unit or several, with the reason they read. Folded until somebody asks for it. */
export function ExtendForm({ loaderData, answer }: { loaderData: RoundData; answer: Answer | undefined }) {
  const { round, rows, extend } = loaderData
  const t = filingPageWords.in(useLanguage())
  const problem = (name: string) => answer?.problems[name]
  const owing = rows.filter((row) => row.state === 'draft' || row.state === 'returned')
  return (
    <details open={extend.length > 0 || answer !== undefined}>
      <summary className="sm">{t('extendOpen')}</summary>
      <form method="post" action={`/rounds/${round.id}?${extend.map((id) => `extend=${id}`).join('&')}#extend`}>
        <ProblemList problems={answer?.problems} />
        <input type="hidden" name="roundId" value={round.id} />
        <CheckField
          name="filingIds"
          label={t('extendWho')}
          options={owing.map((row) => ({ value: row.id, label: `${row.unitName} (${t('due', { due: `${row.due.time}, ${showDay(row.due.day)}` })})` }))}
          values={answer ? (answer.chosen['filingIds'] ?? []) : extend}
          problem={problem('filingIds')}
        />
        <div className="two">
          <DayField name="dueOn" label={t('extendDay')} value={answer?.values['dueOn']} problem={problem('dueOn')} isRequired />
          <Field name="dueTime" label={t('roundDueTime')} hint={t('roundDueTimeHint')} value={answer?.values['dueTime'] ?? '17:00'} problem={problem('dueTime')} maxLength={5} autoComplete="off" />
        </div>
        <TextField name="reason" label={t('extendReason')} hint={t('extendReasonHint')} value={answer?.values['reason']} problem={problem('reason')} isRequired rows={2} />
        <Buttons>
          <Button>{t('extendSave')}</Button>
        </Buttons>
      </form>
    </details>
  )
}
