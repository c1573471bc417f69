import type { Quantity, Reading } from '../read/quantities.ts'
import type { Token } from '../read/tokens.ts'

export type Row = { numbers: Quantity[]; isTotal: boolean }

/** A table pasted as lines. `heads` are the words above each column of numbers; null where no line of names stands above. */
export type Table = { rows: Row[]; heads: Token[][] | null }

const fewestRows = 3 // without names above it, less may be a line of prose

/** Runs of lines that each end in the same number of numerals with nothing else between them; under a line of names one is enough. */
export function findTables(reading: Reading): Table[] {
  const tables: Table[] = []
  let rows: Row[] = []
  let last = -2
  const close = () => {
    const heads = rows.length > 0 ? headsOf(reading, rows) : null
    if (rows.length >= (heads ? 1 : fewestRows)) tables.push({ rows, heads })
    rows = []
  }
  for (const numbers of bySentence(reading.quantities)) {
    const { sentence } = numbers[0]!
    const row = rowOf(reading, numbers)
    if (!row || (rows.length > 0 && (rows[0]!.numbers.length !== row.numbers.length || sentence !== last + 1))) close()
    if (row) rows.push(row)
    last = sentence
  }
  close()
  return tables
}

function* bySentence(quantities: Quantity[]): Generator<Quantity[]> {
  for (let from = 0; from < quantities.length; ) {
    let to = from
    while (to < quantities.length && quantities[to]!.sentence === quantities[from]!.sentence) to++
    yield quantities.slice(from, to)
    from = to
  }
}

function rowOf({ text, tokens }: Reading, quantities: Quantity[]): Row | null {
  let start = quantities.length - 1
  while (start > 0 && isAdjacent(text, quantities[start - 1]!, quantities[start]!)) start--
  const numbers = quantities.slice(start)
  const first = quantities[0]!
  const after = tokens[numbers.at(-1)!.to + 1]
  const label = text.slice(tokens[lineStart(tokens, first.from)]!.start, numbers[0]!.start)
  const isEnded = after === undefined || after.sentence !== first.sentence || after.low === '|'
  if (numbers.length < 2 || !isEnded || label.length > 120 || numbers.some((number) => number.qualifier || number.base || number.baseOf)) return null
  return { numbers, isTotal: /^[\s|*\-+]*(tổng|cộng|toàn|total|chung)/iu.test(label) }
}

function isAdjacent(text: string, one: Quantity, other: Quantity): boolean {
  return other.start - one.end < 40 && /^[\s|]+$/.test(text.slice(one.end, other.start))
}

function lineStart(tokens: Token[], from: number): number {
  let at = from
  while (at > 0 && tokens[at - 1]!.sentence === tokens[from]!.sentence && from - at < 30) at--
  return at
}

/** The line right above the rows, cut at its tabs or bars, where each column of numbers has words above it and no number. */
function headsOf({ tokens, taken }: Reading, rows: Row[]): Token[][] | null {
  const { numbers } = rows.find((row) => !row.isTotal) ?? rows[0]!
  const columns = numbers.map((number) => tokens[number.from]!.cell)
  const end = lineStart(tokens, rows[0]!.numbers[0]!.from)
  if (new Set(columns).size !== columns.length || end === 0) return null
  const { sentence } = tokens[end - 1]!
  let from = end
  while (from > 0 && tokens[from - 1]!.sentence === sentence && end - from < 120) from--
  const line = tokens.slice(from, end)
  if (sentence !== tokens[end]!.sentence - 1 || line.some((token, at) => token.kind === 'number' && !taken.has(from + at))) return null
  const heads = columns.map((cell) => line.filter((token) => token.cell === cell && token.kind !== 'number' && token.low !== '|'))
  return heads.every((head) => head.length > 0) ? heads : null
}
