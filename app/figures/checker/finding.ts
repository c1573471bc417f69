import type { Sentence } from '../../platform/i18n.ts'

export const faultCodes = ['share-mismatch', 'shares-sum', 'parts-sum', 'implied-totals-differ', 'share-over-100', 'range-called-average', 'impossible-date', 'qualifier-contradiction', 'repeated-figure-differs'] as const
export const noteCodes = ['share-truncated', 'share-without-base', 'mixed-precision', 'mixed-decimal-style'] as const

export type Code = (typeof faultCodes)[number] | (typeof noteCodes)[number]

/** One thing that is wrong (a fault) or worth a look (a note). Offsets are UTF-16 units of the NFC text. */
export type Finding = {
  code: Code
  severity: 'fault' | 'note'
  start: number
  end: number
  text: string // the span
  printed: string
  expected: string // '' where nothing can be proposed
  message: Sentence
}

/** What a check hands over; the span's text is cut later. */
export type Draft = { code: Code; start: number; end: number; printed: string; expected: string; message: Sentence }
