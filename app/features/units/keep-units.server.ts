import { sql } from 'kysely'
import { v7 } from 'uuid'
import { constraintOf, type Tx } from '../../db/open.ts'
import { keepTree } from '../../db/tree.ts'
import { chainOf, demand, reasonAgainst, type Ctx, type Reason } from '../../permissions/permissions.ts'
import { showDay, type Day } from '../../platform/clock.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { unitWords } from './units.messages.ts'
import type { NewUnit, UnitEdit, UnitEnd, UnitEndByName, UnitEndUndo, UnitMove } from './units.schema.ts'
import { unitByCode, type Unit } from './units.server.ts'

/** A unit as it is kept: its version, its days (null: as long as anybody remembers, or still), and where it stands on a day. */
export type KeptUnit = Unit & { version: number; hasMembers: boolean; from: Day | null; until: Day | null; parentId: string | null }

/** NotFound where the viewer does not see it. */
export async function keptUnit(tx: Tx, code: string, day: Day): Promise<KeptUnit> {
  const { rows } = await sql<KeptUnit>`
    select unit.id, unit.code, unit.kind, unit.name, unit.organisation_name as "organisationName", unit.symbol, unit.place, unit.version,
           unit_kind.has_members as "hasMembers", nullif(lower(unit.during), '-infinity') as "from", upper(unit.during) as until,
           (select unit_ancestor.ancestor_id from unit_ancestor
            where unit_ancestor.unit_id = unit.id and unit_ancestor.depth = 1 and unit_ancestor.standing @> ${day}::date) as "parentId"
    from unit
    join unit_kind on unit_kind.key = unit.kind
    where unit.code = ${code}`.execute(tx)
  if (!rows[0]) throw new NotFound()
  return rows[0]
}

/** Why the viewer may not name, move or end the unit; null when the viewer may. The unit above keeps it, of a top its own offices. */
export async function reasonAgainstKeeping({ tx, viewer }: Ctx, unitId: string): Promise<Reason | null> {
  return reasonAgainst(viewer, 'keep units', await chainAbove(tx, unitId, viewer.today))
}

async function chainAbove(tx: Tx, unitId: string, day: Day): Promise<string[]> {
  const chain = await chainOf(tx, unitId, day)
  return chain.length > 1 ? chain.slice(1) : chain
}

/** Adds a unit under another. Throws NotFound, Forbidden, Refused('code' | 'parentCode' | 'fromDay'). */
export async function addUnit(ctx: Ctx, input: NewUnit): Promise<{ unitId: string; code: string; receipt: Receipt }> {
  const { tx, viewer } = ctx
  const parent = await keptUnit(tx, input.parentCode, viewer.today)
  demand(viewer, 'keep units', await chainOf(tx, parent.id, viewer.today))
  demandStanding(parent, input.fromDay ?? null)
  const unitId = v7()
  const code = await insertUnit(tx, unitId, input, parent.code)
  await keepTree(tx, [unitId], () => tx.insertInto('unit_parent').values({ unit_id: unitId, parent_id: parent.id, during: days(input.fromDay ?? null, null) }).execute())
  const receipt = await note(ctx, { action: 'unit.added', unitId, subjectType: 'unit', subjectId: unitId, detail: { code, fromDay: input.fromDay ?? null } })
  return { unitId, code, receipt }
}

/** Writes the row under the code asked for, or one made of the name: the first that is free, also where the viewer does not see who has it. */
async function insertUnit(tx: Tx, id: string, input: NewUnit, parentCode: string): Promise<string> {
  const plain = codeOf(input.name)
  const stem = `${parentCode}-${plain}`.length <= 60 ? `${parentCode}-${plain}` : plain
  const codes = (input.code ? [input.code] : [stem, ...Array.from({ length: 30 }, (_, number) => `${stem}-${number + 2}`)]).filter((code) => !reservedCodes.has(code))
  const { rows } = await sql<{ code: string }>`select code from free_unit_codes(${codes}::text[]) as free (code) order by array_position(${codes}::text[], code)`.execute(tx)
  const taken = new Refused('code', unitWords.say('codeTaken', { code: codes[0] ?? input.code ?? stem }))
  const code = rows[0]?.code
  if (!code) throw taken
  try {
    await tx.insertInto('unit').values({ id, code, during: days(input.fromDay ?? null, null), ...columnsOf(input) }).execute()
  } catch (error) {
    if (constraintOf(error) === 'unit_code_is_unique') throw taken // somebody was quicker
    throw error
  }
  return code
}

// Pages of the product that stand where a unit's own would.
const reservedCodes = new Set(['new'])

/** "Chi bộ khu vực 1" as `chi-bo-khu-vuc-1`. */
export function codeOf(name: string): string {
  const plain = name.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/đ/gi, 'd').toLowerCase()
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 60).replace(/-$/, '') || 'don-vi'
}

const columnsOf = ({ kind, name, organisationName, symbol, place }: Pick<NewUnit, 'kind' | 'name' | 'organisationName' | 'symbol' | 'place'>) => ({
  kind,
  name,
  organisation_name: organisationName ?? null,
  symbol: symbol ?? null,
  place: place ?? null,
})

/** Changes what a unit is called. Throws NotFound, Forbidden, Refused('version' | 'kind'). */
export async function editUnit(ctx: Ctx, input: UnitEdit): Promise<Receipt> {
  const { tx } = ctx
  const unit = await lockedUnit(ctx, input)
  if (input.kind !== unit.kind) await demandNoMembersLost(tx, unit, input.kind)
  await tx.updateTable('unit').set({ ...columnsOf(input), version: unit.version + 1 }).where('id', '=', unit.id).execute()
  const changed = (['kind', 'name', 'organisationName', 'symbol', 'place'] as const).filter((field) => (input[field] ?? null) !== unit[field])
  return note(ctx, { action: 'unit.edited', unitId: unit.id, subjectType: 'unit', subjectId: unit.id, detail: { code: unit.code, changed } })
}

/** A kind without members of its own would take whoever belongs there out of every count. */
async function demandNoMembersLost(tx: Tx, unit: KeptUnit, kind: string): Promise<void> {
  const { has_members } = await tx.selectFrom('unit_kind').select('has_members').where('key', '=', kind).executeTakeFirstOrThrow()
  if (unit.hasMembers && !has_members) throw new Refused('kind', unitWords.say('kindLosesMembers'))
}

/**
 * Puts a unit, with everything beneath it, under another from a day on; where it stood before stays as it was. Both the unit it leaves and
 * the one that takes it are the viewer's to keep. Throws NotFound, Forbidden, Refused('version' | 'parentCode' | 'fromDay').
 */
export async function moveUnit(ctx: Ctx, input: UnitMove): Promise<Receipt> {
  const { tx, viewer } = ctx
  const unit = await lockedUnit(ctx, input)
  const parent = await keptUnit(tx, input.parentCode, viewer.today)
  demand(viewer, 'keep units', await chainOf(tx, parent.id, viewer.today))
  if (parent.id === unit.id) throw new Refused('parentCode', unitWords.say('underItself'))
  demandStanding(parent, input.fromDay)
  demandStanding(unit, input.fromDay, 'unitCode')
  try {
    await keepTree(tx, [unit.id], () => rehang(tx, unit, parent.id, input.fromDay))
  } catch (error) {
    if (constraintOf(error) === 'tree_has_no_cycle') throw new Refused('parentCode', unitWords.say('underItsOwn', { name: parent.name }))
    throw error
  }
  await tx.updateTable('unit').set({ version: unit.version + 1 }).where('id', '=', unit.id).execute()
  const detail = { code: unit.code, fromDay: input.fromDay, from: unit.parentId, to: parent.id }
  const receipt = await note(ctx, { action: 'unit.moved', unitId: unit.id, subjectType: 'unit', subjectId: unit.id, detail })
  await note(ctx, { action: 'unit.received', unitId: parent.id, subjectType: 'unit', subjectId: parent.id, detail })
  return receipt
}

/** The last stretch of days ends where the new one begins; one that begins on that very day is put right. */
async function rehang(tx: Tx, unit: KeptUnit, parentId: string, fromDay: Day): Promise<void> {
  const last = await tx
    .selectFrom('unit_parent')
    .select(['parent_id', sql<Day | null>`nullif(lower(during), '-infinity')`.as('from'), sql<Day | null>`upper(during)`.as('until')])
    .where('unit_id', '=', unit.id)
    .orderBy(sql`lower(during)`, 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!last) throw new Refused('unitCode', unitWords.say('topStays'))
  if (last.from !== null && fromDay < last.from) throw new Refused('fromDay', unitWords.say('movedLater', { day: showDay(last.from) }))
  if (last.parent_id === parentId) throw new Refused('parentCode', unitWords.say('standsThere'))
  const stretch = tx.updateTable('unit_parent').where('unit_id', '=', unit.id).where(sql<boolean>`upper(during) is not distinct from ${last.until}::date`)
  if (last.from === fromDay) {
    await stretch.set({ parent_id: parentId }).execute()
  } else {
    await stretch.set({ during: days(last.from, fromDay) }).execute()
    await tx.insertInto('unit_parent').values({ unit_id: unit.id, parent_id: parentId, during: days(fromDay, last.until) }).execute()
  }
}

/** What ending a unit took along. */
export type UnitEnded = { endingId: string; members: number; units: number; campaigns: number; receipt: Receipt }

/**
 * Ends a unit from a day on; its members, the units beneath it and the rosters of campaigns under way become the successor's.
 * Throws NotFound, Forbidden, Refused('version' | 'fromDay' | 'successorCode').
 */
export async function endUnit(ctx: Ctx, input: UnitEnd): Promise<UnitEnded> {
  const { tx } = ctx
  const unit = await lockedUnit(ctx, input)
  if (unit.parentId === null) throw new Refused('unitCode', unitWords.say('topStays'))
  demandStanding(unit, input.fromDay, 'fromDay')
  if (unit.from === input.fromDay) throw new Refused('fromDay', unitWords.say('endsAsItBegins'))
  const successor = input.successorCode ? await successorOf(ctx, unit, input.successorCode, input.fromDay) : null
  const endingId = v7()
  try {
    const { rows } = await sql<Pick<UnitEnded, 'members' | 'units' | 'campaigns'>>`
      select members, units, campaigns from end_unit(${endingId}, ${unit.id}, ${successor?.id ?? null}, ${input.fromDay}, ${input.reason}, ${ctx.source})`.execute(tx)
    const taken = rows[0]!
    const detail = { code: unit.code, fromDay: input.fromDay, to: successor?.id ?? null, ...taken }
    const receipt = await note(ctx, { action: 'unit.ended', unitId: unit.id, subjectType: 'unit', subjectId: unit.id, detail })
    if (successor) await note(ctx, { action: 'unit.succeeded', unitId: successor.id, subjectType: 'unit', subjectId: successor.id, detail })
    return { endingId, ...taken, receipt }
  } catch (error) {
    switch (constraintOf(error)) {
      case 'ended_unit_has_a_successor':
        throw new Refused('successorCode', unitWords.say('successorNeeded'))
      case 'tree_has_no_cycle':
      case 'unit_is_not_its_own_parent':
        throw new Refused('successorCode', unitWords.say('successorBeneath'))
      case 'ended_unit_keeps_what_was_held':
        throw new Refused('fromDay', unitWords.say('officesSince'))
      case 'ending_units_still_stand':
        throw new Refused('version', unitWords.say('changedMeanwhile'))
      default:
        throw error
    }
  }
}

/** Ends the unit whose name the person typed; marks, case and spaces do not matter. Throws Refused('name') for another name. */
export async function endUnitByName(ctx: Ctx, { name, ...input }: UnitEndByName): Promise<UnitEnded> {
  const unit = await unitByCode(ctx.tx, input.unitCode)
  if (codeOf(name) !== codeOf(unit.name)) throw new Refused('name', unitWords.say('otherName', { name: unit.name }))
  return endUnit(ctx, input)
}

/** Longer than this what members, rosters and offices have come to is put right by hand. */
export const daysToUndo = 30

/** The end of a unit that can still be taken back: the last one, within thirty days; null where there is none, or the viewer does not keep the unit. */
export async function endingOf(tx: Tx, unitId: string): Promise<{ endingId: string; successorId: string | null } | null> {
  const { rows } = await sql<{ endingId: string; successorId: string | null }>`
    select unit_ending.id as "endingId", unit_ending.successor_id as "successorId"
    from unit_ending
    where unit_ending.unit_id = ${unitId} and unit_ending.undone_at is null and unit_ending.recorded_at > clock_timestamp() - make_interval(days => ${daysToUndo})
    order by unit_ending.recorded_at desc
    limit 1`.execute(tx)
  return rows[0] ?? null
}

/**
 * Takes the end of a unit back: days, offices, members, units beneath and rosters are what they were, as long as nothing of it was changed
 * since. Throws NotFound, Forbidden, Refused('form').
 */
export async function undoUnitEnd(ctx: Ctx, { unitCode, endingId }: UnitEndUndo): Promise<UnitEnded> {
  const { tx, viewer } = ctx
  const { id, code } = await unitByCode(tx, unitCode)
  demand(viewer, 'keep units', await chainAbove(tx, id, viewer.today))
  const ending = await endingOf(tx, id)
  if (!ending || ending.endingId !== endingId) throw new Refused('form', unitWords.say('endStays', { days: daysToUndo }))
  try {
    const { rows } = await sql<Pick<UnitEnded, 'members' | 'units' | 'campaigns'>>`select members, units, campaigns from undo_end_unit(${endingId}, ${ctx.source})`.execute(tx)
    const given = rows[0]!
    const receipt = await note(ctx, { action: 'unit.restored', unitId: id, subjectType: 'unit', subjectId: id, detail: { code, ...given } })
    if (ending.successorId) await note(ctx, { action: 'unit.returned', unitId: ending.successorId, subjectType: 'unit', subjectId: ending.successorId, detail: { code, ...given } })
    return { endingId, ...given, receipt }
  } catch (error) {
    if (constraintOf(error) === 'unit_is_as_its_end_left_it') throw new Refused('form', unitWords.say('endedSince'))
    throw error
  }
}

async function successorOf({ tx, viewer }: Ctx, unit: KeptUnit, code: string, fromDay: Day): Promise<KeptUnit> {
  const successor = await keptUnit(tx, code, viewer.today)
  if (successor.id === unit.id) throw new Refused('successorCode', unitWords.say('successorIsItself'))
  if (unit.hasMembers && !successor.hasMembers) throw new Refused('successorCode', unitWords.say('successorHasNoMembers', { name: successor.name }))
  demandStanding(successor, fromDay, 'successorCode')
  const isParent = successor.id === unit.parentId
  demand(viewer, 'keep units', isParent ? await chainOf(tx, successor.id, viewer.today) : await chainAbove(tx, successor.id, viewer.today))
  return successor
}

/** The unit, locked until this transaction ends; refused where somebody was quicker than the page that was shown. */
async function lockedUnit(ctx: Ctx, { unitCode, version }: { unitCode: string; version?: number | undefined }): Promise<KeptUnit> {
  const { tx, viewer } = ctx
  const found = await unitByCode(tx, unitCode)
  demand(viewer, 'keep units', await chainAbove(tx, found.id, viewer.today))
  await tx.selectFrom('unit').select('id').where('id', '=', found.id).forNoKeyUpdate().execute()
  const unit = await keptUnit(tx, unitCode, viewer.today)
  if (version !== undefined && version !== unit.version) throw new Refused('version', unitWords.say('changedMeanwhile'))
  return unit
}

/** What hangs there, or happens there, does so while it exists. */
function demandStanding(unit: KeptUnit, day: Day | null, field = 'parentCode'): void {
  if (unit.until !== null) throw new Refused(field, unitWords.say('hasEnded', { name: unit.name, day: showDay(unit.until) }))
  if (unit.from !== null && (day === null || day < unit.from)) throw new Refused(field === 'parentCode' ? 'fromDay' : field, unitWords.say('notYet', { name: unit.name, day: showDay(unit.from) }))
}

/** A range of days in PostgreSQL's form, up to but without `until`. */
function days(from: Day | null, until: Day | null): string {
  return `[${from ?? '-infinity'},${until ?? ''})`
}
