import { sql } from 'kysely'
import { v7 } from 'uuid'
import { constraintOf, type Tx } from '../../db/open.ts'
import { chainOf, demand, whoCould, type Ctx } from '../../permissions/permissions.ts'
import { holdersNear, type Holder } from '../../permissions/who-could.server.ts'
import { addDays, type Day } from '../../platform/clock.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import type { Language } from '../../platform/i18n.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { amendable, valueOf } from './held-wording.ts'
import { heldAbout, type HeldFact } from './held.server.ts'
import { rightsWords } from './rights.messages.ts'
import type { AmendmentAnswer, AmendmentInput, AmendmentWithdrawal } from './rights.schema.ts'

/** Days in which a unit answers a request to put something right. */
export const daysToAnswer = 10

/** A request as both sides see it; `who` asked, `answeredBy` null while it waits. */
export type Amendment = {
  id: string
  version: number
  personId: string
  who: string
  unitName: string
  item: string
  rowId: string | null
  held: string
  wanted: string
  reason: string
  askedAt: Date
  dueOn: Day
  outcome: 'corrected' | 'refused' | 'withdrawn' | null
  answer: string | null
  answeredAt: Date | null
  answeredBy: string | null
}

/**
 * Asks one's unit to put right one fact that is held about one; nothing changes by it. The receipt is of the request.
 * Throws Refused('item' | 'form').
 */
export async function askAmendment(ctx: Ctx, input: AmendmentInput, language: Language = 'vi'): Promise<{ amendmentId: string; unitName: string; dueOn: Day; receipt: Receipt }> {
  const { tx, viewer } = ctx
  const fact = await factToAmend(ctx, input)
  const unit = await unitToAnswer(ctx)
  if (!unit) throw new Refused('form', rightsWords.say('amend.noUnit'))
  const amendmentId = v7()
  const dueOn = addDays(viewer.today, daysToAnswer)
  const held = fact ? valueOf(fact, language).slice(0, 2000) : ''
  await sql`savepoint asking`.execute(tx)
  try {
    await tx
      .insertInto('amendment')
      .values({ id: amendmentId, person_id: viewer.personId, asked_by: viewer.personId, unit_id: unit.id, item: input.item, row_id: fact?.rowId ?? null, held, wanted: input.wanted, reason: input.reason, due_on: dueOn })
      .execute()
  } catch (error) {
    if (constraintOf(error) !== 'fact_has_one_open_amendment') throw error
    await sql`rollback to savepoint asking`.execute(tx)
    throw new Refused('form', rightsWords.say('amend.already'))
  }
  const receipt = await note(ctx, { action: 'amendment.asked', unitId: unit.id, subjectType: 'amendment', subjectId: amendmentId, detail: { item: input.item, dueOn } })
  return { amendmentId, unitName: unit.name, dueOn, receipt }
}

/** The fact a request is about, null for something that was never recorded. Throws Refused('item') for what is not held. */
export async function factToAmend(ctx: Ctx, { item, rowId }: Pick<AmendmentInput, 'item' | 'rowId'>): Promise<HeldFact | null> {
  if (!amendable.includes(item)) throw new Refused('item', rightsWords.say('amend.notHeld'))
  const facts = (await heldAbout(ctx)).filter((fact) => fact.item === item)
  const fact = facts.find((one) => one.rowId === (rowId ?? null)) ?? null
  if (!fact && (rowId || facts.some((one) => one.rowId !== null))) throw new Refused('item', rightsWords.say('amend.notHeld'))
  return fact
}

/** The unit that answers for the viewer: where one belongs, else where one holds an office or inspects, else where one belonged last; with who could. */
export async function unitToAnswer({ tx, viewer }: Ctx): Promise<{ id: string; name: string; holders: Holder[] } | null> {
  const { rows } = await sql<{ id: string; name: string }>`
    select unit.id, unit.name
    from (
      select membership.unit_id, case when membership.during @> ${viewer.today}::date then 1 else 4 end as rank, lower(membership.during) as since
      from membership where membership.person_id = ${viewer.personId}
      union all
      select office.unit_id, 2, lower(office.during) from office where office.person_id = ${viewer.personId} and office.during @> ${viewer.today}::date
      union all
      select assigned.unit_id, 3, lower(assigned.during) from inspection_assignment as assigned
      where assigned.person_id = ${viewer.personId} and assigned.during @> ${viewer.today}::date
    ) as own
    join unit on unit.id = own.unit_id
    order by own.rank, own.since desc
    limit 1`.execute(tx)
  const [unit] = rows
  if (!unit) return null
  const could = whoCould('answer amendments', await chainOf(tx, unit.id, viewer.today))
  const near = await holdersNear(tx, could.unitIds, null)
  return { ...unit, holders: near.filter((one) => could.roles.includes(one.role)).slice(0, 2) }
}

/**
 * Tells who asked that it was put right, or why not. Nobody answers their own request.
 * Throws NotFound, Forbidden, Refused('version' | 'form').
 */
export async function answerAmendment(ctx: Ctx, input: AmendmentAnswer): Promise<Receipt> {
  const { tx, viewer } = ctx
  const request = await lockAmendment(tx, input.amendmentId)
  demand(viewer, 'answer amendments', await chainOf(tx, request.unitId, viewer.today))
  if (request.personId === viewer.personId || request.askedBy === viewer.personId) throw new Forbidden(rightsWords.say('amend.own'))
  if (request.outcome) throw new Refused('form', rightsWords.say('amend.closed'))
  if (request.version !== input.version) throw new Refused('version', rightsWords.say('amend.meanwhile'))
  await end(tx, request.id, { outcome: input.outcome, answer: input.answer || null, by: viewer.personId })
  return note(ctx, { action: 'amendment.answered', unitId: request.unitId, subjectType: 'amendment', subjectId: request.id, detail: { outcome: input.outcome } })
}

/** Takes one's own request back. Throws NotFound, Forbidden, Refused('form'). */
export async function withdrawAmendment(ctx: Ctx, { amendmentId }: AmendmentWithdrawal): Promise<Receipt> {
  const { tx, viewer } = ctx
  const request = await lockAmendment(tx, amendmentId)
  if (request.personId !== viewer.personId) throw new Forbidden(rightsWords.say('amend.notYours'))
  if (request.outcome) throw new Refused('form', rightsWords.say('amend.closed'))
  await end(tx, request.id, { outcome: 'withdrawn', answer: null, by: viewer.actedBy?.personId ?? viewer.personId })
  return note(ctx, { action: 'amendment.withdrawn', unitId: request.unitId, subjectType: 'amendment', subjectId: request.id })
}

async function end(tx: Tx, id: string, { outcome, answer, by }: { outcome: string; answer: string | null; by: string }): Promise<void> {
  await tx.updateTable('amendment').set({ outcome, answer, answered_at: sql`clock_timestamp()`, answered_by: by, version: sql`version + 1` }).where('id', '=', id).execute()
}

async function lockAmendment(tx: Tx, id: string): Promise<{ id: string; version: number; personId: string; askedBy: string; unitId: string; outcome: string | null }> {
  const row = await tx.selectFrom('amendment').select(['id', 'version', 'person_id as personId', 'asked_by as askedBy', 'unit_id as unitId', 'outcome']).where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw new NotFound()
  return row
}

/** One's own requests, the latest first. */
export function ownAmendments({ tx, viewer }: Ctx): Promise<Amendment[]> {
  return amendmentsWhere(tx, sql`amendment.person_id = ${viewer.personId}`, sql`amendment.asked_at desc`)
}

/** Requests that wait for the viewer's units, those due first, and the latest that were answered. Nobody's own are among them. */
export async function amendmentsToAnswer({ tx, viewer }: Ctx): Promise<{ waiting: Amendment[]; answered: Amendment[] }> {
  const others = sql`amendment.person_id <> ${viewer.personId} and amendment.unit_id in (select viewer_amendment_units())`
  const waiting = await amendmentsWhere(tx, sql`${others} and amendment.outcome is null`, sql`amendment.due_on, amendment.asked_at`)
  const answered = await amendmentsWhere(tx, sql`${others} and amendment.outcome in ('corrected', 'refused')`, sql`amendment.answered_at desc`, 30)
  return { waiting, answered }
}

/** How many requests wait for the viewer's units, and the day the first of them is due: what home tells. */
export async function amendmentDuties({ tx, viewer }: Ctx): Promise<{ count: number; dueOn: Day | null }> {
  const { rows } = await sql<{ count: number; dueOn: Day | null }>`
    select count(*) as count, min(amendment.due_on) as "dueOn" from amendment
    where amendment.outcome is null and amendment.person_id <> ${viewer.personId} and amendment.unit_id in (select viewer_amendment_units())`.execute(tx)
  return rows[0]!
}

async function amendmentsWhere(tx: Tx, which: ReturnType<typeof sql>, order: ReturnType<typeof sql>, limit = 200): Promise<Amendment[]> {
  const { rows } = await sql<Amendment>`
    select amendment.id, amendment.version, amendment.person_id as "personId", coalesce(amendment_asker(amendment.id), '') as who, coalesce(unit.name, '') as "unitName",
           amendment.item, amendment.row_id as "rowId", amendment.held, amendment.wanted, amendment.reason, amendment.asked_at as "askedAt", amendment.due_on as "dueOn",
           amendment.outcome, amendment.answer, amendment.answered_at as "answeredAt", office_holder_name(amendment.answered_by) as "answeredBy"
    from amendment
    left join unit on unit.id = amendment.unit_id
    where ${which}
    order by ${order}
    limit ${limit}`.execute(tx)
  return rows
}
