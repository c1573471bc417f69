import type { Route } from './+types/campaigns.page'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { ButtonLink, Buttons, DisabledButton } from '../../web/button.tsx'
import { DataTable } from '../../web/data-table.tsx'
import { Figures } from '../../web/figure.tsx'
import { showDay } from '../../platform/clock.ts'
import { languageIn, useLanguage } from '../../web/language.ts'
import { EmptyState } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { ownUnit } from '../units/place.server.ts'
import { listCampaigns } from './campaigns.server.ts'
import { campaignWords } from './campaigns.messages.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { language }) => {
    const own = await ownUnit(ctx)
    const reason = own ? reasonAgainst(ctx.viewer, 'prepare a campaign', await chainOf(ctx.tx, own.id, ctx.viewer.today)) : campaignWords.say('noUnitToRun')
    return { campaigns: await listCampaigns(ctx.tx), today: ctx.viewer.today, reasonAgainst: await whyNot(ctx.tx, reason, language) }
  })

export function meta({ matches }: Route.MetaArgs) {
  return [{ title: `${campaignWords.in(languageIn(matches))('columnCampaign')} · ${webWords.in(languageIn(matches))('appName')}` }]
}

export default function CampaignsPage({ loaderData }: Route.ComponentProps) {
  const { campaigns, today, reasonAgainst: reason } = loaderData
  const t = campaignWords.in(useLanguage())
  return (
    <Shell section="campaign">
      <h1>{campaigns.length > 0 ? t('listTitle', { count: campaigns.length }) : t('listNone')}</h1>
      <Buttons>
        {reason ? (
          <DisabledButton reason={reason}>{t('prepare')}</DisabledButton>
        ) : (
          <ButtonLink kind="primary" href="/campaigns/new">
            {t('prepare')}
          </ButtonLink>
        )}
      </Buttons>
      {campaigns.length === 0 ? (
        <EmptyState>{t('listNoneBody')}</EmptyState>
      ) : (
        <div className="after-lede">
          <DataTable
            isCards
            columns={[{ label: t('columnCampaign') }, { label: t('columnRunBy') }, { label: t('columnPeriod') }, { label: t('columnState') }]}
            rows={campaigns.map((campaign) => ({
              id: campaign.id,
              cells: [
                <a key="name" href={`/campaigns/${campaign.code}`}>
                  {campaign.name}
                </a>,
                campaign.unitName,
                <Figures key="period">{`${showDay(campaign.studyFrom)} – ${showDay(campaign.studyTo)}`}</Figures>,
                !campaign.openedOn ? <span key="state" className="attn">{t('statePreparing')}</span> : today > campaign.dataDay ? t('stateOver') : t('stateOpen', { day: showDay(campaign.openedOn) }),
              ],
            }))}
          />
        </div>
      )}
    </Shell>
  )
}
