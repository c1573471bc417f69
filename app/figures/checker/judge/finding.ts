import type { Sentence } from '../../../platform/i18n.ts'

export const faultCodes = ['share-mismatch', 'shares-sum', 'parts-sum', 'implied-totals-differ', 'share-over-100', 'range-called-average', 'impossible-date', 'qualifier-contradiction', 'repeated-figure-differs'] as const
export const noteCodes = ['share-truncated', 'share-without-base', 'mixed-precision', 'mixed-decimal-style'] as const

export type Code = (typeof faultCodes)[number] | (typeof noteCodes)[number]

/** Offsets of a piece of the text, in UTF-16 units of its NFC form. */
export type Place = { start: number; end: number }

/** One thing that is wrong (a fault) or worth a look (a note). */
export type Finding = Place & {
  code: Code
  severity: 'fault' | 'note'
  text: string // the span
  printed: string
  expected: string // '' where nothing can be proposed
  message: Sentence
}

/** What a check hands over; the span's text is cut later. */
export type Draft = Omit<Finding, 'severity' | 'text'>

/** Figures that were recomputed and agree, with the sum that shows it. */
export type Proof = { places: Place[]; message: Sentence }

/** What a check says of the figures that it understood. */
export type Outcome = Draft | Proof

export function isDraft(outcome: Outcome): outcome is Draft {
  return 'code' in outcome
}

/** The places of these figures. */
export function placesOf(figures: Place[]): Place[] {
  return figures.map(({ start, end }) => ({ start, end }))
}
