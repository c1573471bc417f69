import type { Day } from '../../platform/clock.ts'

/** A required document of one unit: what its duty says, and the document that did it as far as the viewer sees it. */
export type Required = {
  dutyId: string
  column: string
  unitId: string
  dueOn: Day | null // null: the superior has not issued theirs, so that nobody knows yet
  doneOn: Day | null
  isWaived: boolean
  document: { id: string; number: string; issuedOn: Day | null } | null
  draftId: string | null // a draft in the making: only for those who see the unit's drafts
}

export type CellState = 'missing' | 'today' | 'due' | 'late' | 'issued' | 'waived'

/** One cell of the matrix as of a day. `lateBy`: days after the due day, 0 unless missing or late; `days` from the superior's document to this one. */
export type MatrixCell = Required & { state: CellState; lateBy: number; days: number | null }

export type MatrixUnit = { id: string; code: string; name: string; parentId: string | null; hasBeneath: boolean }
export type MatrixRow = { unit: MatrixUnit; level: number; cells: Map<string, MatrixCell>; missing: number; late: number; today: number; due: number; issued: number; waived: number; isDone: boolean; beneath: MatrixRow[] }
export type MatrixTotals = { required: number; missing: number; missingUnits: number; late: number; lateUnits: number; today: number; due: number; issued: number; waived: number; doneUnits: number; units: number }

/** What the duty is on that day: what came later is not known yet, but `isNow` every record is. */
export function cellOn(required: Required, { asOf, isNow = false }: { asOf: Day; isNow?: boolean }, superiorOn: Day | null): MatrixCell {
  const { dueOn, doneOn, isWaived, document } = required
  const isDone = doneOn !== null && (isNow || doneOn <= asOf)
  const shown = isDone ? document : null
  const lateBy = dueOn === null || (isWaived && !isDone) ? 0 : Math.max(0, daysBetween(dueOn, isDone ? doneOn : asOf))
  const days = superiorOn && shown?.issuedOn ? daysBetween(superiorOn, shown.issuedOn) : null
  return { ...required, doneOn: isDone ? doneOn : null, document: shown, draftId: isDone ? null : required.draftId, state: stateOf(), lateBy, days }

  function stateOf(): CellState {
    if (isDone) return lateBy > 0 ? 'late' : 'issued'
    if (isWaived) return 'waived'
    return lateBy > 0 ? 'missing' : dueOn === asOf ? 'today' : 'due'
  }
}

/** A row of the matrix, with those opened beneath it. */
export function rowOf(unit: MatrixUnit, level: number, cells: MatrixCell[], beneath: MatrixRow[]): MatrixRow {
  const count = (state: CellState) => cells.filter((cell) => cell.state === state).length
  const [missing, late, today, due, issued, waived] = (['missing', 'late', 'today', 'due', 'issued', 'waived'] as const).map(count) as [number, number, number, number, number, number]
  return { unit, level, cells: new Map(cells.map((cell) => [cell.column, cell])), missing, late, today, due, issued, waived, isDone: missing + today + due === 0, beneath }
}

/** Worst first: what is missing by number and by days, then what was late, then what is soon due; the name decides what is equal. */
export function worstFirst(a: MatrixRow, b: MatrixRow): number {
  const lateness = (row: MatrixRow, state: CellState) => [...row.cells.values()].reduce((sum, cell) => sum + (cell.state === state ? cell.lateBy : 0), 0)
  return (
    b.missing - a.missing ||
    lateness(b, 'missing') - lateness(a, 'missing') ||
    b.late - a.late ||
    lateness(b, 'late') - lateness(a, 'late') ||
    b.today - a.today ||
    b.due - a.due ||
    a.unit.name.localeCompare(b.unit.name, 'vi') ||
    a.unit.code.localeCompare(b.unit.code)
  )
}

/** What the rows of one level come to; what is opened beneath them is not added. */
export function totalsOf(rows: MatrixRow[]): MatrixTotals {
  const sum = (what: 'missing' | 'late' | 'today' | 'due' | 'issued' | 'waived') => rows.reduce((total, row) => total + row[what], 0)
  const units = (is: (row: MatrixRow) => boolean) => rows.filter(is).length
  return {
    required: rows.reduce((total, row) => total + row.cells.size, 0),
    missing: sum('missing'),
    missingUnits: units((row) => row.missing > 0),
    late: sum('late'),
    lateUnits: units((row) => row.late > 0),
    today: sum('today'),
    due: sum('due'),
    issued: sum('issued'),
    waived: sum('waived'),
    doneUnits: units((row) => row.isDone && row.late === 0),
    units: rows.length,
  }
}

export const filters = ['all', 'missing', 'late', 'due', 'done'] as const
export type Filter = (typeof filters)[number]

/** Whether a row is among those asked for. */
export function passes(row: MatrixRow, filter: Filter): boolean {
  switch (filter) {
    case 'missing':
      return row.missing > 0
    case 'late':
      return row.late > 0
    case 'due':
      return row.today + row.due > 0
    case 'done':
      return row.isDone
    default:
      return true
  }
}

/** Whole days from one day to another; negative when it lies before. */
export const daysBetween = (from: Day, to: Day): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
