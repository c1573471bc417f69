import { sql } from 'kysely'
import { chainOf, demand, reasonAgainst, type Ctx, type Reason, type Role } from '../../permissions/permissions.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { notify } from '../notices/notices.server.ts'
import { dutyWords } from './duties.messages.ts'
import type { DutyWaiver } from './duties.schema.ts'

type Held = { id: string; unitId: string; unitCode: string; role: Role | null; title: string; ordererId: string; isDone: boolean; isWaived: boolean }

/**
 * Lets units off what they owe, with the reason: by the unit that ordered it or one between, never the one that owes it.
 * Throws NotFound, Forbidden, Refused('dutyIds').
 */
export async function waiveDuties(ctx: Ctx, { dutyIds, reason }: DutyWaiver): Promise<Receipt> {
  const { tx, viewer } = ctx
  const held = await holdDuties(ctx, dutyIds)
  let receipt = 0
  for (const duty of held) {
    if (duty.isDone) throw new Refused('dutyIds', dutyWords.say('waivedDone'))
    const between = await demandWaiving(ctx, duty)
    if (duty.isWaived) continue
    await tx
      .updateTable('duty')
      .set({
        waived_at: sql`clock_timestamp()`,
        waived_by: viewer.personId, // nobody waives for another: who acts for a person has none of the offices
        waived_for_unit_id: between.find((id) => viewer.offices.some((office) => office.unitId === id)) ?? duty.ordererId,
        waived_reason: reason,
        version: sql`version + 1`,
      })
      .where('id', '=', duty.id)
      .execute()
    await tell(ctx, duty, 'waived')
    receipt = await note(ctx, { action: 'duty.waived', unitId: duty.unitId, subjectType: 'duty', subjectId: duty.id })
  }
  if (receipt === 0) throw new Refused('dutyIds', dutyWords.say('waivedAlready'))
  return receipt
}

/** Takes waivers back: what was let off is owed again. Throws NotFound, Forbidden, Refused('dutyIds'). */
export async function undoWaiver(ctx: Ctx, { dutyIds }: { dutyIds: string[] }): Promise<Receipt> {
  const held = await holdDuties(ctx, dutyIds)
  let receipt = 0
  for (const duty of held) {
    await demandWaiving(ctx, duty)
    if (!duty.isWaived) continue
    await ctx.tx.updateTable('duty').set({ waived_at: null, waived_by: null, waived_for_unit_id: null, waived_reason: null, version: sql`version + 1` }).where('id', '=', duty.id).execute()
    await tell(ctx, duty, 'again')
    receipt = await note(ctx, { action: 'duty.waiver-undone', unitId: duty.unitId, subjectType: 'duty', subjectId: duty.id })
  }
  if (receipt === 0) throw new Refused('dutyIds', dutyWords.say('waivedNot'))
  return receipt
}

/** Tells the offices that owe it; what is taken back before they read it is one notice with what holds in the end. */
async function tell({ tx }: Ctx, { id, unitId, unitCode, role, title }: Held, form: 'waived' | 'again'): Promise<void> {
  await notify(tx, {
    kind: 'duty-changed',
    to: { unitIds: [unitId], roles: role ? [role] : ['secretary', 'deputy', 'clerk'] },
    about: { type: 'duty', id },
    unitId,
    values: { form, title },
    path: `/duties?unit=${unitCode}&duty=${id}`,
    mergeKey: `duty ${id}`,
  })
}

async function holdDuties({ tx }: Ctx, ids: string[]): Promise<Held[]> {
  const wanted = [...new Set(ids)]
  const held = await tx
    .selectFrom('duty')
    .innerJoin('duty_rule', 'duty_rule.id', 'duty.rule_id')
    .innerJoin('unit', 'unit.id', 'duty.unit_id')
    .select(['duty.id', 'duty.unit_id as unitId', 'unit.code as unitCode', sql<Role | null>`duty.role`.as('role'), 'duty_rule.title', 'duty_rule.unit_id as ordererId', sql<boolean>`duty.done_on is not null`.as('isDone'), sql<boolean>`duty.waived_at is not null`.as('isWaived')])
    .where('duty.id', 'in', wanted)
    .where('duty.dropped_on', 'is', null)
    .orderBy('duty.id')
    .forUpdate('duty')
    .execute()
  if (held.length < wanted.length) throw new NotFound()
  return held
}

async function demandWaiving(ctx: Ctx, duty: Pick<Held, 'unitId' | 'ordererId'>): Promise<string[]> {
  const between = await unitsBetween(ctx, duty)
  demand(ctx.viewer, 'waive duties', between)
  return between
}

/** Why the viewer may not waive what that unit owes to that orderer; null when the viewer may. */
export async function reasonAgainstWaiving(ctx: Ctx, duty: Pick<Held, 'unitId' | 'ordererId'>): Promise<Reason | null> {
  return reasonAgainst(ctx.viewer, 'waive duties', await unitsBetween(ctx, duty))
}

/** From the level above the unit up to whoever ordered it. */
async function unitsBetween({ tx, viewer }: Ctx, { unitId, ordererId }: Pick<Held, 'unitId' | 'ordererId'>): Promise<string[]> {
  const chain = await chainOf(tx, unitId, viewer.today)
  const last = chain.indexOf(ordererId)
  return last === -1 ? [ordererId] : unitId === ordererId ? [ordererId] : chain.slice(1, last + 1)
}
