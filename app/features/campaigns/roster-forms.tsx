import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { DayField, Field, RadioField, SelectField } from '../../web/field.tsx'
import { useLanguage } from '../../web/language.ts'
import { Notice } from '../../web/notice.tsx'
import type { Problems } from '../../web/problems.ts'
import { campaignWords } from './campaigns.messages.ts'

type Answer = { problems: Problems; values: Record<string, string> } | undefined
type Common = { campaignCode: string; unitCode: string; day: string; action: string; closeHref: string; answer: Answer }

/** A dated change for one person of the roster. `receivers` are the units that can take the person over; none where that is not this viewer's to record. */
export function ChangeForm({ person, receivers, answer, ...common }: Common & { person: { personId: string; name: string; isExempt: boolean }; receivers: { code: string; name: string }[] }) {
  const t = campaignWords.in(useLanguage())
  const own = answer?.values['personId'] === person.personId ? answer : undefined
  const options = [
    person.isExempt ? { value: 'expect', label: t('change_expect') } : { value: 'exempt', label: t('change_exempt'), hint: t('change_exemptHint') },
    ...(receivers.length > 0 ? [{ value: 'transfer', label: t('change_transfer'), hint: t('change_transferHint') }] : []),
    { value: 'leave', label: t('change_leave'), hint: t('change_leaveHint') },
  ]
  return (
    <Panel {...common} title={t('changeOf', { name: person.name })} personId={person.personId} answer={own} button={t('changeSave')}>
      <RadioField name="change" label={t('changeWhat')} options={options} value={own?.values['change']} problem={own?.problems['change']} />
      {receivers.length > 0 ? (
        <SelectField name="unitCode" label={t('changeUnit')} isEmptyAllowed options={receivers.map(({ code, name }) => ({ value: code, label: name }))} value={own?.values['unitCode']} problem={own?.problems['unitCode']} />
      ) : (
        <p className="sm q2">{t('transferByAbove')}</p>
      )}
    </Panel>
  )
}

/** Adds a member to the roster of the unit from a day on. */
export function ArrivalForm({ person, answer, ...common }: Common & { person: { personId: string; name: string } }) {
  const t = campaignWords.in(useLanguage())
  const own = answer?.values['personId'] === person.personId ? answer : undefined
  return (
    <Panel {...common} title={t('arriveOf', { name: person.name })} personId={person.personId} answer={own} button={t('arrive')}>
      <input type="hidden" name="change" value="arrive" />
      <input type="hidden" name="unitCode" value={common.unitCode} />
      {own?.problems['change'] && <p className="sm attn">{own.problems['change']}</p>}
    </Panel>
  )
}

function Panel({ campaignCode, day, action, closeHref, answer, title, personId, button, children }: Common & { title: string; personId: string; button: string; children: React.ReactNode }) {
  const t = campaignWords.in(useLanguage())
  const problem = answer && (answer.problems['form'] ?? answer.problems['personId'])
  return (
    <form method="post" action={action} className="panel-form" aria-label={title}>
      <h3>{title}</h3>
      {problem && (
        <Notice isAttention role="alert">
          {problem}
        </Notice>
      )}
      <input type="hidden" name="campaignCode" value={campaignCode} />
      <input type="hidden" name="personId" value={personId} />
      {children}
      <DayField name="fromDay" label={t('changeDay')} value={answer?.values['fromDay'] ?? day} problem={answer?.problems['fromDay']} isRequired />
      <Field name="reason" label={t('changeReason')} hint={t('changeReasonHint')} value={answer?.values['reason']} problem={answer?.problems['reason']} isRequired maxLength={300} autoComplete="off" />
      <Buttons>
        <Button kind="primary">{button}</Button>
        <ButtonLink kind="quiet" href={closeHref}>
          {t('changeClose')}
        </ButtonLink>
      </Buttons>
    </form>
  )
}
