import { sql } from 'kysely'
import { asSystem } from '../../db/open.ts'
import type { App } from '../../web/context.ts'

/**
 * Notes once a day, for every report that is overdue and not handed up, that its unit is to be reminded; returns how many. Rounds
 * whose consolidated report is sealed are over, and those of a campaign that has ended. Two processes at once note it once.
 */
export function remindOverdue({ db, log, config }: Pick<App, 'db' | 'log' | 'config'>): Promise<number> {
  return asSystem(db, log, 'overdue reports of all units are looked for', async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('remind_overdue'))`.execute(tx)
    const { numAffectedRows } = await sql`
      insert into filing_event (filing_id, unit_id, kind)
      select filing.id, filing.unit_id, 'reminded'
      from filing
      join report_round on report_round.id = filing.round_id
      join campaign on campaign.id = report_round.campaign_id and campaign_day(campaign, deployment_day(clock_timestamp())) = deployment_day(clock_timestamp())
      where filing.state in ('draft', 'returned')
        and not filing.is_consolidated
        and filing.due_at < clock_timestamp()
        and not exists (select from filing as own where own.round_id = filing.round_id and own.is_consolidated and own.state = 'sealed')
        and not exists (
          select from filing_event as earlier
          where earlier.filing_id = filing.id and earlier.kind = 'reminded'
            and (earlier.at at time zone ${config.timeZone})::date = (clock_timestamp() at time zone ${config.timeZone})::date)`.execute(tx)
    return Number(numAffectedRows ?? 0n)
  })
}
