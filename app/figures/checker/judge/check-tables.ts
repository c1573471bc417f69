import { figureWords } from '../../figures.messages.ts'
import { shareDraft, shareProof } from './check-breakdowns.ts'
import { labelOf } from '../read/families.ts'
import { placesOf, type Outcome } from './finding.ts'
import type { Quantity, Reading } from '../read/quantities.ts'
import { judgeShare, type Verdict } from '../relate/rounding.ts'
import { findTables, type Table } from '../relate/tables.ts'
import { hasPhrase, type Token } from '../read/tokens.ts'
import { writeCount, type Style } from './writing.ts'

/** Tables pasted as lines: a row or column of totals against the others, and n, N, % where the heads or most rows say that they are that. */
export function checkTables(reading: Reading, style: Style): { outcomes: Outcome[]; used: Quantity[] } {
  const tables = findTables(reading).map(withShares)
  const outcomes = tables.flatMap((table) => [...checkColumns(table, style), ...checkRows(table, style), ...checkRates(table, style)])
  return { outcomes, used: tables.flatMap(({ rows }) => rows.flatMap(({ numbers }) => numbers)) }
}

/** Under "Tỷ lệ (%)" a number is a share without a sign of its own. */
function withShares(table: Table): Table {
  const { rows, heads } = table
  heads?.forEach((head, column) => {
    if (!isRate(head)) return
    for (const { numbers } of rows) {
      const number = numbers[column]!
      if (number.kind === 'count') Object.assign(number, { kind: 'share', half: 0.5 * 10 ** -number.decimals })
    }
  })
  return table
}

const isRate = (head: Token[]) => hasPhrase(head, new Set(['%', 'tỷ lệ', 'rate', 'percent', 'percentage']))
const isBase = (head: Token[]) => hasPhrase(head, new Set(['phải', 'tổng', 'tổng số', 'giao', 'triệu tập', 'kế hoạch', 'chỉ tiêu', 'total', 'expected', 'target']))
const isSum = (head: Token[]) => ['tổng', 'cộng', 'tổng cộng', 'tổng số', 'total', 'sum'].includes(head.map((token) => token.low).join(' '))
const isCounter = (head: Token[]) => ['stt', 'tt', 'số tt', 'no'].includes(head.map((token) => token.low).join(' '))

/** Of a table that was cut the rows at hand need not make the total: then only what they make is told. */
function checkColumns({ rows, isCut }: Table, style: Style): Outcome[] {
  const totals = rows.filter((row) => row.isTotal)
  const [total] = totals
  if (totals.length !== 1 || !total || (rows[0] !== total && rows.at(-1) !== total)) return []
  const parts = rows.filter((row) => row !== total)
  if (parts.length < 2) return []
  return total.numbers.flatMap((printed, column) => {
    const cells = parts.map((row) => row.numbers[column]!)
    if (cells.every((cell, at) => cell.value === at + 1)) return [] // numbers of the rows
    return checkSum(cells, printed, style).filter((outcome) => !isCut || !('code' in outcome))
  })
}

/** One column under "Cộng" against the columns beside it, where those are told to exclude each other or most rows make it. */
function checkRows({ rows, heads }: Table, style: Style): Outcome[] {
  const columns = heads?.flatMap((head, column) => (isRate(head) || isCounter(head) ? [] : [column])) ?? []
  const sum = [columns.at(-1), columns[0]].find((column) => column !== undefined && isSum(heads![column]!))
  const parts = columns.filter((column) => column !== sum)
  if (sum === undefined || parts.length < 2) return []
  const outcomes = rows.map(({ numbers }) => checkSum(parts.map((column) => numbers[column]!), numbers[sum]!, style))
  const fitting = outcomes.flat().filter((outcome) => !('code' in outcome)).length
  const labels = parts.map((column) => labelOf(heads![column]!, []))
  const { family } = labels[0] ?? {}
  const isWhole = family !== undefined && labels.every((label) => label?.family === family) && family.isWhole(new Set(labels.map((label) => label!.label)))
  return isWhole || (rows.length >= 3 && fitting * 3 >= rows.length * 2) ? outcomes.flat() : []
}

function checkSum(cells: Quantity[], total: Quantity, style: Style): Outcome[] {
  if ([total, ...cells].some((cell) => cell.kind === 'share' || cell.half > 0)) return []
  const sum = cells.reduce((value, cell) => value + cell.value, 0)
  if (sum === total.value) return [{ places: placesOf([...cells, total]), message: figureWords.say('parts-hold', { parts: cells.map((cell) => cell.text).join(' + '), total: total.text }) }]
  const expected = writeCount(sum, style)
  return [{ code: 'parts-sum', start: total.start, end: total.end, printed: total.text, expected, message: figureWords.say('column-sum', { sum: expected, total: total.text }) }]
}

function checkRates({ rows, heads }: Table, style: Style): Outcome[] {
  const width = rows[0]!.numbers.length
  for (let share = 2; share < width; share++) {
    if (rows.some((row) => row.numbers[share]!.kind !== 'share')) continue
    for (const [n, base] of [[share - 1, share - 2], [share - 2, share - 1]] as const) {
      const verdicts = rows.map(({ numbers }): Verdict => (numbers[n]!.kind === 'count' && numbers[base]!.kind === 'count' && numbers[base]!.value > 0 ? judgeShare(numbers[share]!, numbers[n]!, numbers[base]!) : 'differs'))
      const fitting = verdicts.filter((verdict) => verdict !== 'differs').length
      const isSaid = heads !== null && isRate(heads[share]!) && isBase(heads[base]!) && !isBase(heads[n]!) && rows.every(({ numbers }) => numbers[n]!.value <= numbers[base]!.value)
      if (!isSaid && (rows.length < 3 || fitting * 3 < rows.length * 2)) continue
      return rows.map(({ numbers }, at) => {
        const verdict = verdicts[at]!
        return verdict === 'equal' ? shareProof(numbers[share]!, numbers[n]!, numbers[base]!, style) : shareDraft(verdict, numbers[share]!, numbers[n]!, numbers[base]!, style)
      })
    }
  }
  return []
}
