import { showDay } from '../../platform/clock.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { DayField, Field, RadioField, SelectField } from '../../web/field.tsx'
import { useLanguage } from '../../web/language.ts'
import { PersonName } from '../../web/figure.tsx'
import { Notice, ProblemList } from '../../web/notice.tsx'
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

type Drift = { personId: string; name: string; change: 'arrive' | 'transfer' | 'exempt' | 'expect' | 'leave'; fromDay: string; hasMoved: boolean; unitName: string | null; reason: string | null; isElsewhere: boolean }
type DriftProps = { drift: Drift[]; campaignCode: string; unitCode: string; asOf: string; action: string; reasonAgainst: string | null; answer: { problems: Problems; values: Record<string, string>; chosen: Record<string, string[]> } | undefined }

/** Each change with its box, all ticked; one reason and one button take them into the roster. */
export function DriftForm({ drift, campaignCode, unitCode, asOf, action, reasonAgainst, answer }: DriftProps) {
  const t = campaignWords.in(useLanguage())
  const own = answer && 'asOf' in answer.values ? answer : undefined
  const said = (one: Drift) => {
    const words = { day: showDay(one.fromDay), unit: one.unitName ?? t('driftElse') }
    if (one.change === 'arrive') return t(one.isElsewhere ? 'drift_arriveElsewhere' : 'drift_arrive', words)
    if (one.change === 'leave') return t(one.hasMoved ? 'drift_leaveMoved' : 'drift_leave', words)
    const what = t(`drift_${one.change}`, words)
    return one.reason ? `${what} (${one.reason})` : what
  }
  return (
    <form method="post" action={action} className="after-lede">
      <ProblemList problems={own?.problems} />
      <input type="hidden" name="campaignCode" value={campaignCode} />
      <input type="hidden" name="unitCode" value={unitCode} />
      <input type="hidden" name="asOf" value={asOf} />
      <fieldset className="field" id="personIds" disabled={reasonAgainst !== null}>
        <legend className="vh">{t('driftWho')}</legend>
        {drift.map((one) => (
          <label className="radio" key={one.personId}>
            <input type="checkbox" name="personIds" value={one.personId} defaultChecked={own ? (own.chosen['personIds']?.includes(one.personId) ?? false) : !one.isElsewhere} disabled={one.isElsewhere} />
            <span>
              <PersonName name={one.name} />
              <span className="sub sm q2">{said(one)}</span>
            </span>
          </label>
        ))}
        <Field name="reason" label={t('driftReason')} hint={t('driftReasonHint')} value={own?.values['reason'] ?? t('driftReasonDefault')} problem={own?.problems['reason']} isRequired maxLength={300} autoComplete="off" />
        <Buttons>
          <Button kind="primary">{t('driftTake')}</Button>
        </Buttons>
      </fieldset>
      {reasonAgainst && <p className="sm q2">{reasonAgainst}</p>}
    </form>
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
