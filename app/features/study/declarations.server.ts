import { sql } from 'kysely'
import { v7 } from 'uuid'
import { keepCounts } from '../../db/counts.ts'
import type { Tx } from '../../db/open.ts'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import { showDay, type Day } from '../../platform/clock.ts'
import { Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { openCampaignByCode, partsOf, type Campaign } from '../campaigns/campaigns.server.ts'
import { settleDuties } from '../duties/duties.server.ts'
import { unitByCode, type Unit } from '../units/units.server.ts'
import { studyWords } from './study.messages.ts'
import type { Declaration, DeclarationWithdrawal } from './study.schema.ts'

/** Declared totals as of one day. */
export type Declared = { id: string; declaredOn: Day; note: string | null; recordedAt: Date; declaredBy: string | null; studied: Record<string, number> }

/** Current declarations of a unit, latest day first. */
export async function declarationsOf(tx: Tx, campaignId: string, unitId: string): Promise<Declared[]> {
  const { rows } = await sql<Declared>`
    select declaration.id, declaration.declared_on as "declaredOn", declaration.note, declaration.recorded_at as "recordedAt",
           office_holder_name(declaration.recorded_by) as "declaredBy",
           coalesce(jsonb_object_agg(declaration_part.category_key, declaration_part.studied)
             filter (where declaration_part.category_key is not null), '{}') as studied
    from declaration
    left join declaration_part on declaration_part.declaration_id = declaration.id
    where declaration.campaign_id = ${campaignId} and declaration.unit_id = ${unitId} and declaration.superseded_at is null
    group by declaration.id
    order by declaration.declared_on desc`.execute(tx)
  return rows
}

/** One declaration as it once was or still is: `supersededAt` null while it counts, `withdrawnReason` null where another of that day replaced it. */
export type PastDeclaration = { id: string; declaredOn: Day; total: number; note: string | null; recordedAt: Date; declaredBy: string | null; supersededAt: Date | null; withdrawnReason: string | null }

/** Every declaration that a unit ever made in a campaign, latest entry first. */
export async function declarationHistory(tx: Tx, campaignId: string, unitId: string): Promise<PastDeclaration[]> {
  const { rows } = await sql<PastDeclaration>`
    select declaration.id, declaration.declared_on as "declaredOn", coalesce(sum(declaration_part.studied), 0)::bigint as total, declaration.note,
           declaration.recorded_at as "recordedAt", office_holder_name(declaration.recorded_by) as "declaredBy",
           declaration.superseded_at as "supersededAt", declaration.withdrawn_reason as "withdrawnReason"
    from declaration
    left join declaration_part on declaration_part.declaration_id = declaration.id
    where declaration.campaign_id = ${campaignId} and declaration.unit_id = ${unitId}
    group by declaration.id
    order by declaration.recorded_at desc
    limit 100`.execute(tx)
  return rows
}

/** How many people of a unit have a current mark in the campaign, as far as the viewer sees them by name. */
export async function peopleMarked(tx: Tx, campaignId: string, unitId: string): Promise<number> {
  const { people } = await tx
    .selectFrom('mark')
    .select(({ fn }) => fn.count<number>('mark.person_id').distinct().as('people'))
    .where('mark.campaign_id', '=', campaignId)
    .where('mark.unit_id', '=', unitId)
    .where('mark.superseded_at', 'is', null)
    .executeTakeFirstOrThrow()
  return people
}

/** Expected people of the unit itself by category as of a day: what a declaration is measured against. */
export async function expectedOf(tx: Tx, campaignId: string, unitId: string, day: Day): Promise<Record<string, number>> {
  const { rows } = await sql<{ key: string; people: number }>`
    select substr(dimension, 10) as key, own as people
    from count_values(${campaignId}, array[${unitId}]::uuid[], ${day})
    where indicator = 'expected' and dimension like 'category:%' and own > 0`.execute(tx)
  return Object.fromEntries(rows.map((row) => [row.key, row.people]))
}

/**
 * Declares how many of the unit's own people had studied by the end of a day. While a unit declares, its marks are kept
 * but do not count towards `studied`. A declaration of the same day is superseded.
 * Throws NotFound, Forbidden, Refused('declaredOn' | 'studied' | 'studied.<category>').
 */
export async function declareTotals(ctx: Ctx, input: Declaration): Promise<Receipt> {
  const { tx, viewer, source } = ctx
  const campaign = await openCampaignByCode(tx, input.campaignCode)
  const unit = await unitByCode(tx, input.unitCode)
  demand(viewer, 'declare totals', await chainOf(tx, unit.id, viewer.today))
  if (input.declaredOn > viewer.today) throw new Refused('declaredOn', studyWords.say('declaredAhead'))
  const id = v7()
  await keepCounts(tx, campaign.id, { units: [unit.id] }, async () => {
    await refuseImpossible(tx, campaign, unit, input)
    await supersede(tx, campaign.id, unit.id, input.declaredOn)
    await tx
      .insertInto('declaration')
      .values({
        id,
        campaign_id: campaign.id,
        unit_id: unit.id,
        declared_on: input.declaredOn,
        note: input.note ?? null,
        recorded_by: viewer.personId,
        source,
      })
      .execute()
    await tx
      .insertInto('declaration_part')
      .values(Object.entries(input.studied).map(([category_key, studied]) => ({ declaration_id: id, category_key, studied })))
      .execute()
  })
  await settleDuties(ctx, { unitId: unit.id, campaignId: campaign.id, kinds: ['study'] })
  return note(ctx, {
    action: 'declaration.made',
    unitId: unit.id,
    subjectType: 'declaration',
    subjectId: id,
    detail: { campaign: campaign.code, declaredOn: input.declaredOn, studied: sum(Object.values(input.studied)) },
  })
}

async function refuseImpossible(tx: Tx, campaign: Campaign, unit: Unit, input: Declaration): Promise<void> {
  const expected = await expectedOf(tx, campaign.id, unit.id, input.declaredOn)
  if (Object.keys(expected).length === 0) throw new Refused('studied', studyWords.say('noMembers', { name: unit.name }))
  const { categories } = await partsOf(tx, campaign.id)
  const nameOf = new Map(categories.map((category) => [category.key, category.name]))
  const others = (await declarationsOf(tx, campaign.id, unit.id)).filter((declared) => declared.declaredOn !== input.declaredOn)
  for (const [key, studied] of Object.entries(input.studied)) {
    const category = nameOf.get(key)
    if (!category) throw new Refused('studied', studyWords.say('unknownCategory', { key }))
    if (studied > (expected[key] ?? 0)) throw new Refused(`studied.${key}`, studyWords.say('declaredTooMany', { category, expected: expected[key] ?? 0, studied }))
  }
  for (const declared of others) {
    for (const key of new Set([...Object.keys(input.studied), ...Object.keys(declared.studied)])) {
      const there = declared.studied[key] ?? 0
      const here = input.studied[key] ?? 0
      if (declared.declaredOn < input.declaredOn ? there > here : there < here) {
        throw new Refused(`studied.${key}`, studyWords.say('declaredFalls', { category: nameOf.get(key) ?? key, day: showDay(declared.declaredOn), studied: there }))
      }
    }
  }
}

/** Withdraws all declared totals of a unit: from then on its marks count again. */
export async function withdrawDeclaration(ctx: Ctx, input: DeclarationWithdrawal): Promise<Receipt> {
  const { tx, viewer } = ctx
  const campaign = await openCampaignByCode(tx, input.campaignCode)
  const unit = await unitByCode(tx, input.unitCode)
  demand(viewer, 'declare totals', await chainOf(tx, unit.id, viewer.today))
  await keepCounts(tx, campaign.id, { units: [unit.id] }, async () => {
    const withdrawn = await supersede(tx, campaign.id, unit.id, null, input.reason)
    if (withdrawn === 0) throw new Refused('reason', studyWords.say('nothingDeclared', { name: unit.name }))
  })
  await settleDuties(ctx, { unitId: unit.id, campaignId: campaign.id, kinds: ['study'] })
  return note(ctx, { action: 'declaration.withdrawn', unitId: unit.id, subjectType: 'unit', subjectId: unit.id, detail: { campaign: campaign.code } })
}

/** Supersedes the declaration of that day, or of every day when `day` is null; returns how many. */
async function supersede(tx: Tx, campaignId: string, unitId: string, day: Day | null, withdrawnReason: string | null = null): Promise<number> {
  let query = tx
    .updateTable('declaration')
    .set({ superseded_at: sql`clock_timestamp()`, withdrawn_reason: withdrawnReason })
    .where('campaign_id', '=', campaignId)
    .where('unit_id', '=', unitId)
    .where('superseded_at', 'is', null)
  if (day) query = query.where('declared_on', '=', day)
  const result = await query.executeTakeFirst()
  return Number(result.numUpdatedRows)
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
