import { figureWords } from '../figures.messages.ts'
import type { Draft } from './finding.ts'
import type { Quantity, Reading } from './quantities.ts'
import { judgeShare } from './rounding.ts'
import { shareDraft } from './check-breakdowns.ts'
import { writeCount, type Style } from './writing.ts'

type Row = { numbers: Quantity[]; isTotal: boolean; isLoose: boolean }

/** Tables pasted as lines: a row of totals against its columns, and n, N, % where most rows agree that they are that. */
export function checkTables(reading: Reading, style: Style): { drafts: Draft[]; used: Quantity[] } {
  const drafts: Draft[] = []
  const used: Quantity[] = []
  for (const rows of tablesOf(reading)) {
    drafts.push(...checkColumns(rows, style), ...checkRates(rows, style))
    for (const row of rows) used.push(...row.numbers)
  }
  return { drafts, used }
}

/** Runs of at least three lines that each end in the same number of numerals with nothing else between them. */
function tablesOf({ text, tokens, quantities }: Reading): Row[][] {
  const tables: Row[][] = []
  let rows: Row[] = []
  let last = -2
  const close = () => {
    if (rows.length >= 3) tables.push(rows)
    rows = []
  }
  for (let at = 0; at < quantities.length; ) {
    const first = quantities[at]!
    let end = at
    while (end < quantities.length && quantities[end]!.sentence === first.sentence) end++
    const numbers = quantities.slice(at, end)
    at = end
    let start = numbers.length - 1
    while (start > 0 && isAdjacent(text, numbers[start - 1]!, numbers[start]!)) start--
    const cells = numbers.slice(start)
    const after = tokens[cells.at(-1)!.to + 1]
    const ends = after === undefined || after.sentence !== first.sentence || after.low === '|'
    const label = text.slice(tokens[lineStart(tokens, first.from)]!.start, cells[0]!.start)
    if (cells.length < 2 || !ends || label.length > 120 || cells.some((cell) => cell.qualifier || cell.base || cell.baseOf)) {
      close()
      continue
    }
    const isTotal = /^[\s|*\-+]*(tổng|cộng|toàn|total|chung)/iu.test(label)
    if (rows.length > 0 && (rows[0]!.numbers.length !== cells.length || first.sentence !== last + 1)) close()
    rows.push({ numbers: cells, isTotal, isLoose: numbers.length > cells.length })
    last = first.sentence
  }
  close()
  return tables
}

function isAdjacent(text: string, one: Quantity, other: Quantity): boolean {
  return other.start - one.end < 40 && /^[\s|]+$/.test(text.slice(one.end, other.start))
}

function lineStart(tokens: Reading['tokens'], from: number): number {
  let at = from
  while (at > 0 && tokens[at - 1]!.sentence === tokens[from]!.sentence && from - at < 30) at--
  return at
}

function checkColumns(rows: Row[], style: Style): Draft[] {
  const totals = rows.filter((row) => row.isTotal)
  const [total] = totals
  if (totals.length !== 1 || !total || (rows[0] !== total && rows.at(-1) !== total)) return []
  const parts = rows.filter((row) => row !== total)
  if (parts.length < 2) return []
  return total.numbers.flatMap((printed, column) => {
    const cells = parts.map((row) => row.numbers[column]!)
    if (printed.kind === 'share' || printed.half > 0 || cells.some((cell) => cell.kind === 'share' || cell.half > 0)) return []
    if (cells.every((cell, at) => cell.value === at + 1)) return [] // numbers of the rows
    const sum = cells.reduce((value, cell) => value + cell.value, 0)
    if (sum === printed.value) return []
    const expected = writeCount(sum, style)
    return [{ code: 'parts-sum', start: printed.start, end: printed.end, printed: printed.text, expected, message: figureWords.say('column-sum', { sum: expected, total: printed.text }) }]
  })
}

function checkRates(rows: Row[], style: Style): Draft[] {
  const width = rows[0]!.numbers.length
  for (let share = 2; share < width; share++) {
    if (rows.some((row) => row.numbers[share]!.kind !== 'share')) continue
    for (const [n, base] of [[share - 1, share - 2], [share - 2, share - 1]] as const) {
      const verdicts = rows.map(({ numbers }) => (numbers[n]!.kind === 'count' && numbers[base]!.kind === 'count' && numbers[base]!.value > 0 ? judgeShare(numbers[share]!, numbers[n]!, numbers[base]!) : 'differs'))
      const fitting = verdicts.filter((verdict) => verdict !== 'differs').length
      if (fitting * 3 < rows.length * 2) continue
      return rows.flatMap(({ numbers }, at) => (verdicts[at] === 'equal' ? [] : [shareDraft(verdicts[at] as 'cut' | 'differs', numbers[share]!, numbers[n]!, numbers[base]!, style)]))
    }
  }
  return []
}
