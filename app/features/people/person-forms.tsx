import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { DayField, Field, RadioField, SelectField } from '../../web/field.tsx'
import { useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import type { Problems } from '../../web/problems.ts'
import { peopleWords } from './people.messages.ts'

export const changeKinds = ['edit', 'transfer', 'exempt', 'resume', 'status', 'end'] as const
export type ChangeKind = (typeof changeKinds)[number]

const leavings = ['died', 'expelled', 'struck_off', 'left', 'moved_out'] as const

type Answer = { problems: Problems; values: Record<string, string> } | undefined
type Particulars = { personId: string; version: number; name: string; cardNumber: string | null; bornOn: string | null; gender: string | null; phone: string | null }
type Choice = { code: string; name: string }
type Props = {
  kind: ChangeKind
  person: Particulars
  kept: { status: string | null; categoryKey: string | null }
  today: string
  receivers: Choice[]
  categories: { key: string; name: string }[]
  reasonAgainst: string | null
  answer: Answer
}

/** The one change that was asked for; what was typed stays, also when somebody else was quicker. */
export function PersonChange(props: Props) {
  const { kind, person, reasonAgainst, answer } = props
  const t = peopleWords.in(useLanguage())
  const here = `/people/${person.personId}`
  if (reasonAgainst) return <Notice className="after-lede">{reasonAgainst}</Notice>
  return (
    <form id="change" method="post" action={`${here}?change=${kind}&do=${kind}`} className="panel-form after-lede" aria-label={t(`change.${kind}`)}>
      <h2>{t(`change.${kind}`)}</h2>
      <ProblemList problems={answer?.problems} />
      <input type="hidden" name="personId" value={person.personId} />
      <input type="hidden" name="version" value={person.version} />
      <Fields {...props} />
      <Buttons>
        <Button kind="primary">{t(`changeSave.${kind}`)}</Button>
        <ButtonLink kind="quiet" href={here}>
          {t('close')}
        </ButtonLink>
      </Buttons>
    </form>
  )
}

function Fields({ kind, person, kept, today, receivers, categories, answer }: Props) {
  const t = peopleWords.in(useLanguage())
  const { problems = {}, values = {} } = answer ?? {}
  const day = (hint: string) => <DayField name="fromDay" label={t('changeFrom')} hint={hint} value={values['fromDay'] ?? today} problem={problems['fromDay']} isRequired />
  const reason = (hint: string, isRequired = true) => <Field name="reason" label={t('changeReason')} hint={hint} value={values['reason']} problem={problems['reason']} isRequired={isRequired} maxLength={300} autoComplete="off" />
  switch (kind) {
    case 'edit':
      return <ParticularFields person={person} values={values} problems={problems} />
    case 'transfer':
      return (
        <>
          {receivers.length > 0 && <SelectField id="unitCodeChosen" name="unitCode" label={t('transferTo')} isEmptyAllowed options={receivers.map(({ code, name }) => ({ value: code, label: name }))} value={values['unitCode']} problem={values['otherCode'] ? null : problems['unitCode']} />}
          <Field id="unitCode" name={receivers.length > 0 ? 'otherCode' : 'unitCode'} label={receivers.length > 0 ? t('transferElse') : t('transferTo')} hint={t('transferCodeHint')} value={receivers.length > 0 ? values['otherCode'] : values['unitCode']} problem={receivers.length > 0 && !values['otherCode'] ? null : problems['unitCode']} maxLength={64} autoComplete="off" />
          {day(t('transferDayHint'))}
          {reason(t('reasonHint'))}
        </>
      )
    case 'exempt':
      return (
        <>
          {day(t('exemptDayHint'))}
          {reason(t('exemptReasonHint'))}
        </>
      )
    case 'resume':
      return (
        <>
          {day(t('resumeDayHint'))}
          {reason(t('reasonHint'))}
        </>
      )
    case 'status':
      return (
        <>
          {kept.status !== 'exempt' && (
            <RadioField
              name="status"
              label={t('status')}
              options={(['in_post', 'probationary'] as const).map((status) => ({ value: status, label: t(`shortStatus.${status}`) }))}
              value={values['status'] ?? kept.status}
              problem={problems['status']}
            />
          )}
          <SelectField name="categoryKey" label={t('category')} isEmptyAllowed options={categories.map(({ key, name }) => ({ value: key, label: name }))} value={values['categoryKey'] ?? kept.categoryKey} problem={problems['categoryKey']} hint={t('categoryHint')} />
          {day(t('statusDayHint'))}
          {reason(t('reasonHint'), false)}
        </>
      )
    case 'end':
      return (
        <>
          <RadioField name="how" label={t('leavingHow')} options={leavings.map((how) => ({ value: how, label: t(`leaving.${how}`) }))} value={values['how']} problem={problems['how']} />
          {day(t('endDayHint'))}
          {reason(t('reasonHint'), false)}
        </>
      )
  }
}

/** What is held about a person, as fields; for a new member and for putting right. */
export function ParticularFields({ person, values, problems }: { person: Omit<Particulars, 'personId' | 'version'>; values: Record<string, string>; problems: Problems }) {
  const t = peopleWords.in(useLanguage())
  return (
    <>
      <Field name="name" label={t('fullName')} hint={t('fullNameHint')} value={values['name'] ?? person.name} problem={problems['name']} isRequired maxLength={100} autoComplete="off" />
      <div className="two">
        <DayField name="bornOn" label={t('bornOn')} value={values['bornOn'] ?? person.bornOn} problem={problems['bornOn']} />
        <SelectField name="gender" label={t('gender')} isEmptyAllowed options={(['female', 'male'] as const).map((gender) => ({ value: gender, label: t(`gender.${gender}`) }))} value={values['gender'] ?? person.gender} problem={problems['gender']} />
      </div>
      <div className="two">
        <Field name="cardNumber" label={t('card')} value={values['cardNumber'] ?? person.cardNumber} problem={problems['cardNumber']} maxLength={30} autoComplete="off" />
        <Field name="phone" type="tel" label={t('phone')} value={values['phone'] ?? person.phone} problem={problems['phone']} maxLength={20} autoComplete="off" />
      </div>
    </>
  )
}

