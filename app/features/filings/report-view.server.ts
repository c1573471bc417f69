import { showCount, showPercent } from '../../figures/figure.ts'
import type { Language } from '../../platform/i18n.ts'
import { addressOf, figureAddress } from '../../web/addresses.ts'
import { nameOf } from '../indicators/register.server.ts'
import type { Draft, DraftFigure, Evidence } from './drafts.server.ts'
import type { FilingHead } from './filing-head.server.ts'
import type { Contribution } from './filing-views.server.ts'
import { momentOf, titled, type Moment } from './filing-wording.ts'
import type { SectionKind, SubmissionContent } from './filings.schema.ts'
import type { FormSection } from './forms.server.ts'
import { sayFinding, type Finding } from './validation.server.ts'

type Told = { language: Language; timeZone: string }

/** One figure as the page shows it; `value` null while nobody typed it. `declaredShare` is empty where nothing is declared. */
export type FigureView = {
  key: string
  title: string
  unitOfCount: string
  value: string | null
  share: string | null
  base: string | null
  origin: 'counted' | 'declared' | 'summed'
  declared: string | null
  declaredShare: string | null
  isAllDeclared: boolean
  href: string | null
  askHref: string | null // to ask the unit about it; null for whoever may not
  evidence: Evidence | null
}

/** A declared figure to be typed: what stands there, who typed it. `own` is what this unit itself typed. */
export type TypedView = { own: number | null; savedBy: string | null; savedAt: Moment | null; suggested: string | null; evidence: Evidence | null }
export type TextView = { text: string; version: number; savedBy: string | null; savedAt: Moment | null }
export type SectionView = { id: string; kind: SectionKind; title: string; figures: (FigureView & { typed: TypedView | null })[]; text: TextView | null }
export type FindingView = { id: string; sentence: string; reason: string; field: string | null }

/** A report ready to be shown, whether still in the making or handed up. */
export type ReportView = { sections: SectionView[]; problems: FindingView[]; warnings: FindingView[]; missing: string[]; untyped: number; counted: number }

type Shown = { head: FilingHead; sections: FormSection[]; draft: Draft | null; content: SubmissionContent | null; mayAsk: boolean; told: Told }

export function reportView({ head, sections, draft, content, mayAsk, told }: Shown): ReportView {
  return draft ? viewOfDraft(head, draft, told) : viewOfContent(head, sections, content!, mayAsk, told)
}

export type FindingsView = Pick<ReportView, 'problems' | 'warnings'>

/** What validation found in a draft, each with the field it is about. */
export function findingsView(draft: Draft, language: Language): FindingsView {
  const figures = draft.sections.flatMap((section) => section.figures)
  const fieldOf = ({ indicator, sectionId }: Finding) => {
    if (sectionId) return `texts.${sectionId}.text`
    return indicator && figures.some((figure) => figure.key === indicator && figure.isDeclared) ? `values.${indicator}.value` : null
  }
  const shown = (finding: Finding, reason = '') => ({ id: finding.id, sentence: sayFinding(finding)(language), reason, field: fieldOf(finding) })
  return { problems: draft.problems.map((one) => shown(one)), warnings: draft.warnings.map((one) => shown(one, one.reason)) }
}

function viewOfDraft(head: FilingHead, draft: Draft, told: Told): ReportView {
  const figures = draft.sections.flatMap((section) => section.figures)
  return {
    sections: draft.sections.map(({ id, kind, title, figures: some, text }) => ({
      id,
      kind,
      title,
      figures: some.map((figure) => ({ ...figureView(figure, head, told), typed: figure.isDeclared ? typedView(figure, told) : null })),
      text: text && { text: text.text, version: text.version, savedBy: text.savedBy, savedAt: text.savedAt && momentOf(text.savedAt, told.timeZone) },
    })),
    ...findingsView(draft, told.language),
    missing: draft.missing.map((one) => one.unitName),
    untyped: figures.filter((figure) => figure.numerator === null).length,
    counted: figures.filter((figure) => !figure.isDeclared).length,
  }
}

function viewOfContent(head: FilingHead, sections: FormSection[], content: SubmissionContent, mayAsk: boolean, told: Told): ReportView {
  const byKey = new Map(content.figures.map((figure) => [figure.key, figure]))
  return {
    sections: sections.map(({ id, kind, title, indicators }) => ({
      id,
      kind,
      title,
      figures: indicators.flatMap(({ key }) => {
        const figure = byKey.get(key)
        return figure ? [{ ...figureView(figure, head, told), askHref: mayAsk ? askAddress(head, key) : null, evidence: figure.evidence, typed: null }] : []
      }),
      text: kind === 'figures' ? null : { text: content.texts.find((text) => text.sectionId === id)?.text ?? '', version: 0, savedBy: null, savedAt: null },
    })),
    problems: [],
    warnings: content.warnings.map((one) => ({ id: one.id, sentence: sayFinding(one)(told.language), reason: one.reason, field: null })),
    missing: content.missing.map((one) => one.unitName),
    untyped: 0,
    counted: content.figures.filter((figure) => figure.origin === 'counted').length,
  }
}

type Plain = Pick<DraftFigure, 'key' | 'name' | 'unitOfCount' | 'numerator' | 'denominator' | 'base' | 'origin' | 'declared'>

function figureView(figure: Plain, head: FilingHead, { language }: Told): FigureView {
  const { key, name, unitOfCount, numerator, denominator, base, origin, declared } = figure
  const isPart = numerator !== null && declared > 0
  return {
    key,
    title: titled(nameOf({ key, name })(language)),
    unitOfCount,
    value: numerator === null ? null : showCount(numerator, language),
    share: numerator === null || denominator === null ? null : showPercent(numerator, denominator, language),
    base: base !== null && denominator !== null ? `${showCount(denominator, language)} ${nameOf({ key: base, name: null })(language)}` : null,
    origin,
    declared: isPart ? showCount(declared, language) : null,
    declaredShare: isPart ? showPercent(declared, numerator, language) : null,
    isAllDeclared: isPart && declared === numerator,
    href: origin === 'counted' ? figureAddress(head.campaignCode, key, { unit: head.unitCode, asOf: head.asOf }) : origin === 'summed' ? `/filings/${head.id}?figure=${key}` : null,
    askHref: null,
    evidence: null,
  }
}

/** Where a figure of a unit is asked about, as of the day of its report. */
function askAddress(head: Pick<FilingHead, 'campaignCode' | 'unitCode' | 'asOf'>, key: string): string {
  return addressOf('/questions/new', { campaign: head.campaignCode, unit: head.unitCode, key, asOf: head.asOf })
}

function typedView({ typed, suggested }: DraftFigure, { language, timeZone }: Told): TypedView {
  return {
    own: typed?.value ?? null,
    savedBy: typed?.savedBy ?? null,
    savedAt: typed && momentOf(typed.savedAt, timeZone),
    suggested: suggested === null ? null : showCount(suggested, language),
    evidence: typed?.evidence ?? null,
  }
}

/** What each unit gave to a sum, ready to be shown. */
export function summedView(head: FilingHead, contributions: Contribution[], language: Language) {
  return contributions.map(({ filingId, unitCode, unitName, figure }) => ({
    filingId,
    unitName,
    value: showCount(figure.numerator, language),
    share: figure.denominator === null ? null : showPercent(figure.numerator, figure.denominator, language),
    origin: figure.origin,
    askHref: askAddress({ ...head, unitCode }, figure.key),
    evidence: figure.evidence,
  }))
}
