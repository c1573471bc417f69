import type { Day } from '../../platform/clock.ts'

/** Kinds of Party documents: the abbreviation in the number, and the name printed above the abstract. */
export const documentTypes = {
  resolution: { abbreviation: 'NQ', name: 'NGHỊ QUYẾT' },
  decision: { abbreviation: 'QĐ', name: 'QUYẾT ĐỊNH' },
  directive: { abbreviation: 'CT', name: 'CHỈ THỊ' },
  conclusion: { abbreviation: 'KL', name: 'KẾT LUẬN' },
  guidance: { abbreviation: 'HD', name: 'HƯỚNG DẪN' },
  notice: { abbreviation: 'TB', name: 'THÔNG BÁO' },
  report: { abbreviation: 'BC', name: 'BÁO CÁO' },
  plan: { abbreviation: 'KH', name: 'KẾ HOẠCH' },
  action_programme: { abbreviation: 'CTr', name: 'CHƯƠNG TRÌNH HÀNH ĐỘNG' },
} as const

export type DocumentType = keyof typeof documentTypes

/** One official document as it is written, without a word about how it is set. Texts are in Vietnamese and final. */
export type OfficialDocument = {
  type: DocumentType
  number: number | null // null: not numbered yet, printed as "…"
  issuerSymbol: string | null // TU, QU, ĐU, CB
  superiorBody: string | null // null: the issuing body stands alone, as a provincial committee does
  issuingBody: string
  place: string | null
  day: Day | null // null: not dated yet
  abstract: string
  body: Block[]
  recipients: string[] // without dashes; the last is where it is kept
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
