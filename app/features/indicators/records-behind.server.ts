import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Day } from '../../platform/clock.ts'

/** One sitting with how many of the figure it made. */
export type SittingBehind = { sittingId: string; sessionId: string; name: string; kind: string; place: string | null; heldOn: Day; people: number }

/** Totals that a unit declared, with who declared them and when. */
export type DeclarationBehind = { declaredOn: Day; studied: number; declaredBy: string | null; recordedAt: Date; note: string | null }

/** Printed copies on their way to the unit itself: the version, what was sent and what came. */
export type CopiesBehind = { id: string; materialId: string; title: string; number: number; sent: number; sentOn: Day; received: number | null; receivedOn: Day | null; reachBy: Day | null }

type Question = { campaignId: string; unitId: string; asOf: Day }

/** The sittings at which the unit's own people were present or late, latest first. */
export async function sittingsBehind(tx: Tx, { campaignId, unitId, asOf }: Question): Promise<SittingBehind[]> {
  const { rows } = await sql<SittingBehind>`
    select sitting.id as "sittingId", study_session.id as "sessionId", study_session.name, study_session.kind, study_session.place,
           sitting.held_on as "heldOn", count(*) as people
    from mark
    join sitting on sitting.id = mark.sitting_id
    join study_session on study_session.id = sitting.session_id
    where mark.campaign_id = ${campaignId} and mark.unit_id = ${unitId} and mark.superseded_at is null and mark.status in ('present', 'late')
      and study_session.cancelled_at is null and sitting.held_on <= ${asOf}::date
    group by sitting.id, study_session.id
    order by sitting.held_on desc, sitting.id
    limit 200`.execute(tx)
  return rows
}

/** The unit's own sittings at which non-members were counted, latest first; `kind` of non-member narrows them. */
export async function headCountsBehind(tx: Tx, { campaignId, unitId, asOf, kind }: Question & { kind: string | null }): Promise<SittingBehind[]> {
  const { rows } = await sql<SittingBehind>`
    select sitting.id as "sittingId", study_session.id as "sessionId", study_session.name, study_session.kind, study_session.place,
           sitting.held_on as "heldOn", sum(head_count.people)::bigint as people
    from head_count
    join sitting on sitting.id = head_count.sitting_id
    join study_session on study_session.id = sitting.session_id
    where head_count.campaign_id = ${campaignId} and head_count.unit_id = ${unitId} and head_count.superseded_at is null
      and (${kind}::text is null or head_count.kind = ${kind})
      and study_session.cancelled_at is null and sitting.held_on <= ${asOf}::date
    group by sitting.id, study_session.id
    having sum(head_count.people) > 0
    order by sitting.held_on desc, sitting.id
    limit 200`.execute(tx)
  return rows
}

/** What the unit itself had declared by that day, latest first. */
export async function declarationsBehind(tx: Tx, { campaignId, unitId, asOf }: Question): Promise<DeclarationBehind[]> {
  const { rows } = await sql<DeclarationBehind>`
    select declaration.declared_on as "declaredOn", sum(declaration_part.studied)::bigint as studied,
           office_holder_name(declaration.recorded_by) as "declaredBy", declaration.recorded_at as "recordedAt", declaration.note
    from declaration
    join declaration_part on declaration_part.declaration_id = declaration.id
    where declaration.campaign_id = ${campaignId} and declaration.unit_id = ${unitId} and declaration.superseded_at is null
      and declaration.declared_on <= ${asOf}::date
    group by declaration.id
    order by declaration.declared_on desc`.execute(tx)
  return rows
}

/** Copies sent to the unit itself by that day, of which those that had to come by a day make the figure; latest first. */
export async function copiesBehind(tx: Tx, { campaignId, unitId, asOf }: Question): Promise<CopiesBehind[]> {
  const { rows } = await sql<CopiesBehind>`
    select copy.id, material.id as "materialId", material.title, material_version.number, copy.sent, copy.sent_on as "sentOn", copy.received,
           copy.received_on as "receivedOn", copy.reach_by as "reachBy"
    from material_copy as copy
    join material_version on material_version.id = copy.version_id
    join material on material.id = copy.material_id
    where copy.campaign_id = ${campaignId} and copy.unit_id = ${unitId} and copy.superseded_at is null and copy.reach_by is not null and copy.sent_on <= ${asOf}::date
    order by copy.sent_on desc, copy.id
    limit 200`.execute(tx)
  return rows
}
