import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import { reasonAgainst, type Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import { NotFound } from '../../platform/errors.ts'
import type { FilingState } from './filing-head.server.ts'
import type { FormKind } from './filings.schema.ts'

/** How far the units asked are, as far as the viewer sees them. `overdue` are those among `missing` whose time is over. */
export type Tally = { expected: number; received: number; onTime: number; late: number; waiting: number; returned: number; accepted: number; missing: number; overdue: number }

export type RoundShown = Tally & {
  id: string
  name: string
  kind: FormKind
  formId: string
  campaignCode: string
  campaignName: string
  unitId: string
  unitCode: string
  unitName: string
  asOf: Day
  dueAt: Date
  openedAt: Date
  /** The asking unit's own, which sums the others; null for whoever does not lead that unit. */
  consolidated: { id: string; state: FilingState; consolidatedAt: Date | null } | null
}

const rounds = sql`
  select report_round.id, report_round.name, report_form.kind, report_form.id as "formId", campaign.code as "campaignCode", campaign.name as "campaignName",
         report_round.unit_id as "unitId", unit.code as "unitCode", unit.name as "unitName",
         report_round.as_of as "asOf", report_round.due_at as "dueAt", report_round.opened_at as "openedAt", tally.*,
         case when own.id is not null then jsonb_build_object('id', own.id, 'state', own.state) end as consolidated,
         (select max(filing_event.at) from filing_event where filing_event.filing_id = own.id and filing_event.kind = 'consolidated') as "consolidatedAt"
  from report_round
  join report_form on report_form.id = report_round.form_id
  join campaign on campaign.id = report_round.campaign_id
  join unit on unit.id = report_round.unit_id
  left join filing as own on own.round_id = report_round.id and own.is_consolidated
  cross join lateral (
    select count(*) as expected,
           count(*) filter (where filing.submitted_at is not null) as received,
           count(*) filter (where filing.submitted_at <= filing.due_at) as "onTime",
           count(*) filter (where filing.submitted_at > filing.due_at) as late,
           count(*) filter (where filing.state = 'submitted') as waiting,
           count(*) filter (where filing.state = 'returned') as returned,
           count(*) filter (where filing.state in ('accepted', 'sealed')) as accepted,
           count(*) filter (where filing.submitted_at is null) as missing,
           count(*) filter (where filing.submitted_at is null and filing.due_at < clock_timestamp()) as overdue
    from filing
    where filing.round_id = report_round.id and not filing.is_consolidated
  ) as tally`

type Row = Omit<RoundShown, 'consolidated'> & { consolidated: { id: string; state: FilingState } | null; consolidatedAt: Date | null }
const shown = ({ consolidated, consolidatedAt, ...round }: Row): RoundShown => ({ ...round, consolidated: consolidated && { ...consolidated, consolidatedAt } })

/** Rounds that a unit opened, the latest first. */
export async function roundsAskedBy(tx: Tx, unitId: string): Promise<RoundShown[]> {
  const { rows } = await sql<Row>`${rounds} where report_round.unit_id = ${unitId} order by report_round.as_of desc, report_round.opened_at desc limit 200`.execute(tx)
  return rows.map(shown)
}

/** Rounds opened on a form, the latest first. */
export async function roundsOfForm(tx: Tx, formId: string): Promise<RoundShown[]> {
  const { rows } = await sql<Row>`${rounds} where report_round.form_id = ${formId} order by report_round.as_of desc, report_round.opened_at desc limit 200`.execute(tx)
  return rows.map(shown)
}

/** The round with how far its units are; NotFound when it is not the viewer's to see. */
export async function roundShown(tx: Tx, id: string): Promise<RoundShown> {
  const { rows } = await sql<Row>`${rounds} where report_round.id = ${id}`.execute(tx)
  if (!rows[0]) throw new NotFound()
  return shown(rows[0])
}

/** A report that a unit owes or has filed, as lists show it. */
export type FilingShown = {
  id: string
  roundId: string
  roundName: string
  kind: FormKind
  asOf: Day
  askerName: string
  unitId: string
  unitCode: string
  unitName: string
  state: FilingState
  dueAt: Date
  submittedAt: Date | null
  isOverdue: boolean
  isLate: boolean
  openedAt: Date
}

const filings = sql`
  select filing.id, filing.round_id as "roundId", report_round.name as "roundName", report_form.kind, report_round.campaign_id as "campaignId", report_round.as_of as "asOf", asker.name as "askerName",
         filing.unit_id as "unitId", unit.code as "unitCode", unit.name as "unitName", filing.state, filing.due_at as "dueAt", filing.submitted_at as "submittedAt",
         filing.submitted_at is null and filing.due_at < clock_timestamp() as "isOverdue",
         coalesce(filing.submitted_at > filing.due_at, false) as "isLate", report_round.opened_at as "openedAt"
  from filing
  join report_round on report_round.id = filing.round_id
  join report_form on report_form.id = report_round.form_id
  join unit on unit.id = filing.unit_id
  join unit as asker on asker.id = report_round.unit_id`

/** What a unit was asked for: what it still owes first, by due time, then the rest, the latest first. */
export async function filingsAskedOf(tx: Tx, unitId: string): Promise<FilingShown[]> {
  const { rows } = await sql<FilingShown>`${filings}
    where filing.unit_id = ${unitId} and not filing.is_consolidated
    order by filing.state not in ('draft', 'returned'), case when filing.state in ('draft', 'returned') then filing.due_at end, filing.due_at desc
    limit 200`.execute(tx)
  return rows
}

/** One unit's place in a round, with the last words exchanged about it. */
export type RoundRow = FilingShown & { lastSubmittedAt: Date | null; returnComment: string | null; extension: string | null; remindedAt: Date | null }

/** The units of a round, worst first: overdue, missing, returned, waiting to be read, late, the rest. */
export async function unitsOfRound(tx: Tx, roundId: string): Promise<RoundRow[]> {
  const { rows } = await sql<RoundRow>`
    select row.*,
           (select max(submission.submitted_at) from submission where submission.filing_id = row.id) as "lastSubmittedAt",
           (select event.comment from filing_event as event where event.filing_id = row.id and event.kind = 'returned' order by event.at desc limit 1) as "returnComment",
           (select event.comment from filing_event as event where event.filing_id = row.id and event.kind = 'extended' order by event.at desc limit 1) as extension,
           (select max(event.at) from filing_event as event where event.filing_id = row.id and event.kind = 'reminded') as "remindedAt"
    from (${filings} where filing.round_id = ${roundId} and not filing.is_consolidated) as row
    order by case when row."isOverdue" then 0 when row.state = 'draft' then 1 when row.state = 'returned' then 2 when row.state = 'submitted' then 3 else 4 end,
             not row."isLate", row."unitName" collate "vi-x-icu"`.execute(tx)
  return rows
}

/** What somebody owes in the way of reports: to hand one up, or to read those that wait. Days are of that time zone. */
export type FilingDuty =
  | { kind: 'submit' | 'resubmit'; id: string; roundName: string; unitName: string; askerName: string; dueOn: Day; dueTime: string; isOverdue: boolean; hasEnded: boolean }
  | { kind: 'read'; id: string; roundName: string; unitName: string; waiting: number; received: number; expected: number; since: Day; hasEnded: boolean }

/**
 * Reports that the viewer's own units owe, by due time, and rounds of theirs with reports to read. Of campaigns that have ended only
 * `campaignId` is shown, as of its data day.
 */
export async function filingDuties({ tx, viewer }: Ctx, timeZone: string, campaignId: string | null): Promise<FilingDuty[]> {
  const units = viewer.offices.filter((office) => reasonAgainst(viewer, 'fill in the report', [office.unitId]) === null).map((office) => office.unitId)
  if (units.length === 0) return []
  const owed = await sql<FilingDuty>`
    select case when owed.state = 'returned' then 'resubmit' else 'submit' end as kind, owed.id, owed."roundName", owed."unitName", owed."askerName",
           (owed."dueAt" at time zone ${timeZone})::date as "dueOn", to_char(owed."dueAt" at time zone ${timeZone}, 'HH24:MI') as "dueTime",
           case when told.day < ${viewer.today}::date then (owed."dueAt" at time zone ${timeZone})::date < told.day else owed."isOverdue" end as "isOverdue",
           told.day < ${viewer.today}::date as "hasEnded"
    from (${filings} where filing.unit_id = any (${units}::uuid[]) and not filing.is_consolidated and filing.state in ('draft', 'returned')) as owed
    join told_campaigns(${viewer.today}::date, ${campaignId}::uuid) as told on told.campaign_id = owed."campaignId"
    order by owed."dueAt", owed.id
    limit 8`.execute(tx)
  const waiting = await sql<FilingDuty>`
    select 'read' as kind, report_round.id, report_round.name as "roundName", unit.name as "unitName",
           count(*) filter (where filing.state = 'submitted') as waiting, count(filing.submitted_at) as received, count(*) as expected,
           (min(filing.submitted_at) filter (where filing.state = 'submitted') at time zone ${timeZone})::date as since,
           told.day < ${viewer.today}::date as "hasEnded"
    from report_round
    join told_campaigns(${viewer.today}::date, ${campaignId}::uuid) as told on told.campaign_id = report_round.campaign_id
    join unit on unit.id = report_round.unit_id
    join filing on filing.round_id = report_round.id and not filing.is_consolidated
    where report_round.unit_id = any (${units}::uuid[])
    group by report_round.id, unit.name, told.day
    having count(*) filter (where filing.state = 'submitted') > 0
    order by since, report_round.id
    limit 8`.execute(tx)
  return [...owed.rows, ...waiting.rows]
}
