import { v7 } from 'uuid'
import type { Route } from './+types/acting-new.page'
import { addDays } from '../../platform/clock.ts'
import { Forbidden } from '../../platform/errors.ts'
import { Button, Buttons } from '../../web/button.tsx'
import { DayField, Field, SelectField } from '../../web/field.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { ProblemList } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { actingWords } from './acting.messages.ts'
import { NewActing } from './acting.schema.ts'
import { candidates, mayName, nameHelper } from './acting.server.ts'

const usualDays = 90

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url }) => {
    const { viewer } = ctx
    if (viewer.actedBy) throw new Forbidden(actingWords.say('leave_first'))
    const people = mayName(ctx) ? await candidates(ctx) : []
    const others = people.filter((person) => person.id !== viewer.personId)
    return {
      id: v7(),
      me: { id: viewer.personId, name: viewer.name },
      helped: others.map(({ canSignIn: _, ...person }) => person),
      helpers: others.filter((person) => person.canSignIn), // nobody names themself
      chosen: others.find((person) => person.id === url.searchParams.get('person'))?.id ?? null,
      fromDay: viewer.today,
      untilDay: addDays(viewer.today, usualDays),
    }
  })

export const action = (args: Route.ActionArgs) =>
  write(args, NewActing, nameHelper, { to: () => '/acting', saved: ({ helper, helped }) => actingWords.say('named', { helper, helped }) })

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${actingWords.in(language)('new')} · ${webWords.in(language)('appName')}` }]
}

export default function NewActingPage({ loaderData, actionData }: Route.ComponentProps) {
  const { id, me, helped, helpers, chosen, fromDay, untilDay } = loaderData
  const t = actingWords.in(useLanguage())
  const typed = (name: string, first = '') => actionData?.values[name] ?? (actionData ? '' : first)
  const problem = (name: string) => actionData?.problems[name]
  const inUnit = (person: { id: string; name: string; unit: string }) => ({ value: person.id, label: `${person.name}, ${person.unit}` })
  const another = (
    <>
      <Field name="helperUsername" label={t('helper_username')} value={typed('helperUsername')} problem={problem('helperUsername')} autoComplete="off" maxLength={60} />
      <Field name="helperName" label={t('helper_name')} value={typed('helperName')} problem={problem('helperName')} autoComplete="off" maxLength={100} />
    </>
  )
  return (
    <Shell section="acting" backHref="/acting" mainClass="narrow-form">
      <Eyebrow>{t('title')}</Eyebrow>
      <h1>{t('new_heading')}</h1>
      <Lede>{t('new_lede')}</Lede>
      <form method="post">
        <ProblemList problems={actionData?.problems} />
        <input type="hidden" name="id" value={typed('id', id)} />
        {helped.length > 0 ? (
          <SelectField name="helpedId" label={t('whom')} options={[...helped.map(inUnit), { value: me.id, label: `${t('myself')}: ${me.name}` }]} value={typed('helpedId', chosen ?? '')} problem={problem('helpedId')} isEmptyAllowed isRequired />
        ) : (
          <>
            <input type="hidden" name="helpedId" value={me.id} />
            <p>
              {t('whom')}: <b>{me.name}</b>
            </p>
          </>
        )}
        {helpers.length > 0 ? (
          <>
            <SelectField name="helperId" label={t('helper')} hint={t('helper_hint')} options={helpers.map(inUnit)} value={typed('helperId')} problem={problem('helperId')} isEmptyAllowed />
            <details className="after-lede" open={Boolean(problem('helperUsername') ?? problem('helperName'))}>
              <summary>{t('another')}</summary>
              <p className="sm q2">{t('another_hint')}</p>
              {another}
            </details>
          </>
        ) : (
          <>
            <p className="sm q2">{t('another_hint')}</p>
            {another}
          </>
        )}
        <DayField name="fromDay" label={t('from_day')} value={typed('fromDay', fromDay)} problem={problem('fromDay')} isRequired />
        <DayField name="untilDay" label={t('until_day')} hint={t('until_hint')} value={typed('untilDay', untilDay)} problem={problem('untilDay')} isRequired />
        <Field name="reason" label={t('reason')} hint={t('reason_hint')} value={typed('reason')} problem={problem('reason')} maxLength={300} autoComplete="off" isRequired />
        <div className="after-lede">
          <Buttons>
            <Button kind="primary" isWide>
              {t('name')}
            </Button>
          </Buttons>
        </div>
      </form>
    </Shell>
  )
}
