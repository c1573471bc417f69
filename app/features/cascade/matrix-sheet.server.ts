import { showDay, type Day } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import type { Grid, Value } from '../imports/files.server.ts'
import { cascadeWords } from './cascade.messages.ts'
import { columnTitle, stateInWords } from './matrix-wording.ts'
import type { MatrixRow } from './matrix.ts'
import type { Matrix } from './matrix.server.ts'

/** The matrix as it stands on the page, a unit a row: number, day, state and days after the superior's of each document. */
export function matrixGrid(matrix: Matrix, rows: MatrixRow[], { campaign, unit, asOf, language }: { campaign: string; unit: string; asOf: Day; language: Language }): Grid {
  const t = cascadeWords.in(language)
  const above = new Map<string, string>()
  const flat = (some: MatrixRow[], name: string): MatrixRow[] => some.flatMap((row) => [(above.set(row.unit.id, row.unit.parentId === null ? '' : name), row), ...flat(row.beneath, row.unit.name)])
  const day = (value: Day | null): Value => (value ? { day: value } : null)
  return {
    name: t('sheetMatrix'),
    above: t('sheetTitle', { campaign, unit, day: showDay(asOf) }),
    columns: [
      { head: t('sheetUnit'), width: 36 },
      { head: t('sheetAbove'), width: 28 },
      { head: t('sheetCode'), width: 20 },
      ...matrix.columns.flatMap((column) => {
        const title = columnTitle(column, t)
        return [{ head: t('sheetNumber', { title }), width: 18 }, { head: t('sheetDay', { title }), width: 14 }, { head: t('sheetState', { title }), width: 20 }, { head: t('sheetAfter', { title }), width: 14 }]
      }),
      { head: t('sheetCells'), width: 10 },
      { head: t('sheetReached'), width: 12 },
      { head: t('sheetLast'), width: 14 },
    ],
    rows: flat(rows, unit).map((row): Value[] => {
      const reached = matrix.reached.get(row.unit.id)
      return [
        row.unit.name,
        above.get(row.unit.id) ?? null,
        row.unit.code,
        ...matrix.columns.flatMap(({ key }): Value[] => {
          const cell = row.cells.get(key)
          return cell ? [cell.document?.number ?? null, day(cell.document?.issuedOn ?? cell.doneOn), stateInWords(cell, asOf, t), cell.days] : [null, null, null, null]
        }),
        reached?.cells ?? null,
        reached?.reached ?? null,
        day(reached?.lastOn ?? null),
      ]
    }),
  }
}
