import type { Ctx } from '../../permissions/permissions.ts'
import type { Language } from '../../platform/i18n.ts'
import type { Grid, Value } from './files.server.ts'
import { importWords } from './imports.messages.ts'
import { importById, rowsOf } from './imports.server.ts'
import { problemOf } from './row-wording.ts'

/**
 * The rows of a file as they came, each sheet under its own headings, with a column that says what is wrong: to be corrected there and
 * loaded again. `onlyBad` leaves the good ones out. Throws NotFound.
 */
export async function remarksOf(ctx: Ctx, id: string, onlyBad: boolean, language: Language): Promise<{ grids: Grid[]; name: string }> {
  const t = importWords.in(language)
  const head = await importById(ctx, id)
  const rows = await rowsOf(ctx, id, { most: 1_000_000, ...(onlyBad && { verdict: 'bad' as const }) })
  const bySheet = Map.groupBy(rows, ({ sheet }) => sheet)
  const grids = (head.found?.tables ?? []).flatMap(({ sheet, columns }): Grid[] => {
    const own = bySheet.get(sheet) ?? []
    if (own.length === 0) return []
    const indexes = columns.map(({ letter }) => indexOf(letter))
    // the unit that a row took from the line above it would be lost with that line
    const takesGroup = !columns.some(({ field }) => field === 'unit' || field === 'unitCode' || field === 'above') && own.some(({ fields }) => fields.unit?.name)
    return [
      {
        name: sheet || t(`sheet.${head.kind}`),
        columns: [...columns.map(({ heading }) => ({ head: heading, width: 20 })), ...(takesGroup ? [{ head: t('field.unit'), width: 24 }] : []), { head: t('head.row'), width: 10 }, { head: t('head.remark'), width: 90 }],
        rows: own.map((row): Value[] => [...indexes.map((index) => row.raw[index] ?? null), ...(takesGroup ? [row.fields.unit?.name ?? null] : []), row.number, row.problems.map((problem) => problemOf(problem, language)).join('\n') || null]),
      },
    ]
  })
  return { grids: grids.length > 0 ? grids : [{ name: t('sheet.remarks'), columns: [{ head: t('head.remark'), width: 60 }], rows: [] }], name: `${head.fileName.replace(/\.[^.]*$/, '')}-ghi-chu` }
}

/** What is wrong with an import, a line each: sheet and row, then the sentence. */
export async function badLines(ctx: Ctx, id: string, language: Language): Promise<string[]> {
  const rows = await rowsOf(ctx, id, { verdict: 'bad', most: 1_000_000 })
  return rows.flatMap(({ sheet, number, problems }) => problems.map((problem) => `${sheet ? `${sheet}!` : ''}${number}: ${problemOf(problem, language)}`))
}

const indexOf = (letter: string) => Array.from(letter).reduce((sum, one) => sum * 26 + one.charCodeAt(0) - 64, 0) - 1
