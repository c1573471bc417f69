import { sql } from 'kysely'
import type { z } from 'zod'
import { constraintOf } from '../../db/open.ts'
import { chainOf, demand, reasonAgainst, type Ctx } from '../../permissions/permissions.ts'
import { addDays, type Day } from '../../platform/clock.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { plainUsername } from '../../web/username.ts'
import { actingWords as words } from './acting.messages.ts'
import type { ActingChoice, NewActing } from './acting.schema.ts'

/** One naming: `until` is its last day. Names are null where the viewer may not see them. */
export type Acting = {
  id: string
  helperId: string
  helper: string | null
  helpedId: string
  helped: string | null
  unit: string
  from: Day
  until: Day
  reason: string
  namedBy: string | null
  namedAt: Date
  endedAt: Date | null
  isInForce: boolean
}

/** A naming lasts a year at most. */
const longestDays = 366

/** Names a helper for a person: by the person, or by who keeps the person's unit. Throws NotFound, Forbidden, Refused. */
export async function nameHelper(ctx: Ctx, input: z.output<typeof NewActing>): Promise<{ receipt: Receipt; helper: string; helped: string }> {
  const { tx, viewer, source } = ctx
  demandOwnName(ctx)
  const helped = await tx.selectFrom('person').select(['id', 'name']).where('id', '=', input.helpedId).executeTakeFirst()
  if (!helped) throw new NotFound()
  const unitId = await unitOf(ctx, helped.id)
  if (!unitId) throw new Refused('helpedId', words.say('not_a_member', { name: helped.name }))
  if (helped.id !== viewer.personId) demand(viewer, 'name a helper', await chainOf(tx, unitId, viewer.today))
  const helper = await helperOf(ctx, input)
  if (helper.id === helped.id) throw new Refused(helper.field, words.say('for_oneself'))
  if (helper.id === viewer.personId) throw new Refused(helper.field, words.say('not_oneself'))
  if (input.fromDay < viewer.today) throw new Refused('fromDay', words.say('from_the_past'))
  if (input.untilDay < input.fromDay) throw new Refused('untilDay', words.say('until_before_from'))
  if (input.untilDay >= addDays(input.fromDay, longestDays)) throw new Refused('untilDay', words.say('too_long'))
  try {
    await tx
      .insertInto('acting')
      .values({
        id: input.id, helper_id: helper.id, helped_id: helped.id, unit_id: unitId, reason: input.reason, recorded_by: viewer.personId, source,
        during: sql`daterange(${input.fromDay}::date, ${input.untilDay}::date, '[]')`,
      })
      .execute()
  } catch (error) {
    const broken = constraintOf(error)
    if (broken === 'acting_is_named_once' || broken === 'acting_pkey') throw new Refused(helper.field, words.say('named_already'))
    throw error
  }
  const receipt = await note(ctx, {
    action: 'acting.named', unitId, subjectType: 'acting', subjectId: input.id,
    detail: { helpedId: helped.id, helperId: helper.id, fromDay: input.fromDay, untilDay: input.untilDay },
  })
  return { receipt, helper: helper.name, helped: helped.name }
}

/** Ends a naming at once: by either of the two, or by who keeps the person's unit. Throws NotFound, Forbidden, Refused. */
export async function endActing(ctx: Ctx, { actingId }: z.output<typeof ActingChoice>): Promise<{ receipt: Receipt; helped: string | null }> {
  const { tx, viewer } = ctx
  demandOwnName(ctx)
  const acting = await tx
    .selectFrom('acting')
    .select(['helper_id', 'helped_id', 'unit_id', 'ended_at', sql<string | null>`acting_name(helped_id)`.as('helped')])
    .where('id', '=', actingId)
    .forUpdate()
    .executeTakeFirst()
  if (!acting) throw new NotFound()
  const isOneOfThem = viewer.personId === acting.helper_id || viewer.personId === acting.helped_id
  if (!isOneOfThem) demand(viewer, 'name a helper', await chainOf(tx, (await unitOf(ctx, acting.helped_id)) ?? acting.unit_id, viewer.today))
  if (acting.ended_at) throw new Refused('form', words.say('ended_already'))
  await tx.updateTable('acting').set({ ended_at: new Date(), ended_by: viewer.personId }).where('id', '=', actingId).execute()
  const receipt = await note(ctx, { action: 'acting.ended', unitId: acting.unit_id, subjectType: 'acting', subjectId: actingId, detail: { helpedId: acting.helped_id, helperId: acting.helper_id } })
  return { receipt, helped: acting.helped }
}

/** Writes down that somebody begins to work in another's place: what that person sees is seen from here on. Throws Forbidden. */
export async function enterActing(ctx: Ctx, { actingId }: z.output<typeof ActingChoice>): Promise<{ helped: string | null }> {
  const { tx, viewer } = ctx
  if (viewer.actedBy) throw new Forbidden(words.say('leave_first'))
  const { rows } = await sql<{ helpedId: string; helped: string | null; unitId: string }>`
    select acting.helped_id as "helpedId", acting_name(acting.helped_id) as helped, acting.unit_id as "unitId"
    from acting
    where acting.id = ${actingId} and exists (select from acting_in_force(acting.id))`.execute(tx)
  const [entered] = rows
  if (!entered) throw new Forbidden(words.say('not_in_force'))
  await note(ctx, { action: 'acting.entered', unitId: entered.unitId, subjectType: 'acting', subjectId: actingId, onBehalfOf: entered.helpedId })
  return { helped: entered.helped }
}

/** Whom the viewer acts for today or from a later day on, the one that ends first at the head. */
export async function helping(ctx: Ctx): Promise<Acting[]> {
  if (ctx.viewer.actedBy) return []
  return actingsOf(ctx, sql`acting.helper_id = ${ctx.viewer.personId} and acting.ended_at is null and upper(acting.during) > ${ctx.viewer.today}::date`)
}

/** Who acts for the viewer, today or from a later day on. */
export function helpersOfOne(ctx: Ctx): Promise<Acting[]> {
  return actingsOf(ctx, sql`acting.helped_id = ${ctx.viewer.personId} and acting.ended_at is null and upper(acting.during) > ${ctx.viewer.today}::date`)
}

/** For home: whom the viewer acts for today, and who acts for the viewer. */
export async function actingToday(ctx: Ctx): Promise<{ helping: Acting[]; helpedBy: Acting[] }> {
  const { personId, actedBy, today } = ctx.viewer
  const all = actedBy ? [] : await actingsOf(ctx, sql`${personId} in (acting.helper_id, acting.helped_id) and acting.ended_at is null and acting.during @> ${today}::date`)
  return { helping: all.filter((one) => one.helperId === personId), helpedBy: all.filter((one) => one.helpedId === personId) }
}

/** Namings of the people whose unit the viewer keeps: those in force and to come, then those that ended in the last year. */
export async function actingsKept(ctx: Ctx): Promise<Acting[]> {
  if (!mayName(ctx)) return []
  const { personId, today } = ctx.viewer
  return actingsOf(ctx, sql`acting.helper_id <> ${personId} and acting.helped_id <> ${personId} and upper(acting.during) > ${addDays(today, -longestDays)}::date`)
}

/** Whether the viewer keeps a unit whose people may be given a helper. */
export function mayName({ viewer }: Ctx): boolean {
  return !viewer.actedBy && viewer.offices.some((office) => reasonAgainst(viewer, 'name a helper', [office.unitId]) === null)
}

export type Candidate = { id: string; name: string; unit: string; canSignIn: boolean }

/** People of the units that the viewer keeps, by name: who may be helped, and of them who can sign in and so may help. */
export async function candidates({ tx, viewer }: Ctx): Promise<Candidate[]> {
  const { rows } = await sql<Candidate>`
    with keeping as (
      select unit_ancestor.unit_id
      from unit_ancestor
      where unit_ancestor.ancestor_id = any (${viewer.offices.filter((office) => reasonAgainst(viewer, 'name a helper', [office.unitId]) === null).map((office) => office.unitId)}::uuid[])
        and unit_ancestor.depth <= 1 and unit_ancestor.standing @> ${viewer.today}::date
    ), member as (
      select person.id, person.name, unit.name as unit, person.given_name, person.middle_name, person.family_name
      from membership
      join person on person.id = membership.person_id
      join unit on unit.id = membership.unit_id
      where membership.unit_id in (select keeping.unit_id from keeping) and membership.during @> ${viewer.today}::date
    ), signing_in as (
      select people_with_account(array(select member.id from member)) as id
    )
    select member.id, member.name, member.unit, member.id in (select signing_in.id from signing_in) as "canSignIn"
    from member
    order by member.given_name collate "vi-x-icu", member.middle_name collate "vi-x-icu", member.family_name collate "vi-x-icu", member.id
    limit 2000`.execute(tx)
  return rows
}

async function actingsOf({ tx, viewer }: Ctx, which: ReturnType<typeof sql>): Promise<Acting[]> {
  const { rows } = await sql<Acting>`
    select acting.id, acting.helper_id as "helperId", acting_name(acting.helper_id) as helper, acting.helped_id as "helpedId", acting_name(acting.helped_id) as helped,
           coalesce(unit.name, '') as unit, lower(acting.during) as "from", upper(acting.during) - 1 as until, acting.reason,
           acting_name(acting.recorded_by) as "namedBy", acting.recorded_at as "namedAt", acting.ended_at as "endedAt",
           acting.ended_at is null and acting.during @> ${viewer.today}::date as "isInForce"
    from acting
    left join unit on unit.id = acting.unit_id
    where ${which}
    order by acting.ended_at is not null, upper(acting.during), acting.id
    limit 500`.execute(tx)
  return rows
}

/** The unit to which a person belongs today; null for none, or none that the viewer may see. */
async function unitOf({ tx, viewer }: Ctx, personId: string): Promise<string | null> {
  const row = await tx.selectFrom('membership').select('unit_id').where('person_id', '=', personId).where(sql<boolean>`during @> ${viewer.today}::date`).executeTakeFirst()
  return row?.unit_id ?? null
}

/** The helper as named, with the field that says so. */
async function helperOf({ tx }: Ctx, { helperId, helperUsername, helperName }: z.output<typeof NewActing>): Promise<{ id: string; name: string; field: string }> {
  if (helperId) {
    const { rows } = await sql<{ id: string; name: string }>`
      select person.id, person.name from person where person.id in (select people_with_account(array[${helperId}]::uuid[]))`.execute(tx)
    if (!rows[0]) throw new Refused('helperId', words.say('no_account'))
    return { ...rows[0], field: 'helperId' }
  }
  if (!helperUsername || !helperName) throw new Refused(helperUsername ? 'helperName' : 'helperUsername', words.say('no_helper'))
  const { rows } = await sql<{ id: string | null }>`select account_holder(${plainUsername(helperUsername)}, ${helperName}) as id`.execute(tx)
  const id = rows[0]?.id
  if (!id) throw new Refused('helperUsername', words.say('not_found'))
  return { id, name: helperName, field: 'helperUsername' }
}

/** Nobody names or ends while acting for somebody: there is no acting through another. */
function demandOwnName({ viewer }: Ctx): void {
  if (viewer.actedBy) throw new Forbidden(words.say('leave_first'))
}
