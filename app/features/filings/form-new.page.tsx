import type { Route } from './+types/form-new.page'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import type { Language } from '../../platform/i18n.ts'
import { addressOf } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { CheckField, Field, SelectField } from '../../web/field.tsx'
import { rowProblem } from '../../web/form-rows.ts'
import { useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { currentCampaign } from '../campaigns/campaigns.server.ts'
import { nameOf, registeredFor } from '../indicators/register.server.ts'
import { placeOf } from '../units/place.server.ts'
import { filingPageWords } from './filing-pages.messages.ts'
import { titled } from './filing-wording.ts'
import { FormInput, FormKind, type SectionKind } from './filings.schema.ts'
import { makeForm } from './forms.server.ts'

/** What most forms have; every row can be taken out by clearing its title, and a figures part be added. */
const rows: SectionKind[] = ['figures', 'figures', 'figures', 'results', 'difficulties', 'lessons', 'proposals']
const filledBy = ['title']

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const { tx, viewer } = ctx
    const place = await placeOf(ctx, url.searchParams.get('unit'), viewer.today)
    const chain = await chainOf(tx, place.unit.id, viewer.today)
    const reason = reasonAgainst(viewer, 'make report forms', chain)
    const indicators = await registeredFor(tx, place.unit.id, chain)
    return {
      place,
      campaign: await currentCampaign(tx, url.searchParams.get('campaign')),
      indicators: indicators.map((one) => ({ key: one.key, name: titled(nameOf(one)(language)), isDeclared: one.isDeclared })),
      reasonAgainst: await whyNot(tx, reason, language),
    }
  })

export const action = (args: Route.ActionArgs) =>
  write(args, FormInput, makeForm, { to: ({ formId }) => `/forms/${formId}`, saved: () => filingPageWords.say('formSaved') })

export function meta({ matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  return [{ title: `${filingPageWords.in(language)('formNew')} · ${webWords.in(language)('appName')}` }]
}

type Page = Route.ComponentProps

export default function NewFormPage(page: Page) {
  const { place, campaign, reasonAgainst: reason } = page.loaderData
  const language = useLanguage()
  const t = filingPageWords.in(language)
  const back = addressOf('/forms', { unit: place.unit.code })
  return (
    <Shell section="report" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} unitHref={(code) => addressOf('/forms/new', { unit: code })} backHref={back} mainClass="narrow-form">
      <Eyebrow>{t('formNewOf', { unit: place.unit.name })}</Eyebrow>
      <h1>{t('formNew')}</h1>
      {!campaign ? <Notice title={t('noCampaign')}>{t('noCampaignBody')}</Notice> : reason ? <Notice actions={<ButtonLink href={back}>{webWords.in(language)('back')}</ButtonLink>}>{reason}</Notice> : <FormForm {...page} />}
    </Shell>
  )
}

function FormForm({ loaderData, actionData }: Page) {
  const { place, campaign } = loaderData
  const t = filingPageWords.in(useLanguage())
  const typed = (name: string, first = '') => actionData?.values[name] ?? (actionData ? '' : first)
  const problem = (name: string) => actionData?.problems[name]
  return (
    <form method="post">
      <ProblemList problems={actionData?.problems} />
      <input type="hidden" name="unitCode" value={place.unit.code} />
      <input type="hidden" name="campaignCode" value={campaign!.code} />
      <SelectField name="kind" label={t('formKind')} value={typed('kind', 'month')} problem={problem('kind')} options={FormKind.options.map((kind) => ({ value: kind, label: t(`form.${kind}`) }))} />
      <Field name="name" label={t('formName')} hint={t('formNameHint')} value={typed('name')} problem={problem('name')} isRequired maxLength={300} autoComplete="off" />
      {problem('sections') && <Notice isAttention id="sections" role="alert">{problem('sections')}</Notice>}
      {rows.map((kind, row) => (
        <SectionFields key={row} row={row} kind={kind} loaderData={loaderData} actionData={actionData} />
      ))}
      <Buttons>
        <Button kind="primary" isWide>
          {t('formSave')}
        </Button>
      </Buttons>
    </form>
  )
}

/** One part of the form; further figures parts are folded until something stands in them. */
function SectionFields({ row, kind, loaderData, actionData }: { row: number; kind: SectionKind; loaderData: Page['loaderData']; actionData: Page['actionData'] }) {
  const t = filingPageWords.in(useLanguage())
  const name = (field: string) => `sections.${row}.${field}`
  const isExtra = kind === 'figures' && row > 0
  const title = actionData?.values[name('title')] ?? (actionData || isExtra ? '' : t(`section.${kind}`))
  const problem = (field: string) => rowProblem(actionData, 'sections', row, field, filledBy, rows.length)
  const counted = loaderData.indicators.filter((one) => !one.isDeclared).map((one) => one.key)
  const fields = (
    <>
      <Field name={name('title')} label={t('formSectionTitle')} hint={t('formSectionTitleHint')} value={title} problem={problem('title') ?? problem('kind')} maxLength={300} autoComplete="off" />
      {kind === 'figures' && (
        <CheckField
          name={name('indicators')}
          label={t('formSectionIndicators')}
          hint={t('formSectionIndicatorsHint')}
          options={loaderData.indicators.map((one) => ({ value: one.key, label: `${one.name}${one.isDeclared ? ` (${t('source.declared').toLocaleLowerCase()})` : ''}` }))}
          values={actionData ? (actionData.chosen[name('indicators')] ?? []) : row === 0 ? counted.slice(0, 5) : []}
          problem={problem('indicators')}
        />
      )}
      <input type="hidden" name={name('kind')} value={kind} />
    </>
  )
  if (isExtra) {
    return (
      <details className="part" open={title !== '' || problem('indicators') !== undefined}>
        <summary>{t('formSectionMore', { number: row + 1 })}</summary>
        {fields}
      </details>
    )
  }
  return (
    <fieldset className="part">
      <legend>{kind === 'figures' ? t('section.figures') : t('formWritten', { part: t(`section.${kind}`) })}</legend>
      {fields}
    </fieldset>
  )
}
