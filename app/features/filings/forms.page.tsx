import type { Route } from './+types/forms.page'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import type { Language } from '../../platform/i18n.ts'
import { addressOf } from '../../web/addresses.ts'
import { ButtonLink, Buttons, DisabledButton } from '../../web/button.tsx'
import { DataTable } from '../../web/data-table.tsx'
import { useLanguage } from '../../web/language.ts'
import { EmptyState } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { placeOf } from '../units/place.server.ts'
import { filingPageWords } from './filing-pages.messages.ts'
import { Parts } from './filing-parts.tsx'
import { formsOf } from './forms.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const { tx, viewer } = ctx
    const place = await placeOf(ctx, url.searchParams.get('unit'), viewer.today)
    const reason = reasonAgainst(viewer, 'make report forms', await chainOf(tx, place.unit.id, viewer.today))
    return { place, forms: await formsOf(tx, place.unit.id), reasonAgainst: await whyNot(tx, reason, language) }
  })

export function meta({ matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  return [{ title: `${filingPageWords.in(language)('toForms')} · ${webWords.in(language)('appName')}` }]
}

export default function FormsPage({ loaderData }: Route.ComponentProps) {
  const { place, forms, reasonAgainst: reason } = loaderData
  const t = filingPageWords.in(useLanguage())
  const newForm = addressOf('/forms/new', { unit: place.unit.code })
  return (
    <Shell section="report" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath}>
      <Parts current="forms" unit={place.unit.code} />
      <Eyebrow>{`${t('toForms')} · ${place.unit.name}`}</Eyebrow>
      <h1>{forms.length > 0 ? t('formsTitle', { count: forms.length }) : t('formsNone')}</h1>
      {forms.length === 0 ? (
        <Grid>
          <Column span={8} id="forms" title={t('toForms')}>
            <EmptyState actions={reason ? <DisabledButton reason={reason}>{t('formNew')}</DisabledButton> : <ButtonLink kind="primary" href={newForm}>{t('formNew')}</ButtonLink>}>
              {t('formsNoneBody')}
            </EmptyState>
          </Column>
        </Grid>
      ) : (
        <>
          <Buttons>{reason ? <DisabledButton reason={reason}>{t('formNew')}</DisabledButton> : <ButtonLink kind="primary" href={newForm}>{t('formNew')}</ButtonLink>}</Buttons>
          <div className="after-lede">
            <DataTable
              isCards
              columns={[{ label: t('columnForm') }, { label: t('columnKind') }, { label: t('columnMadeBy') }, { label: t('columnSections') }]}
              rows={forms.map((form) => ({
                id: form.id,
                cells: [
                  <a key="name" href={`/forms/${form.id}`}>
                    {form.name}
                  </a>,
                  t(`form.${form.kind}`),
                  form.unitName,
                  t('formSections', { figures: form.figures, texts: form.texts }),
                ],
                note: [form.campaignName, form.retiredAt && t('formRetired')].filter(Boolean).join(' · '),
              }))}
            />
          </div>
        </>
      )}
    </Shell>
  )
}
