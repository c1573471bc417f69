import { showCount, showPercent } from '../../figures/figure.ts'
import type { Language, Sentence } from '../../platform/i18n.ts'
import { checkText, type Code } from '../../figures/check.ts'
import { nameOf, type Breakdown, type Relation } from '../indicators/register.server.ts'
import { filingsWords } from './filings.messages.ts'

/**
 * What validation found in a report. A problem keeps it from being submitted; a warning may be passed with a written reason.
 * `id` is the same for the same finding; `values` holds whole numbers, and under `…Name` what a unit calls its own figure.
 */
export type Finding = { id: string; code: FindingCode; indicator: string | null; sectionId: string | null; values: Record<string, string | number> }
export type FindingCode = 'figure-missing' | 'text-missing' | 'share-over-100' | 'more-than' | 'parts-sum' | 'outlier-past' | 'outlier-alike' | Code

/** One figure under validation; numerator null while it is declared and not typed yet. */
export type Checked = { key: string; name: string | null; numerator: number | null; denominator: number | null; base: string | null; origin: 'counted' | 'declared' | 'summed'; declared: number }

/** What else the unit, or units like it, reported: ratios to the members expected. `units` is how many stand behind the median. */
export type Usual = { indicator: string; units: number; median: number; deviation: number }

type Written = { sectionId: string; title: string; text: string }
type Relations = { among: Relation[]; counted: Map<string, number>; breakdowns: Breakdown[] }
type Findings = { problems: Finding[]; warnings: Finding[] }

/**
 * Problems: a declared figure or a narrative part that is missing, a relation that a declared figure breaks, and parts that do not
 * make their whole. A relation broken by counted figures alone is a warning, for the unit cannot type them anew; so is what the
 * checker finds wrong in a text. `counted` holds figures that the form does not
 * ask for, but that those it asks for are held against.
 */
export function checkReport(figures: Checked[], texts: Written[], relations: Relations): Findings {
  const missing = figures.filter((figure) => figure.numerator === null).map((figure) => finding('figure-missing', figure, {}))
  const empty = texts
    .filter(({ text }) => text.trim() === '')
    .map(({ sectionId, title }): Finding => ({ id: `text-missing:${sectionId}`, code: 'text-missing', indicator: null, sectionId, values: { title } }))
  const broken = brokenRelations(figures, relations)
  return {
    problems: [...missing, ...broken.filter((one) => one.isTyped).map((one) => one.finding), ...brokenBreakdowns(figures, relations), ...empty],
    warnings: [...broken.filter((one) => !one.isTyped).map((one) => one.finding), ...texts.flatMap(faultsIn)],
  }
}

/** Parts that do not make the whole they were taken from; told where the form asks for all of them. */
function brokenBreakdowns(figures: Checked[], { breakdowns, among }: Relations): Finding[] {
  const byKey = new Map(figures.map((figure) => [figure.key, figure]))
  return breakdowns.flatMap(({ indicator, name, isComplete, parts }) => {
    const asked = parts.flatMap(({ key }) => byKey.get(key) ?? [])
    const [first] = asked
    // each part is a share of the whole: in a sum, of the whole of the units that are in it
    const most = first?.denominator ?? null
    if (!isComplete || asked.length < parts.length || !first || most === null || asked.some((part) => part.numerator === null)) return []
    const value = asked.reduce((sum, part) => sum + part.numerator!, 0)
    const isTold = among.some((relation) => relation.other === indicator && (byKey.get(relation.indicator)?.numerator ?? 0) > most)
    if (value === most || isTold) return []
    const whole = byKey.get(indicator)
    return [{ ...finding('parts-sum', first, { value, most, breakdown: name, other: indicator, ...(whole?.name ? { otherName: whole.name } : {}) }) }]
  })
}

const mostFaults = 20 // of one text: each wants a reason of its own

/** What the checker finds wrong in a text, as warnings: it reads prose, and a person may know better. */
function faultsIn({ sectionId, title, text }: Written): Finding[] {
  const faults = checkText(text).findings.filter(({ severity }) => severity === 'fault').slice(0, mostFaults)
  return faults.map(({ code, text: value, message }, index): Finding => ({
    id: `${code}:${sectionId}:${index + 1}`,
    code,
    indicator: null,
    sectionId,
    values: { title, value, sentenceVi: message('vi'), sentenceEn: message('en') },
  }))
}

function brokenRelations(figures: Checked[], { among, counted }: Relations): { finding: Finding; isTyped: boolean }[] {
  const byKey = new Map(figures.map((figure) => [figure.key, figure]))
  const ofBases = figures.flatMap((figure) => (figure.base === null ? [] : [{ indicator: figure.key, kind: 'part_of' as const, other: figure.base }]))
  const all = [...new Map([...ofBases, ...among].map((relation) => [`${relation.kind} ${relation.indicator} ${relation.other}`, relation])).values()]
  return all.flatMap(({ indicator, kind, other }) => {
    const one = byKey.get(indicator)
    if (!one || one.numerator === null) return []
    const whole = byKey.get(other)
    const most = one.base === other ? one.denominator : (whole?.numerator ?? counted.get(other) ?? null)
    if (most === null || one.numerator <= most) return []
    const values = { value: one.numerator, most, other, ...(whole?.name ? { otherName: whole.name } : {}) }
    const isTyped = one.origin !== 'counted' || (whole !== undefined && whole.origin !== 'counted')
    return [{ finding: finding(kind === 'part_of' ? 'share-over-100' : 'more-than', one, values, other), isTyped }]
  })
}

/** Median and median distance from it; null without values. */
export function middleOf(values: number[]): { median: number; deviation: number } | null {
  if (values.length === 0) return null
  const median = medianOf(values)
  return { median, deviation: medianOf(values.map((value) => Math.abs(value - median))) }
}

function medianOf(values: number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/**
 * Figures far from what is usual, each a warning. Compared are ratios to the members expected, so that a big unit is like a small
 * one. Far is more than 3.5 robust standard deviations from the median (modified z-score of Iglewicz and Hoaglin, 1993): robust,
 * for half of the others may be wrong without moving it. The standard deviation is 1.4826 times the median absolute deviation,
 * but at least a tenth of the median and at least one unit of count, since equal or small values would make every change far.
 * Only figures with a declared part are judged: what is counted from records is no slip of the pen. It takes at least 3 earlier
 * reports of the unit on the form, or 5 units of the same kind in the round.
 */
export function outliers(figures: Checked[], expected: number, usual: { past: Usual[]; alike: Usual[] }): Finding[] {
  if (expected === 0) return []
  const judged = figures.filter((figure) => figure.numerator !== null && figure.declared > 0)
  const against = (code: 'outlier-past' | 'outlier-alike', others: Usual[], least: number) =>
    judged.flatMap((figure) => {
      const known = others.find((one) => one.indicator === figure.key)
      if (!known || known.units < least) return []
      const spread = Math.max(1.4826 * known.deviation, 0.1 * Math.abs(known.median), 1 / expected)
      if (Math.abs(figure.numerator! / expected - known.median) <= 3.5 * spread) return []
      return [finding(code, figure, { value: figure.numerator!, usual: Math.round(known.median * expected), units: known.units })]
    })
  return [...against('outlier-past', usual.past, 3), ...against('outlier-alike', usual.alike, 5)]
}

function finding(code: FindingCode, { key, name }: Checked, values: Finding['values'], other?: string): Finding {
  return { id: [code, key, ...(other ? [other] : [])].join(':'), code, indicator: key, sectionId: null, values: { ...values, ...(name === null ? {} : { indicatorName: name }) } }
}

/** What a finding says, of a draft or out of a submission. */
export function sayFinding({ code, indicator, values }: Pick<Finding, 'indicator' | 'values'> & { code: string }): Sentence {
  return (language) => {
    const t = filingsWords.in(language)
    const sentence = values[language === 'vi' ? 'sentenceVi' : 'sentenceEn']
    if (sentence !== undefined) return t('finding.text', { title: String(values['title']), text: String(values['value']), sentence: String(sentence) })
    const named = (key: string, name: unknown) => nameOf({ key, name: typeof name === 'string' ? name : null })(language)
    const said = { ...numbersOf(values, language), figure: indicator ? named(indicator, values['indicatorName']) : '', other: typeof values['other'] === 'string' ? named(values['other'], values['otherName']) : '' }
    return t(`finding.${code}` as 'finding.more-than', said)
  }
}

function numbersOf(values: Finding['values'], language: Language): Record<string, string> {
  const shown = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, typeof value === 'number' ? showCount(value, language) : value]))
  const { value, most } = values
  return typeof value === 'number' && typeof most === 'number' ? { ...shown, percent: showPercent(value, most, language) } : shown
}
