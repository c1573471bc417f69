import { createHash } from 'node:crypto'
import type { Figure } from '../../figures/figure.ts'
import type { Report } from '../reports/report.ts'

/** What is frozen when a report is sealed. Its canonical form is hashed, so a field added later is optional. */
export type SealContent = {
  version: 1
  report: Report
  filing: SealedFiling | null // null: sealed where no round was asked for
  definitions: Definition[]
  sealedAt: string // instant, ISO 8601 in UTC
}

/** The consolidated report of a round; `missing` are the units whose report was not accepted when it was made. */
export type SealedFiling = {
  form: string
  round: string
  figures: SealedFigure[]
  texts: { title: string; kind: string; text: string }[]
  missing: { code: string; name: string }[]
}

/** One figure of a form; `declared` is how much of the numerator no record holds, `name` that of a unit's own indicator. */
export type SealedFigure = Figure & {
  name: string | null
  unitOfCount: string
  origin: 'counted' | 'declared' | 'summed'
  declared: number
  evidence: { sha256: string; sizeBytes: number } | null
}

/** What a sealed figure meant when it was sealed. */
export type Definition = { key: string; unitOfCount: string; base: string | null; isDeclared: boolean; vi: Meaning; en: Meaning }
type Meaning = { name: string; base: string | null; meaning: string | null }

/** JSON with one spelling (RFC 8785): keys in the order of their UTF-16 units, no spaces, what is undefined left out. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one: unknown) => canonical(one ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return `{${fields.toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`
}

/** SHA-256 of bytes, or of the UTF-8 of a text, in lower-case hexadecimal. */
export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')

// Without 0 O, 1 I L, 5 S, 8 B, Z and U: what a printed code is misread as.
const letters = '234679ACDEFGHJKMNPQRTVWXY'
const places = 8
const isCode = new RegExp(`^[${letters}]{${places}}$`)

/** The short code of a hash, `TS-7K4M-9QXD`: its first 64 bits written in letters that are not mistaken for each other. */
export function codeOf(hash: string): string {
  let rest = BigInt(`0x${hash.slice(0, 16)}`)
  let code = ''
  for (let place = 0; place < places; place++) {
    code += letters[Number(rest % BigInt(letters.length))]
    rest /= BigInt(letters.length)
  }
  return `TS-${code.slice(0, 4)}-${code.slice(4)}`
}

/** A code as somebody typed it, with or without its hyphens, in small letters too; null when it cannot be one. */
export function readCode(typed: string): string | null {
  const plain = typed.normalize('NFKC').toUpperCase().replace(/[\s–—-]/gu, '').replace(/^TS(?=.{8}$)/u, '')
  return isCode.test(plain) ? `TS-${plain.slice(0, 4)}-${plain.slice(4)}` : null
}
