import { sql } from 'kysely'
import { v7 } from 'uuid'
import { constraintOf, type Tx } from '../../db/open.ts'
import { chainOf, demand, type Action, type Ctx } from '../../permissions/permissions.ts'
import { addDays, showDay, type Day } from '../../platform/clock.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { lookUp } from '../../web/look-ups.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { lookAlikesOf } from './look-alikes.server.ts'
import { peopleWords } from './people.messages.ts'
import type { ChangeUndo, Exemption, ExemptionEnd, MembershipEnd, NewMember, PersonEdit, StatusChange, Transfer } from './people.schema.ts'

/** What a change answers with: its number on record, and the id by which it can be taken back. */
export type Changed = { personId: string; changeId: string; receipt: Receipt }

/** A person as kept: the version of the page, and the membership of today, or the last one; of somebody who never belonged, the office held. */
export type KeptPerson = {
  personId: string
  version: number
  name: string
  unitId: string
  unitCode: string
  unitName: string | null
  status: 'in_post' | 'exempt' | 'probationary' | null // null: holds an office and belongs nowhere
  categoryKey: string | null
  from: Day | null
  until: Day | null
  isKept: boolean // false of somebody who went on to a unit that the viewer does not keep, and is seen by a roster
}

/** The person with the last membership, else the highest office of today; NotFound where the viewer does not see them. */
export async function keptPerson(tx: Tx, personId: string): Promise<KeptPerson> {
  const { rows } = await sql<KeptPerson>`
    select person.id as "personId", person.version, person.name, stands.unit_id as "unitId", coalesce(unit.code, '') as "unitCode", unit.name as "unitName",
           stands.status, stands.category_key as "categoryKey", nullif(lower(stands.during), '-infinity') as "from", upper(stands.during) as until,
           is_kept(person.id) as "isKept"
    from person
    cross join lateral (
      (select membership.unit_id, membership.status, membership.category_key, membership.during
       from membership
       where membership.person_id = person.id
       order by lower(membership.during) desc
       limit 1)
      union all
      (select office.unit_id, null, null, office.during
       from office
       where office.person_id = person.id and office.during @> viewer_today() and is_unplaced(person.id)
       order by lower(office.during), office.id
       limit 1)
    ) as stands
    left join unit on unit.id = stands.unit_id
    where person.id = ${personId}
    limit 1`.execute(tx)
  if (!rows[0]) throw new NotFound()
  return rows[0]
}

/**
 * Adds a person to a unit. People who look alike are shown first: `isAnother` says that somebody compared them. Sent twice with the same id
 * it is one person. Throws NotFound, Forbidden, Refused('lookAlikes' | 'cardNumber' | 'unitCode' | 'fromDay' | 'bornOn').
 */
export async function addMember(ctx: Ctx, input: NewMember): Promise<Changed> {
  const { tx, viewer } = ctx
  const chain = await chainOf(tx, (await unitByCode(tx, input.unitCode)).id, viewer.today)
  demand(viewer, 'keep members', chain)
  const unit = await memberUnit(ctx, input.unitCode, input.fromDay)
  if (input.status === 'exempt') demand(viewer, 'exempt a member', chain)
  demandGrownUp(viewer.today, input.bornOn)
  const personId = input.id ?? v7()
  const before = input.id && (await sentBefore(ctx, input.id))
  if (before) return before
  if (!input.isAnother && (await lookAlikesOf(tx, input)).length > 0) throw new Refused('lookAlikes', peopleWords.say('lookAlikesFirst'))
  await demandFreeCard(ctx, input.cardNumber, personId)
  await withConstraints(() => tx.insertInto('person').values({ id: personId, ...columnsOf(input) }).execute())
  const changeId = await change(ctx, { personId, kind: 'joined', fromDay: input.fromDay, unitId: unit.id, status: input.status, categoryKey: input.categoryKey ?? null, exemptReason: input.exemptReason ?? null, reason: null })
  const receipt = await noteOf(ctx, 'member.joined', unit.id, personId, { fromDay: input.fromDay, change: changeId })
  return { personId, changeId, receipt }
}

/** The answer that the first sending of the form got. */
async function sentBefore({ tx, viewer }: Ctx, personId: string): Promise<Changed | null> {
  const { rows } = await sql<{ receipt: number; changeId: string }>`
    select audit_entry.id as receipt, audit_entry.detail ->> 'change' as "changeId"
    from audit_entry
    where audit_entry.subject_type = 'person' and audit_entry.subject_id = ${personId} and audit_entry.action = 'member.joined'
      and audit_entry.actor_id = ${viewer.personId}`.execute(tx)
  return rows[0] ? { personId, ...rows[0] } : null
}

/** Puts right what is held about a person. Throws NotFound, Forbidden, Refused('version' | 'cardNumber' | 'bornOn'). */
export async function editPerson(ctx: Ctx, input: PersonEdit): Promise<Receipt> {
  const { tx, viewer } = ctx
  const person = await lockedPerson(ctx, 'keep members', input)
  demandGrownUp(viewer.today, input.bornOn)
  const held = await tx.selectFrom('person').select(['name', 'card_number', 'born_on', 'gender', 'phone']).where('id', '=', input.personId).executeTakeFirstOrThrow()
  const columns = columnsOf(input)
  const changed = (Object.keys(columns) as (keyof typeof columns)[]).filter((column) => columns[column] !== held[column])
  if (changed.includes('card_number')) await demandFreeCard(ctx, input.cardNumber, input.personId)
  await withConstraints(() => tx.updateTable('person').set({ ...columns, version: person.version + 1 }).where('id', '=', input.personId).execute())
  return noteOf(ctx, 'person.edited', person.unitId, person.personId, { changed })
}

/** Said before the database says so with an error, so that what it tells of people elsewhere is counted. */
async function demandFreeCard(ctx: Ctx, cardNumber: string | undefined, personId: string): Promise<void> {
  if (!cardNumber) return
  const taken = await lookUp(ctx, 'people', () => sql<{ id: string; isHidden: boolean }>`select id, is_hidden as "isHidden" from cards_taken(array[card_key(${cardNumber})])`.execute(ctx.tx))
  if (taken.some((one) => one.isHidden && one.id !== personId)) throw new Refused('cardNumber', peopleWords.say('cardTaken'))
}

const columnsOf = ({ name, cardNumber, bornOn, gender, phone }: Pick<PersonEdit, 'name' | 'cardNumber' | 'bornOn' | 'gender' | 'phone'>) => ({
  name,
  card_number: cardNumber ?? null,
  born_on: bornOn ?? null,
  gender: gender ?? null,
  phone: phone ?? null,
})

/**
 * Moves a member to another unit from a day on: the unit that is left does it, or one above both. A unit that the viewer does not see is
 * named by its exact code. Throws NotFound, Forbidden, Refused('version' | 'unitCode' | 'fromDay').
 */
export async function transferMember(ctx: Ctx, input: Transfer): Promise<Changed> {
  // whoever keeps a unit would see any other by going there and coming back
  if (input.personId === ctx.viewer.personId) throw new Refused('form', peopleWords.say('transferNotOneself'))
  const person = await lockedPerson(ctx, 'keep members', input)
  demandBelonging(person, input.fromDay)
  const unit = await memberUnit(ctx, input.unitCode, input.fromDay)
  if (unit.id === person.unitId) throw new Refused('unitCode', peopleWords.say('belongsThere'))
  const changeId = await change(ctx, { ...standing(person), kind: 'transferred', fromDay: input.fromDay, unitId: unit.id, reason: input.reason })
  const receipt = await noteOf(ctx, 'member.transferred', person.unitId, person.personId, { fromDay: input.fromDay, change: changeId })
  // each of both units reads its own record
  await noteOf(ctx, 'member.received', unit.id, person.personId, { fromDay: input.fromDay, change: changeId })
  return { personId: person.personId, changeId, receipt }
}

/** Excuses a member from work and activities from a day on; the cell decides. Throws NotFound, Forbidden, Refused('version' | 'form' | 'fromDay'). */
export async function exemptMember(ctx: Ctx, input: Exemption): Promise<Changed> {
  const person = await lockedPerson(ctx, 'exempt a member', input)
  demandBelonging(person, input.fromDay)
  if (person.status === 'exempt') throw new Refused('form', peopleWords.say('isExempt'))
  return changeStanding(ctx, person, 'exempted', input, { status: 'exempt', exemptReason: input.reason })
}

/** Ends an exemption: from that day on the member takes part again. Throws NotFound, Forbidden, Refused('version' | 'form' | 'fromDay'). */
export async function endExemption(ctx: Ctx, input: ExemptionEnd): Promise<Changed> {
  const person = await lockedPerson(ctx, 'exempt a member', input)
  demandBelonging(person, input.fromDay)
  if (person.status !== 'exempt') throw new Refused('form', peopleWords.say('isNotExempt'))
  return changeStanding(ctx, person, 'resumed', input, { status: 'in_post' })
}

/** Full membership after probation, retirement, another kind of participant. Throws NotFound, Forbidden, Refused('version' | 'form' | 'fromDay'). */
export async function changeStatus(ctx: Ctx, input: StatusChange): Promise<Changed> {
  const person = await lockedPerson(ctx, 'keep members', input)
  demandBelonging(person, input.fromDay)
  if (person.status === 'exempt' && input.status) throw new Refused('form', peopleWords.say('endExemptionFirst'))
  const status = input.status ?? person.status
  const categoryKey = input.categoryKey ?? null
  if (status === person.status && categoryKey === person.categoryKey) throw new Refused('form', peopleWords.say('nothingChanged'))
  return changeStanding(ctx, person, 'status', { ...input, reason: input.reason ?? null }, { status, categoryKey })
}

/** Ends a membership: `fromDay` is the first day without. Throws NotFound, Forbidden, Refused('version' | 'fromDay'). */
export async function endMembership(ctx: Ctx, input: MembershipEnd): Promise<Changed> {
  const person = await lockedPerson(ctx, 'keep members', input)
  demandBelonging(person, input.fromDay)
  const reason = [peopleWords.in('vi')(`leaving.${input.how}`), input.reason].filter(Boolean).join(': ')
  const changeId = await change(ctx, { ...standing(person), kind: 'ended', fromDay: input.fromDay, unitId: null, reason })
  const receipt = await noteOf(ctx, 'member.ended', person.unitId, person.personId, { fromDay: input.fromDay, how: input.how, change: changeId })
  return { personId: person.personId, changeId, receipt }
}

/**
 * Takes back the last change of a person's memberships; somebody who had only just been added is gone again.
 * Throws NotFound, Forbidden, Refused('form') when something else was done since.
 */
export async function undoChange(ctx: Ctx, { changeId }: ChangeUndo): Promise<{ receipt: Receipt; unitId: string; isStillThere: boolean }> {
  const { tx, viewer } = ctx
  const done = await tx.selectFrom('member_change').select(['person_id', 'kind', 'unit_id', 'from_day', 'recorded_by', 'recorded_at']).where('id', '=', changeId).executeTakeFirst()
  if (done?.person_id === null) throw new Refused('form', peopleWords.say('changedSince'))
  const told = done ? { ...done, person_id: done.person_id! } : await ownChange(ctx, changeId)
  const action: Action = told.kind === 'exempted' || told.kind === 'resumed' ? 'exempt a member' : 'keep members'
  demand(viewer, action, await chainOf(tx, told.unit_id, viewer.today))
  if (done && done.recorded_by !== viewer.personId && Date.now() - done.recorded_at.getTime() > daysToUndo * 86_400_000) throw new Refused('form', peopleWords.say('undoTooLate', { days: daysToUndo }))
  if (told.kind === 'succeeded') throw new Refused('form', peopleWords.say('succeededStays'))
  const { rows } = await withConstraints(() => sql<{ stays: boolean }>`select undo_member_change(${changeId}) as stays`.execute(tx))
  const receipt = await noteOf(ctx, 'member.undone', told.unit_id, told.person_id, { fromDay: told.from_day, change: changeId })
  return { receipt, unitId: told.unit_id, isStillThere: rows[0]!.stays }
}

// Longer than this only who made a change takes it back: the unit that was left does not pull people back years later.
const daysToUndo = 30

/** An administrator does not read the reasons of changes, so finds the own one in the record of what was done. */
async function ownChange({ tx, viewer }: Ctx, changeId: string): Promise<{ person_id: string; kind: string; unit_id: string; from_day: Day }> {
  const { rows } = await sql<{ person_id: string; kind: string; unit_id: string; from_day: Day }>`
    select audit_entry.subject_id as person_id, substr(audit_entry.action, 8) as kind, audit_entry.unit_id, audit_entry.detail ->> 'fromDay' as from_day
    from audit_entry
    where audit_entry.action like 'member.%' and audit_entry.detail ->> 'change' = ${changeId} and audit_entry.actor_id = ${viewer.personId}
    order by audit_entry.id
    limit 1`.execute(tx)
  if (!rows[0]?.unit_id) throw new NotFound()
  return rows[0]
}

const standing = ({ personId, status, categoryKey }: KeptPerson & { status: string }) => ({ personId, status, categoryKey, exemptReason: null })

async function changeStanding(
  ctx: Ctx,
  person: KeptPerson & { status: string },
  kind: 'exempted' | 'resumed' | 'status',
  { fromDay, reason }: { fromDay: Day; reason: string | null },
  change_: { status: string; categoryKey?: string | null; exemptReason?: string },
): Promise<Changed> {
  const changeId = await change(ctx, { ...standing(person), kind, fromDay, unitId: person.unitId, reason, ...change_ })
  const receipt = await noteOf(ctx, `member.${kind}`, person.unitId, person.personId, { fromDay, change: changeId })
  return { personId: person.personId, changeId, receipt }
}

type Change = { personId: string; kind: string; fromDay: Day; unitId: string | null; status: string; categoryKey: string | null; exemptReason: string | null; reason: string | null }

async function change({ tx, source }: Ctx, { personId, kind, fromDay, unitId, status, categoryKey, exemptReason, reason }: Change): Promise<string> {
  const id = v7()
  await withConstraints(() =>
    sql`select change_membership(${id}, ${personId}, ${kind}, ${fromDay}, ${unitId}, ${status}, ${categoryKey}, ${exemptReason}, ${reason}, ${source})`.execute(tx))
  return id
}

/** What must never break, said as what to do. */
async function withConstraints<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    switch (constraintOf(error)) {
      case 'person_card_number_is_unique':
        throw new Refused('cardNumber', peopleWords.say('cardTaken'))
      case 'membership_changes_in_order':
        throw new Refused('fromDay', peopleWords.say('changedLater'))
      case 'membership_is_there_to_end':
        throw new Refused('fromDay', peopleWords.say('belongsNowhere'))
      case 'membership_lasts_some_day':
        throw new Refused('fromDay', peopleWords.say('endsAsItBegins'))
      case 'membership_is_in_a_standing_unit':
        throw new Refused('unitCode', peopleWords.say('unitEnds'))
      case 'member_is_as_the_change_left_it':
        throw new Refused('form', peopleWords.say('changedSince'))
      default:
        throw error
    }
  }
}

/** The person, locked until this transaction ends, of whom the viewer may do that; refused where somebody was quicker than the page shown. */
export async function lockedPerson(ctx: Ctx, action: Action, { personId, version }: { personId: string; version?: number | undefined }): Promise<KeptPerson> {
  const { tx, viewer } = ctx
  const seen = await keptPerson(tx, personId)
  demand(viewer, action, await chainOf(tx, seen.unitId, viewer.today))
  await sql`select lock_people(array[${personId}]::uuid[])`.execute(tx)
  const person = await keptPerson(tx, personId)
  if (!person.isKept) throw new Forbidden(peopleWords.say('keptElsewhere'))
  if (version !== undefined && version !== person.version) throw new Refused('version', peopleWords.say('changedMeanwhile'))
  return person
}

/** Changes begin where the last one is known: a day before it would have to be told apart by hand. */
function demandBelonging(person: KeptPerson, day: Day): asserts person is KeptPerson & { status: string } {
  if (person.status === null) throw new Refused('form', peopleWords.say('belongsNowhereYet'))
  if (person.until !== null && person.until <= day) throw new Refused('fromDay', peopleWords.say('hasLeft', { day: showDay(addDays(person.until, -1)) }))
  if (person.from !== null && day < person.from) throw new Refused('fromDay', peopleWords.say('standsSince', { day: showDay(person.from) }))
}

function demandGrownUp(today: Day, bornOn: Day | undefined): void {
  if (bornOn !== undefined && bornOn > addDays(today, -18 * 365)) throw new Refused('bornOn', peopleWords.say('tooYoung'))
}

type MemberUnit = { id: string; name: string }

/** A unit with members of its own on that day, by its code: as the viewer sees it, or exactly named. */
async function memberUnit(ctx: Ctx, code: string, day: Day): Promise<MemberUnit> {
  const { tx } = ctx
  const rows = await lookUp(ctx, 'units', () =>
    sql<MemberUnit & { hasMembers: boolean; isHidden: boolean }>`select id, name, has_members as "hasMembers", is_hidden as "isHidden" from unit_by_code(${code}, ${day})`.execute(tx))
  const unit = rows[0]
  if (!unit) throw (await isSeen(tx, code)) ? new Refused('unitCode', peopleWords.say('unitNotThatDay')) : new Refused('unitCode', peopleWords.say('noSuchUnit', { code }))
  if (!unit.hasMembers) throw new Refused('unitCode', peopleWords.say('unitWithoutMembers', { name: unit.name }))
  return unit
}

async function isSeen(tx: Tx, code: string): Promise<boolean> {
  return unitByCode(tx, code).then(() => true, () => false)
}

function noteOf(ctx: Ctx, action: string, unitId: string, personId: string, detail: Record<string, string | string[]>): Promise<Receipt> {
  return note(ctx, { action, unitId, subjectType: 'person', subjectId: personId, detail })
}
