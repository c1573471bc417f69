import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import { demand, type Ctx } from '../../permissions/permissions.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { campaignByCode } from '../campaigns/campaigns.server.ts'
import { notify } from '../notices/notices.server.ts'
import { dutyWords } from './duties.messages.ts'
import type { Urging } from './duties.schema.ts'

/** What a unit is urged about: open and late duties of its own and beneath, people who have not studied. */
export type UrgedFor = { open: number; late: number; beneathOpen: number; beneathLate: number; missing: number }
export type Urged = { at: Date; byUnitName: string; by: string | null; isRecent: boolean }

/**
 * Sends each unit one message about all it owes, to its secretary, deputies and clerks; who was urged by the same level within a day
 * is left out, unless `again`. A unit that owes nothing gets none. `told`: units that somebody was reached in.
 * Throws NotFound, Forbidden, Refused('unitCodes' | 'again').
 */
export async function urgeUnits(ctx: Ctx, input: Urging): Promise<{ urged: number; recent: number; nothingOwed: number; unreached: number; receipt: Receipt }> {
  const { tx, viewer, source: _ } = ctx
  const codes = [...new Set(input.unitCodes)]
  const units = await unitsOf(ctx, codes)
  if (units.length < codes.length) throw new NotFound()
  for (const unit of units) demand(viewer, 'urge units', unit.above)
  const campaign = input.campaignCode ? await campaignByCode(tx, input.campaignCode) : null
  await sql`select pg_advisory_xact_lock(hashtextextended('urge' || unit_id::text, 0)) from (select unnest(${units.map(({ id }) => id)}::uuid[]) as unit_id order by 1) as held`.execute(tx)
  const owed = await owedOf(ctx, units.map(({ id }) => id), campaign?.id ?? null)
  const last = await lastUrges(ctx, units.map(({ id }) => id))
  const owing = units.filter((unit) => owesSomething(owed.get(unit.id)))
  const chosen = owing.filter((unit) => input.again || !last.get(unit.id)?.isRecent)
  if (owing.length === 0) throw new Refused('unitCodes', dutyWords.say(codes.length === 1 ? 'urge.nothingOwedOne' : 'urge.nothingOwed'))
  if (chosen.length === 0) throw new Refused('again', dutyWords.say(codes.length === 1 ? 'urge.recentOne' : 'urge.recent', { count: owing.length }))
  let receipt = 0
  let unreached = 0
  for (const unit of chosen) {
    const about = owed.get(unit.id)!
    const by = unit.above.find((id) => viewer.offices.some((office) => office.unitId === id)) ?? unit.above.at(-1)!
    const { id } = await tx
      .insertInto('duty_urge')
      .values({
        unit_id: unit.id,
        by_unit_id: by,
        campaign_id: campaign?.id ?? null,
        owed: JSON.stringify({ ...about, titles: about.titles.length }),
        note: input.note ?? null,
        is_again: last.get(unit.id)?.isRecent ?? false,
        recorded_by: viewer.personId,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const told = await notify(tx, {
      kind: 'urge',
      to: { unitIds: [unit.id], roles: ['secretary', 'deputy', 'clerk'] },
      about: { type: 'unit', id: unit.id },
      unitId: unit.id,
      values: { form: formOf(about), from: await nameOf(tx, by), count: about.open, late: about.late, beneath: about.beneathOpen, missing: about.missing, what: about.titles.join('; '), note: input.note ?? '' },
      path: `/duties?unit=${unit.code}`,
    })
    if (told === 0) unreached++
    receipt = await note(ctx, { action: 'unit.urged', unitId: unit.id, subjectType: 'duty_urge', subjectId: id, detail: { ...about, titles: about.titles.length, people: told } })
  }
  return { urged: chosen.length, recent: owing.length - chosen.length, nothingOwed: units.length - owing.length, unreached, receipt }
}

/** Which sentence says it: nothing is said of what is none. */
function formOf({ open, late, missing }: UrgedFor): string {
  if (open === 0) return missing > 0 ? 'study' : 'beneath'
  return missing > 0 ? (late > 0 ? 'both' : 'bothOpen') : late > 0 ? 'duties' : 'open'
}

const owesSomething = (owed: UrgedFor | undefined) => owed !== undefined && owed.open + owed.beneathOpen + owed.missing > 0

type Target = { id: string; code: string; name: string; above: string[] }

/** Units with those above them, nearest first. */
async function unitsOf({ tx, viewer }: Ctx, codes: string[]): Promise<Target[]> {
  const { rows } = await sql<Target>`
    select unit.id, unit.code, unit.name,
           array(
             select unit_ancestor.ancestor_id from unit_ancestor
             where unit_ancestor.unit_id = unit.id and unit_ancestor.depth > 0 and unit_ancestor.standing @> ${viewer.today}::date
             order by unit_ancestor.depth) as above
    from unit
    where unit.code = any (${codes}::text[])
    order by unit.id`.execute(tx)
  return rows
}

async function owedOf({ tx, viewer }: Ctx, unitIds: string[], campaignId: string | null): Promise<Map<string, UrgedFor & { titles: string[] }>> {
  const { rows } = await sql<UrgedFor & { unitId: string; titles: string[] }>`
    with told as materialized (select campaign_id, day from told_campaigns(${viewer.today}::date, ${campaignId}::uuid))
    select asked.unit_id as "unitId", duties.open, duties.late, duties."beneathOpen", duties."beneathLate",
           coalesce(study.missing, 0) as missing,
           array(
             select duty_rule.title
             from duty
             join duty_rule on duty_rule.id = duty.rule_id
             join told on told.campaign_id = duty.campaign_id
             where duty.unit_id = asked.unit_id and duty.done_on is null and duty.waived_at is null and duty.dropped_on is null
             order by duty.due_on nulls last, duty_rule.title, duty.id
             limit 3) as titles
    from unnest(${unitIds}::uuid[]) as asked (unit_id)
    cross join lateral (
      select count(*) filter (where beneath.depth = 0) as open,
             count(*) filter (where beneath.depth = 0 and duty.due_on < told.day) as late,
             count(*) filter (where beneath.depth > 0) as "beneathOpen",
             count(*) filter (where beneath.depth > 0 and duty.due_on < told.day) as "beneathLate"
      from unit_ancestor as beneath
      join duty on duty.unit_id = beneath.unit_id and duty.done_on is null and duty.waived_at is null and duty.dropped_on is null
      join told on told.campaign_id = duty.campaign_id
      where beneath.ancestor_id = asked.unit_id and beneath.standing @> ${viewer.today}::date
    ) as duties
    left join (
      select counted.unit_id, sum(case counted.indicator when 'expected' then counted.whole else -counted.whole end) as missing
      from count_values(${campaignId}::uuid, ${unitIds}::uuid[], ${viewer.today}::date) as counted
      where counted.indicator in ('expected', 'studied') and counted.dimension = '' and ${campaignId}::uuid is not null
      group by counted.unit_id
    ) as study on study.unit_id = asked.unit_id`.execute(tx)
  return new Map(rows.map(({ unitId, ...owed }) => [unitId, { ...owed, missing: Number(owed.missing) }]))
}

async function nameOf(tx: Tx, unitId: string): Promise<string> {
  return (await tx.selectFrom('unit').select('name').where('id', '=', unitId).executeTakeFirstOrThrow()).name
}

/** When each of these units was last urged by a level the viewer leads, and whether that is less than a day ago. */
export async function lastUrges({ tx }: Pick<Ctx, 'tx'>, unitIds: string[]): Promise<Map<string, Urged>> {
  const { rows } = await sql<Urged & { unitId: string }>`
    select distinct on (duty_urge.unit_id) duty_urge.unit_id as "unitId", duty_urge.recorded_at as at, unit.name as "byUnitName",
           office_holder_name(duty_urge.recorded_by) as by, duty_urge.recorded_at > clock_timestamp() - interval '1 day' as "isRecent"
    from duty_urge
    join unit on unit.id = duty_urge.by_unit_id
    where duty_urge.unit_id = any (${unitIds}::uuid[])
    order by duty_urge.unit_id, duty_urge.recorded_at desc`.execute(tx)
  return new Map(rows.map(({ unitId, ...urged }) => [unitId, urged]))
}

/** Who urged this unit and when, the latest first. */
export async function urgesOf({ tx }: Pick<Ctx, 'tx'>, unitId: string, most = 20): Promise<(Urged & { note: string | null; owed: UrgedFor })[]> {
  const { rows } = await sql<Urged & { note: string | null; owed: UrgedFor }>`
    select duty_urge.recorded_at as at, unit.name as "byUnitName", office_holder_name(duty_urge.recorded_by) as by, duty_urge.note, duty_urge.owed,
           duty_urge.recorded_at > clock_timestamp() - interval '1 day' as "isRecent"
    from duty_urge
    join unit on unit.id = duty_urge.by_unit_id
    where duty_urge.unit_id = ${unitId}::uuid
    order by duty_urge.recorded_at desc
    limit ${most}`.execute(tx)
  return rows
}

