import { sql } from 'kysely'
import { keepCounts, lockPeople } from '../../db/counts.ts'
import { constraintOf, type Tx } from '../../db/open.ts'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { openCampaignByCode, type Campaign } from './campaigns.server.ts'
import { campaignWords } from './campaigns.messages.ts'
import type { RosterChange } from './campaigns.schema.ts'

/** One stretch of days of one person on a roster. `until` is the first day it no longer holds; null while it does. */
export type RosterRow = {
  id: string
  unitId: string
  categoryKey: string
  mustStudy: boolean
  mustWrite: boolean
  exemptReason: string | null
  from: Day
  until: Day | null
}

/** The person's current rows, earliest first, as far as the viewer sees them. */
export async function rosterOf(tx: Tx, campaignId: string, personId: string): Promise<RosterRow[]> {
  return tx
    .selectFrom('roster')
    .select([
      'id',
      'unit_id as unitId',
      'category_key as categoryKey',
      'must_study as mustStudy',
      'must_write as mustWrite',
      'exempt_reason as exemptReason',
      sql<Day>`lower(during)`.as('from'),
      sql<Day | null>`upper(during)`.as('until'),
    ])
    .where('campaign_id', '=', campaignId)
    .where('person_id', '=', personId)
    .where('superseded_at', 'is', null)
    .orderBy(sql`lower(during)`)
    .execute()
}

/**
 * Changes who must study, in which unit, from a day on. What the roster said before that day stays as it was said; what it
 * said from that day on is superseded, and the new rows carry the reason and the author.
 * Throws NotFound, Forbidden, Refused('fromDay' | 'unitCode' | 'change').
 */
export async function changeRoster(ctx: Ctx, input: RosterChange): Promise<Receipt> {
  const { tx, viewer } = ctx
  const campaign = await openCampaignByCode(tx, input.campaignCode)
  await lockPeople(tx, [input.personId])
  const rows = await rosterOf(tx, campaign.id, input.personId)
  const standing = rows.find((row) => row.from <= input.fromDay && (row.until === null || input.fromDay < row.until))
  if (input.fromDay < campaign.openedOn) throw new Refused('fromDay', campaignWords.say('beforeOpening'))
  const next = await rowAfter(ctx, campaign, input, rows, standing)
  const units = [...new Set([standing?.unitId, next?.unitId].filter((id) => id !== undefined))]
  for (const unitId of units) demand(viewer, 'change the roster', await chainOf(tx, unitId, viewer.today))
  try {
    await keepCounts(tx, campaign.id, { people: [input.personId], units }, () => writeRows(ctx, campaign.id, input, rows, next))
  } catch (error) {
    // rows of another unit are hidden from this viewer, but still stand in the way
    if (constraintOf(error) === 'roster_has_person_once_a_day') throw new Refused('change', campaignWords.say('onAnotherRoster'))
    throw error
  }
  const told = { subjectType: 'person', subjectId: input.personId, detail: { campaign: campaign.code, fromDay: input.fromDay } }
  const receipt = await note(ctx, { action: `roster.${input.change}`, unitId: units[0] ?? null, ...told })
  // each of both units reads its own record: the one left of the transfer, the other of the arrival
  if (units[1]) await note(ctx, { action: 'roster.arrive', unitId: units[1], ...told })
  return receipt
}

type Row = Omit<RosterRow, 'id' | 'from' | 'until'>

/** What the roster says of the person from the day of the change; null when the person leaves it. */
async function rowAfter({ tx }: Ctx, campaign: Campaign, input: RosterChange, rows: RosterRow[], standing: RosterRow | undefined): Promise<Row | null> {
  if (input.change === 'arrive') {
    if (rows.some((row) => row.until === null || input.fromDay < row.until)) throw new Refused('change', campaignWords.say('alreadyOnRoster'))
    return arrival(tx, campaign, input)
  }
  if (!standing) {
    // hidden and absent look alike: a person on somebody else's roster is not told of
    if (!(await tx.selectFrom('person').select('id').where('id', '=', input.personId).executeTakeFirst())) throw new NotFound()
    throw new Refused('fromDay', campaignWords.say('notOnRoster'))
  }
  const mustWrite = campaign.whoWrites !== 'nobody'
  switch (input.change) {
    case 'transfer':
      return { ...standing, unitId: await unitWithMembers(tx, input) }
    case 'exempt':
      if (!standing.mustStudy) throw new Refused('change', campaignWords.say('alreadyExempt'))
      return { ...standing, mustStudy: campaign.exemptExpected, mustWrite: false, exemptReason: input.reason }
    case 'expect':
      if (!standing.exemptReason) throw new Refused('change', campaignWords.say('alreadyExpected'))
      return { ...standing, mustStudy: true, mustWrite, exemptReason: null }
    case 'leave':
      return null
  }
}

async function arrival(tx: Tx, campaign: Campaign, input: RosterChange): Promise<Row> {
  const membership = await tx
    .selectFrom('membership')
    .select(['status', 'category_key', sql<string | null>`exempt_reason_of(membership.id)`.as('exempt_reason')])
    .where('person_id', '=', input.personId)
    .where(sql<boolean>`during @> ${input.fromDay}::date`)
    .executeTakeFirst()
  if (!membership) throw new Refused('personId', campaignWords.say('notMember'))
  const categories = await tx
    .selectFrom('category')
    .select(['key', 'is_default'])
    .where('campaign_id', '=', campaign.id)
    .execute()
  const fallback = categories.find((category) => category.is_default)!
  const exempt = membership.status === 'exempt'
  return {
    unitId: await unitWithMembers(tx, input),
    categoryKey: categories.find((category) => category.key === membership.category_key)?.key ?? fallback.key,
    mustStudy: !exempt || campaign.exemptExpected,
    mustWrite: campaign.whoWrites === 'everyone' || (campaign.whoWrites === 'in_post' && membership.status === 'in_post'),
    exemptReason: membership.exempt_reason,
  }
}

async function unitWithMembers(tx: Tx, input: RosterChange): Promise<string> {
  if (!input.unitCode) throw new Refused('unitCode', campaignWords.say('whichUnit'))
  const unit = await unitByCode(tx, input.unitCode)
  const kind = await tx.selectFrom('unit_kind').select('has_members').where('key', '=', unit.kind).executeTakeFirstOrThrow()
  if (!kind.has_members) throw new Refused('unitCode', campaignWords.say('unitWithoutMembers', { name: unit.name }))
  return unit.id
}

async function writeRows(ctx: Ctx, campaignId: string, input: RosterChange, rows: RosterRow[], next: Row | null): Promise<void> {
  const { tx } = ctx
  const touched = rows.filter((row) => row.until === null || row.until > input.fromDay)
  if (touched.length > 0) {
    await tx
      .updateTable('roster')
      .set({ superseded_at: sql`clock_timestamp()` })
      .where('id', 'in', touched.map((row) => row.id))
      .execute()
  }
  const kept = touched.filter((row) => row.from < input.fromDay).map((row) => ({ row, during: days(row.from, input.fromDay) }))
  const added = next ? [{ row: next, during: days(input.fromDay, null) }] : []
  const written = [...kept, ...added]
  if (written.length === 0) return
  await tx
    .insertInto('roster')
    .values(
      written.map(({ row, during }) => ({
        campaign_id: campaignId,
        person_id: input.personId,
        unit_id: row.unitId,
        category_key: row.categoryKey,
        must_study: row.mustStudy,
        must_write: row.mustWrite,
        exempt_reason: row.exemptReason,
        during,
        reason: input.reason,
        recorded_by: ctx.viewer.personId,
        source: ctx.source,
      })),
    )
    .execute()
}

/** A range of days in PostgreSQL's form, up to but without `until`. */
function days(from: Day, until: Day | null): string {
  return `[${from},${until ?? ''})`
}
