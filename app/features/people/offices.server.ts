import { sql } from 'kysely'
import { v7 } from 'uuid'
import { constraintOf, type Tx } from '../../db/open.ts'
import { chainOf, demand, reasonAgainst, type Ctx, type Reason, type Role } from '../../permissions/permissions.ts'
import { addDays, showDay, type Day } from '../../platform/clock.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { lookUp } from '../../web/look-ups.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { peopleWords } from './people.messages.ts'
import type { Appointment, OfficeEnd, OfficeUndo } from './people.schema.ts'

/** What a unit above may give; everything else is an administrator's to give. */
const givenFromAbove: readonly Role[] = ['secretary', 'deputy', 'clerk']

/** Why the viewer may not fill offices of the unit; null when the viewer may. The unit above decides, of a top its own offices. */
async function reasonAgainstAppointing({ tx, viewer }: Ctx, unitId: string): Promise<Reason | null> {
  return reasonAgainst(viewer, 'appoint to offices', await chainAbove(tx, unitId, viewer.today))
}

/** Roles that the viewer may give in the unit; none without the right. */
export async function rolesToGive(ctx: Ctx, unitId: string): Promise<Role[]> {
  if (await reasonAgainstAppointing(ctx, unitId)) return []
  return (await administers(ctx, unitId)) ? ['secretary', 'deputy', 'clerk', 'city_officer', 'inspector', 'administrator'] : [...givenFromAbove]
}

async function chainAbove(tx: Tx, unitId: string, day: Day): Promise<string[]> {
  const chain = await chainOf(tx, unitId, day)
  return chain.length > 1 ? chain.slice(1) : chain
}

async function administers({ tx, viewer }: Ctx, unitId: string): Promise<boolean> {
  const chain = await chainOf(tx, unitId, viewer.today)
  return viewer.offices.some((office) => office.role === 'administrator' && chain.includes(office.unitId))
}

/**
 * Gives a person an office in a unit from a day on; nobody gives one to oneself. Where another is secretary then, the name is told, and
 * `handsOver` ends that office on the day before. Throws NotFound, Forbidden, Refused('personId' | 'cardNumber' | 'role' | 'fromDay' | 'handsOver').
 */
export async function appoint(ctx: Ctx, input: Appointment): Promise<{ officeId: string; receipt: Receipt }> {
  const { tx, viewer } = ctx
  const unit = await unitByCode(tx, input.unitCode)
  await demandGiving(ctx, unit.id, input.role)
  const personId = input.personId ? await demandNamed(tx, input.personId) : await personByCard(ctx, input.cardNumber!)
  if (personId === viewer.personId) throw new Refused('personId', peopleWords.say('notToOneself'))
  const until = input.untilDay ? addDays(input.untilDay, 1) : null
  if (input.role === 'secretary') await handOver(ctx, unit.id, personId, input)
  const officeId = v7()
  try {
    await tx
      .insertInto('office')
      .values({ id: officeId, person_id: personId, unit_id: unit.id, role: input.role, title: input.title ?? null, during: `[${input.fromDay},${until ?? ''})` })
      .execute()
  } catch (error) {
    if (constraintOf(error) === 'office_is_held_once') throw new Refused('role', peopleWords.say('holdsAlready'))
    if (constraintOf(error) === 'unit_has_one_secretary_a_day') throw new Refused('fromDay', peopleWords.say('secretaryLater'))
    throw error
  }
  const receipt = await note(ctx, { action: 'office.given', unitId: unit.id, subjectType: 'person', subjectId: personId, detail: { role: input.role, fromDay: input.fromDay, office: officeId } })
  return { officeId, receipt }
}

/** The secretary in the way makes room when the form says so; else the sentence tells who it is. */
async function handOver(ctx: Ctx, unitId: string, personId: string, { fromDay, handsOver }: Appointment): Promise<void> {
  const { tx } = ctx
  const { rows } = await sql<{ id: string; personId: string; name: string | null; from: Day | null }>`
    select office.id, office.person_id as "personId", office_holder_name(office.person_id) as name, nullif(lower(office.during), '-infinity') as "from"
    from office
    where office.unit_id = ${unitId} and office.role = 'secretary' and office.during @> ${fromDay}::date
    for no key update of office`.execute(tx)
  const holder = rows[0]
  if (!holder) return
  if (holder.personId === personId) throw new Refused('role', peopleWords.say('holdsAlready'))
  const name = holder.name ?? peopleWords.in('vi')('someone')
  if (!handsOver) throw new Refused('handsOver', peopleWords.say('secretaryIs', { name }))
  if (holder.from !== null && fromDay <= holder.from) throw new Refused('fromDay', peopleWords.say('secretaryBegan', { name, day: showDay(holder.from) }))
  await endOn(ctx, { id: holder.id, unitId, personId: holder.personId, role: 'secretary' }, fromDay)
}

/** Ends an office: `fromDay` is the first day on which it is held no more. Throws NotFound, Forbidden, Refused('version' | 'fromDay'). */
export async function endOffice(ctx: Ctx, { officeId, version, fromDay }: OfficeEnd): Promise<{ unitCode: string; version: number; until: Day | null; receipt: Receipt }> {
  const office = await lockedOffice(ctx, officeId, version)
  await demandGiving(ctx, office.unitId, office.role)
  if (office.from !== null && fromDay <= office.from) throw new Refused('fromDay', peopleWords.say('officeBegan', { day: showDay(office.from) }))
  if (office.until !== null && office.until <= fromDay) throw new Refused('fromDay', peopleWords.say('officeEnded', { day: showDay(addDays(office.until, -1)) }))
  if (office.role === 'administrator') await demandAnotherAdministrator(ctx.tx, office, fromDay)
  return { unitCode: office.unitCode, version: office.version + 1, until: office.until, receipt: await endOn(ctx, office, fromDay) }
}

/** Takes back the end of an office that was ended by mistake: it goes on as if nothing had been said. Throws NotFound, Forbidden, Refused('version' | 'form'). */
export async function undoOfficeEnd(ctx: Ctx, { officeId, version, untilDay }: OfficeUndo): Promise<Receipt> {
  const { tx, viewer } = ctx
  const office = await lockedOffice(ctx, officeId, version)
  await demandGiving(ctx, office.unitId, office.role)
  if (office.personId === viewer.personId) throw new Refused('form', peopleWords.say('notToOneself'))
  try {
    await tx.updateTable('office').set({ during: `[${office.from ?? '-infinity'},${untilDay ? addDays(untilDay, 1) : ''})`, version: office.version + 1 }).where('id', '=', officeId).execute()
  } catch (error) {
    if (['unit_has_one_secretary_a_day', 'office_is_held_once'].includes(constraintOf(error) ?? '')) throw new Refused('form', peopleWords.say('officeTaken'))
    throw error
  }
  return note(ctx, { action: 'office.restored', unitId: office.unitId, subjectType: 'person', subjectId: office.personId, detail: { role: office.role, office: officeId } })
}

type OfficeRow = { id: string; unitId: string; personId: string; role: Role }

async function endOn(ctx: Ctx, office: OfficeRow, fromDay: Day): Promise<Receipt> {
  await sql`update office set during = daterange(lower(during), ${fromDay}::date), version = version + 1 where id = ${office.id}`.execute(ctx.tx)
  return note(ctx, { action: 'office.ended', unitId: office.unitId, subjectType: 'person', subjectId: office.personId, detail: { role: office.role, fromDay, office: office.id } })
}

async function lockedOffice({ tx }: Ctx, officeId: string, version: number | undefined) {
  const read = () =>
    tx
      .selectFrom('office')
      .innerJoin('unit', 'unit.id', 'office.unit_id')
      .select(['office.id', 'office.unit_id as unitId', 'unit.code as unitCode', 'office.person_id as personId', 'office.role', 'office.version'])
      .select([sql<Day | null>`nullif(lower(office.during), '-infinity')`.as('from'), sql<Day | null>`upper(office.during)`.as('until')])
      .where('office.id', '=', officeId)
      .$castTo<OfficeRow & { unitCode: string; version: number; from: Day | null; until: Day | null }>()
      .executeTakeFirst()
  await tx.selectFrom('office').select('id').where('id', '=', officeId).forNoKeyUpdate().execute()
  const office = await read()
  if (!office) throw new NotFound()
  if (version !== undefined && version !== office.version) throw new Refused('version', peopleWords.say('changedMeanwhile'))
  return office
}

async function demandGiving(ctx: Ctx, unitId: string, role: Role): Promise<void> {
  demand(ctx.viewer, 'appoint to offices', await chainAbove(ctx.tx, unitId, ctx.viewer.today))
  if (!givenFromAbove.includes(role) && !(await administers(ctx, unitId))) throw new Forbidden(peopleWords.say('roleByAdministrator'))
}

/** Somebody the viewer sees by name; an office that the viewer sees has its holder's name with it. */
async function demandNamed(tx: Tx, personId: string): Promise<string> {
  const { rows } = await sql<{ name: string | null }>`
    select coalesce((select person.name from person where person.id = ${personId}), office_holder_name(${personId})) as name`.execute(tx)
  if (!rows[0]?.name) throw new NotFound()
  return personId
}

async function personByCard(ctx: Ctx, cardNumber: string): Promise<string> {
  const rows = await lookUp(ctx, 'people', () => sql<{ id: string; isHidden: boolean }>`select id, is_hidden as "isHidden" from people_by_card(array[${cardNumber}])`.execute(ctx.tx))
  if (!rows[0]) throw new Refused('cardNumber', peopleWords.say('noSuchCard'))
  return rows[0].id
}

/** A list of the organisation that nobody could keep any more would stay as it is for ever. */
async function demandAnotherAdministrator(tx: Tx, office: OfficeRow, fromDay: Day): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('last administrator'))`.execute(tx) // two who end each other's would leave none
  const { rows } = await sql<{ others: number }>`
    select count(*)::int as others
    from office
    join unit_ancestor on unit_ancestor.unit_id = ${office.unitId} and unit_ancestor.ancestor_id = office.unit_id and unit_ancestor.standing @> ${fromDay}::date
    where office.role = 'administrator' and office.id <> ${office.id} and office.during @> ${fromDay}::date`.execute(tx)
  if (rows[0]!.others === 0) throw new Refused('form', peopleWords.say('lastAdministrator'))
}
