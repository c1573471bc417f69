import { clauses } from './clauses.ts'
import { listed, summed } from './listed.ts'
import { isSameKind } from './pairs.ts'
import { headOf, lastOf, partsOf, type Breakdown, type Labels, type Part } from './parts.ts'
import type { Quantity, Reading } from '../read/quantities.ts'
import { bareGroups, shareGroups } from './share-lists.ts'
import { hasPhrase } from '../read/tokens.ts'
import { connectors, totalsOf } from './totals.ts'

/** Finds the lists that break one total down, first by names that exclude each other, then by "gồm", "trong đó" and colons. */
export function findBreakdowns(reading: Reading): Breakdown[] {
  const parts = partsOf(reading)
  const labels = new Map(parts.map((part) => [headOf(part), part.label]))
  const found = [...familyGroups(reading, parts, labels), ...bareGroups(reading, parts), ...shareGroups(reading, parts)]
  const used = new Set(found.filter(({ isClosed }) => isClosed).flatMap((group) => group.parts.flatMap((part) => (part.count ? [part.count] : []))))
  const others = [...listed(reading, used, labels), ...summed(reading, used)]
  for (const { parts } of others) for (const { count } of parts) used.add(count!)
  return [...found, ...others, ...clauses(reading, used)]
}

function familyGroups(reading: Reading, parts: Part[], labels: Labels): Breakdown[] {
  const groups: Breakdown[] = []
  let open: Part[] = []
  const close = () => {
    const family = open[0]?.label?.family
    if (family && open.length >= 2) {
      const next = reading.quantities[lastOf(open.at(-1)!).index + 1]
      const goesOn = family.isOpenEnded === true && next?.kind === 'count' && next.sentence === headOf(open[0]!).sentence
      const isClosed = !goesOn && family.isWhole(new Set(open.map((part) => part.label!.label)))
      const { totals, isNear } = totalsOf(reading, open, labels)
      if (family.name !== 'level' || totals.length > 0) groups.push({ parts: open, totals, family, isClosed, isExclusive: true, isNear })
    }
    open = []
  }
  for (const part of parts) {
    const last = open.at(-1)
    const head = headOf(part)
    if (last && head.depth > headOf(last).depth && headOf(last).sentence === head.sentence && (!part.label || part.label.family === last.label!.family)) continue // said in brackets
    const isWhole = open.length === 1 && part.label?.family.name === 'role' && hasPhrase(reading.tokens.slice(headOf(last!).to, head.from), connectors) // 21 thành viên, trong đó 1 trưởng ban
    const fits = last && !isWhole && part.label?.family === last.label!.family && isNext(reading, lastOf(last), head) && !open.some((other) => other.label!.label === part.label!.label) && !head.isGrowth && isAlike(open[0]!, part)
    if (!fits) close()
    if (part.label && !head.isGrowth && !head.isPlanned && !head.isWished) open.push(part)
  }
  close()
  return groups
}

/** Parts of one list are all counts or all shares, of one kind. */
function isAlike(one: Part, other: Part): boolean {
  if ((one.count === null) !== (other.count === null)) return false
  if (one.count && other.count) return one.count.kind === other.count.kind && (['level', 'role'].includes(one.label?.family.name ?? '') || isSameKind(one.count, other.count))
  return true
}

function isNext({ tokens }: Reading, last: Quantity, next: Quantity): boolean {
  const isNextLine = next.block === last.block + 1 && next.sentence === last.sentence + 1 && next.from - last.to <= 8 // a list without bullets
  if ((next.block !== last.block && !isNextLine) || next.from - last.to > 30) return false
  if (next.sentence === last.sentence) return true
  const between = tokens.slice(last.to + 1, next.from)
  return between.length <= 14 && tokens[next.from]!.bullet === tokens[last.from]!.bullet
}
