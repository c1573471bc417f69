import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { Tx } from '../../db/open.ts'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { campaignByCode } from '../campaigns/campaigns.server.ts'
import { nameOf, registered, registeredFor, type Registered } from '../indicators/register.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { filingsWords } from './filings.messages.ts'
import type { FormInput, FormKind, FormRetirement, SectionKind } from './filings.schema.ts'

export type FormHead = {
  id: string
  name: string
  kind: FormKind
  unitId: string
  unitCode: string
  unitName: string
  campaignId: string
  campaignCode: string
  campaignName: string
  retiredAt: Date | null
}

export type FormSection = { id: string; kind: SectionKind; title: string; indicators: Registered[] }

const forms = (tx: Tx) =>
  tx
    .selectFrom('report_form')
    .innerJoin('unit', 'unit.id', 'report_form.unit_id')
    .innerJoin('campaign', 'campaign.id', 'report_form.campaign_id')
    .select([
      'report_form.id',
      'report_form.name',
      'report_form.kind',
      'report_form.unit_id as unitId',
      'unit.code as unitCode',
      'unit.name as unitName',
      'report_form.campaign_id as campaignId',
      'campaign.code as campaignCode',
      'campaign.name as campaignName',
      'report_form.retired_at as retiredAt',
    ])
    .$castTo<FormHead>()

/** Forms that a unit may open rounds on, its own and those of units above: those in use first, the latest first. */
export async function formsOf(tx: Tx, unitId: string): Promise<(FormHead & { figures: number; texts: number })[]> {
  return forms(tx)
    .select([
      sql<number>`(select count(*) from report_form_section join report_form_indicator on report_form_indicator.section_id = report_form_section.id
        where report_form_section.form_id = report_form.id)`.as('figures'),
      sql<number>`(select count(*) from report_form_section where report_form_section.form_id = report_form.id and report_form_section.kind <> 'figures')`.as('texts'),
    ])
    .where('report_form.unit_id', 'in', (query) => query.selectFrom('unit_ancestor').select('unit_ancestor.ancestor_id').where('unit_ancestor.unit_id', '=', unitId).where(sql<boolean>`upper_inf(unit_ancestor.standing)`))
    .orderBy(sql`report_form.retired_at is not null`)
    .orderBy('report_form.id', 'desc')
    .$castTo<FormHead & { figures: number; texts: number }>()
    .execute()
}

/** One form with its sections; NotFound when it is not the viewer's to see. */
export async function formById(tx: Tx, id: string): Promise<FormHead & { sections: FormSection[] }> {
  const form = await forms(tx).where('report_form.id', '=', id).executeTakeFirst()
  if (!form) throw new NotFound()
  return { ...form, sections: await sectionsOf(tx, id) }
}

/** Sections of a form in their order, with the figures each asks for. */
export async function sectionsOf(tx: Tx, formId: string): Promise<FormSection[]> {
  const sections = await tx.selectFrom('report_form_section').select(['id', 'kind', 'title']).where('form_id', '=', formId).orderBy('position').execute()
  const asked = await tx
    .selectFrom('report_form_indicator')
    .innerJoin('report_form_section', 'report_form_section.id', 'report_form_indicator.section_id')
    .select(['report_form_indicator.section_id as sectionId', 'report_form_indicator.indicator'])
    .where('report_form_section.form_id', '=', formId)
    .orderBy('report_form_indicator.position')
    .execute()
  const known = new Map((await registered(tx)).map((one) => [one.key, one]))
  return sections.map(({ id, kind, title }) => ({
    id,
    kind: kind as SectionKind,
    title,
    indicators: asked.filter((one) => one.sectionId === id).flatMap((one) => known.get(one.indicator) ?? []),
  }))
}

/** Makes a form; it never changes afterwards, so that reports on it stay comparable. Throws NotFound, Forbidden, Refused('sections'). */
export async function makeForm(ctx: Ctx, input: FormInput): Promise<{ formId: string; receipt: Receipt }> {
  const { tx, viewer } = ctx
  const unit = await unitByCode(tx, input.unitCode)
  const chain = await chainOf(tx, unit.id, viewer.today)
  demand(viewer, 'make report forms', chain)
  const campaign = await campaignByCode(tx, input.campaignCode)
  refuseSections(input, await registeredFor(tx, unit.id, chain))
  const formId = v7()
  await tx.insertInto('report_form').values({ id: formId, unit_id: unit.id, campaign_id: campaign.id, name: input.name, kind: input.kind }).execute()
  for (const [position, { kind, title, indicators }] of input.sections.entries()) {
    const id = v7()
    await tx.insertInto('report_form_section').values({ id, form_id: formId, position, kind, title }).execute()
    if (kind !== 'figures') continue
    await tx.insertInto('report_form_indicator').values(indicators.map((indicator, place) => ({ section_id: id, indicator, position: place }))).execute()
  }
  const receipt = await note(ctx, { action: 'form.made', unitId: unit.id, subjectType: 'report_form', subjectId: formId, detail: { campaign: campaign.code, kind: input.kind, sections: input.sections.length } })
  return { formId, receipt }
}

function refuseSections({ sections }: FormInput, known: Registered[]): void {
  const byKey = new Map(known.map((one) => [one.key, one]))
  const seen = new Set<string>()
  for (const { kind, title, indicators } of sections) {
    if (kind === 'figures' && indicators.length === 0) throw new Refused('sections', filingsWords.say('sectionNeedsFigures', { title }))
    if (kind !== 'figures' && indicators.length > 0) throw new Refused('sections', filingsWords.say('sectionTakesNoFigures', { title }))
    for (const key of indicators) {
      const indicator = byKey.get(key)
      if (!indicator) throw new Refused('sections', filingsWords.say('unknownFigure', { key }))
      if (seen.has(key)) throw new Refused('sections', (language) => filingsWords.in(language)('figureTwice', { name: nameOf(indicator)(language) }))
      seen.add(key)
    }
  }
  for (const key of seen) refuseWithoutBase(byKey, byKey.get(key)!, seen)
}

/** A share of a declared figure needs that one beside it: no record says what it is out of. */
function refuseWithoutBase(byKey: Map<string, Registered>, indicator: Registered, asked: Set<string>): void {
  const base = indicator.base === null ? undefined : byKey.get(indicator.base)
  if (!base?.isDeclared || asked.has(base.key)) return
  throw new Refused('sections', (language) => filingsWords.in(language)('figureNeedsBase', { name: nameOf(indicator)(language), base: nameOf(base)(language) }))
}

/** Takes a form out of use: no round is opened on it any more; those that are open stay. Twice changes nothing. */
export async function retireForm(ctx: Ctx, { formId }: FormRetirement): Promise<Receipt> {
  const { tx, viewer } = ctx
  const form = await formById(tx, formId)
  demand(viewer, 'make report forms', await chainOf(tx, form.unitId, viewer.today))
  await tx.updateTable('report_form').set({ retired_at: sql`clock_timestamp()`, version: sql`version + 1` }).where('id', '=', formId).where('retired_at', 'is', null).execute()
  return note(ctx, { action: 'form.retired', unitId: form.unitId, subjectType: 'report_form', subjectId: formId })
}
