import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Day } from '../../platform/clock.ts'
import type { SittingHead } from './rolls.server.ts'
import type { MarkStatus } from './study.schema.ts'

/** How many were marked as what at one sitting, whoever they are. */
export type Tally = Record<MarkStatus, number>

export const taken = (tally: Tally) => tally.present + tally.late + tally.excused + tally.absent

/** Current marks of sittings by status: counts need no names, so every level sees them. */
export async function talliesOf(tx: Tx, sittingIds: string[]): Promise<Map<string, Tally>> {
  const tallies = new Map<string, Tally>(sittingIds.map((id) => [id, { present: 0, late: 0, excused: 0, absent: 0 }]))
  const { rows } = await sql<{ sitting_id: string; status: MarkStatus; people: number }>`
    select sitting_id, status, people from sitting_tallies(${sittingIds}::uuid[])`.execute(tx)
  for (const row of rows) tallies.get(row.sitting_id)![row.status] = row.people
  return tallies
}

/** How many people must study, on the day of each sitting, whom its session is for: at the unit that holds it and beneath. */
export async function expectedAt(tx: Tx, sittingIds: string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; people: number }>`
    select sitting.id, coalesce(sum(value.whole), 0)::bigint as people
    from sitting
    cross join lateral count_values(sitting.campaign_id, array[sitting.unit_id], sitting.held_on) as value
    where sitting.id = any (${sittingIds}::uuid[])
      and value.indicator = 'expected'
      and case when exists (select from study_session_category as wanted where wanted.session_id = sitting.session_id)
        then value.dimension in (
          select 'category:' || wanted.category_key from study_session_category as wanted where wanted.session_id = sitting.session_id)
        else value.dimension = '' end
    group by sitting.id`.execute(tx)
  return new Map(rows.map((row) => [row.id, row.people]))
}

export type SessionState = {
  id: string
  unitName: string
  kind: SittingHead['kind']
  name: string
  place: string | null
  isVenue: boolean
  venues: number
  /** Held by a unit with none beneath: then everybody on the list is asked, and what is missing can be said. */
  isOfOneUnit: boolean
  isCancelled: boolean
  firstDay: Day
  lastDay: Day
  sittings: number
  /** Sittings whose roll has at least one mark. */
  sittingsTaken: number
  /** People marked and people it was for; both of the only sitting, null where there are several. */
  people: { marked: number; expected: number } | null
}

type ListRow = Omit<SessionState, 'sittingsTaken' | 'people'> & { sittingIds: string[]; total: number }

/** Sessions at or beneath a unit, those ahead included, the latest first; `until` leaves out what began after that day. */
export async function sessionStates(
  tx: Tx,
  asked: { campaignId: string; unitId: string; treeDay: Day; until: Day | null; beneath: boolean; limit: number; offset: number },
): Promise<{ sessions: SessionState[]; total: number }> {
  const { rows } = await sql<ListRow>`
    with held as (
      select sitting.session_id, min(sitting.held_on) as first_day, max(sitting.held_on) as last_day,
             count(*) as sittings, array_agg(sitting.id order by sitting.position) as sitting_ids
      from sitting
      where sitting.campaign_id = ${asked.campaignId}
        and sitting.unit_id in (
          select unit_ancestor.unit_id from unit_ancestor
          where unit_ancestor.ancestor_id = ${asked.unitId} and unit_ancestor.during @> ${asked.treeDay}::date
            and (${asked.beneath} or unit_ancestor.depth = 0))
      group by sitting.session_id
      having ${asked.until}::date is null or min(sitting.held_on) <= ${asked.until}::date
    ), page as (
      select held.session_id, held.first_day, held.last_day, held.sittings, held.sitting_ids, count(*) over () as total
      from held
      order by held.last_day desc, held.session_id desc
      limit ${asked.limit} offset ${asked.offset}
    )
    select study_session.id, unit.name as "unitName", study_session.kind, study_session.name, study_session.place,
           study_session.part_of is not null as "isVenue", study_session.cancelled_at is not null as "isCancelled",
           (select count(*) from study_session as venue where venue.part_of = study_session.id and venue.cancelled_at is null) as venues,
           not exists (
             select from unit_ancestor
             where unit_ancestor.ancestor_id = unit.id and unit_ancestor.depth = 1 and unit_ancestor.during @> page.first_day) as "isOfOneUnit",
           page.first_day as "firstDay", page.last_day as "lastDay", page.sittings, page.sitting_ids as "sittingIds", page.total
    from page
    join study_session on study_session.id = page.session_id
    join unit on unit.id = study_session.unit_id
    order by page.last_day desc, page.session_id desc`.execute(tx)
  const ids = rows.flatMap((row) => row.sittingIds)
  const tallies = await talliesOf(tx, ids)
  const expected = await expectedAt(tx, rows.filter((row) => row.sittingIds.length === 1 && row.isOfOneUnit).map((row) => row.sittingIds[0]!))
  const sessions = rows.map(({ sittingIds, total: _, ...row }) => {
    const only = sittingIds.length === 1 ? sittingIds[0]! : null
    return {
      ...row,
      sittingsTaken: sittingIds.filter((id) => taken(tallies.get(id)!) > 0).length,
      people: only === null ? null : { marked: taken(tallies.get(only)!), expected: expected.get(only) ?? 0 },
    }
  })
  return { sessions, total: rows[0]?.total ?? 0 }
}

export type SessionHead = {
  id: string
  campaignId: string
  campaignCode: string
  unitId: string
  unitCode: string
  unitName: string
  kind: SittingHead['kind']
  name: string
  place: string | null
  isCancelled: boolean
  whole: { id: string; name: string } | null
  categories: string[]
}

/** One session; NotFound when there is none or the viewer does not see it. */
export async function sessionById(tx: Tx, id: string): Promise<SessionHead> {
  const { rows } = await sql<Omit<SessionHead, 'whole'> & { wholeId: string | null; wholeName: string | null }>`
    select study_session.id, study_session.campaign_id as "campaignId", campaign.code as "campaignCode", unit.id as "unitId", unit.code as "unitCode",
           unit.name as "unitName", study_session.kind, study_session.name, study_session.place,
           study_session.cancelled_at is not null as "isCancelled", whole.id as "wholeId", whole.name as "wholeName",
           array(
             select category.name
             from study_session_category
             join category on category.campaign_id = study_session_category.campaign_id and category.key = study_session_category.category_key
             where study_session_category.session_id = study_session.id
             order by category.position) as categories
    from study_session
    join campaign on campaign.id = study_session.campaign_id
    join unit on unit.id = study_session.unit_id
    left join study_session as whole on whole.id = study_session.part_of
    where study_session.id = ${id}`.execute(tx)
  if (!rows[0]) throw new NotFound()
  const { wholeId, wholeName, ...session } = rows[0]
  return { ...session, whole: wholeId && wholeName ? { id: wholeId, name: wholeName } : null }
}

/** Ids of the topics of each sitting, in the order of the campaign. */
export async function topicsOf(tx: Tx, sittingIds: string[]): Promise<Map<string, { id: string; name: string }[]>> {
  if (sittingIds.length === 0) return new Map()
  const rows = await tx
    .selectFrom('sitting_topic')
    .innerJoin('topic', 'topic.id', 'sitting_topic.topic_id')
    .innerJoin('resolution', 'resolution.id', 'topic.resolution_id')
    .select(['sitting_topic.sitting_id', 'topic.id', 'topic.name'])
    .where('sitting_topic.sitting_id', 'in', sittingIds)
    .orderBy('resolution.position')
    .orderBy('topic.position')
    .execute()
  return Map.groupBy(rows, (row) => row.sitting_id)
}

/** A venue of a conference that the viewer sees, with how many were marked at each of its sittings together. */
export type Venue = { id: string; unitName: string; place: string | null; isCancelled: boolean; marked: number }

/** Venues of a conference by the name of their unit, a page at a time. */
export async function venuesOf(tx: Tx, sessionId: string, limit: number, offset: number): Promise<{ venues: Venue[]; total: number }> {
  const { rows } = await sql<Omit<Venue, 'marked'> & { sittingIds: string[]; total: number }>`
    select study_session.id, unit.name as "unitName", study_session.place, study_session.cancelled_at is not null as "isCancelled",
           array(select sitting.id from sitting where sitting.session_id = study_session.id) as "sittingIds", count(*) over () as total
    from study_session
    join unit on unit.id = study_session.unit_id
    where study_session.part_of = ${sessionId}
    order by unit.name collate "vi-x-icu", study_session.id
    limit ${limit} offset ${offset}`.execute(tx)
  const tallies = await talliesOf(tx, rows.flatMap((row) => row.sittingIds))
  const venues = rows.map(({ sittingIds, total: _, ...row }) => ({ ...row, marked: sittingIds.reduce((sum, id) => sum + taken(tallies.get(id)!), 0) }))
  return { venues, total: rows[0]?.total ?? 0 }
}

/** Conferences of the unit and of those above it that are still on: what a venue of the unit can be part of. */
export async function conferencesAbove(tx: Tx, campaignId: string, unitIds: string[]): Promise<{ id: string; name: string; kind: SittingHead['kind']; unitName: string; firstDay: Day }[]> {
  if (unitIds.length === 0) return []
  const { rows } = await sql<{ id: string; name: string; kind: SittingHead['kind']; unitName: string; firstDay: Day }>`
    select study_session.id, study_session.name, study_session.kind, unit.name as "unitName", min(sitting.held_on) as "firstDay"
    from study_session
    join sitting on sitting.session_id = study_session.id
    join unit on unit.id = study_session.unit_id
    where study_session.campaign_id = ${campaignId} and study_session.unit_id = any (${unitIds}::uuid[])
      and study_session.kind in ('national_conference', 'conference') and study_session.part_of is null and study_session.cancelled_at is null
    group by study_session.id, unit.id
    order by min(sitting.held_on) desc, study_session.id`.execute(tx)
  return rows
}
