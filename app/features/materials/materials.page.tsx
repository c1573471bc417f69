import type { Route } from './+types/materials.page'
import { reasonAgainst } from '../../permissions/permissions.ts'
import type { Language } from '../../platform/i18n.ts'
import { addressOf } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { DataTable } from '../../web/data-table.tsx'
import { Field } from '../../web/field.tsx'
import { DayText, Tag } from '../../web/figure.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { EmptyState } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { currentCampaign } from '../campaigns/campaigns.server.ts'
import { placeOf } from '../units/place.server.ts'
import { listMaterials } from './material-views.server.ts'
import { materialWords } from './materials.messages.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url }) => {
    const q = (url.searchParams.get('q') ?? '').slice(0, 200).trim()
    const campaign = await currentCampaign(ctx.tx, url.searchParams.get('campaign'))
    const place = await placeOf(ctx, url.searchParams.get('unit'), ctx.viewer.today)
    if (!campaign) return { campaign: null, q, materials: [], unit: place.unit.code, mayAdd: false }
    const mayAdd = reasonAgainst(ctx.viewer, 'publish materials', [place.unit.id]) === null
    return { campaign: { code: campaign.code, name: campaign.name }, q, materials: await listMaterials(ctx.tx, { campaignId: campaign.id, q }), unit: place.unit.code, mayAdd }
  })

export function meta({ matches }: Route.MetaArgs) {
  const language: Language = languageIn(matches)
  return [{ title: `${materialWords.in(language)('section')} · ${webWords.in(language)('appName')}` }]
}

export default function MaterialsPage({ loaderData: { campaign, q, materials, unit, mayAdd } }: Route.ComponentProps) {
  const t = materialWords.in(useLanguage())
  if (!campaign) {
    return (
      <Shell section="materials">
        <Eyebrow>{t('section')}</Eyebrow>
        <h1>{t('noCampaign')}</h1>
        <EmptyState title={t('noCampaign')}>{t('noCampaignBody')}</EmptyState>
      </Shell>
    )
  }
  const drafts = materials.filter((one) => one.isDraft).length
  const count = materials.length
  return (
    <Shell section="materials">
      <Eyebrow>{`${t('section')} · ${campaign.name}`}</Eyebrow>
      <h1>{q ? t('titleFound', { count, q }) : count > 0 ? t('title', { count }) : t('titleNone')}</h1>
      {drafts > 0 && <Lede>{t('drafts', { count: drafts })}</Lede>}
      <form method="get" className="search" role="search">
        <input type="hidden" name="campaign" value={campaign.code} />
        <Field name="q" type="search" label={t('search')} value={q} />
        <Button>{t('searchAction')}</Button>
      </form>
      <div className="after-lede">
        <Buttons>
          {mayAdd && (
            <ButtonLink kind="primary" href={addressOf('/materials/new', { campaign: campaign.code, unit })}>
              {t('toAdd')}
            </ButtonLink>
          )}
          <ButtonLink href={addressOf('/materials/questions', { campaign: campaign.code })}>{t('toQuestions')}</ButtonLink>
        </Buttons>
      </div>
      <div className="after-lede">
      {count === 0 ? (
        <EmptyState title={t('titleNone')}>{t('noneBody')}</EmptyState>
      ) : (
        <DataTable
          isCards
          caption={t('section')}
          isCaptionHidden
          columns={[{ label: t('column.title') }, { label: t('column.kind') }, { label: t('column.version'), isFigure: true }, { label: t('column.publishedOn'), isFigure: true }, { label: t('column.reachBy'), isFigure: true }]}
          rows={materials.map((one) => ({
            id: one.id,
            note: [one.unitName, one.questions > 0 && t('questions', { count: one.questions })].filter(Boolean).join(' · '),
            cells: [
              <span key="title">
                <a href={`/materials/${one.id}`}>{one.title}</a> {one.isWithdrawn ? <Tag>{t('withdrawn')}</Tag> : one.isDraft && <Tag>{t('draft')}</Tag>}
              </span>,
              t(`kind.${one.kind}`),
              one.number,
              one.publishedOn ? <DayText key="day" day={one.publishedOn} /> : '–',
              one.reachBy ? <DayText key="reach" day={one.reachBy} /> : '–',
            ],
          }))}
        />
      )}
      </div>
    </Shell>
  )
}
