import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import type { Place } from '../units/place.server.ts'
import { goesAsDeep, type Depth } from './acknowledgements.schema.ts'
import type { Request } from './acknowledgements.server.ts'

/** What a person owes or has answered: the thing, how deep, by when, and the last answer. `toldOn`: the day its campaign is told as of. */
export type Owed = { requestId: string; campaignId: string | null; title: string; number: number | null; materialId: string | null; documentId: string | null; unitName: string; depth: Depth; dueOn: Day; toldOn: Day; answered: Depth | null; answeredOn: Day | null }

/** What the viewer is asked to acknowledge, unanswered first, then by day; or the one request that is named. */
export async function askedOf({ tx, viewer }: Ctx, requestId: string | null = null): Promise<Owed[]> {
  const { rows } = await sql<Owed>`
    select request.id as "requestId", campaign.id as "campaignId", coalesce(material.title, document.abstract) as title, material_version.number, material_version.material_id as "materialId",
           request.document_id as "documentId", unit.name as "unitName", request.depth, request.due_on as "dueOn", coalesce(campaign_day(campaign, ${viewer.today}::date), ${viewer.today}::date) as "toldOn", given.depth as answered, given.answered_on as "answeredOn"
    from viewer_asked_requests() as asked
    join acknowledgement_request as request on request.id = asked.request_id
    join unit on unit.id = request.unit_id
    left join material_version on material_version.id = request.version_id
    left join material on material.id = material_version.material_id
    left join document on document.id = request.document_id
    left join campaign on campaign.id = coalesce(material.campaign_id, document.campaign_id)
    left join acknowledgement as given on given.request_id = request.id and given.person_id = ${viewer.personId} and given.superseded_at is null
    where coalesce(material.id, document.id) is not null and (${requestId}::uuid is null or request.id = ${requestId})
    order by coalesce(depth_rank(given.depth) >= depth_rank(request.depth), false), request.due_on, request.id
    limit 100`.execute(tx)
  return rows
}

/** What the viewer still owes, for the home page: not of campaigns that have ended, but for the one shown. */
export async function owedAcknowledgements(ctx: Ctx, campaignId: string | null = null): Promise<Owed[]> {
  return (await askedOf(ctx)).filter((one) => !goesAsDeep(one.answered, one.depth) && (one.toldOn === ctx.viewer.today || one.campaignId === campaignId))
}

/** Asked by units that the viewer leads or checks, with how far they are; open ones first. */
export type Asking = { requestId: string; title: string; number: number | null; unitId: string; unitName: string; depth: Depth; whom: Request['whom']; dueOn: Day; isClosed: boolean }
export async function requestsOf({ tx }: Ctx): Promise<Asking[]> {
  const { rows } = await sql<Asking>`
    select request.id as "requestId", coalesce(material.title, document.abstract) as title, material_version.number, request.unit_id as "unitId", unit.name as "unitName",
           request.depth, request.whom, request.due_on as "dueOn", request.closed_at is not null as "isClosed"
    from acknowledgement_request as request
    join unit on unit.id = request.unit_id
    left join material_version on material_version.id = request.version_id
    left join material on material.id = material_version.material_id
    left join document on document.id = request.document_id
    where exists (select from viewer_tops()) and coalesce(material.id, document.id) is not null
    order by request.closed_at is not null, request.due_on desc, request.id
    limit 100`.execute(tx)
  return rows
}

/** How far a unit and those directly beneath are. `begun` answered, but less deep than asked. */
export type Progress = { unitId: string; code: string; name: string; asked: number; done: number; begun: number }

/** The unit itself, and the units directly beneath that are asked, most people missing first. */
export async function progressOf(tx: Tx, requestId: string, { unit, beneath }: Pick<Place, 'unit' | 'beneath'>): Promise<{ own: Progress; beneath: Progress[] }> {
  const { rows } = await sql<{ unitId: string; asked: number; done: number; begun: number }>`
    select unit_id as "unitId", asked, done, begun from acknowledgement_counts(${requestId}, ${[unit.id, ...beneath.map((one) => one.id)]}::uuid[])`.execute(tx)
  const counts = new Map(rows.map((row) => [row.unitId, row]))
  const none = { asked: 0, done: 0, begun: 0 }
  const progress = ({ id, code, name }: Place['unit']): Progress => ({ code, name, ...none, ...counts.get(id), unitId: id })
  return {
    own: progress(unit),
    beneath: beneath
      .map(progress)
      .filter((row) => row.asked > 0)
      .sort((one, other) => one.done * other.asked - other.done * one.asked || other.asked - one.asked || one.name.localeCompare(other.name, 'vi')),
  }
}

/** One who is asked, by name for those who see the people of the unit; `sentence` for those who may read it. */
export type PersonAsked = { personId: string; name: string; depth: Depth | null; answeredOn: Day | null; sentence: string | null }

/** Members of one unit who are asked, those who owe first; empty for whoever may not see names. */
export async function peopleAsked(tx: Tx, { requestId, unitId, today }: { requestId: string; unitId: string; today: Day }): Promise<PersonAsked[]> {
  const { rows } = await sql<PersonAsked>`
    select person.id as "personId", person.name, given.depth, given.answered_on as "answeredOn", said.sentence
    from acknowledgement_request as request
    join membership on membership.unit_id = ${unitId} and membership.during @> ${today}::date and membership.status <> 'exempt'
    join person on person.id = membership.person_id
    left join acknowledgement as given on given.request_id = request.id and given.person_id = person.id and given.superseded_at is null
    left join acknowledgement_sentence as said on said.acknowledgement_id = given.id
    where request.id = ${requestId} and request.whom = 'members' and ${unitId}::uuid in (select viewer_people_units())
      and case
        when request.keeps_before then
          membership.category_key = any (request.categories) or not exists (
            select from acknowledgement as earlier where earlier.request_id = request.before_id and earlier.person_id = person.id and earlier.superseded_at is null)
        else request.categories = '{}' or membership.category_key = any (request.categories) end
    order by coalesce(depth_rank(given.depth) >= depth_rank(request.depth), false), person.given_name collate "vi-x-icu", person.middle_name collate "vi-x-icu", person.family_name collate "vi-x-icu", person.id
    limit 1000`.execute(tx)
  return rows
}

/** The thing a request is about, as the viewer may read it, and the text of the version that the viewer acknowledged before. */
export type Asked = { title: string; text: string; number: number | null; materialId: string | null; documentId: string | null; changeNote: string | null; readBefore: { number: number; text: string } | null }
export async function thingAsked(tx: Tx, request: Request, personId: string): Promise<Asked | null> {
  const { rows } = await sql<Omit<Asked, 'readBefore'> & { beforeNumber: number | null; beforeText: string | null }>`
    select coalesce(material.title, document.abstract) as title, coalesce(asked.text, document.text, '') as text, asked.number, asked.material_id as "materialId",
           document.id as "documentId", asked.change_note as "changeNote", known.number as "beforeNumber", known.text as "beforeText"
    from (select ${request.versionId}::uuid as version_id, ${request.documentId}::uuid as document_id) as wanted
    left join material_version as asked on asked.id = wanted.version_id
    left join material on material.id = asked.material_id
    left join document on document.id = wanted.document_id
    left join lateral (
      select earlier.number, earlier.text
      from acknowledgement
      join acknowledgement_request as earlier_request on earlier_request.id = acknowledgement.request_id
      join material_version as earlier on earlier.id = earlier_request.version_id and earlier.material_id = asked.material_id and earlier.number < asked.number
      where acknowledgement.person_id = ${personId} and acknowledgement.superseded_at is null
      order by earlier.number desc
      limit 1) as known on true
    where coalesce(material.id, document.id) is not null`.execute(tx)
  const row = rows[0]
  if (!row) return null
  const { beforeNumber, beforeText, ...thing } = row
  return { ...thing, readBefore: beforeNumber === null ? null : { number: beforeNumber, text: beforeText ?? '' } }
}
