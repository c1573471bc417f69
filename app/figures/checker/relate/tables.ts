import type { Quantity, Reading } from '../read/quantities.ts'
import type { Token } from '../read/tokens.ts'

export type Row = { numbers: Quantity[]; isTotal: boolean }

/**
 * A table pasted as lines. `heads` are the words above each column of numbers; null where no line of names stands above. `isCut`
 * where rows like these stand shortly before or after without a total of their own: a page's end or a name on two lines came between.
 */
export type Table = { rows: Row[]; heads: Token[][] | null; isCut: boolean }

type Run = { rows: Row[]; from: number; to: number }

const fewestRows = 3 // without names above it, less may be a line of prose
const widestCut = 6 // sentences: the number of a page, heads that are told again, a long name

/** Runs of lines that each end in the same number of numerals with nothing else between them; under a line of names one is enough. */
export function findTables(reading: Reading): Table[] {
  const runs = runsOf(reading)
  return runs.flatMap(({ rows }, at) => {
    const heads = headsOf(reading, rows)
    return rows.length >= (heads ? 1 : fewestRows) ? [{ rows, heads, isCut: isContinued(runs, at) }] : []
  })
}

function runsOf(reading: Reading): Run[] {
  const runs: Run[] = []
  for (const numbers of bySentence(reading.quantities)) {
    const { sentence } = numbers[0]!
    const row = rowOf(reading, numbers)
    const run = runs.at(-1)
    if (!row) continue
    if (run && run.to + 1 === sentence && run.rows[0]!.numbers.length === row.numbers.length) Object.assign(run, { to: sentence }).rows.push(row)
    else runs.push({ rows: [row], from: sentence, to: sentence })
  }
  return runs
}

/** Whether the rows under a total above, or over one beneath, go on in the run beside. */
function isContinued(runs: Run[], at: number): boolean {
  const run = runs[at]!
  const beside = run.rows[0]!.isTotal ? runs[at + 1] : runs[at - 1]
  if (!beside || beside.rows.some((row) => row.isTotal)) return false
  const gap = beside.from > run.from ? beside.from - run.to : run.from - beside.to
  return gap <= widestCut && Math.abs(beside.rows[0]!.numbers.length - run.rows[0]!.numbers.length) <= 1
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
