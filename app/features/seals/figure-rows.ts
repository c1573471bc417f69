import type { Language } from '../../platform/i18n.ts'
import { figureAddress } from '../../web/addresses.ts'
import type { FigureRow } from './figures-table.tsx'
import type { SealContent } from './seal-content.ts'
import type { Correction } from './seal-views.server.ts'

type Shown = { content: Pick<SealContent, 'report' | 'filing' | 'definitions'>; corrections: Correction[] }

/** The figures of a form and the others of its report, as tables show them. A figure stands in one of the two. */
export function figureRows({ content, corrections }: Shown, language: Language): { ofForm: FigureRow[]; others: FigureRow[] } {
  const { report, filing, definitions } = content
  const row = (figure: { key: string; numerator: number; denominator: number | null; declared?: number }): FigureRow => {
    const definition = definitions.find((one) => one.key === figure.key)
    const last = corrections.findLast((one) => one.indicator === figure.key)
    return {
      key: figure.key,
      name: definition?.[language].name ?? figure.key,
      meaning: definition?.[language].meaning ?? null,
      base: definition?.[language].base ?? null,
      numerator: figure.numerator,
      denominator: figure.denominator,
      declared: figure.declared ?? 0,
      isDeclared: definition?.isDeclared ?? false,
      corrected: last ? { numerator: last.numerator, denominator: last.denominator } : null,
      href: definition?.isDeclared ? null : figureAddress(report.campaign.code, figure.key, { unit: report.unit.code, asOf: report.asOf }),
    }
  }
  const ofForm = (filing?.figures ?? []).map(row)
  return { ofForm, others: report.figures.filter((figure) => !ofForm.some((one) => one.key === figure.key)).map(row) }
}
