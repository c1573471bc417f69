import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { Tx } from '../../db/open.ts'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import { showDay, type Day } from '../../platform/clock.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { openCampaignByCode } from '../campaigns/campaigns.server.ts'
import { unitByCode, unitsBeneath } from '../units/units.server.ts'
import { filingsWords } from './filings.messages.ts'
import type { DueExtension, RoundInput } from './filings.schema.ts'
import { formById } from './forms.server.ts'

/**
 * Opens a round: a filing for every unit with members that stood directly beneath on the day, and the consolidated one of the
 * asking unit; `filings` is how many units are asked. The due time is a clock time in `timeZone`.
 * Throws NotFound, Forbidden, Refused('formId' | 'asOf' | 'dueOn' | 'unitCode' | 'name').
 */
export async function openRound(ctx: Ctx, input: RoundInput, timeZone: string): Promise<{ roundId: string; consolidatedId: string; filings: number; receipt: Receipt }> {
  const { tx, viewer } = ctx
  const unit = await unitByCode(tx, input.unitCode)
  const chain = await chainOf(tx, unit.id, viewer.today)
  demand(viewer, 'open a round', chain)
  const form = await formById(tx, input.formId)
  if (form.retiredAt) throw new Refused('formId', filingsWords.say('formRetired'))
  if (form.unitId !== unit.id && !chain.includes(form.unitId)) throw new Refused('formId', filingsWords.say('formOfOthers'))
  const campaign = await openCampaignByCode(tx, form.campaignCode)
  if (input.asOf < campaign.openedOn) throw new Refused('asOf', filingsWords.say('beforeOpening', { day: showDay(campaign.openedOn) }))
  if (input.dueOn < input.asOf) throw new Refused('dueOn', filingsWords.say('dueBeforeAsOf', { day: showDay(input.asOf) }))
  if (input.dueOn < viewer.today) throw new Refused('dueOn', filingsWords.say('dueOver'))
  const beneath = (await unitsBeneath(tx, unit.id, input.asOf)).filter((one) => one.hasMembers)
  if (beneath.length === 0) throw new Refused('unitCode', filingsWords.say('nobodyBeneath', { day: showDay(input.asOf), name: unit.name }))

  const roundId = v7()
  const due_at = instantOf(input.dueOn, input.dueTime, timeZone)
  const opened = await tx
    .insertInto('report_round')
    .values({ id: roundId, form_id: form.id, campaign_id: form.campaignId, unit_id: unit.id, name: input.name, as_of: input.asOf, due_at, opened_by: viewer.personId })
    .onConflict((conflict) => conflict.constraint('report_round_is_opened_once').doNothing())
    .executeTakeFirst()
  if (opened.numInsertedOrUpdatedRows === 0n) throw new Refused('name', filingsWords.say('roundTwice', { name: input.name, day: showDay(input.asOf) }))
  const consolidatedId = v7()
  await tx
    .insertInto('filing')
    .values([
      { id: consolidatedId, round_id: roundId, unit_id: unit.id, is_consolidated: true, due_at },
      ...beneath.map((one) => ({ id: v7(), round_id: roundId, unit_id: one.id, is_consolidated: false, due_at })),
    ])
    .execute()
  const receipt = await note(ctx, {
    action: 'round.opened',
    unitId: unit.id,
    subjectType: 'report_round',
    subjectId: roundId,
    detail: { campaign: campaign.code, asOf: input.asOf, dueOn: input.dueOn, units: beneath.length },
  })
  return { roundId, consolidatedId, filings: beneath.length, receipt }
}

/**
 * Gives units of a round more time, with the reason on each. On time or late is judged by the new due time.
 * Throws NotFound, Forbidden, Refused('filingIds' | 'dueOn').
 */
export async function extendDue(ctx: Ctx, input: DueExtension, timeZone: string): Promise<Receipt> {
  const { tx, viewer } = ctx
  const round = await tx.selectFrom('report_round').select(['id', 'unit_id']).where('id', '=', input.roundId).executeTakeFirst()
  if (!round) throw new NotFound()
  demand(viewer, 'open a round', await chainOf(tx, round.unit_id, viewer.today))
  if (input.dueOn < viewer.today) throw new Refused('dueOn', filingsWords.say('dueOver'))
  await refuseSealed(tx, round.id)
  const due_at = instantOf(input.dueOn, input.dueTime, timeZone)
  const ids = [...new Set(input.filingIds)]
  const extended = await tx
    .selectFrom('filing')
    .innerJoin('unit', 'unit.id', 'filing.unit_id')
    .select(['filing.id', 'filing.unit_id', 'unit.name', sql<boolean>`filing.due_at < ${due_at}`.as('isLater')])
    .where('filing.id', 'in', ids)
    .where('filing.round_id', '=', round.id)
    .where('filing.is_consolidated', '=', false)
    .orderBy('filing.id')
    .forUpdate('filing')
    .execute()
  if (extended.length < ids.length) throw new Refused('filingIds', filingsWords.say('extensionOfNone'))
  const earlier = extended.find((filing) => !filing.isLater)
  if (earlier) throw new Refused('dueOn', filingsWords.say('extensionNotLater', { name: earlier.name }))
  await tx.updateTable('filing').set({ due_at, version: sql`version + 1` }).where('id', 'in', ids).execute()
  await tx
    .insertInto('filing_event')
    .values(extended.map((filing) => ({ filing_id: filing.id, unit_id: filing.unit_id, kind: 'extended', comment: input.reason, actor_id: viewer.personId })))
    .execute()
  return note(ctx, { action: 'due.extended', unitId: round.unit_id, subjectType: 'report_round', subjectId: round.id, detail: { dueOn: input.dueOn, dueTime: input.dueTime, filings: ids } })
}

/** Nothing of a round changes once its consolidated report is sealed; until the transaction ends nobody seals it. */
export async function refuseSealed(tx: Tx, roundId: string): Promise<void> {
  const own = await tx.selectFrom('filing').select('state').where('round_id', '=', roundId).where('is_consolidated', '=', true).forShare().executeTakeFirst()
  if (own?.state === 'sealed') throw new Refused('form', filingsWords.say('sealedAlready'))
}

const instantOf = (day: Day, time: string, timeZone: string) => sql<Date>`((${day} || ' ' || ${time})::timestamp at time zone ${timeZone})`
