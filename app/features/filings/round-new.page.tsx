import type { Route } from './+types/round-new.page'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { addDays } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { addressOf } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { DayField, Field, SelectField } from '../../web/field.tsx'
import { useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { idsOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { currentCampaign, defaultDay } from '../campaigns/campaigns.server.ts'
import { placeOf } from '../units/place.server.ts'
import { unitsBeneath } from '../units/units.server.ts'
import { filingPageWords } from './filing-pages.messages.ts'
import { RoundInput } from './filings.schema.ts'
import { formById, formsOf } from './forms.server.ts'
import { openRound } from './rounds.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const { tx, viewer } = ctx
    const [formId] = idsOf(url.searchParams.getAll('form'))
    const form = formId ? await formById(tx, formId) : null
    const place = await placeOf(ctx, url.searchParams.get('unit'), viewer.today)
    const reason = reasonAgainst(viewer, 'open a round', await chainOf(tx, place.unit.id, viewer.today))
    const forms = (await formsOf(tx, place.unit.id)).filter((one) => one.retiredAt === null)
    const campaign = await currentCampaign(tx, form?.campaignCode ?? url.searchParams.get('campaign'))
    const asOf = campaign ? defaultDay(campaign, viewer.today) : viewer.today
    return {
      place,
      forms: forms.map(({ id, name, kind, campaignName }) => ({ id, name, kind, campaignName })),
      formId: form?.id ?? forms[0]?.id ?? null,
      asOf,
      dueOn: addDays(asOf > viewer.today ? asOf : viewer.today, 5),
      units: (await unitsBeneath(tx, place.unit.id, viewer.today)).filter((unit) => unit.hasMembers).map((unit) => unit.name),
      reasonAgainst: await whyNot(tx, reason, language),
    }
  })

export const action = (args: Route.ActionArgs) =>
  write(args, RoundInput, (ctx, input) => openRound(ctx, input, args.context.get(appContext).config.timeZone), { to: ({ roundId }) => `/rounds/${roundId}`, saved: ({ filings }, input) => filingPageWords.say('roundSaved', { name: input.name, count: filings }) })

export function meta({ matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  return [{ title: `${filingPageWords.in(language)('roundNew')} · ${webWords.in(language)('appName')}` }]
}

type Page = Route.ComponentProps

export default function NewRoundPage(page: Page) {
  const { place, reasonAgainst: reason, forms, units } = page.loaderData
  const t = filingPageWords.in(useLanguage())
  const back = addressOf('/rounds', { unit: place.unit.code })
  return (
    <Shell section="report" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} unitHref={(code) => addressOf('/rounds/new', { unit: code })} backHref={back} mainClass="narrow-form">
      <Eyebrow>{t('roundNewOf', { unit: place.unit.name })}</Eyebrow>
      <h1>{t('roundNew')}</h1>
      {reason || units.length === 0 ? (
        <Notice actions={<ButtonLink href={back}>{webWords.in(useLanguage())('back')}</ButtonLink>}>{reason ?? t('roundAsksNone', { unit: place.unit.name })}</Notice>
      ) : forms.length === 0 ? (
        <Notice title={t('roundNeedsForm')} actions={<ButtonLink kind="primary" href={addressOf('/forms/new', { unit: place.unit.code })}>{t('formNew')}</ButtonLink>}>
          {t('roundNeedsFormBody')}
        </Notice>
      ) : (
        <RoundForm {...page} />
      )}
    </Shell>
  )
}

function RoundForm({ loaderData, actionData }: Page) {
  const { place, forms, formId, asOf, dueOn, units } = loaderData
  const t = filingPageWords.in(useLanguage())
  const typed = (name: string, first = '') => actionData?.values[name] ?? (actionData ? '' : first)
  const problem = (name: string) => actionData?.problems[name]
  const chosen = forms.find((form) => form.id === formId)
  return (
    <form method="post">
      <ProblemList problems={actionData?.problems} />
      <input type="hidden" name="unitCode" value={place.unit.code} />
      <SelectField
        name="formId"
        label={t('roundForm')}
        value={typed('formId', formId ?? '')}
        problem={problem('formId')}
        options={forms.map((form) => ({ value: form.id, label: `${form.name} (${t(`form.${form.kind}`).toLocaleLowerCase()})` }))}
      />
      <Field name="name" label={t('roundName')} hint={t('roundNameHint')} value={typed('name', chosen?.name)} problem={problem('name')} isRequired maxLength={300} autoComplete="off" />
      <DayField name="asOf" label={t('roundAsOf')} value={typed('asOf', asOf)} problem={problem('asOf')} isRequired />
      <div className="two">
        <DayField name="dueOn" label={t('roundDueOn')} value={typed('dueOn', dueOn)} problem={problem('dueOn')} isRequired />
        <Field name="dueTime" label={t('roundDueTime')} hint={t('roundDueTimeHint')} value={typed('dueTime', '17:00')} problem={problem('dueTime')} maxLength={5} autoComplete="off" />
      </div>
      <p className="after-lede">{t('roundAsks', { count: units.length, unit: place.unit.name })}</p>
      <details>
        <summary className="sm">{t('roundAsksWho')}</summary>
        <p className="sm q2">{units.join(', ')}.</p>
      </details>
      <Buttons>
        <Button kind="primary" isWide>
          {t('roundSave')}
        </Button>
      </Buttons>
    </form>
  )
}
