import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Ctx } from '../../permissions/permissions.ts'
import { countsOf, figureOf, type Counts } from '../indicators/figures.server.ts'
import { breakdowns, registered, relationsAmong, type Breakdown, type Registered, type Relation } from '../indicators/register.server.ts'
import type { FilingHead } from './filing-head.server.ts'
import type { SubmissionContent, SubmittedFigure } from './filings.schema.ts'
import { sectionsOf, type FormSection } from './forms.server.ts'
import { checkReport, middleOf, outliers, type Checked, type Finding, type Usual } from './validation.server.ts'

/** What was typed, by whom and when; the name where the viewer may know it. */
export type Typed = { value: number; savedBy: string | null; savedAt: Date; evidence: Evidence | null }
export type Evidence = { id: string; name: string; contentType: string; sizeBytes: number; sha256: string }

/**
 * One figure of a draft as it stands now. Numerator null: declared and not typed yet. `share` is 0..1, not rounded. `typed` is what
 * the unit itself declared; `suggested` what its own consolidated report of the same day says, for a unit that asked its own.
 */
export type DraftFigure = Checked & { unitOfCount: string; share: number | null; isDeclared: boolean; typed: Typed | null; suggested: number | null }
/** One narrative part; version 0 while nobody has written. */
export type DraftText = { sectionId: string; title: string; kind: string; text: string; version: number; savedBy: string | null; savedAt: Date | null }
export type DraftSection = { id: string; kind: FormSection['kind']; title: string; figures: DraftFigure[]; text: DraftText | null }
/** A unit whose report a consolidated one lacks. */
export type Missing = SubmissionContent['missing'][number]

/** A report in the making. `reason` of a warning is what the same warning was passed with at the last submission. */
export type Draft = {
  sections: DraftSection[]
  expected: number
  problems: Finding[]
  warnings: (Finding & { reason: string })[]
  /** Others who saved something in the last half hour. */
  editors: { name: string | null; savedAt: Date }[]
  /** Of a consolidated report: how many reports are in the sums, and whose are not. */
  accepted: number
  missing: Missing[]
}

/** Which part of a counted figure rests on totals that units declared. */
const declaredPart: Record<string, string> = { studied: 'studied-declared', 'studied-declared': 'studied-declared' }

/** The draft of a filing, filled from the records as of the round's day. Only the unit's own officers see what was typed. */
export async function draftOf(ctx: Ctx, head: FilingHead): Promise<Draft> {
  const { tx } = ctx
  const sections = await sectionsOf(tx, head.formId)
  const counts = (await countsOf(tx, { campaignId: head.campaignId, asOf: head.asOf }, [head.unitId])).get(head.unitId)!
  const typed = await typedOf(tx, head.id)
  const beneath = head.isConsolidated ? await acceptedOf(tx, head.roundId) : null
  const suggested = head.isConsolidated ? new Map<string, number>() : await suggestedFor(tx, head)
  const asked = sections.flatMap((section) => section.indicators)
  const figures = new Map(asked.map((indicator) => [indicator.key, figureIn(indicator, { asked, counts, typed, beneath: beneath?.accepted ?? null, suggested })]))
  const texts = await textsOf(tx, head.id, sections)

  const expected = counts.whole('expected')
  const all = [...figures.values()]
  const { problems, warnings } = checkReport(all, texts, await relationsOf(tx, figures, counts))
  const usual = { past: await pastOf(tx, head), alike: head.isConsolidated ? [] : await alikeOf(tx, head.id) }
  return {
    sections: sections.map(({ id, kind, title, indicators }) => ({
      id,
      kind,
      title,
      figures: indicators.map(({ key }) => figures.get(key)!),
      text: texts.find((text) => text.sectionId === id) ?? null,
    })),
    expected,
    problems,
    warnings: await withReasons(tx, head.id, [...warnings, ...outliers(all, expected, usual)]),
    editors: await editorsOf(ctx, head.id),
    accepted: beneath?.accepted.length ?? 0,
    missing: beneath?.missing ?? [],
  }
}

/** A draft as it is handed up; the reasons are by the id of the warning. */
export function contentOf(head: FilingHead, draft: Draft, reasons: Record<string, string | undefined>): SubmissionContent {
  return {
    asOf: head.asOf,
    expected: draft.expected,
    figures: draft.sections.flatMap((section) => section.figures).map(({ key, name, unitOfCount, numerator, denominator, share, base, origin, declared, typed }) => ({
      key, name, unitOfCount, numerator: numerator ?? 0, denominator, share, base, origin, declared, evidence: typed?.evidence ?? null,
    })),
    texts: draft.sections.flatMap(({ text }) => (text ? [{ sectionId: text.sectionId, title: text.title, kind: text.kind, text: text.text }] : [])),
    warnings: draft.warnings.map(({ id, code, indicator, values }) => ({ id, code, indicator, values, reason: reasons[id] ?? '' })),
    missing: draft.missing,
  }
}

/** Relations of the figures asked for, with the counted ones that they are held against. */
async function relationsOf(tx: Tx, figures: Map<string, DraftFigure>, counts: Counts): Promise<{ among: Relation[]; counted: Map<string, number>; breakdowns: Breakdown[] }> {
  const known = await registered(tx)
  const relations = await relationsAmong(tx, known.map(({ key }) => key))
  return {
    among: relations.filter((relation) => figures.has(relation.indicator)),
    counted: new Map(known.filter(({ key, isDeclared }) => !isDeclared && !figures.has(key)).map(({ key }) => [key, counts.whole(key)])),
    breakdowns: await breakdowns(tx, [...figures.keys()]),
  }
}

type Sources = { asked: Registered[]; counts: Counts; typed: Map<string, Typed>; beneath: SubmissionContent[] | null; suggested: Map<string, number> }

function figureIn(indicator: Registered, sources: Sources): DraftFigure {
  const { key, name, base, unitOfCount, isDeclared } = indicator
  const about = { key, name, base, unitOfCount, isDeclared, typed: sources.typed.get(key) ?? null, suggested: sources.suggested.get(key) ?? null }
  if (!isDeclared) {
    const { numerator, denominator, share } = figureOf({ key, kind: indicator.kind, base, unit_of_count: unitOfCount }, sources.counts)
    return { ...about, numerator, denominator, share, origin: 'counted', declared: declaredPart[key] ? Math.min(sources.counts.whole(declaredPart[key]), numerator) : 0 }
  }
  const numerator = declaredNumerator(key, sources)
  const denominator = base === null ? null : denominatorOf(indicator, base, sources)
  const share = numerator !== null && denominator ? numerator / denominator : null
  return { ...about, numerator, denominator, share, origin: sources.beneath ? 'summed' : 'declared', declared: numerator ?? 0 }
}

function declaredNumerator(key: string, { typed, beneath }: Sources): number | null {
  const own = typed.get(key)?.value ?? null
  return beneath ? sum(beneath.map((content) => figureOfContent(content, key)?.numerator ?? 0)) + (own ?? 0) : own
}

/** What a declared share is a share of; in a sum, that of the units in it, for the others' members are not in the numerator. */
function denominatorOf(indicator: Registered, base: string, sources: Sources): number | null {
  const isBaseTyped = sources.asked.some((one) => one.key === base && one.isDeclared)
  if (isBaseTyped) return declaredNumerator(base, sources)
  if (!sources.beneath) return sources.counts.whole(base)
  const own = sources.typed.has(indicator.key) ? sources.counts.own(base) : 0
  return sum(sources.beneath.map((content) => figureOfContent(content, indicator.key)?.denominator ?? 0)) + own
}

const figureOfContent = (content: SubmissionContent, key: string): SubmittedFigure | undefined => content.figures.find((figure) => figure.key === key)

async function typedOf(tx: Tx, filingId: string): Promise<Map<string, Typed>> {
  const { rows } = await sql<{ indicator: string; value: number; savedBy: string | null; savedAt: Date; evidence: Evidence | null }>`
    select filing_value.indicator, filing_value.value, office_holder_name(filing_value.recorded_by) as "savedBy", filing_value.recorded_at as "savedAt",
           case when evidence.id is not null then jsonb_build_object('id', evidence.id, 'name', evidence.name, 'contentType', evidence.content_type,
             'sizeBytes', evidence.size_bytes, 'sha256', encode(evidence.sha256, 'hex')) end as evidence
    from filing_value
    left join evidence on evidence.id = filing_value.evidence_id
    where filing_value.filing_id = ${filingId} and filing_value.superseded_at is null`.execute(tx)
  return new Map(rows.map(({ indicator, ...typed }) => [indicator, typed]))
}

async function textsOf(tx: Tx, filingId: string, sections: FormSection[]): Promise<DraftText[]> {
  const { rows } = await sql<Pick<DraftText, 'sectionId' | 'text' | 'version' | 'savedBy' | 'savedAt'>>`
    select filing_text.section_id as "sectionId", filing_text.text, filing_text.version, office_holder_name(filing_text.recorded_by) as "savedBy", filing_text.recorded_at as "savedAt"
    from filing_text
    where filing_text.filing_id = ${filingId} and filing_text.superseded_at is null`.execute(tx)
  return sections
    .filter((section) => section.kind !== 'figures')
    .map(({ id, kind, title }) => ({ text: '', version: 0, savedBy: null, savedAt: null, ...rows.find((row) => row.sectionId === id), sectionId: id, title, kind }))
}

/** What the units of a round handed up and had accepted; and the others, by name. */
async function acceptedOf(tx: Tx, roundId: string): Promise<{ accepted: SubmissionContent[]; missing: Missing[] }> {
  const { rows } = await sql<Missing & { content: SubmissionContent | null }>`
    select filing.id as "filingId", unit.code as "unitCode", unit.name as "unitName", filing.state,
           case when filing.state = 'accepted' then (
             select submission.content from submission where submission.filing_id = filing.id order by submission.number desc limit 1) end as content
    from filing
    join unit on unit.id = filing.unit_id
    where filing.round_id = ${roundId} and not filing.is_consolidated
    order by unit.name collate "vi-x-icu", unit.id`.execute(tx)
  return {
    accepted: rows.flatMap(({ content }) => content ?? []),
    missing: rows.filter(({ content }) => !content).map(({ filingId, unitCode, unitName, state }) => ({ filingId, unitCode, unitName, state })),
  }
}

async function suggestedFor(tx: Tx, head: FilingHead): Promise<Map<string, number>> {
  const { rows } = await sql<{ content: SubmissionContent }>`
    select submission.content
    from filing
    join report_round on report_round.id = filing.round_id and report_round.campaign_id = ${head.campaignId} and report_round.as_of = ${head.asOf}
    join submission on submission.filing_id = filing.id
    where filing.unit_id = ${head.unitId} and filing.is_consolidated
    order by submission.submitted_at desc
    limit 1`.execute(tx)
  return new Map(rows[0]?.content.figures.filter((figure) => figure.origin === 'summed').map((figure) => [figure.key, figure.numerator]))
}

/** The unit's own last eight reports on the form before this one. */
async function pastOf(tx: Tx, head: FilingHead): Promise<Usual[]> {
  const { rows } = await sql<{ content: SubmissionContent }>`
    select last.content
    from (
      select distinct on (filing.id) submission.content, report_round.as_of
      from filing
      join report_round on report_round.id = filing.round_id and report_round.form_id = ${head.formId} and report_round.as_of < ${head.asOf}
      join submission on submission.filing_id = filing.id
      where filing.unit_id = ${head.unitId} and filing.is_consolidated = ${head.isConsolidated}
      order by filing.id, submission.number desc
    ) as last
    order by last.as_of desc
    limit 8`.execute(tx)
  const past = rows.map(({ content }) => content).filter(({ expected }) => expected > 0)
  const keys = new Set(past.flatMap(({ figures }) => figures.map(({ key }) => key)))
  return [...keys].map((indicator) => {
    const ratios = past.flatMap((content) => { const figure = figureOfContent(content, indicator); return figure ? [figure.numerator / content.expected] : [] })
    return { indicator, units: ratios.length, ...middleOf(ratios)! }
  })
}

async function alikeOf(tx: Tx, filingId: string): Promise<Usual[]> {
  const { rows } = await sql<Usual>`select indicator, units, median, deviation from like_filings(${filingId})`.execute(tx)
  return rows
}

async function withReasons(tx: Tx, filingId: string, warnings: Finding[]): Promise<Draft['warnings']> {
  const last = await tx.selectFrom('submission').select('content').where('filing_id', '=', filingId).orderBy('number', 'desc').limit(1).executeTakeFirst()
  const passed = (last?.content as SubmissionContent | undefined)?.warnings ?? []
  const isSame = (one: Finding, other: { id: string; values: Finding['values'] }) => one.id === other.id && one.values['value'] === other.values['value']
  return warnings.map((warning) => ({ ...warning, reason: passed.find((other) => isSame(warning, other))?.reason ?? '' }))
}

async function editorsOf({ tx, viewer }: Ctx, filingId: string): Promise<Draft['editors']> {
  const { rows } = await sql<Draft['editors'][number]>`
    select office_holder_name(saved.recorded_by) as name, max(saved.recorded_at) as "savedAt"
    from (
      select recorded_by, recorded_at from filing_value where filing_id = ${filingId}
      union all
      select recorded_by, recorded_at from filing_text where filing_id = ${filingId}
    ) as saved
    where saved.recorded_by <> ${viewer.personId} and saved.recorded_at > clock_timestamp() - interval '30 minutes'
    group by saved.recorded_by
    order by 2 desc`.execute(tx)
  return rows
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
