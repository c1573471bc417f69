import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { Ctx } from '../../permissions/permissions.ts'
import { note } from '../../web/audit.server.ts'
import { changeStatus, endExemption, exemptMember, transferMember } from '../people/members.server.ts'
import type { Applying } from './applying.ts'
import { importWords } from './imports.messages.ts'
import type { Plan } from './judging.ts'
import type { RowFields } from './reading/rows.ts'

/** Adds and corrects people, all at once; who moves or changes standing goes through the operation of that name, one after another. */
export async function applyMembers(ctx: Ctx, { importId, rows, effectiveOn, tell }: Applying): Promise<void> {
  await sql`select join_imported(${importId}, ${ctx.source})`.execute(ctx.tx)
  await sql`select edit_imported(${importId})`.execute(ctx.tx)
  const units = await codesOf(ctx, rows.flatMap(({ plan }) => (plan?.unitId ? [plan.unitId] : [])))
  const changed = rows.filter(({ verdict }) => verdict === 'changed')
  for (const [index, { fields, plan }] of changed.entries()) {
    await changeMembership(ctx, fields, plan!, { effectiveOn, unitCode: units.get(plan!.unitId!) ?? '' })
    tell(index + 1, changed.length)
  }
}

async function changeMembership(ctx: Ctx, { status, exemptReason, categoryKey }: RowFields, plan: Plan, { effectiveOn, unitCode }: { effectiveOn: string; unitCode: string }): Promise<void> {
  const { changes = [], id: personId, since = effectiveOn } = plan
  const change = (field: string) => changes.find((one) => one.field === field)
  const reason = importWords.in('vi')('reasonOfChange')
  if (change('unit') && !plan.fromUnitId) return rejoin(ctx, personId, { unitId: plan.unitId!, since, status: status ?? 'in_post', exemptReason: exemptReason ?? null, categoryKey: categoryKey ?? null })
  if (change('unit')) await transferMember(ctx, { personId, unitCode, fromDay: since, reason })
  const fromDay = change('unit') && since > effectiveOn ? since : effectiveOn
  const from = change('status')?.from
  if (from === 'exempt') await endExemption(ctx, { personId, fromDay, reason })
  if (status === 'exempt' && from) await exemptMember(ctx, { personId, fromDay, reason: exemptReason! })
  const isOther = from && status !== 'exempt' && !(from === 'exempt' && status === 'in_post')
  const keptCategory = categoryKey ?? (await categoryOf(ctx, personId))
  if (isOther || change('categoryKey')) await changeStatus(ctx, { personId, fromDay, ...(isOther && { status: status as 'in_post' | 'probationary' }), categoryKey: keptCategory ?? undefined, reason })
}

/** Somebody who had left, or never belonged anywhere, belongs from that day on. */
async function rejoin(ctx: Ctx, personId: string, { unitId, since, status, exemptReason, categoryKey }: { unitId: string; since: string; status: string; exemptReason: string | null; categoryKey: string | null }): Promise<void> {
  const changeId = v7()
  await sql`select change_membership(${changeId}, ${personId}, 'joined', ${since}, ${unitId}, ${status}, ${categoryKey}, ${exemptReason}, null, ${ctx.source})`.execute(ctx.tx)
  await note(ctx, { action: 'member.joined', unitId, subjectType: 'person', subjectId: personId, detail: { fromDay: since, change: changeId } })
}

async function categoryOf({ tx }: Ctx, personId: string): Promise<string | null> {
  const { rows } = await sql<{ key: string | null }>`select membership.category_key as key from membership where membership.person_id = ${personId} order by lower(membership.during) desc limit 1`.execute(tx)
  return rows[0]?.key ?? null
}

async function codesOf({ tx }: Ctx, ids: string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; code: string }>`select unit.id, unit.code from unit where unit.id = any (${[...new Set(ids)]}::uuid[])`.execute(tx)
  return new Map(rows.map(({ id, code }) => [id, code]))
}
