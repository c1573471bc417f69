import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'

/** What is held about the viewer: one's own rows, which everybody sees. Days in `until` are the first that no longer hold. */
export type OwnRecord = {
  person: { name: string; bornOn: Day | null; phone: string | null; cardNumber: string | null }
  memberships: { unitCode: string; unitName: string; status: string; exemptReason: string | null; from: Day | null; until: Day | null }[]
  offices: { role: string; title: string | null; unitId: string; unitCode: string; unitName: string; from: Day | null; until: Day | null }[]
  assignments: { unitCode: string; unitName: string; until: Day }[]
  rosters: OwnRoster[]
  marks: OwnMark[]
}

export type OwnRoster = {
  campaignId: string
  campaignCode: string
  campaignName: string
  unitName: string
  categoryKey: string
  category: string | null
  mustStudy: boolean
  mustWrite: boolean
  exemptReason: string | null
  from: Day
  until: Day | null
}

/** One mark of one's own; the session is null where it was held by a unit that one does not see. */
export type OwnMark = {
  campaignId: string
  campaignCode: string
  heldOn: Day | null
  sessionId: string | null
  session: string | null
  place: string | null
  unitName: string | null
  status: string
  reason: string | null
  recordedAt: Date
}

/** The unit the viewer belongs to today; null for somebody who is no member. */
export async function unitOfMember({ tx, viewer }: Pick<Ctx, 'tx' | 'viewer'>): Promise<string | null> {
  const membership = await tx
    .selectFrom('membership')
    .select('unit_id')
    .where('person_id', '=', viewer.personId)
    .where(sql<boolean>`during @> ${viewer.today}::date`)
    .executeTakeFirst()
  return membership?.unit_id ?? null
}

/** Everything held about the viewer, the latest first. */
export function ownRecord(ctx: Pick<Ctx, 'tx' | 'viewer'>): Promise<OwnRecord> {
  return recordOf(ctx, ctx.viewer.personId)
}

/** What is held about a person as far as the viewer sees it, the latest first. */
export async function recordOf({ tx, viewer }: Pick<Ctx, 'tx' | 'viewer'>, personId: string): Promise<OwnRecord> {
  const person = await tx
    .selectFrom('person')
    .select(['name', 'born_on as bornOn', 'phone', 'card_number as cardNumber'])
    .where('id', '=', personId)
    .executeTakeFirstOrThrow()
  const memberships = await sql<OwnRecord['memberships'][number]>`
    select unit.code as "unitCode", unit.name as "unitName", membership.status, exempt_reason_of(membership.id) as "exemptReason",
           nullif(lower(membership.during), '-infinity') as "from", upper(membership.during) as until
    from membership
    join unit on unit.id = membership.unit_id
    where membership.person_id = ${personId}
    order by lower(membership.during) desc`.execute(tx)
  const offices = await sql<OwnRecord['offices'][number]>`
    select office.role, office.title, unit.id as "unitId", unit.code as "unitCode", unit.name as "unitName",
           nullif(lower(office.during), '-infinity') as "from", upper(office.during) as until
    from office
    join unit on unit.id = office.unit_id
    where office.person_id = ${personId}
    order by lower(office.during) desc, office.id`.execute(tx)
  const assignments = await sql<OwnRecord['assignments'][number]>`
    select unit.code as "unitCode", unit.name as "unitName", upper(inspection_assignment.during) as until
    from inspection_assignment
    join unit on unit.id = inspection_assignment.unit_id
    where inspection_assignment.person_id = ${personId} and inspection_assignment.during @> ${viewer.today}::date
    order by unit.code`.execute(tx)
  const rosters = await sql<OwnRoster>`
    select campaign.id as "campaignId", campaign.code as "campaignCode", campaign.name as "campaignName", unit.name as "unitName",
           category.name as category, roster.category_key as "categoryKey", roster.must_study as "mustStudy", roster.must_write as "mustWrite",
           roster.exempt_reason as "exemptReason", lower(roster.during) as "from", upper(roster.during) as until
    from roster
    join campaign on campaign.id = roster.campaign_id
    left join unit on unit.id = roster.unit_id
    left join category on category.campaign_id = roster.campaign_id and category.key = roster.category_key
    where roster.person_id = ${personId} and roster.superseded_at is null
    order by campaign.study_to desc, lower(roster.during) desc`.execute(tx)
  return { person, memberships: memberships.rows, offices: offices.rows, assignments: assignments.rows, rosters: rosters.rows, marks: await marksOf(tx, personId) }
}

/** One's own marks, the latest first. */
export function ownMarks({ tx, viewer }: Pick<Ctx, 'tx' | 'viewer'>): Promise<OwnMark[]> {
  return marksOf(tx, viewer.personId)
}

async function marksOf(tx: Tx, personId: string): Promise<OwnMark[]> {
  const { rows } = await sql<OwnMark>`
    select mark.campaign_id as "campaignId", campaign.code as "campaignCode", sitting.held_on as "heldOn", study_session.id as "sessionId", study_session.name as session, study_session.place,
           unit.name as "unitName", mark.status, mark.reason, mark.recorded_at as "recordedAt"
    from mark
    join campaign on campaign.id = mark.campaign_id
    left join sitting on sitting.id = mark.sitting_id
    left join study_session on study_session.id = sitting.session_id
    left join unit on unit.id = sitting.unit_id
    where mark.person_id = ${personId} and mark.superseded_at is null and study_session.cancelled_at is null
    order by coalesce(sitting.held_on, mark.recorded_at::date) desc, mark.id
    limit 100`.execute(tx)
  return rows
}
