import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Ctx } from '../../permissions/permissions.ts'
import { readDay, type Day } from '../../platform/clock.ts'
import { trailOf, unitByCode, unitsBeneath, type Unit } from '../units/units.server.ts'
import { campaignByCode, defaultDay, listCampaigns, type Campaign } from './campaigns.server.ts'

/** What a page with `?campaign=&unit=&asOf=` is about. `isDayWrong` says that what was typed as a day is none. */
export type Place<Chosen extends Campaign | null = Campaign | null> = {
  campaign: Chosen
  unit: Unit
  unitTrail: Unit[]
  unitsBeneath: Unit[]
  asOf: Day
  isDayWrong: boolean
}

/**
 * Reads campaign, unit and day out of the address. Left out, the campaign is the latest open one that the viewer sees (null
 * when there is none), the unit the viewer's own, the day that of the campaign. Throws NotFound for what is not there.
 */
export async function placeOf(ctx: Ctx, url: URL, campaignCode: string | null = url.searchParams.get('campaign')): Promise<Place> {
  const campaign = campaignCode ? await campaignByCode(ctx.tx, campaignCode) : await latestOpen(ctx.tx)
  const typed = url.searchParams.get('asOf')
  const day = typed ? readDay(typed) : null
  const asOf = day ?? (campaign ? defaultDay(campaign, ctx.viewer.today) : ctx.viewer.today)
  const unit = await unitByCode(ctx.tx, url.searchParams.get('unit') ?? (await homeUnitCode(ctx)))
  return {
    campaign,
    unit,
    unitTrail: await trailOf(ctx.tx, unit.id, asOf),
    unitsBeneath: await unitsBeneath(ctx.tx, unit.id, asOf),
    asOf,
    isDayWrong: Boolean(typed) && !day,
  }
}

async function latestOpen(tx: Tx): Promise<Campaign | null> {
  return (await listCampaigns(tx)).find((campaign) => campaign.openedOn) ?? null
}

/** Code of the unit of the viewer's highest office, else of the one the viewer belongs to; '' for neither. */
async function homeUnitCode({ tx, viewer }: Ctx): Promise<string> {
  const unitId = viewer.offices[0]?.unitId
  const unit = await tx
    .selectFrom('unit')
    .select('unit.code')
    .$if(Boolean(unitId), (query) => query.where('unit.id', '=', unitId!))
    .$if(!unitId, (query) =>
      query
        .innerJoin('membership', 'membership.unit_id', 'unit.id')
        .where('membership.person_id', '=', viewer.personId)
        .where(sql<boolean>`membership.during @> ${viewer.today}::date`),
    )
    .executeTakeFirst()
  return unit?.code ?? ''
}
