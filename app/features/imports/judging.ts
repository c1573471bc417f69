import type { Day } from '../../platform/clock.ts'
import type { Verdict } from './imports.schema.ts'
import type { ReadRow, RowProblem } from './reading/rows.ts'

/** What differs between a row and what is kept; days as YYYY-MM-DD. */
export type Change = { field: string; from: string | null; to: string | null }

/** What importing the row will do: to whom or what, in which unit, from which day. */
export type Plan = {
  id: string // of the person, unit or office: the one that is there, or the one that will be
  unitId?: string
  fromUnitId?: string
  parentId?: string
  personId?: string
  since?: Day
  changes?: Change[]
  /** The unit whose members' keeper puts the person's particulars right. */
  keptBy?: string
}

export type Judged = ReadRow & { verdict: Verdict; plan: Plan | null }

/** What a list is about beside its rows. */
export type Asked = { unitId: string | null; effectiveOn: Day; onProgress?: (done: number) => Promise<void> }

export const bad = (row: ReadRow, ...problems: RowProblem[]): Judged => ({ ...row, problems: [...row.problems, ...problems], verdict: 'bad', plan: null })

export function wrong(row: ReadRow, field: keyof ReadRow['columns'] | null, key: string, value: string | null | undefined, values?: Record<string, string>): RowProblem {
  return { key, column: (field && row.columns[field]) ?? null, value: value ?? null, ...(values && { values }) }
}

/** Rows that say the same of somebody or something, by a key of theirs; null for a row that has none. */
export function twice<Row>(rows: Row[], keyOf: (row: Row) => string | null): Map<Row, Row[]> {
  const groups = Map.groupBy(rows, keyOf)
  const found = new Map<Row, Row[]>()
  for (const [key, same] of groups) if (key !== null && same.length > 1) for (const row of same) found.set(row, same.filter((other) => other !== row))
  return found
}

/** "dòng 5, 9" of one sheet, "Chi bộ 1!5, Chi bộ 2!9" of several. */
export function namesOf(rows: ReadRow[], own: ReadRow): string {
  return rows.slice(0, 5).map((row) => (row.sheet === own.sheet ? String(row.number) : `${row.sheet}!${row.number}`)).join(', ')
}
