import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import { addDays, type Day } from '../../platform/clock.ts'
import { chainOf, reasonAgainst, type Ctx } from '../../permissions/permissions.ts'
import type { Campaign } from '../campaigns/campaigns.server.ts'
import { rosterOf } from '../campaigns/roster.server.ts'
import { behindFigure } from '../indicators/behind.server.ts'
import { ownMarks, unitOfMember } from '../people/own-record.server.ts'
import { standingOf, worstFirst } from '../reports/reports.server.ts'
import { sheetOf, sittingById } from '../study/rolls.server.ts'
import { taken, talliesOf, topicsOf } from '../study/session-views.server.ts'
import { placeAt, type Place } from '../units/place.server.ts'
import { unitByCode } from '../units/units.server.ts'

type Open = Campaign & { openedOn: Day }
type Asked = { campaign: Open; place: Place; asOf: Day }

/** A sitting that is near: when, where, what of. `people` are those of the unit who are expected there. */
export type NearSitting = {
  id: string
  sessionId: string
  name: string
  kind: string
  place: string | null
  unitCode: string
  unitName: string
  position: number
  sittings: number
  heldOn: Day
  startsAt: string | null
  endsAt: string | null
  topics: string[]
  people: number | null
}

const nearSittings = (tx: Tx, campaignId: string, unitIds: string[], from: Day, until: Day, limit: number) =>
  sql<Omit<NearSitting, 'topics' | 'people'> & { unitId: string; categories: string[] }>`
    select sitting.id, sitting.session_id as "sessionId", study_session.name, study_session.kind, study_session.place, unit.id as "unitId",
           unit.code as "unitCode", unit.name as "unitName", sitting.position,
           (select count(*) from sitting as each_one where each_one.session_id = sitting.session_id) as sittings,
           sitting.held_on as "heldOn", to_char(sitting.starts_at, 'HH24:MI') as "startsAt", to_char(sitting.ends_at, 'HH24:MI') as "endsAt",
           array(select wanted.category_key from study_session_category as wanted where wanted.session_id = sitting.session_id) as categories
    from sitting
    join study_session on study_session.id = sitting.session_id and study_session.cancelled_at is null
    join unit on unit.id = sitting.unit_id
    where sitting.campaign_id = ${campaignId} and sitting.unit_id = any (${unitIds}::uuid[])
      and sitting.held_on between ${from}::date and ${until}::date
    order by sitting.held_on, sitting.starts_at, sitting.id
    limit ${limit}`.execute(tx)

const farAhead = (day: Day) => addDays(day, 366)

/** The unit's next sitting on that day or later, else the next one above it that its people have to come to; null when none is planned. */
export async function nextSitting(ctx: Ctx, { campaign, place: { unit }, asOf }: Asked): Promise<NearSitting | null> {
  const chain = unit.kind === 'cell' ? await chainOf(ctx.tx, unit.id, asOf) : [unit.id]
  const { rows } = await nearSittings(ctx.tx, campaign.id, chain, asOf, farAhead(asOf), 12)
  const ownFirst = rows.toSorted((one, other) => Number(one.unitId !== unit.id) - Number(other.unitId !== unit.id))
  for (const { unitId, categories: _, ...row } of ownFirst) {
    const sheet = await sheetOf(ctx, await sittingById(ctx.tx, row.id), unit.kind === 'cell' ? unit.code : undefined)
    const people = sheet.filter((line) => !line.isExempt).length
    if (unitId !== unit.id && people === 0) continue
    const topics = await topicsOf(ctx.tx, [row.id])
    return { ...row, people, topics: (topics.get(row.id) ?? []).map((topic) => topic.name) }
  }
  return null
}

/** Sittings of the unit by that day whose roll has nobody on it yet, the latest first. */
export async function sittingsWithoutRoll({ tx }: Ctx, { campaign, place: { unit }, asOf }: Asked): Promise<{ id: string; name: string; heldOn: Day }[]> {
  const { rows } = await sql<{ id: string; name: string; heldOn: Day }>`
    select sitting.id, study_session.name, sitting.held_on as "heldOn"
    from sitting
    join study_session on study_session.id = sitting.session_id and study_session.cancelled_at is null
    where sitting.campaign_id = ${campaign.id} and sitting.unit_id = ${unit.id} and sitting.held_on between ${campaign.openedOn}::date and ${asOf}::date
    order by sitting.held_on desc, sitting.starts_at, sitting.id
    limit 40`.execute(tx)
  const tallies = await talliesOf(tx, rows.map((row) => row.id))
  return rows.filter((row) => taken(tallies.get(row.id)!) === 0)
}

/**
 * Who of the unit's own people has not studied, with what the last roll said; null where names are not the viewer's.
 * Until the unit's next sitting nobody has: then those count who missed one before (`isMidway`).
 */
export async function missingPeople(ctx: Ctx, { campaign, place, asOf }: Asked, next: NearSitting | null) {
  if (place.beneath.length > 0) return null
  const behind = await behindFigure(ctx, { campaign, place, key: 'studied', asOf, part: null })
  if (!behind.people) return null
  const missing = behind.people.filter((person) => person.state === 'missing')
  const isMidway = next?.unitCode === place.unit.code && missing.some((person) => person.topicsDone > 0)
  const wasAway = (person: (typeof missing)[number]) => person.last?.status === 'absent' || person.last?.status === 'excused'
  return {
    isDeclared: behind.isDeclared,
    isMidway,
    missing: isMidway ? missing.filter(wasAway) : missing,
    hasBegun: behind.numerator > 0 || missing.some((person) => person.last),
  }
}

/** Where a unit stands and which of its units have people missing, worst first. */
export async function standingOfUnit({ tx }: Ctx, { campaign, place, asOf }: Asked) {
  const standing = await standingOf(tx, { campaignId: campaign.id, asOf }, place)
  const { total, own } = standing
  return {
    ...standing,
    missing: total.expected - total.studied,
    onRoster: own.whole('on-roster'),
    atConference: own.whole('studied-at-national-conference'),
  }
}

/** Campaigns in preparation that the viewer may open. */
export async function campaignsToOpen({ tx, viewer }: Ctx, campaigns: Campaign[]): Promise<Campaign[]> {
  const waiting = campaigns.filter((campaign) => campaign.openedOn === null)
  const mine: Campaign[] = []
  for (const campaign of waiting) {
    if (!reasonAgainst(viewer, 'open a campaign', await chainOf(tx, campaign.unitId, viewer.today))) mine.push(campaign)
  }
  return mine
}

/** Whether the viewer may prepare a campaign in some unit. */
export function mayPrepare({ viewer }: Ctx): boolean {
  return viewer.offices.some((office) => reasonAgainst(viewer, 'prepare a campaign', [office.unitId]) === null)
}

/**
 * One's own part in a campaign as of a day; null for somebody who is not on its roster. Marks only where they are shown:
 * who leads a unit finds them under "Dữ liệu của tôi".
 */
export async function ownStudy(ctx: Ctx, { campaign, asOf, isAlone }: { campaign: Open; asOf: Day; isAlone: boolean }) {
  const row = (await rosterOf(ctx.tx, campaign.id, ctx.viewer.personId)).find((one) => one.from <= asOf && (one.until === null || asOf < one.until))
  if (!row) return null
  const done = await attendedTopics(ctx, campaign.id, asOf)
  const topics = (await topicsOfCampaign(ctx.tx, campaign.id)).map((topic) => ({ name: topic.name, on: done.get(topic.id) ?? null }))
  const isDone = topics.every((topic) => topic.on)
  return {
    mustStudy: row.mustStudy,
    exemptReason: row.exemptReason,
    topics,
    isDone,
    marks: isAlone ? (await ownMarks(ctx)).filter((mark) => mark.campaignId === campaign.id && (mark.heldOn === null || mark.heldOn <= asOf)) : [],
    next: row.mustStudy && !isDone ? await ownNext(ctx, campaign, asOf, row.categoryKey) : [],
  }
}

const topicsOfCampaign = (tx: Tx, campaignId: string) => tx.selectFrom('topic').select(['id', 'name']).where('campaign_id', '=', campaignId).orderBy('position').execute()

async function attendedTopics({ tx, viewer }: Ctx, campaignId: string, asOf: Day): Promise<Map<string, Day>> {
  const { rows } = await sql<{ topicId: string; on: Day }>`
    select sitting_topic.topic_id as "topicId", min(sitting.held_on) as on
    from mark
    join sitting on sitting.id = mark.sitting_id and sitting.held_on <= ${asOf}::date
    join study_session on study_session.id = sitting.session_id and study_session.cancelled_at is null
    join sitting_topic on sitting_topic.sitting_id = sitting.id
    where mark.person_id = ${viewer.personId} and mark.campaign_id = ${campaignId} and mark.superseded_at is null and mark.status in ('present', 'late')
    group by sitting_topic.topic_id`.execute(tx)
  return new Map(rows.map((row) => [row.topicId, row.on]))
}

/** Sittings ahead that are for people like the viewer, in the own unit and those above it. */
async function ownNext(ctx: Ctx, campaign: Open, asOf: Day, categoryKey: string): Promise<NearSitting[]> {
  const { tx } = ctx
  const unitId = await unitOfMember(ctx)
  if (!unitId) return []
  const { rows } = await nearSittings(tx, campaign.id, await chainOf(tx, unitId, asOf), asOf, farAhead(asOf), 20)
  const mine = rows.filter((row) => row.categories.length === 0 || row.categories.includes(categoryKey)).slice(0, 5)
  const topics = await topicsOf(tx, mine.map((row) => row.id))
  return mine.map(({ unitId: _, categories: __, ...row }) => ({ ...row, people: null, topics: (topics.get(row.id) ?? []).map((topic) => topic.name) }))
}

/** Units that the viewer was assigned to inspect, with where each stands. */
export async function assignedUnits({ tx, viewer }: Ctx, campaign: Open, asOf: Day) {
  const { rows } = await sql<{ id: string; code: string; name: string; kind: string; until: Day }>`
    select unit.id, unit.code, unit.name, unit.kind, upper(inspection_assignment.during) as until
    from inspection_assignment
    join unit on unit.id = inspection_assignment.unit_id
    where inspection_assignment.person_id = ${viewer.personId} and inspection_assignment.during @> ${viewer.today}::date
    order by unit.code`.execute(tx)
  const assigned = []
  for (const { until, ...unit } of rows) assigned.push({ ...unit, until, ...(await standingOf(tx, { campaignId: campaign.id, asOf }, await placeAt(tx, await unitByCode(tx, unit.code), asOf))).total })
  return worstFirst(assigned)
}
