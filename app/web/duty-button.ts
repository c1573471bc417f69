import type { Sentence } from '../platform/i18n.ts'

/** What a kind of duty must know of one to say where it is done; `record` is what is begun of it or what did it. */
export type OwedDuty = { id: string; kind: string; campaignCode: string; unitCode: string; unitKind: string; record: string | null; doneWhat: string | null }

/** Where a duty is done and in which words; where the record that did it stands. Kept at the bottom of the product, handed on in App. */
export type DutyButton = { do: (duty: OwedDuty) => { path: string; words: Sentence }; done: (duty: OwedDuty) => string | null }
export type DutyButtons = Record<string, DutyButton>
