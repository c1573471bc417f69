import { sql, type RawBuilder } from 'kysely'
import { keepCounts, lockPeople } from '../../db/counts.ts'
import type { Tx } from '../../db/open.ts'
import { chainOf, demand, reasonAgainst, type Ctx } from '../../permissions/permissions.ts'
import { showDay, type Day } from '../../platform/clock.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import type { Sentence } from '../../platform/i18n.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { settleDuties } from '../duties/duties.server.ts'
import { studiedBefore } from './studied-before.server.ts'
import { studyWords } from './study.messages.ts'
import type { HeadCounts, Mark, MarkStatus, Roll } from './study.schema.ts'

export type SittingHead = {
  id: string
  campaignId: string
  campaignCode: string
  sessionId: string
  unitId: string
  unitCode: string
  unitName: string
  kind: 'national_conference' | 'conference' | 'class' | 'make_up_class'
  name: string
  place: string | null
  position: number
  heldOn: Day
  startsAt: string | null
  endsAt: string | null
  isCancelled: boolean
}

export type SheetLine = {
  personId: string
  name: string
  bornOn: Day | null
  unitId: string
  unitCode: string
  unitName: string
  isExempt: boolean
  /** Studied before this make-up class, which is for the others. */
  hasStudied: boolean
  status: MarkStatus | null
  reason: string | null
  markedAt: Date | null
  /** Who marked, where the viewer may know: holders of an office sign for it. */
  markedBy: string | null
}

const sittings = (tx: Tx) =>
  tx
    .selectFrom('sitting')
    .innerJoin('study_session', 'study_session.id', 'sitting.session_id')
    .innerJoin('campaign', 'campaign.id', 'sitting.campaign_id')
    .innerJoin('unit', 'unit.id', 'sitting.unit_id')
    .select([
      'sitting.id',
      'sitting.campaign_id as campaignId',
      'campaign.code as campaignCode',
      'sitting.session_id as sessionId',
      'sitting.unit_id as unitId',
      'unit.code as unitCode',
      'unit.name as unitName',
      'study_session.kind',
      'study_session.name',
      'study_session.place',
      'sitting.position',
      'sitting.held_on as heldOn',
      sql<string | null>`to_char(sitting.starts_at, 'HH24:MI')`.as('startsAt'),
      sql<string | null>`to_char(sitting.ends_at, 'HH24:MI')`.as('endsAt'),
      sql<boolean>`study_session.cancelled_at is not null`.as('isCancelled'),
    ])
    .$castTo<SittingHead>()

/** One sitting with the session it belongs to; NotFound when there is none or the viewer does not see it. */
export async function sittingById(tx: Tx, id: string): Promise<SittingHead> {
  const sitting = await sittings(tx).where('sitting.id', '=', id).executeTakeFirst()
  if (!sitting) throw new NotFound()
  return sitting
}

/** Sittings of a session in their order. */
export function sittingsOf(tx: Tx, sessionId: string): Promise<SittingHead[]> {
  return sittings(tx).where('sitting.session_id', '=', sessionId).orderBy('sitting.position').execute()
}

/**
 * The sheet of a sitting: everyone the viewer may mark whom the session is for, and guests already marked, in
 * Vietnamese order of names; with `unitCode` only those of that unit. Whom a make-up class is not for come last. A superior
 * far above gets an empty sheet.
 */
export async function sheetOf(ctx: Ctx, sitting: SittingHead, unitCode?: string): Promise<SheetLine[]> {
  const { rows } = await sql<SheetLine>`
    ${sheetLines(sitting, await studiedBefore(ctx.tx, sitting))}
      and (${unitCode ?? null}::text is null or unit.code = ${unitCode ?? null})
      and (mark.id is not null or (
        roster.unit_id in (
          select unit_ancestor.unit_id from unit_ancestor
          where unit_ancestor.ancestor_id = ${sitting.unitId} and unit_ancestor.during @> ${sitting.heldOn}::date)
        and (not exists (select from study_session_category where study_session_category.session_id = ${sitting.sessionId})
          or roster.category_key in (
            select study_session_category.category_key from study_session_category
            where study_session_category.session_id = ${sitting.sessionId}))))
    order by unit.name collate "vi-x-icu", unit.id, "hasStudied", not roster.must_study,
             person.given_name collate "vi-x-icu", person.middle_name collate "vi-x-icu", person.family_name collate "vi-x-icu",
             person.born_on, person.id`.execute(ctx.tx)
  return rows
}

/** Lines of a sitting's sheet, to be narrowed further: everybody on the campaign's roster that day whom the viewer sees by name. */
export function sheetLines(sitting: SittingHead, studied: string[]): RawBuilder<SheetLine> {
  return sql<SheetLine>`
    select person.id as "personId", person.name, person.born_on as "bornOn", roster.unit_id as "unitId", unit.code as "unitCode", unit.name as "unitName",
           not roster.must_study as "isExempt", person.id = any (${studied}::uuid[]) as "hasStudied", mark.status, mark.reason,
           mark.recorded_at as "markedAt", office_holder_name(mark.recorded_by) as "markedBy"
    from roster
    join person on person.id = roster.person_id
    join unit on unit.id = roster.unit_id
    left join mark on mark.sitting_id = ${sitting.id} and mark.person_id = roster.person_id and mark.superseded_at is null
    where roster.campaign_id = ${sitting.campaignId}
      and roster.superseded_at is null
      and roster.during @> ${sitting.heldOn}::date
      and roster.unit_id in (select viewer_people_units())`
}

/** Why the viewer cannot take this roll; null when it can be taken for at least one unit on the sheet. */
export async function reasonAgainstRoll(ctx: Ctx, sitting: SittingHead, lines: SheetLine[]): Promise<Sentence | null> {
  const closed = reasonClosed(ctx, sitting)
  if (closed) return closed
  const units = lines.length > 0 ? [...new Set(lines.map((line) => line.unitId))] : [sitting.unitId]
  let reason: Sentence | null = null
  for (const unitId of units) {
    reason = reasonAgainst(ctx.viewer, 'take the roll', await chainOf(ctx.tx, unitId, ctx.viewer.today))
    if (!reason) return null
  }
  return reason
}

function reasonClosed({ viewer }: Ctx, sitting: SittingHead): Sentence | null {
  if (sitting.isCancelled) return studyWords.say('cancelled')
  return viewer.today < sitting.heldOn ? studyWords.say('rollAhead', { day: showDay(sitting.heldOn) }) : null
}

/** The sitting, held fast: a cancellation under way is waited for, and one that comes now waits. Refused where it is closed. */
export async function openSitting(ctx: Ctx, id: string, field: string): Promise<SittingHead> {
  await ctx.tx
    .selectFrom('study_session')
    .select('id')
    .where('id', '=', (query) => query.selectFrom('sitting').select('sitting.session_id').where('sitting.id', '=', id))
    .forShare()
    .execute()
  const sitting = await sittingById(ctx.tx, id)
  const closed = reasonClosed(ctx, sitting)
  if (closed) throw new Refused(field, closed)
  return sitting
}

type CurrentMark = { id: string; personId: string; status: string; reason: string | null }
type Place = { personId: string; name: string; unitId: string }

/**
 * Adds one mark a person to a sitting's roll; an earlier mark of the same person is superseded, not removed, and one that
 * already says the same is left alone. People who are not in the roll keep what they had.
 * Throws NotFound, Forbidden, Refused('marks').
 */
export async function takeRoll(ctx: Ctx, roll: Roll): Promise<Receipt> {
  const { tx, viewer, source } = ctx
  const sitting = await openSitting(ctx, roll.sittingId, 'marks')
  await lockPeople(tx, roll.marks.map((mark) => mark.personId))
  const places = await placesOf(ctx, sitting, roll.marks)
  if (places.size === 0) demand(viewer, 'take the roll', await chainOf(tx, sitting.unitId, viewer.today))
  for (const unitId of new Set([...places.values()].map((place) => place.unitId))) {
    demand(viewer, 'take the roll', await chainOf(tx, unitId, viewer.today))
  }
  const people = [...places.keys()]
  const written = await keepCounts(tx, sitting.campaignId, { people }, async () => {
    const current = await currentMarks(tx, sitting.id, people)
    refuseOverlap(roll.marks, current, places)
    const changed = roll.marks.filter((mark) => !sameMark(current.get(mark.personId), mark))
    const outdated = changed.map((mark) => current.get(mark.personId)?.id).filter((id) => id !== undefined)
    const superseded = outdated.length === 0 ? [] : await tx.updateTable('mark').set({ superseded_at: sql`clock_timestamp()` }).where('id', 'in', outdated).returning(sql<string>`superseded_at::text`.as('at')).execute()
    if (changed.length === 0) return null
    const rows = changed.map((mark) => ({
      sitting_id: sitting.id,
      campaign_id: sitting.campaignId,
      person_id: mark.personId,
      unit_id: places.get(mark.personId)!.unitId,
      status: mark.status,
      reason: reasonOf(mark),
      recorded_by: viewer.personId,
      on_behalf_of: mark.onBehalfOf ?? null,
      source,
    }))
    const inserted = await tx.insertInto('mark').values(rows).returning(sql<string>`recorded_at::text`.as('at')).execute()
    return { changed: changed.length, from: (superseded[0] ?? inserted[0]!).at, to: inserted.at(-1)!.at }
  })
  const units = new Set([sitting.unitId, ...[...places.values()].map((place) => place.unitId)])
  if (written) await settleDuties(ctx, { unitId: [...units], campaignId: sitting.campaignId, kinds: ['study'] })
  return note(ctx, {
    action: 'roll.taken',
    unitId: sitting.unitId,
    subjectType: 'sitting',
    subjectId: sitting.id,
    detail: { heldOn: sitting.heldOn, ...tally(roll.marks), changed: 0, ...written },
  })
}

/** Between which instants the viewer's saving of that receipt wrote its marks; null when it changed none or is not there. */
export async function takenBetween({ tx, viewer }: Ctx, sittingId: string, receipt: Receipt): Promise<{ from: string; to: string } | null> {
  const entry = await tx
    .selectFrom('audit_entry')
    .select('detail')
    .where('id', '=', receipt)
    .where('action', '=', 'roll.taken')
    .where('subject_id', '=', sittingId)
    .where('actor_id', '=', viewer.personId)
    .executeTakeFirst()
  const { from, to } = (entry?.detail ?? {}) as { from?: string; to?: string }
  return from && to ? { from, to } : null
}

/** Where each person stands on the roster for that sitting: on its day, or from the first day after it for late arrivals. */
async function placesOf({ tx }: Ctx, sitting: SittingHead, marks: Mark[]): Promise<Map<string, Place>> {
  const people = [...new Set(marks.map((mark) => mark.personId))]
  const { rows } = await sql<Place>`
    select distinct on (roster.person_id) roster.person_id as "personId", person.name, roster.unit_id as "unitId"
    from roster
    join person on person.id = roster.person_id
    where roster.campaign_id = ${sitting.campaignId} and roster.person_id = any (${people}::uuid[])
      and roster.superseded_at is null and (upper_inf(roster.during) or upper(roster.during) > ${sitting.heldOn}::date)
    order by roster.person_id, lower(roster.during)`.execute(tx)
  const places = new Map(rows.map((row) => [row.personId, row]))
  for (const personId of people) {
    if (places.has(personId)) continue
    const person = await tx.selectFrom('person').select('name').where('id', '=', personId).executeTakeFirst()
    if (!person) throw new NotFound()
    throw new Refused('marks', studyWords.say('notOnRoster', { name: person.name }))
  }
  const helped = [...new Set(marks.flatMap((mark) => (mark.onBehalfOf ? [mark.onBehalfOf] : [])))]
  const known = helped.length === 0 ? [] : await tx.selectFrom('person').select('id').where('id', 'in', helped).execute()
  if (known.length < helped.length) throw new Refused('marks', studyWords.say('unknownHelped'))
  const twice = marks.find((mark, index) => marks.findIndex((other) => other.personId === mark.personId) !== index)
  if (twice) throw new Refused('marks', studyWords.say('markTwice', { name: places.get(twice.personId)!.name }))
  return places
}

async function currentMarks(tx: Tx, sittingId: string, people: string[]): Promise<Map<string, CurrentMark>> {
  if (people.length === 0) return new Map()
  const rows = await tx
    .selectFrom('mark')
    .select(['id', 'person_id as personId', 'status', 'reason'])
    .where('sitting_id', '=', sittingId)
    .where('person_id', 'in', people)
    .where('superseded_at', 'is', null)
    .execute()
  return new Map(rows.map((row) => [row.personId, row]))
}

/** Refuses where this sheet would overwrite what somebody else marked since it was opened; their other lines go through. */
function refuseOverlap(marks: Mark[], current: Map<string, CurrentMark>, places: Map<string, Place>): void {
  const overlapping = marks.filter((mark) => {
    const now = current.get(mark.personId)?.status ?? ''
    return mark.was !== undefined && mark.was !== now && mark.status !== now
  })
  if (overlapping.length === 0) return
  const names = places.get(overlapping[0]!.personId)!.name
  throw new Refused('marks', studyWords.say('someoneElse', { count: overlapping.length, names }))
}

function sameMark(current: CurrentMark | undefined, mark: Mark): boolean {
  return current !== undefined && current.status === mark.status && reasonOf(mark) === current.reason
}

/** Who is present needs no reason: one left over from another choice is not kept. */
function reasonOf(mark: Mark): string | null {
  return mark.status === 'present' ? null : (mark.reason ?? null)
}

/** How many were marked as what; statuses nobody has are left out. */
function tally(marks: { status: MarkStatus }[]): Partial<Record<MarkStatus, number>> {
  const counts: Partial<Record<MarkStatus, number>> = {}
  for (const { status } of marks) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

/** Records how many non-members came to a sitting, by kind; an earlier count of the kind is superseded. */
export async function recordHeadCounts(ctx: Ctx, { sittingId, people }: HeadCounts): Promise<Receipt> {
  const { tx, viewer, source } = ctx
  const sitting = await openSitting(ctx, sittingId, 'people')
  demand(viewer, 'hold a session', await chainOf(tx, sitting.unitId, viewer.today))
  const kinds = Object.keys(people) as (keyof typeof people)[]
  await keepCounts(tx, sitting.campaignId, { units: [sitting.unitId] }, async () => {
    if (kinds.length === 0) return
    await tx
      .updateTable('head_count')
      .set({ superseded_at: sql`clock_timestamp()` })
      .where('sitting_id', '=', sitting.id)
      .where('kind', 'in', kinds)
      .where('superseded_at', 'is', null)
      .execute()
    const rows = kinds.map((kind) => ({
      sitting_id: sitting.id,
      campaign_id: sitting.campaignId,
      unit_id: sitting.unitId,
      kind,
      people: people[kind]!,
      recorded_by: viewer.personId,
      source,
    }))
    await tx.insertInto('head_count').values(rows).execute()
  })
  return note(ctx, { action: 'heads.counted', unitId: sitting.unitId, subjectType: 'sitting', subjectId: sitting.id, detail: people })
}

/** Current head counts of a sitting by kind. */
export async function headCountsOf(tx: Tx, sittingId: string): Promise<Record<string, number>> {
  const rows = await tx.selectFrom('head_count').select(['kind', 'people']).where('sitting_id', '=', sittingId).where('superseded_at', 'is', null).execute()
  return Object.fromEntries(rows.map((row) => [row.kind, row.people]))
}
