import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { asSystem, type Tx } from '../../db/open.ts'
import type { Role } from '../../permissions/permissions.ts'
import { today, type Day } from '../../platform/clock.ts'
import type { App } from '../../web/context.ts'
import { notify, notifyUnits } from '../notices/notices.server.ts'

type Running = Pick<App, 'db' | 'log' | 'config'>

const unitsAChunk = 150 // a transaction of some hundredths of a second: nobody waits for it
const rest = 0.5 // of the time a chunk took: pages have the database to themselves for a third of it
const dutiesAChunk = 2000

/**
 * Lays every rule that waits, chunk by chunk in transactions of their own; returns how many chunks. Stopped in the middle it goes on
 * where it was; two servers take turns.
 */
export async function layDuties({ db, log }: Running, most = Infinity): Promise<number> {
  let chunks = 0
  const { rows } = await sql<{ id: string }>`select id from duty_laying where ended_at is null order by started_at`.execute(db)
  for (const { id } of rows) {
    while (chunks < most) {
      const began = performance.now()
      if (!(await asSystem(db, log, 'duties are laid for units by their rule', (tx) => layChunk(tx, id)))) break
      chunks++
      await sleep((performance.now() - began) * rest)
    }
  }
  return chunks
}

async function layChunk(tx: Tx, layingId: string): Promise<boolean> {
  const before = await placeOf(tx, layingId)
  const { rows } = await sql<{ isMore: boolean }>`select lay_chunk(${layingId}::uuid, ${unitsAChunk}) as "isMore"`.execute(tx)
  const after = await placeOf(tx, layingId)
  if (after.added > before.added) await tellOfNew(tx, layingId, before.afterUnit, after.afterUnit!)
  return rows[0]!.isMore
}

async function placeOf(tx: Tx, layingId: string): Promise<{ afterUnit: string | null; added: number }> {
  return tx.selectFrom('duty_laying').select(['after_unit as afterUnit', 'added']).where('id', '=', layingId).executeTakeFirstOrThrow()
}

/**
 * Tells the offices of these units that a rule asks something new of them: once a person and rule, whatever is laid again later and
 * however many months it goes on; not of what is due already or done.
 */
async function tellOfNew(tx: Tx, layingId: string, afterUnit: string | null, lastUnit: string): Promise<void> {
  const { rows } = await sql<{ ruleId: string; role: Role | null; title: string; startedBy: string | null; day: Day; unitId: string; code: string; unit: string; dueOn: Day | null; isMonthly: boolean }>`
    select duty.rule_id as "ruleId", duty_rule.role, duty_rule.title, duty_laying.started_by as "startedBy", duty_laying.day, duty_rule.due_mode = 'monthly' as "isMonthly", duty.unit_id as "unitId", unit.code, unit.name as unit,
           min(duty.due_on) as "dueOn"
    from duty_laying
    join duty_rule on duty_rule.id = duty_laying.rule_id
    join campaign on campaign.id = duty_rule.campaign_id and campaign_day(campaign, duty_laying.day) = duty_laying.day -- one that has ended asks nothing
    join duty on duty.rule_id = duty_laying.rule_id
    join unit on unit.id = duty.unit_id
    where duty_laying.id = ${layingId}::uuid and duty.unit_id <= ${lastUnit}::uuid and (${afterUnit}::uuid is null or duty.unit_id > ${afterUnit}::uuid)
      and duty.laid_on = duty_laying.day and duty.done_on is null and duty.waived_at is null and duty.dropped_on is null
      and (duty.due_on is null or duty.due_on >= duty_laying.day)
      and not exists (
        select from duty as earlier where earlier.rule_id = duty.rule_id and earlier.unit_id = duty.unit_id and earlier.laid_on < duty_laying.day)
    group by duty.rule_id, duty_rule.role, duty_rule.title, duty_rule.due_mode, duty_laying.started_by, duty_laying.day, duty.unit_id, unit.code, unit.name
    order by "dueOn" nulls last, unit.name collate "vi-x-icu", duty.unit_id`.execute(tx)
  const [first] = rows
  if (!first) return
  await notifyUnits(tx, {
    kind: 'duty-made',
    about: { type: 'duty_rule', id: first.ruleId },
    units: rows.map(({ unitId, code, unit, title, dueOn, isMonthly }) => ({
      unitId,
      values: { title, unit, ...(dueOn === null ? { form: 'undated' } : { dueOn, ...(isMonthly ? { form: 'monthly' } : {}) }) },
      path: `/duties?unit=${code}`,
    })),
    roles: first.role ? [first.role] : ['secretary', 'deputy', 'clerk'],
    isOffices: first.role === null,
    onceKey: `duty-rule ${first.ruleId}`,
    butPerson: first.startedBy,
    onDay: first.day,
  })
}

/**
 * Begins to lay again the rules whose ground has moved since: units founded, moved or ended, a new day, a basis that was issued.
 * Months ahead are laid by it too. Returns how many.
 */
export function followOrganisation({ db, log, config }: Running, now: Date = new Date()): Promise<number> {
  const day = today(config.timeZone, now)
  return asSystem(db, log, 'rules of duties follow the organisation', async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('follow_organisation'))`.execute(tx)
    const { rows } = await sql`
      select begin_laying(duty_rule.id, 'organisation', ${day}::date, null)
      from duty_rule
      where duty_rule.state = 'active' and duty_rule.laid_over is distinct from duty_ground(duty_rule, ${day}::date)
        and not exists (select from duty_laying where duty_laying.rule_id = duty_rule.id and duty_laying.ended_at is null)`.execute(tx)
    return rows.length
  })
}

/** Settles every duty that is owed or done, in chunks: what was missed, such as two rolls that ended the same study at one instant. */
export async function settleMissed({ db, log, config }: Running, now: Date = new Date()): Promise<number> {
  const day = today(config.timeZone, now)
  let changed = 0
  let after: string | null = '00000000-0000-0000-0000-000000000000'
  while (after !== null) {
    const chunk: { changed: number; last: string | null } = await asSystem(db, log, 'duties of all units are settled', async (tx) => {
      const { rows } = await sql<{ changed: number; last: string | null }>`
        with chunk as materialized (
          select duty.id from duty where duty.id > ${after}::uuid and duty.dropped_on is null order by duty.id limit ${dutiesAChunk}
        )
        select settle_duties_by_id(array(select chunk.id from chunk), ${day}::date) as changed, (select max(chunk.id::text) from chunk) as last`.execute(tx)
      return rows[0]!
    })
    changed += chunk.changed
    after = chunk.last
  }
  return changed
}

/**
 * Tells the level above, once a duty, of those that are late by as many days as their rule says, while their campaign has not ended:
 * one notice a unit and rule, however many beneath it are late. Returns how many notices.
 */
export function escalateLate({ db, log, config }: Running, now: Date = new Date()): Promise<number> {
  const day = today(config.timeZone, now)
  return asSystem(db, log, 'late duties of all units are looked for', async (tx) => {
    const { rows } = await sql<{ aboveId: string; aboveCode: string; ruleId: string; title: string; dutyId: string; unit: string; units: number; days: number }>`
      with late as (
        update duty
        set escalated_on = ${day}::date
        from duty_rule, campaign
        where duty_rule.id = duty.rule_id and campaign.id = duty.campaign_id and campaign_day(campaign, ${day}::date) = ${day}::date -- none is told of one that has ended
          and duty_rule.late_notice_days is not null and duty_rule.state <> 'ended'
          and duty.done_on is null and duty.waived_at is null and duty.dropped_on is null and duty.escalated_on is null
          and duty.due_on + duty_rule.late_notice_days <= ${day}::date
        returning duty.id, duty.rule_id, duty.unit_id, duty.due_on, duty_rule.title
      )
      select above.id as "aboveId", above.code as "aboveCode", late.rule_id as "ruleId", late.title,
             (array_agg(late.id order by late.due_on, late.id))[1] as "dutyId", (array_agg(unit.name order by late.due_on, late.id))[1] as unit,
             count(*) as units, ${day}::date - min(late.due_on) as days
      from late
      join unit on unit.id = late.unit_id
      join unit_ancestor on unit_ancestor.unit_id = late.unit_id and unit_ancestor.depth = 1 and unit_ancestor.standing @> ${day}::date
      join unit as above on above.id = unit_ancestor.ancestor_id
      group by above.id, above.code, late.rule_id, late.title
      order by above.id, late.rule_id`.execute(tx)
    for (const one of rows) {
      await notify(tx, {
        kind: 'duty-late',
        to: { unitIds: [one.aboveId], roles: ['secretary', 'deputy', 'clerk', 'city_officer'] },
        about: { type: 'duty', id: one.dutyId },
        unitId: one.aboveId,
        values: { ...(one.units > 1 ? { form: 'several' } : {}), unit: one.unit, count: one.units, others: one.units - 1, days: one.days, title: one.title },
        path: `/duties/rules/${one.ruleId}?state=late`,
        onDay: day,
      })
    }
    return rows.length
  })
}
