import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import { chainOf, reasonAgainst, type Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import { trailOf, unitsBeneath, type Unit } from '../units/units.server.ts'
import type { RosterChange } from './campaigns.schema.ts'
import type { Campaign } from './campaigns.server.ts'

/** What the roster would hold if the campaign opened on that day; counts only, whoever they are. */
export type Preview = { people: number; expected: number; exempt: number; writers: number; units: number }

/** Counts the people whom opening would freeze. For the units that lead the campaign alone. */
export async function previewRoster(tx: Tx, campaignId: string, day: Day): Promise<Preview> {
  const { rows } = await sql<Preview>`select people, expected, exempt, writers, units from preview_roster(${campaignId}, ${day})`.execute(tx)
  return rows[0]!
}

/**
 * How many of each unit and everything beneath it must study and are exempt as of a day, by unit id; `own` are those on its own
 * roster. Units whose figures are not the viewer's are left out: an administrator sees the name of every unit, and no figure.
 */
export async function rosterCounts(tx: Tx, campaignId: string, unitIds: string[], day: Day): Promise<Map<string, { expected: number; exempt: number; own: number }>> {
  const { rows: seen } = await sql<{ id: string }>`select unit.id from viewer_figure_units_among(${unitIds}::uuid[]) as unit (id)`.execute(tx)
  const counts = new Map(seen.map(({ id }) => [id, { expected: 0, exempt: 0, own: 0 }]))
  const { rows } = await sql<{ unit_id: string; indicator: 'expected' | 'exempt'; own: number; whole: number }>`
    select unit_id, indicator, own, whole from count_values(${campaignId}, ${[...counts.keys()]}::uuid[], ${day}) where indicator in ('expected', 'exempt') and dimension = ''`.execute(tx)
  for (const row of rows) {
    const count = counts.get(row.unit_id)!
    count[row.indicator] = row.whole
    count.own += row.own
  }
  return counts
}

/** A person on the roster of a unit, as of a day; `studiedOn` null while that has not happened. */
export type RosterLine = { personId: string; name: string; bornOn: Day | null; categoryKey: string; mustStudy: boolean; exemptReason: string | null; studiedOn: Day | null }

/** The people on a unit's own roster as of a day in Vietnamese order, a page at a time, with the counts of them all; empty for whoever may not see names. */
export async function rosterPage(tx: Tx, asked: { campaignId: string; unitId: string; asOf: Day; limit: number; offset: number }) {
  const { rows } = await sql<RosterLine & { total: number; expected: number; exempt: number; studied: number }>`
    select person_id as "personId", name, born_on as "bornOn", category_key as "categoryKey", must_study as "mustStudy", exempt_reason as "exemptReason",
           studied_on as "studiedOn", count(*) over () as total, count(*) filter (where must_study) over () as expected,
           count(*) filter (where exempt_reason is not null) over () as exempt, count(*) filter (where must_study and studied_on is not null) over () as studied
    from roster_people(${asked.campaignId}, ${asked.unitId}, ${asked.asOf})
    order by not must_study, given_name collate "vi-x-icu", middle_name collate "vi-x-icu", family_name collate "vi-x-icu", born_on, person_id
    limit ${asked.limit} offset ${asked.offset}`.execute(tx)
  const { total = 0, expected = 0, exempt = 0, studied = 0 } = rows[0] ?? {}
  const people: RosterLine[] = rows.map(({ personId, name, bornOn, categoryKey, mustStudy, exemptReason, studiedOn }) => ({ personId, name, bornOn, categoryKey, mustStudy, exemptReason, studiedOn }))
  return { people, total, expected, exempt, studied }
}

/** Units that can receive somebody of this unit: its siblings with members whose roster the viewer may change. */
export async function receiversOf(ctx: Ctx, unit: Unit, day: Day): Promise<{ code: string; name: string }[]> {
  const parent = (await trailOf(ctx.tx, unit.id, day)).at(-2)
  if (!parent) return []
  const siblings = (await unitsBeneath(ctx.tx, parent.id, day)).filter((one) => one.hasMembers && one.id !== unit.id)
  // all of them stand under the same units, so one of them answers for all
  if (!siblings[0] || reasonAgainst(ctx.viewer, 'change the roster', await chainOf(ctx.tx, siblings[0].id, ctx.viewer.today))) return []
  return siblings.map(({ code, name }) => ({ code, name }))
}

/** A change of the roster after opening, as recorded. */
export type PastChange = { id: number; at: Date; change: RosterChange['change']; fromDay: Day; isOwn: boolean; actor: string | null; name: string | null; reason: string | null }

/** Changes of a unit's roster since opening, latest first; the person's name where the viewer sees it. */
export async function rosterChanges({ tx, viewer }: Ctx, campaign: Campaign, unitId: string): Promise<PastChange[]> {
  const { rows } = await sql<PastChange>`
    select entry.id, entry.at, substr(entry.action, 8) as change, entry.detail ->> 'fromDay' as "fromDay", entry.actor_id = ${viewer.personId}::uuid as "isOwn",
           office_holder_name(entry.actor_id) as actor, person.name,
           (select roster.reason from roster
            where roster.campaign_id = ${campaign.id} and roster.person_id::text = entry.subject_id and roster.recorded_by = entry.actor_id
              and roster.reason is not null and roster.recorded_at >= entry.at
            order by roster.recorded_at
            limit 1) as reason
    from audit_entry as entry
    left join person on person.id::text = entry.subject_id
    where entry.action like 'roster.%' and entry.unit_id = ${unitId} and entry.detail ->> 'campaign' = ${campaign.code}
    order by entry.id desc
    limit 50`.execute(tx)
  return rows
}
