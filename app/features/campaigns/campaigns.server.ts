import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { Tx } from '../../db/open.ts'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import { addDays, type Day } from '../../platform/clock.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { campaignWords } from './campaigns.messages.ts'
import type { CampaignInput, CampaignOpening } from './campaigns.schema.ts'

export type Campaign = {
  id: string
  code: string
  name: string
  unitId: string
  unitCode: string
  unitName: string
  studyFrom: Day
  studyTo: Day
  dataDay: Day
  openedOn: Day | null
  exemptExpected: boolean
  whoWrites: 'everyone' | 'in_post' | 'nobody'
}

const campaigns = (tx: Tx) =>
  tx
    .selectFrom('campaign')
    .innerJoin('unit', 'unit.id', 'campaign.unit_id')
    .select([
      'campaign.id',
      'campaign.code',
      'campaign.name',
      'campaign.unit_id as unitId',
      'unit.code as unitCode',
      'unit.name as unitName',
      'campaign.study_from as studyFrom',
      'campaign.study_to as studyTo',
      'campaign.data_day as dataDay',
      'campaign.opened_on as openedOn',
      'campaign.exempt_expected as exemptExpected',
      'campaign.who_writes as whoWrites',
    ])
    .$castTo<Campaign>()

/** Campaigns the viewer sees, the latest study period first. */
export function listCampaigns(tx: Tx): Promise<Campaign[]> {
  return campaigns(tx).orderBy('campaign.study_to', 'desc').orderBy('campaign.code').execute()
}

/**
 * The campaign that a page without one of its own speaks of: the one asked for, else the open one studied last, the latest
 * by its period; null while none is open. NotFound for a code that is not the viewer's.
 */
export async function currentCampaign(tx: Tx, code: string | null): Promise<(Campaign & { openedOn: Day }) | null> {
  if (code) {
    const { openedOn, ...campaign } = await campaignByCode(tx, code)
    if (openedOn) return { ...campaign, openedOn }
  }
  const open = await campaigns(tx)
    .where('campaign.opened_on', 'is not', null)
    .orderBy(sql`campaign.unit_id in (select viewer_chain())`, 'desc') // one's own before those of units beneath
    .orderBy('campaign.study_to', 'desc')
    .orderBy('campaign.code')
    .limit(1)
    .executeTakeFirst()
  return open ? { ...open, openedOn: open.openedOn! } : null
}

/** The campaign with that code; NotFound when there is none or the viewer does not see it. */
export async function campaignByCode(tx: Tx, code: string): Promise<Campaign> {
  const campaign = await campaigns(tx).where('campaign.code', '=', code).executeTakeFirst()
  if (!campaign) throw new NotFound()
  return campaign
}

/** The campaign of that id; NotFound when there is none or the viewer does not see it. */
export async function campaignById(tx: Tx, id: string): Promise<Campaign> {
  const campaign = await campaigns(tx).where('campaign.id', '=', id).executeTakeFirst()
  if (!campaign) throw new NotFound()
  return campaign
}

/** The campaign with that code once it is open: before that nothing is counted against it. */
export async function openCampaignByCode(tx: Tx, code: string): Promise<Campaign & { openedOn: Day }> {
  const campaign = await campaignByCode(tx, code)
  if (!campaign.openedOn) throw new Refused('campaignCode', campaignWords.say('notOpen', { name: campaign.name }))
  return { ...campaign, openedOn: campaign.openedOn }
}

/** The day a page about the campaign stands at when none is asked for: its data day, or today while that lies ahead. */
export function defaultDay(campaign: Campaign, today: Day): Day {
  return today < campaign.dataDay ? today : campaign.dataDay
}

/** Weeks after the last day of a campaign in which what is late is still counted, told and handed up. */
const closingDays = 60

/**
 * The day that home, duties and the matrix of a campaign are told as of when none is asked for (decision 0021): today, and once its
 * closing weeks are over, its data day for ever. `campaign_day` says the same in SQL.
 */
export function campaignDay({ studyTo, dataDay }: Pick<Campaign, 'studyTo' | 'dataDay'>, today: Day): Day {
  return today > addDays(studyTo > dataDay ? studyTo : dataDay, closingDays) ? dataDay : today
}

/** What a campaign is made of: resolutions with their topics, and categories of participant, in their order. */
export async function partsOf(tx: Tx, campaignId: string) {
  const resolutions = await tx
    .selectFrom('resolution')
    .select(['id', 'code', 'name'])
    .where('campaign_id', '=', campaignId)
    .orderBy('position')
    .execute()
  const topics = await tx
    .selectFrom('topic')
    .select(['id', 'resolution_id as resolutionId', 'name'])
    .where('campaign_id', '=', campaignId)
    .orderBy('position')
    .execute()
  const categories = await tx
    .selectFrom('category')
    .select(['key', 'name', 'is_default as isDefault'])
    .where('campaign_id', '=', campaignId)
    .orderBy('position')
    .execute()
  return { resolutions, topics, categories }
}

/** Prepares a campaign; nothing is counted until it is opened. The last category takes everyone without one of their own. */
export async function prepareCampaign(ctx: Ctx, input: CampaignInput): Promise<Receipt> {
  const { tx, viewer } = ctx
  const unit = await unitByCode(tx, input.unitCode)
  demand(viewer, 'prepare a campaign', await chainOf(tx, unit.id, viewer.today))
  const existing = await existingCategories(tx)
  const categories = input.categories.map((name, position) => ({ key: existing.get(name) ?? keyFor(name, position), name, position }))
  const twice = categories.find((one, index) => categories.findIndex((other) => other.key === one.key) !== index)
  if (twice) throw new Refused('categories', campaignWords.say('categoryTwice', { name: twice.name }))
  const id = v7()
  if (reserved.has(input.code)) throw new Refused('code', campaignWords.say('codeTaken', { code: input.code }))
  const inserted = await tx
    .insertInto('campaign')
    .values({
      id,
      code: input.code,
      name: input.name,
      unit_id: unit.id,
      study_from: input.studyFrom,
      study_to: input.studyTo,
      data_day: input.dataDay,
      exempt_expected: input.exemptExpected,
      who_writes: input.whoWrites,
    })
    .onConflict((conflict) => conflict.column('code').doNothing()) // also where a campaign that the viewer does not see has it
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows !== 1n) throw new Refused('code', campaignWords.say('codeTaken', { code: input.code }))
  await addResolutions(tx, id, input.resolutions)
  await tx
    .insertInto('category')
    .values(categories.map((category) => ({ campaign_id: id, ...category, is_default: category.position === categories.length - 1 })))
    .execute()
  return note(ctx, { action: 'campaign.prepared', unitId: unit.id, subjectType: 'campaign', subjectId: id, detail: { code: input.code } })
}

async function addResolutions(tx: Tx, campaignId: string, resolutions: CampaignInput['resolutions']): Promise<void> {
  const repeated = resolutions.find((one, index) => resolutions.findIndex((other) => other.code === one.code) !== index)
  if (repeated) throw new Refused('resolutions', campaignWords.say('resolutionTwice', { code: repeated.code }))
  for (const [position, resolution] of resolutions.entries()) {
    const resolutionId = v7()
    await tx
      .insertInto('resolution')
      .values({ id: resolutionId, campaign_id: campaignId, code: resolution.code, name: resolution.name, position })
      .execute()
    await tx
      .insertInto('topic')
      .values(resolution.topics.map((name, place) => ({ id: v7(), campaign_id: campaignId, resolution_id: resolutionId, name, position: place })))
      .execute()
  }
}

/** Memberships name their category by key, so a category that an earlier campaign had keeps its key. */
async function existingCategories(tx: Tx): Promise<Map<string, string>> {
  const rows = await tx.selectFrom('category').select(['name', 'key']).distinct().execute()
  return new Map(rows.map((row) => [row.name, row.key]))
}

// Pages of the product that stand where a campaign's own would.
const reserved = new Set(['new', 'openings'])

function keyFor(name: string, position: number): string {
  const plain = name.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/đ/gi, 'd').toLowerCase()
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 60).replace(/-$/, '') || `category-${position + 1}`
}

/** Opens a campaign and freezes its roster as the organisation stands on that day. */
export async function openCampaign(ctx: Ctx, { campaignCode, openedOn }: CampaignOpening): Promise<Receipt> {
  const { tx, viewer, source } = ctx
  const campaign = await campaignByCode(tx, campaignCode)
  demand(viewer, 'open a campaign', await chainOf(tx, campaign.unitId, viewer.today))
  await tx.selectFrom('campaign').select('id').where('id', '=', campaign.id).forUpdate().execute()
  const { openedOn: alreadyOn } = await campaignByCode(tx, campaignCode)
  if (alreadyOn) throw new Refused('openedOn', campaignWords.say('alreadyOpen'))
  if (openedOn > viewer.today) throw new Refused('openedOn', campaignWords.say('openedAhead'))
  if (openedOn > campaign.dataDay) throw new Refused('openedOn', campaignWords.say('openedTooLate'))
  const frozen = await sql<{ people: number }>`select freeze_roster(${campaign.id}, ${openedOn}, ${viewer.personId}, ${source}) as people`.execute(tx)
  const people = frozen.rows[0]!.people
  if (people === 0) throw new Refused('openedOn', campaignWords.say('nobodyToStudy'))
  await tx.updateTable('campaign').set({ opened_on: openedOn }).where('id', '=', campaign.id).execute()
  await sql`select recount(${campaign.id})`.execute(tx)
  return note(ctx, {
    action: 'campaign.opened',
    unitId: campaign.unitId,
    subjectType: 'campaign',
    subjectId: campaign.id,
    detail: { openedOn, people },
  })
}
