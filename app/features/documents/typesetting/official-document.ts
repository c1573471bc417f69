import type { Day } from '../../../platform/clock.ts'
import type { DocumentType } from './document-types.schema.ts'

export type { DocumentType }

/** Whose grammar of numbers and whose letterhead: the Party's or the State's. */
export type IssuedBy = 'party' | 'state'

/** One official document as it is written, without a word about how it is set. Texts are in Vietnamese and final. */
export type OfficialDocument = {
  issuedBy: IssuedBy
  type: DocumentType
  number: number | null // null: not numbered yet, printed as "…"
  issuerSymbol: string | null // TU, QU, ĐU, CB; of the State UBND, in its letters with who drafted it: UBND-VX
  superiorBody: string | null // null: the issuing body stands alone, as a provincial committee does
  issuingBody: string
  place: string | null
  day: Day | null // null: not dated yet
  abstract: string // of a letter what it is about, without "V/v"
  addressees: string[] // after "Kính gửi" of a letter or a submission, without dashes; else none
  body: Block[]
  recipients: string[] // without dashes; the last is where it is kept; "Như trên" of a letter is added
  signature: Signature
}

export type Block =
  | { is: 'heading'; text: string }
  | { is: 'paragraph'; text: string; leadsTo?: boolean } // leadsTo: stays on the page of what follows
  | DocumentTable
  | DocumentChart

export type DocumentTable = {
  is: 'table'
  countedIn: string | null // "đảng viên"; null where the heads say it
  columns: Column[]
  rows: string[][]
  total: string[] | null
}

/** `widthMm` null: the column shares what the others leave. */
export type Column = { head: string; align: 'left' | 'center' | 'right'; widthMm: number | null }

export type DocumentChart = { is: 'chart'; png: Uint8Array; alt: string; widthMm: number; heightMm: number }

/** `authority`: lines such as "T/M BAN THƯỜNG VỤ"; none where a head signs directly. `name` null: left blank. */
export type Signature = { authority: string[]; position: string; name: string | null }
