import { showDay } from '../../platform/clock.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { DayField, Field, SelectField, Tick } from '../../web/field.tsx'
import { useLanguage } from '../../web/language.ts'
import { ProblemList } from '../../web/notice.tsx'
import type { Problems } from '../../web/problems.ts'
import { peopleWords } from './people.messages.ts'

type Answer = { problems: Problems; values: Record<string, string> } | undefined
type Common = { today: string; action: string; closeHref: string; answer: Answer }

/** Who is to hold which office from when; a clash of secretaries is told with the name, and one box hands over. */
export function AppointForm({ unitCode, roles, members, answer, ...common }: Common & { unitCode: string; roles: string[]; members: { personId: string; name: string }[] }) {
  const t = peopleWords.in(useLanguage())
  const { problems = {}, values = {} } = answer ?? {}
  return (
    <form method="post" action={common.action} className="panel-form after-lede" aria-label={t('appoint')}>
      <h3>{t('appoint')}</h3>
      <ProblemList problems={answer?.problems} />
      <input type="hidden" name="unitCode" value={unitCode} />
      <SelectField name="role" label={t('office')} options={roles.map((role) => ({ value: role, label: t(`role.${role}` as 'role.clerk') }))} value={values['role']} problem={problems['role']} />
      {members.length > 0 && (
        <SelectField name="personId" label={t('appointWho')} isEmptyAllowed options={members.map(({ personId, name }) => ({ value: personId, label: name }))} value={values['personId']} problem={problems['personId']} />
      )}
      <Field name="cardNumber" label={members.length > 0 ? t('appointByCardElse') : t('appointByCard')} hint={t('appointByCardHint')} value={values['cardNumber']} problem={problems['cardNumber'] ?? (members.length > 0 ? null : problems['personId'])} maxLength={30} autoComplete="off" />
      <Field name="title" label={t('officeTitle')} hint={t('officeTitleHint')} value={values['title']} problem={problems['title']} maxLength={300} />
      <div className="two">
        <DayField name="fromDay" label={t('officeFrom')} value={values['fromDay'] ?? common.today} problem={problems['fromDay']} isRequired />
        <DayField name="untilDay" label={t('officeUntil')} value={values['untilDay']} problem={problems['untilDay']} />
      </div>
      {(problems['handsOver'] || values['handsOver']) && (
        <div id="handsOver">
          <Tick name="handsOver" label={t('handsOver')} isTicked={Boolean(values['handsOver'])} />
        </div>
      )}
      <Buttons>
        <Button kind="primary">{t('appointSave')}</Button>
        <ButtonLink kind="quiet" href={common.closeHref}>
          {t('close')}
        </ButtonLink>
      </Buttons>
    </form>
  )
}

/** The last day of an office. */
export function EndOfficeForm({ office, answer, ...common }: Common & { office: { officeId: string; version: number; name: string | null; role: string; since: string | null } }) {
  const t = peopleWords.in(useLanguage())
  const { problems = {}, values = {} } = answer ?? {}
  const role = t(`role.${office.role}` as 'role.clerk')
  return (
    <form method="post" action={common.action} className="panel-form after-lede" aria-label={t('officeEndOf', { name: office.name ?? '', role })}>
      <h3>{t('officeEndOf', { name: office.name ?? '', role })}</h3>
      <ProblemList problems={answer?.problems} />
      <input type="hidden" name="officeId" value={office.officeId} />
      <input type="hidden" name="version" value={office.version} />
      <DayField name="fromDay" label={t('officeEndDay')} hint={office.since ? t('officeEndHint', { day: showDay(office.since) }) : undefined} value={values['fromDay'] ?? common.today} problem={problems['fromDay']} isRequired />
      <Buttons>
        <Button kind="primary">{t('officeEndSave')}</Button>
        <ButtonLink kind="quiet" href={common.closeHref}>
          {t('close')}
        </ButtonLink>
      </Buttons>
    </form>
  )
}
