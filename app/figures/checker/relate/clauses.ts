import type { Quantity, Reading } from '../read/quantities.ts'
import { connectorAt } from './listed.ts'
import { isCountable, isSameKind } from './pairs.ts'
import type { Breakdown } from './parts.ts'
import { isSlip } from './rounding.ts'

/** The counts of one clause, line or pair of brackets; empty where one of them is about, of a plan or of a base. */
type Clause = { counts: Quantity[]; isTotal: boolean; isOpened: boolean }

/**
 * Clauses that tell the same kinds of counts, and a total that tells them once more: `huyện 9 hội nghị với 2.114 người; xã 83 hội nghị
 * với 11.902 người; tổng cộng 92 hội nghị với 14.016 người`, the total before brackets, or under a list with bullets. That one kind of
 * them adds up shows that the clauses are all there; a list with bullets and one count a line has to come near its total.
 */
export function clauses(reading: Reading, used: Set<Quantity>): Breakdown[] {
  const all = clausesOf(reading)
  return all.flatMap((total, at) => {
    if (total.counts.length === 0) return []
    const before = total.isTotal ? runOf(reading, all, total, at - 1, -1) : []
    const rows = before.length > 0 ? before : all[at + 1]?.isOpened ? runOf(reading, all, total, at + 1, 1) : []
    return rows.length < 2 ? [] : columnsOf(rows, total, used)
  })
}

function clausesOf({ tokens, quantities }: Reading): Clause[] {
  const found: Clause[] = []
  let edge = 0
  for (const quantity of quantities) {
    if (quantity.kind === 'share' || quantity.kind === 'measure') continue
    const last = found.at(-1)
    const opening = openingBetween(tokens, edge, quantity)
    const isPlain = isCountable(quantity) && quantity.unit !== '' && !quantity.base && !quantity.baseOf && !quantity.range && !quantity.qualifier && !quantity.isGrowth && !quantity.isWished
    if (last && !opening) {
      last.counts = isPlain && last.counts.length > 0 ? [...last.counts, quantity] : []
    } else {
      const words = tokens.slice(Math.max(edge, quantity.from - 6), quantity.from).filter((token) => token.sentence === quantity.sentence).map((token) => token.low)
      found.push({ counts: isPlain ? [quantity] : [], isTotal: ['tổng', 'cộng', 'total', 'altogether'].some((word) => words.includes(word)), isOpened: opening === 'parts' })
    }
    edge = quantity.to + 1
  }
  return found
}

/** What stands between two numbers: the opening of parts, the end of a clause, or nothing of either. */
function openingBetween(tokens: Reading['tokens'], from: number, { from: to, sentence }: Quantity): 'parts' | 'clause' | null {
  let opening: 'parts' | 'clause' | null = null
  for (let at = from; at < to; at++) {
    const token = tokens[at]!
    const isSum = token.low === 'tổng' && ['cộng', 'số'].includes(tokens[at + 1]?.low ?? '')
    if (token.low === ';' || token.sentence !== sentence || isSum) opening ??= 'clause'
    if (connectorAt(tokens, at)) opening = token.low === ':' && opening === 'clause' ? 'clause' : 'parts'
    if (token.low === ')') opening = 'clause'
  }
  return opening
}

/** The clauses beside a total, of its kinds and in its paragraph or list. */
function runOf({ tokens }: Reading, all: Clause[], total: Clause, from: number, step: 1 | -1): Clause[] {
  const rows: Clause[] = []
  const head = total.counts[0]!
  for (let at = from; ; at += step) {
    const row = all[at]
    const first = row?.counts[0]
    if (!row || !first || row.isTotal || row.counts.length !== total.counts.length || !row.counts.every((count, column) => isSameKind(count, total.counts[column]!))) break
    const bullet = tokens[first.from]!.bullet
    const isListed = bullet !== '' && Math.abs(first.block - head.block) <= 1 && bullet !== tokens[head.from]!.bullet
    const isBeside = first.block === head.block && total.counts.length > 1
    if (!(isListed || isBeside) || (rows[0] && rows[0].counts[0]!.depth !== first.depth)) break
    rows.push(row)
    if (step < 0 && row.isOpened) break
  }
  return step < 0 ? rows.reverse() : rows
}

function columnsOf(rows: Clause[], total: Clause, used: Set<Quantity>): Breakdown[] {
  const columns = total.counts.map((whole, column) => {
    const parts = rows.map(({ counts }) => counts[column]!)
    const sum = parts.reduce((value, part) => value + part.value, 0)
    const isNear = Math.abs(sum - whole.value) <= Math.max(1, whole.value * 0.05) || isSlip(String(sum), String(whole.value))
    return { parts, whole, isMet: sum === whole.value, isNear }
  })
  const areAll = columns.length === 1 || columns.some(({ isMet }) => isMet)
  return columns.flatMap(({ parts, whole, isNear }) =>
    areAll && isNear && !parts.some((part) => used.has(part)) ? [{ parts: parts.map((count) => ({ count, share: null, label: null })), totals: [whole], family: null, isClosed: true, isExclusive: true, isNear: false }] : [],
  )
}
