import type { Figure } from '../../figures/figure.ts'
import type { Day } from '../../platform/clock.ts'
import type { Report, SealedForm, SealMark, Tally } from './report.ts'

type WithShare<Part> = Part & { share: number | null }

/** `report.json`: the answer about figures, and the report's sections. Units are named by code; shares are 0..1, not rounded. */
export type ReportJson = {
  unit: string
  campaign: string
  resolution: string | null // null: the whole campaign
  asOf: Day
  figures: Figure[]
  sections: {
    units: WithShare<{ code: string; name: string; kind: string } & Tally>[]
    otherUnits: WithShare<Tally> | null // the rest of the total, of units this viewer does not see
    categories: WithShare<Report['categories'][number]>[]
    kinds: WithShare<Report['kinds'][number]>[]
    resolutions: WithShare<Report['resolutions'][number]>[]
    exemptReasons: Report['exemptReasons']
    curve: WithShare<Report['curve'][number]>[]
  }
  /** Only of a sealed report: what binds it, what its form holds beside, and corrections made since. */
  seal?: Pick<SealMark, 'code' | 'hash' | 'sealedAt'>
  form?: SealedForm | null
  corrections?: SealMark['corrections']
}

/** The report for other programs: the same numbers as page, DOCX and XLSX, without ids of the database. */
export function reportJson(report: Report, seal?: SealMark): ReportJson {
  const whole = report.total.expected
  return {
    unit: report.unit.code,
    campaign: report.campaign.code,
    resolution: report.resolution?.code ?? null,
    asOf: report.asOf,
    figures: report.figures.map(({ key, numerator, denominator, share, base }) => ({ key, numerator, denominator, share, base })),
    sections: {
      units: report.units.map(({ code, name, kind, expected, studied, exempt, declared }) => ({
        code,
        name,
        kind,
        expected,
        studied,
        exempt,
        declared,
        share: shareOf(studied, expected),
      })),
      otherUnits: report.otherUnits && { ...report.otherUnits, share: shareOf(report.otherUnits.studied, report.otherUnits.expected) },
      categories: report.categories.map((part) => ({ ...part, share: shareOf(part.studied, part.expected) })),
      kinds: report.kinds.map((part) => ({ ...part, share: shareOf(part.studied, whole) })),
      resolutions: report.resolutions.map((part) => ({ ...part, share: shareOf(part.studied, whole) })),
      exemptReasons: report.exemptReasons,
      curve: report.curve.map((point) => ({ ...point, share: shareOf(point.studied, point.expected) })),
    },
    ...(seal && { seal: { code: seal.code, hash: seal.hash, sealedAt: seal.sealedAt }, form: seal.form, corrections: seal.corrections }),
  }
}

const shareOf = (part: number, whole: number) => (whole === 0 ? null : part / whole)
