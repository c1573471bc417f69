import type { Tx } from '../../db/open.ts'
import { showDay } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { indicatorWords } from '../indicators/indicators.messages.ts'
import type { Report } from '../reports/report.ts'
import { reportWords } from '../reports/reports.messages.ts'
import type { Definition, SealedFiling } from './seal-content.ts'

/** What each figure of a report and of its form means as of that day, in both languages. */
export async function definitionsOf(tx: Tx, report: Report, filing: SealedFiling | null): Promise<Definition[]> {
  const keys = [...new Set([...report.figures, ...(filing?.figures ?? [])].map((figure) => figure.key))]
  const rows = await tx.selectFrom('indicator').select(['key', 'name', 'base', 'unit_of_count', 'is_declared']).execute()
  const registered = new Map(rows.map((row) => [row.key, row]))
  const baseOf = (key: string, language: Language) => wordOf(reportWords, `base.${key}`, language) ?? registered.get(key)?.name ?? wordOf(indicatorWords, `figure.${key}`, language) ?? key
  return keys.flatMap((key) => {
    const row = registered.get(key)
    if (!row) return []
    const meaning = (language: Language) => ({
      name: row.name ?? wordOf(reportWords, `figure.${key}`, language) ?? key,
      base: row.base && baseOf(row.base, language),
      meaning: wordOf(indicatorWords, `means.${key}`, language, { day: showDay(report.asOf), openedOn: showDay(report.campaign.openedOn) }),
    })
    return [{ key, unitOfCount: row.unit_of_count, base: row.base, isDeclared: row.is_declared, vi: meaning('vi'), en: meaning('en') }]
  })
}

type Words = { catalogues: { vi: Record<string, string> }; in: (language: Language) => (key: never, values?: Record<string, string>) => string }

const wordOf = (words: Words, key: string, language: Language, values?: Record<string, string>) =>
  key in words.catalogues.vi ? words.in(language)(key as never, values) : null
