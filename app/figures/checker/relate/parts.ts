import { labelOf, type Family, type Label } from '../read/families.ts'
import { isCountable } from './pairs.ts'
import type { Quantity, Reading } from '../read/quantities.ts'
import type { Token } from '../read/tokens.ts'

/** One part of a whole: its count, its share, or both. */
export type Part = { count: Quantity | null; share: Quantity | null; label: Label | null }

/**
 * A total broken down. `totals` are the numbers that the text may mean as its whole (any may be the one); `isClosed` says
 * that the parts exclude each other and leave nothing out; `isNear` that the tie to the total is loose, so that only a near
 * miss is one.
 */
export type Breakdown = { parts: Part[]; totals: Quantity[]; family: Family | null; isClosed: boolean; isExclusive: boolean; isNear: boolean }

/** The count of a part, or its share where it has no count. */
export function headOf(part: Part): Quantity {
  return part.count ?? part.share!
}

/** The last number of a part. */
export function lastOf(part: Part): Quantity {
  return part.share && part.count && part.share.index > part.count.index ? part.share : (part.count ?? part.share!)
}

/** The counts and shares that may be parts of something, each with the name of its family. */
export function partsOf({ tokens, quantities }: Reading): Part[] {
  const parts: Part[] = []
  let end = -1 // last token of the part before
  for (const quantity of quantities) {
    const isPart = isCountable(quantity) ? !quantity.baseOf && !quantity.range : quantity.kind === 'share' && !quantity.shareOf && !quantity.isGrowth && !quantity.range
    if (!isPart) {
      if (quantity.kind !== 'share') end = quantity.unitTo
      continue
    }
    const count = quantity.kind === 'share' ? null : quantity
    const share = count ? count.share : quantity
    const part: Part = { count, share, label: null }
    const last = lastOf(part)
    part.label = labelOf(wordsBefore(tokens, quantity, end), wordsAfter(tokens, quantity, share && share !== quantity ? share : null))
    parts.push(part)
    end = Math.max(last.to, quantity.unitTo)
  }
  return parts
}

/** Words between the last boundary and the number; a colon or dash is read across. */
function wordsBefore(tokens: Token[], quantity: Quantity, end: number): Token[] {
  const words: Token[] = []
  const first = quantity.qualifierFrom - 1
  for (let at = tokens[first]?.low === '(' ? first - 1 : first; at > end && at >= quantity.from - 9; at--) {
    const token = tokens[at]!
    if (token.sentence !== quantity.sentence || ',;().'.includes(token.low) || token.low === 'và' || token.low === 'đó') break
    words.unshift(token)
  }
  return words
}

function wordsAfter(tokens: Token[], quantity: Quantity, share: Quantity | null): Token[] {
  const words = run(tokens, quantity.to + 1, quantity.sentence, share ? share.from : Number.POSITIVE_INFINITY)
  return share ? [...words, ...run(tokens, share.to + (tokens[share.to + 1]?.low === ')' ? 2 : 1), quantity.sentence, Number.POSITIVE_INFINITY)] : words
}

function run(tokens: Token[], from: number, sentence: number, until: number): Token[] {
  const words: Token[] = []
  for (let at = from; at < until && at < from + 10; at++) {
    const token = tokens[at]
    if (token?.kind !== 'word' || token.sentence !== sentence || token.low === 'và' || token.low === 'and') break
    words.push(token)
  }
  return words
}

/** The name of a family that stands beside a part's number. */
export type Labels = Map<Quantity, Label | null>
