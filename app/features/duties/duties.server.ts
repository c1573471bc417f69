import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import { NotFound } from '../../platform/errors.ts'
import type { DutyKind } from './duties.schema.ts'

/** Whose duties, in which campaign, of which kinds; a record outside of any campaign fulfils none. */
export type Settling = { unitId: string | string[]; campaignId: string | null; kinds: DutyKind[] }

/**
 * Brings what these units owe to what the records say now: done by the record that fulfils it, open again when that was withdrawn.
 * Whoever changes such a record calls it in the same transaction, after the change. Study is settled for the units above too.
 * Returns how many duties changed.
 */
export async function settleDuties({ tx, viewer }: Pick<Ctx, 'tx' | 'viewer'>, { unitId, campaignId, kinds }: Settling): Promise<number> {
  const units = [unitId].flat()
  if (!campaignId || units.length === 0) return 0
  const { rows } = await sql<{ changed: number }>`
    select settle_duties(${units}::uuid[], ${campaignId}::uuid, ${kinds}::text[], ${viewer.today}::date) as changed`.execute(tx)
  return rows[0]!.changed
}

export type DutyState = 'open' | 'late' | 'done' | 'done_late' | 'waived'

/** One duty as lists show it. `record` is what it was done by, or what is begun of it (a report asked for). */
export type Duty = {
  id: string
  ruleId: string
  title: string
  kind: DutyKind
  role: string | null
  period: string
  detail: { type?: string; roundId?: string; formId?: string; measure?: 'all' | 'held' }
  basisId: string | null
  unitId: string
  unitCode: string
  unitName: string
  unitKind: string
  above: string | null
  campaignCode: string
  ordererId: string
  ordererName: string
  dueOn: Day | null
  doneOn: Day | null
  doneWhat: string | null
  doneBy: string | null
  waivedReason: string | null
  waivedBy: string | null
  waivedForUnitId: string | null
  record: string | null
  toldOn: Day // the day its campaign is told as of: today, or the data day of one that has ended
  state: DutyState
}

/** What a duty is: by its days alone, nobody ticks it; what is done is done at once, whatever day its campaign stands at. */
function stateOf({ dueOn, doneOn, waivedReason, toldOn }: Omit<Duty, 'state'>): DutyState {
  if (doneOn) return dueOn && doneOn > dueOn ? 'done_late' : 'done'
  if (waivedReason) return 'waived'
  return dueOn && dueOn < toldOn ? 'late' : 'open'
}

const duties = ({ tx, viewer }: Ctx) =>
  tx
    .selectFrom('duty')
    .innerJoin('duty_rule', 'duty_rule.id', 'duty.rule_id')
    .innerJoin('unit', 'unit.id', 'duty.unit_id')
    .innerJoin('unit as orderer', 'orderer.id', 'duty_rule.unit_id')
    .innerJoin('campaign', 'campaign.id', 'duty.campaign_id')
    .where('duty.dropped_on', 'is', null)
    .select([
      'duty.id',
      'duty.rule_id as ruleId',
      'duty_rule.title',
      'duty.kind',
      'duty.role',
      'duty.period',
      'duty.detail',
      'duty_rule.basis_id as basisId',
      'duty.unit_id as unitId',
      'unit.code as unitCode',
      'unit.name as unitName',
      'unit.kind as unitKind',
      sql<string | null>`(
        select above.name from unit_ancestor join unit as above on above.id = unit_ancestor.ancestor_id
        where unit_ancestor.unit_id = duty.unit_id and unit_ancestor.depth = 1 and unit_ancestor.standing @> viewer_today())`.as('above'),
      'campaign.code as campaignCode',
      'duty_rule.unit_id as ordererId',
      'orderer.name as ordererName',
      'duty.due_on as dueOn',
      'duty.done_on as doneOn',
      'duty.done_what as doneWhat',
      'duty.done_by as doneBy',
      'duty.waived_reason as waivedReason',
      sql<string | null>`office_holder_name(duty.waived_by)`.as('waivedBy'),
      'duty.waived_for_unit_id as waivedForUnitId',
      toldOn(viewer.today).as('toldOn'),
      // a report that is asked for is there before it is handed up
      sql<string | null>`coalesce(duty.done_by, (
        select filing.id from filing
        join report_round on report_round.id = filing.round_id
        where duty.kind = 'report' and filing.unit_id = duty.unit_id and not filing.is_consolidated
          and (report_round.id = (duty.detail ->> 'roundId')::uuid
            or (report_round.form_id = (duty.detail ->> 'formId')::uuid
              and (duty.period = '' or to_char(deployment_day(report_round.due_at), 'YYYY-MM') = duty.period)))
        order by filing.due_at desc, filing.id
        limit 1))`.as('record'),
    ])
    .$castTo<Omit<Duty, 'state'>>()

/** The day the campaign of a statement is told as of. */
const toldOn = (today: Day) => sql<Day>`campaign_day(campaign, ${today}::date)`

const withState = (duty: Omit<Duty, 'state'>): Duty => ({ ...duty, state: stateOf(duty) })

const isOpen = sql<boolean>`duty.done_on is null and duty.waived_at is null and duty.dropped_on is null`

/**
 * What the viewer owes, soonest due first and without a day last: of the units whose offices one holds, and of one's own office. Of
 * campaigns that have ended nothing is owed any more, but `campaignId` is shown as it stood then.
 */
export async function ownDuties(ctx: Ctx, { campaignId = null, most = 40 }: { campaignId?: string | null; most?: number } = {}): Promise<Duty[]> {
  const { tx, viewer } = ctx
  // by units first: the few that are one's own are found by their index, whatever else the viewer sees
  const { rows: own } = await sql<{ id: string }>`
    select duty.id
    from duty
    where duty.role is null and duty.unit_id = any (array(select viewer_office_units())) and ${isOpen}
    union all
    select duty.id
    from duty
    where duty.role is not null and duty.unit_id = any (array(select viewer_headed_units())) and ${isOpen}`.execute(tx)
  if (own.length === 0) return []
  const rows = await duties(ctx)
    .where('duty.id', 'in', own.slice(0, 1000).map(({ id }) => id))
    .where((where) => where.or([where('campaign.id', '=', campaignId), where(toldOn(viewer.today), '=', viewer.today)]))
    .orderBy(sql`duty.due_on asc nulls last`)
    .orderBy('duty_rule.title')
    .orderBy('duty.id')
    .limit(most)
    .execute()
  return rows.map(withState)
}

/** Everything a unit itself owes, owed or was let off, open first and by day; the viewer's to see or nothing. */
export async function dutiesOfUnit(ctx: Ctx, unitId: string, most = 200): Promise<Duty[]> {
  const rows = await duties(ctx)
    .where('duty.unit_id', '=', unitId)
    .orderBy(isOpen, 'desc')
    .orderBy(sql`duty.due_on asc nulls last`)
    .orderBy('duty_rule.title')
    .orderBy('duty.id')
    .limit(most)
    .execute()
  return rows.map(withState)
}

/** Duties of one rule by state, those that are latest first: a page of them, and how many there are. */
export async function dutiesOfRule(ctx: Ctx, ruleId: string, { state, page, onOnePage }: { state: DutyState | null; page: number; onOnePage: number }): Promise<Duty[]> {
  const { tx, viewer } = ctx
  const chosen = await tx
    .selectFrom('duty')
    .innerJoin('unit', 'unit.id', 'duty.unit_id')
    .innerJoin('campaign', 'campaign.id', 'duty.campaign_id')
    .select('duty.id')
    .where('duty.rule_id', '=', ruleId)
    .where('duty.dropped_on', 'is', null)
    .$if(state !== null, (query) => query.where(stateSql(viewer.today), '=', state!))
    .orderBy(isOpen, 'desc')
    .orderBy(sql`duty.due_on asc nulls last`)
    .orderBy(sql`unit.name collate "vi-x-icu"`)
    .orderBy('duty.id')
    .limit(onOnePage)
    .offset((page - 1) * onOnePage)
    .execute()
  if (chosen.length === 0) return []
  const ids = chosen.map(({ id }) => id)
  // a page of them is told in full: asked of all, the reports and names would be looked for a thousand times
  const rows = (await duties(ctx).where('duty.id', 'in', ids).execute()).toSorted((one, other) => ids.indexOf(one.id) - ids.indexOf(other.id))
  return rows.map(withState)
}

/** How many duties of a rule are in which state. */
export async function statesOfRule({ tx, viewer }: Ctx, ruleId: string): Promise<Partial<Record<DutyState, number>>> {
  const rows = await tx
    .selectFrom('duty')
    .innerJoin('campaign', 'campaign.id', 'duty.campaign_id')
    .select([stateSql(viewer.today).as('state'), sql<number>`count(*)`.as('duties')])
    .where('duty.rule_id', '=', ruleId)
    .where('duty.dropped_on', 'is', null)
    .groupBy('state')
    .execute()
  return Object.fromEntries(rows.map((row) => [row.state, row.duties]))
}

const stateSql = (today: Day) => sql<DutyState>`case
  when duty.done_on is not null then case when duty.done_on > duty.due_on then 'done_late' else 'done' end
  when duty.waived_at is not null then 'waived'
  when duty.due_on < ${toldOn(today)} then 'late' else 'open' end`

/** What one unit owes in a campaign: itself (`isOwn`) or everything beneath it, of one kind. */
export type Owed = { campaignId: string; kind: DutyKind; isOwn: boolean; wanted: number; done: number; late: number; today: number; nextDue: Day | null; oldestDue: Day | null }

type Beneath = { unitId: string; asOf: Day; campaignId: string | null }

/**
 * What each unit directly beneath owes as of a day, by the unit's id; counted in full for whoever leads or checks the unit above. Of
 * campaigns that have not ended, and of the one named. Throws NotFound for others.
 */
export async function owedBeneath({ tx }: Ctx, { unitId, asOf, campaignId }: Beneath): Promise<Map<string, Owed[]>> {
  const { rows } = await sql<Owed & { unitId: string }>`
    select unit_id as "unitId", campaign_id as "campaignId", kind, is_own as "isOwn", wanted, done, late, today, next_due as "nextDue", oldest_due as "oldestDue"
    from owed_beneath(${unitId}::uuid, ${asOf}::date, ${campaignId}::uuid)`.execute(tx)
  if (rows.length === 0) await demandLed(tx, unitId)
  const owed = new Map<string, Owed[]>()
  for (const { unitId: id, ...row } of rows) owed.set(id, [...(owed.get(id) ?? []), row])
  return owed
}

/** A duty that a unit directly beneath has not done. */
export type OpenDuty = { id: string; title: string; period: string; dueOn: Day | null; isLate: boolean }

/** The first few of what each unit directly beneath itself owes, by the unit's id, soonest due first; of others' units nothing. */
export async function firstOwedBeneath({ tx }: Ctx, { unitId, asOf, campaignId }: Beneath, most: number): Promise<Map<string, OpenDuty[]>> {
  const { rows } = await sql<OpenDuty & { unitId: string }>`
    select unit_id as "unitId", duty_id as id, title, period, due_on as "dueOn", is_late as "isLate"
    from first_owed_beneath(${unitId}::uuid, ${asOf}::date, ${campaignId}::uuid, ${most}::integer)`.execute(tx)
  const open = new Map<string, OpenDuty[]>()
  for (const { unitId: id, ...row } of rows) open.set(id, [...(open.get(id) ?? []), row])
  return open
}

/** Others are counted nothing; they are told that there is nothing here. */
async function demandLed(tx: Tx, unitId: string): Promise<void> {
  const { rows } = await sql<{ isLed: boolean }>`select is_led_by_viewer(${unitId}::uuid) as "isLed"`.execute(tx)
  if (!rows[0]!.isLed) throw new NotFound()
}
