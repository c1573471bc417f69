import { findBreakdowns } from './checker/relate/breakdowns.ts'
import { checkAverages } from './checker/judge/check-averages.ts'
import { checkBreakdown } from './checker/judge/check-breakdowns.ts'
import { checkDates } from './checker/judge/check-dates.ts'
import { checkPending } from './checker/judge/check-pending.ts'
import { checkShares } from './checker/judge/check-shares.ts'
import { checkStyle } from './checker/judge/check-style.ts'
import { checkTables } from './checker/judge/check-tables.ts'
import { isDraft, noteCodes, type Code, type Draft, type Finding, type Proof } from './checker/judge/finding.ts'
import { layOut } from './checker/read/layout.ts'
import { pair } from './checker/relate/pairs.ts'
import { readQuantities, type Quantity } from './checker/read/quantities.ts'
import { checkToldTwice } from './checker/judge/told-twice.ts'
import { tokenize } from './checker/read/tokens.ts'
import { styleOf } from './checker/judge/writing.ts'

export type { Code, Finding, Proof } from './checker/judge/finding.ts'

/**
 * What the checker found. `text` is the NFC form that the offsets are of; `figures` how many counts and shares it read;
 * `proofs` the sums that came out right, in the order of the text.
 */
export type Checked = { text: string; findings: Finding[]; proofs: Proof[]; figures: number }

/**
 * Reads the prose of a report in Vietnamese or simple English (checker/read), ties its counts and shares together (checker/relate)
 * and recomputes them (checker/judge), as statcheck does for papers. Nothing is reported that fails only under one of two readings.
 * Time grows with the length of the text: every look around a number is bounded.
 */
export function checkText(input: string): Checked {
  const text = input.normalize('NFC')
  const reading = readQuantities(text, layOut(tokenize(text)))
  const style = styleOf(reading)
  const tables = checkTables(reading, style)
  const inTables = new Set(tables.used)
  pair(reading)

  const breakdowns = findBreakdowns(reading).filter((group) => !group.parts.some(({ count, share }) => inTables.has((count ?? share)!))).map((group) => checkBreakdown(group, style))
  const judged = new Set<Quantity>([...tables.used, ...breakdowns.flatMap((one) => one.judged)])
  const outcomes = [
    ...tables.outcomes,
    ...breakdowns.flatMap((one) => one.outcomes),
    ...checkShares(reading, judged, breakdowns.flatMap((one) => one.verified), style),
    ...checkPending(reading, style),
    ...checkToldTwice(reading, inTables),
    ...checkAverages(reading),
    ...checkDates(reading),
    ...checkStyle(reading),
  ]
  const figures = reading.quantities.filter((quantity) => quantity.kind !== 'measure').length
  return { text, findings: finish(text, outcomes.filter(isDraft)), proofs: outcomes.filter((outcome): outcome is Proof => !isDraft(outcome)).sort((one, other) => firstOf(one) - firstOf(other)), figures }
}

function firstOf({ places }: Proof): number {
  return Math.min(...places.map(({ start }) => start))
}

const notes: ReadonlySet<Code> = new Set(noteCodes)

/** In the order of the text, each span and code once. */
function finish(text: string, drafts: Draft[]): Finding[] {
  const seen = new Set<string>()
  return drafts
    .map((draft): Finding => ({ ...draft, severity: notes.has(draft.code) ? 'note' : 'fault', text: text.slice(draft.start, draft.end) }))
    .filter(({ code, start, end }) => {
      const key = `${code} ${start} ${end}`
      return !seen.has(key) && seen.add(key)
    })
    .sort((one, other) => one.start - other.start || one.end - other.end)
}
