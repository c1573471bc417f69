import { sql } from 'kysely'
import { v7 } from 'uuid'
import { keepCounts } from '../../db/counts.ts'
import type { Tx } from '../../db/open.ts'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import { addDays, showDay, type Day } from '../../platform/clock.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { openCampaignByCode, partsOf, type Campaign } from '../campaigns/campaigns.server.ts'
import { settleDuties } from '../duties/duties.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { studyWords } from './study.messages.ts'
import type { Session, SessionCancellation, SessionCancellationByName } from './study.schema.ts'

/**
 * Holds a conference, class or make-up class with its sittings. A venue of a conference names the whole it is part of.
 * Sent twice with the same id it is one session, and the first answer is given again.
 * Throws NotFound, Forbidden, Refused('sittings' | 'categories' | 'partOf' | 'kind' | 'form').
 */
export async function holdSession(ctx: Ctx, input: Session): Promise<{ sessionId: string; sittingIds: string[]; receipt: Receipt }> {
  const { tx, viewer, source } = ctx
  const campaign = await openCampaignByCode(tx, input.campaignCode)
  const unit = await unitByCode(tx, input.unitCode)
  const chain = await chainOf(tx, unit.id, viewer.today)
  demand(viewer, 'hold a session', chain)
  await checkParts(ctx, campaign, input, chain)
  const sessionId = input.id ?? v7()
  const inserted = await tx
    .insertInto('study_session')
    .values({
      id: sessionId,
      campaign_id: campaign.id,
      unit_id: unit.id,
      kind: input.kind,
      name: input.name,
      place: input.place ?? null,
      part_of: input.partOf ?? null,
      recorded_by: viewer.personId,
      source,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows !== 1n) return heldBefore(ctx, sessionId)
  if (input.categories.length > 0) {
    await tx
      .insertInto('study_session_category')
      .values(input.categories.map((category_key) => ({ session_id: sessionId, campaign_id: campaign.id, category_key })))
      .execute()
  }
  const sittings = [...input.sittings].sort((one, other) => `${one.heldOn} ${one.startsAt ?? ''}`.localeCompare(`${other.heldOn} ${other.startsAt ?? ''}`))
  const sittingIds: string[] = []
  for (const [index, sitting] of sittings.entries()) {
    const id = v7()
    sittingIds.push(id)
    await tx
      .insertInto('sitting')
      .values({
        id,
        session_id: sessionId,
        campaign_id: campaign.id,
        unit_id: unit.id,
        position: index + 1,
        held_on: sitting.heldOn,
        starts_at: sitting.startsAt ?? null,
        ends_at: sitting.endsAt ?? null,
      })
      .execute()
    if (sitting.topicIds.length > 0) {
      await tx.insertInto('sitting_topic').values(sitting.topicIds.map((topic_id) => ({ sitting_id: id, topic_id }))).execute()
    }
  }
  const receipt = await note(ctx, {
    action: 'session.held',
    unitId: unit.id,
    subjectType: 'study_session',
    subjectId: sessionId,
    detail: { campaign: campaign.code, kind: input.kind, days: sittings.map((sitting) => sitting.heldOn) },
  })
  return { sessionId, sittingIds, receipt }
}

/** The answer that the first sending of the form got; refused where the id is somebody else's. */
async function heldBefore({ tx, viewer }: Ctx, sessionId: string): Promise<{ sessionId: string; sittingIds: string[]; receipt: Receipt }> {
  const entry = await tx
    .selectFrom('audit_entry')
    .select('id')
    .where('action', '=', 'session.held')
    .where('subject_id', '=', sessionId)
    .where('actor_id', '=', viewer.personId)
    .executeTakeFirst()
  if (!entry) throw new Refused('form', studyWords.say('inUse'))
  const sittings = await tx.selectFrom('sitting').select('id').where('session_id', '=', sessionId).orderBy('position').execute()
  return { sessionId, sittingIds: sittings.map((sitting) => sitting.id), receipt: entry.id }
}

async function checkParts({ tx, viewer }: Ctx, campaign: Campaign & { openedOn: Day }, input: Session, chain: string[]): Promise<void> {
  const { topics, categories } = await partsOf(tx, campaign.id)
  const knownTopics = new Set(topics.map((topic) => topic.id))
  const knownCategories = new Set(categories.map((category) => category.key))
  // a campaign of long ago can still be made up for today
  const earliest = addDays(campaign.studyFrom, -366)
  const latest = addDays(campaign.studyTo > viewer.today ? campaign.studyTo : viewer.today, 366)
  for (const sitting of input.sittings) {
    if (sitting.topicIds.some((id) => !knownTopics.has(id))) throw new Refused('sittings', studyWords.say('unknownTopic'))
    if (sitting.heldOn < campaign.openedOn) throw new Refused('sittings', studyWords.say('beforeOpening', { day: showDay(campaign.openedOn) }))
    if (sitting.heldOn < earliest || sitting.heldOn > latest) throw new Refused('sittings', studyWords.say('farAway', { day: showDay(sitting.heldOn) }))
    if (sitting.startsAt && sitting.endsAt && sitting.endsAt <= sitting.startsAt) throw new Refused('sittings', studyWords.say('endsBeforeStart'))
  }
  const strange = input.categories.find((key) => !knownCategories.has(key))
  if (strange) throw new Refused('categories', studyWords.say('unknownCategory', { key: strange }))
  if (input.partOf) {
    const whole = await tx
      .selectFrom('study_session')
      .select(['unit_id', 'kind', 'campaign_id'])
      .where('id', '=', input.partOf)
      .where('part_of', 'is', null)
      .where('cancelled_at', 'is', null)
      .executeTakeFirst()
    if (!whole || whole.campaign_id !== campaign.id || whole.kind !== input.kind || !chain.includes(whole.unit_id)) throw new Refused('partOf', studyWords.say('unknownWhole'))
    // else a class on any day could be called a venue, and the figure of the conference would mean nothing
    const days = await tx.selectFrom('sitting').select('held_on').where('session_id', '=', input.partOf).execute()
    const strangeDay = input.sittings.find((sitting) => !days.some((day) => day.held_on === sitting.heldOn))
    if (strangeDay) throw new Refused('sittings', studyWords.say('notOnItsDays', { day: showDay(strangeDay.heldOn) }))
  } else if (input.kind === 'national_conference' && input.unitCode !== campaign.unitCode) {
    throw new Refused('kind', studyWords.say('nationalByRoot', { name: campaign.unitName }))
  }
}

/** Cancels a session: its marks and head counts stay on record and no longer count. Cancelling twice changes nothing. */
export async function cancelSession(ctx: Ctx, { sessionId }: SessionCancellation): Promise<Receipt> {
  const { tx, viewer } = ctx
  const session = await tx.selectFrom('study_session').select(['id', 'campaign_id', 'unit_id']).where('id', '=', sessionId).forUpdate().executeTakeFirst()
  if (!session) throw new NotFound()
  demand(viewer, 'hold a session', await chainOf(tx, session.unit_id, viewer.today))
  const counted = await sql<{ people: string[] }>`select marked_people(${sessionId}) as people`.execute(tx)
  await keepCounts(tx, session.campaign_id, { people: counted.rows[0]!.people, units: [session.unit_id] }, () =>
    tx
      .updateTable('study_session')
      .set({ cancelled_at: sql`coalesce(cancelled_at, clock_timestamp())` })
      .where('id', '=', sessionId)
      .execute(),
  )
  const seen = await tx.selectFrom('mark').innerJoin('sitting', 'sitting.id', 'mark.sitting_id').select('mark.unit_id as unitId').distinct().where('sitting.session_id', '=', sessionId).execute()
  // units whose marks are not the viewer's are settled by the job
  await settleDuties(ctx, { unitId: [session.unit_id, ...seen.map(({ unitId }) => unitId)], campaignId: session.campaign_id, kinds: ['study'] })
  return note(ctx, { action: 'session.cancelled', unitId: session.unit_id, subjectType: 'study_session', subjectId: sessionId })
}

/** Cancels the session whose name the person typed; marks, case and spaces do not matter. Throws Refused('name') for another name. */
export async function cancelSessionByName(ctx: Ctx, { sessionId, name }: SessionCancellationByName): Promise<Receipt> {
  const { rows } = await sql<{ name: string; isSame: boolean }>`
    select study_session.name, regexp_replace(fold(study_session.name), '\\s+', ' ', 'g') = regexp_replace(fold(${name}), '\\s+', ' ', 'g') as "isSame"
    from study_session
    where study_session.id = ${sessionId}`.execute(ctx.tx)
  if (!rows[0]) throw new NotFound()
  if (!rows[0].isSame) throw new Refused('name', studyWords.say('otherName', { name: rows[0].name }))
  return cancelSession(ctx, { sessionId, confirmed: 'yes' })
}

/** How many sessions of each kind, and venues of conferences, were held at or beneath a unit by a day; cancelled ones were not. */
export async function sessionsHeld(tx: Tx, campaignId: string, unitId: string, asOf: Day): Promise<Map<string, { sessions: number; venues: number }>> {
  const { rows } = await sql<{ kind: string; sessions: number; venues: number }>`
    select kind, sessions, venues from sessions_held(${campaignId}, ${unitId}, ${asOf})`.execute(tx)
  return new Map(rows.map((row) => [row.kind, row]))
}
