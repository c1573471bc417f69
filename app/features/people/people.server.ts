import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import { NotFound } from '../../platform/errors.ts'

/** A member in a list: `since` when the present status began. */
export type MemberLine = { personId: string; name: string; bornOn: Day | null; cardNumber: string | null; status: string; since: Day | null; roles: string[] }

/** Members of a unit on a day in Vietnamese order of names, a page at a time, as far as the viewer sees them. */
export async function membersOf(tx: Tx, asked: { unitId: string; asOf: Day; limit: number; offset: number }): Promise<{ members: MemberLine[]; total: number; exempt: number; probationary: number }> {
  const { rows } = await sql<MemberLine & { total: number; exempt: number; probationary: number }>`
    select person.id as "personId", person.name, person.born_on as "bornOn", person.card_number as "cardNumber", membership.status,
           nullif(lower(membership.during), '-infinity') as since,
           array(
             select office.role from office
             where office.person_id = person.id and office.unit_id = ${asked.unitId} and office.during @> ${asked.asOf}::date
             order by office.role) as roles,
           count(*) over ()::int as total, count(*) filter (where membership.status = 'exempt') over ()::int as exempt,
           count(*) filter (where membership.status = 'probationary') over ()::int as probationary
    from membership
    join person on person.id = membership.person_id
    where membership.unit_id = ${asked.unitId} and membership.during @> ${asked.asOf}::date
    order by person.given_name collate "vi-x-icu", person.middle_name collate "vi-x-icu", person.family_name collate "vi-x-icu", person.born_on, person.id
    limit ${asked.limit} offset ${asked.offset}`.execute(tx)
  const { total = 0, exempt = 0, probationary = 0 } = rows[0] ?? {}
  return { members: rows.map(({ total: _total, exempt: _exempt, probationary: _probationary, ...member }) => member), total, exempt, probationary }
}

/** Who left a unit lately, and whom the viewer still sees: for finding again what was done by mistake. */
export async function changesOf(tx: Tx, where: { unitId: string } | { personIds: string[] }, limit = 20): Promise<MemberChange[]> {
  const condition = 'unitId' in where ? sql`${where.unitId}::uuid in (member_change.unit_id, member_change.to_unit_id)` : sql`member_change.person_id = any (${where.personIds}::uuid[])`
  const { rows } = await sql<MemberChange>`
    select member_change.id as "changeId", member_change.person_id as "personId", person.name, member_change.kind, member_change.from_day as "fromDay",
           unit.name as "unitName", receiver.name as "receiverName", member_change.reason, member_change.recorded_at as at,
           member_change.recorded_by = viewer_person() as "isOwn", office_holder_name(member_change.recorded_by) as actor,
           member_change.undone_at is not null as "isUndone",
           member_change.kind <> 'succeeded' and member_change.undone_at is null and not exists (
             select from member_change as later
             where later.person_id = member_change.person_id and later.recorded_at > member_change.recorded_at and later.undone_at is null) as "isLast"
    from member_change
    left join person on person.id = member_change.person_id
    left join unit on unit.id = member_change.unit_id
    left join unit as receiver on receiver.id = member_change.to_unit_id
    where ${condition}
    order by member_change.recorded_at desc
    limit ${limit}`.execute(tx)
  return rows
}

/** What was done to somebody's memberships, as far as the viewer sees it. */
export type MemberChange = {
  changeId: string
  personId: string | null // null: added by mistake, and taken off the list again
  name: string | null
  kind: 'joined' | 'transferred' | 'exempted' | 'resumed' | 'status' | 'ended' | 'succeeded'
  fromDay: Day
  unitName: string | null
  receiverName: string | null
  reason: string | null
  at: Date
  isOwn: boolean
  actor: string | null
  isUndone: boolean
  isLast: boolean
}

/** Who holds which office of a unit on a day: the person's id where the viewer sees the person. */
export type OfficeLine = { officeId: string; version: number; personId: string | null; name: string | null; role: string; title: string | null; since: Day | null; until: Day | null; isOwn: boolean }

export async function officesOfUnit({ tx, viewer }: Pick<Ctx, 'tx' | 'viewer'>, unitId: string, day: Day): Promise<OfficeLine[]> {
  const { rows } = await sql<OfficeLine>`
    select office.id as "officeId", office.version, person.id as "personId", office_holder_name(office.person_id) as name, office.role, office.title,
           nullif(lower(office.during), '-infinity') as since, upper(office.during) as until, office.person_id = ${viewer.personId} as "isOwn"
    from office
    left join person on person.id = office.person_id
    where office.unit_id = ${unitId} and office.during @> ${day}::date
    order by array_position(array['secretary', 'deputy', 'city_officer', 'clerk', 'inspector', 'administrator'], office.role), office.id`.execute(tx)
  return rows
}

/** Somebody found by words. */
export type FoundPerson = { personId: string; name: string; bornOn: Day | null; cardNumber: string | null; unitCode: string | null; unitName: string | null; aboveName: string | null }

/**
 * People whom the viewer sees and whose name or card number has every word from its beginning, in any order and without marks, in Vietnamese
 * order of names; with how many there are in all, which is counted to five hundred: `isMore` says that there are more, which are not listed.
 */
export async function searchPeople(tx: Tx, words: string, { limit, offset }: { limit: number; offset: number }): Promise<{ people: FoundPerson[]; total: number; isMore: boolean }> {
  const wanted = words.trim().split(/\s+/).filter(Boolean).slice(0, 8)
  if (wanted.length === 0) return { people: [], total: 0, isMore: false }
  const { rows } = await sql<FoundPerson & { total: number; isMore: boolean }>`
    select found.total::int as total, found.is_more as "isMore", person.id as "personId", person.name, person.born_on as "bornOn", person.card_number as "cardNumber",
           belongs.code as "unitCode", belongs.name as "unitName", belongs.above as "aboveName"
    from find_people(${wanted}::text[], ${limit}, ${offset}) with ordinality as found (person_id, total, is_more, place)
    join person on person.id = found.person_id
    left join lateral (
      select unit.code, unit.name, above.name as above
      from membership
      join unit on unit.id = membership.unit_id
      left join unit_ancestor on unit_ancestor.unit_id = unit.id and unit_ancestor.depth = 1 and unit_ancestor.standing @> viewer_today()
      left join unit as above on above.id = unit_ancestor.ancestor_id
      where membership.person_id = person.id
      order by lower(membership.during) desc
      limit 1
    ) as belongs on true
    order by found.place`.execute(tx)
  const { total = 0, isMore = false } = rows[0] ?? {}
  return { people: rows.map(({ total: _total, isMore: _isMore, ...person }) => person), total, isMore }
}

/** What is held about a person beside memberships and offices; NotFound where the viewer does not see them. */
export async function particularsOf(tx: Tx, personId: string) {
  const person = await tx
    .selectFrom('person')
    .select(['id as personId', 'version', 'name', 'card_number as cardNumber', 'born_on as bornOn', 'gender', 'phone'])
    .where('id', '=', personId)
    .executeTakeFirst()
  if (!person) throw new NotFound()
  return person
}

/** Kinds of participant that campaigns the viewer sees know of: what a membership may name. */
export async function categoriesKnown(tx: Tx): Promise<{ key: string; name: string }[]> {
  const { rows } = await sql<{ key: string; name: string }>`
    select category.key, min(category.name) as name
    from category
    where not category.is_default
    group by category.key
    order by min(category.position), category.key`.execute(tx)
  return rows
}
