import { sql } from 'kysely'
import type { Route } from './+types/campaign-new.page'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { DayField, Field, RadioField, SelectField, TextField, Tick } from '../../web/field.tsx'
import { rowProblem } from '../../web/form-rows.ts'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { prepareCampaign } from './campaigns.server.ts'
import { campaignWords } from './campaigns.messages.ts'
import { CampaignInput } from './campaigns.schema.ts'

const rows = 4

export const loader = (args: Route.LoaderArgs) =>
  read(args, async ({ tx, viewer }, { language }) => {
    const units: { code: string; name: string }[] = []
    for (const { unitId } of viewer.offices) {
      if (reasonAgainst(viewer, 'prepare a campaign', await chainOf(tx, unitId, viewer.today))) continue
      // one that was merged into the viewer's runs no new campaign
      const unit = await tx.selectFrom('unit').select(['code', 'name']).where('id', '=', unitId).where(sql<boolean>`during @> ${viewer.today}::date`).executeTakeFirst()
      if (unit && !units.some((one) => one.code === unit.code)) units.push(unit)
    }
    return { units, reasonAgainst: units.length > 0 ? null : campaignWords.say('noUnitToRun')(language) }
  })

export const action = (args: Route.ActionArgs) =>
  write(args, CampaignInput, prepareCampaign, { to: (_, campaign) => `/campaigns/${campaign.code}`, saved: () => campaignWords.say('newSaved') })

export function meta({ matches }: Route.MetaArgs) {
  return [{ title: `${campaignWords.in(languageIn(matches))('newTitle')} · ${webWords.in(languageIn(matches))('appName')}` }]
}

type Page = Route.ComponentProps

export default function NewCampaignPage(page: Page) {
  const { reasonAgainst: reason } = page.loaderData
  const language = useLanguage()
  const t = campaignWords.in(language)
  return (
    <Shell section="campaign" backHref="/campaigns" mainClass="narrow-form">
      <h1>{t('newTitle')}</h1>
      {reason ? <Notice actions={<ButtonLink href="/campaigns">{webWords.in(language)('back')}</ButtonLink>}>{reason}</Notice> : <CampaignForm {...page} />}
    </Shell>
  )
}

function CampaignForm({ loaderData, actionData }: Page) {
  const t = campaignWords.in(useLanguage())
  const of = (name: string, first = '') => ({ name, value: actionData?.values[name] ?? first, problem: actionData?.problems[name] })
  return (
    <form method="post">
      <ProblemList problems={actionData?.problems} />
      <Field {...of('name')} label={t('fieldName')} hint={t('fieldNameHint')} isRequired maxLength={300} autoComplete="off" />
      <Field {...of('code')} label={t('fieldCode')} hint={t('fieldCodeHint')} isRequired maxLength={64} autoComplete="off" />
      <SelectField {...of('unitCode', loaderData.units[0]?.code)} label={t('fieldUnit')} hint={t('fieldUnitHint')} options={loaderData.units.map(({ code, name }) => ({ value: code, label: name }))} />
      <div className="two">
        <DayField {...of('studyFrom')} label={t('fieldFrom')} isRequired />
        <DayField {...of('studyTo')} label={t('fieldTo')} isRequired />
      </div>
      <DayField {...of('dataDay')} label={t('fieldDataDay')} hint={t('fieldDataDayHint')} isRequired />
      {Array.from({ length: rows }, (_, row) => (
        <ResolutionFields key={row} row={row} actionData={actionData} />
      ))}
      <TextField {...of('categories')} label={t('fieldCategories')} hint={t('fieldCategoriesHint')} isRequired rows={5} />
      <RadioField {...of('whoWrites', 'in_post')} label={t('fieldWrites')} options={(['everyone', 'in_post', 'nobody'] as const).map((value) => ({ value, label: t(`writes_${value}`) }))} />
      <div className="field">
        <Tick name="exemptExpected" label={t('fieldExempt')} isTicked={actionData?.values['exemptExpected'] === 'on'} />
        <span className="hint">{t('fieldExemptHint')}</span>
      </div>
      <Buttons>
        <Button kind="primary" isWide>{t('newSave')}</Button>
      </Buttons>
    </form>
  )
}

const filledBy = ['code', 'name', 'topics']

/** One resolution; those after the first are folded until something stands in them. */
function ResolutionFields({ row, actionData }: { row: number; actionData: Page['actionData'] }) {
  const t = campaignWords.in(useLanguage())
  const of = (field: string) => ({ name: `resolutions.${row}.${field}`, value: actionData?.values[`resolutions.${row}.${field}`], problem: rowProblem(actionData, 'resolutions', row, field, filledBy, rows) })
  const isFirst = row === 0
  const fields = (
    <>
      <Field {...of('name')} label={t('fieldResolutionName')} isRequired={isFirst} maxLength={300} autoComplete="off" problem={of('name').problem ?? (isFirst ? actionData?.problems['resolutions'] : undefined)} />
      <Field {...of('code')} label={t('fieldResolutionCode')} hint={t('fieldResolutionCodeHint')} isRequired={isFirst} maxLength={64} autoComplete="off" />
      <TextField {...of('topics')} label={t('fieldTopics')} hint={t('fieldTopicsHint')} isRequired={isFirst} rows={5} />
    </>
  )
  if (isFirst) {
    return (
      <fieldset className="part" id="resolutions">
        <legend>{t('resolutionNumber', { number: 1 })}</legend>
        {fields}
      </fieldset>
    )
  }
  return (
    <details className="part" open={filledBy.some((field) => of(field).value?.trim())}>
      <summary>{t('resolutionMore', { number: row + 1 })}</summary>
      {fields}
    </details>
  )
}
