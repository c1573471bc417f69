import { z } from 'zod'
import { Code, DayInput, Id, KeptFile, Line, listOf, optional, rowsIn, Version } from '../../web/inputs.ts'
import { documentsWords } from './documents.messages.ts'
import { documentTypes, type DocumentType as Type } from './typesetting/document-types.schema.ts'

export const DocumentType = z.enum(Object.keys(documentTypes) as [Type, ...Type[]])
export const Grammar = z.enum(['party', 'state'])
export const Urgency = z.enum(['normal', 'urgent', 'very_urgent', 'express'])
export const relationKinds = ['answers', 'carries_out', 'amends', 'replaces', 'based_on'] as const
export const RelationKind = z.enum(relationKinds)
export const FileKind = z.enum(['scan', 'signed', 'text', 'annex'])
export const DocumentState = z.enum(['draft', 'issued', 'withdrawn'])

const Text = (most: number) => z.string().transform((text) => text.normalize('NFC').replaceAll('\r\n', '\n').trim()).pipe(z.string().max(most))
const Abstract = z.string().transform((text) => text.normalize('NFC').replace(/\s+/g, ' ').trim()).pipe(z.string().min(1).max(2000))
/** Issuer in a number: TU, ĐU, UBND-VX. */
const Symbol = z
  .string()
  .transform((text) => text.normalize('NFC').replace(/\s+/g, '').replace(/^[/-]+|[/-]+$/g, ''))
  .pipe(z.string().min(1).max(30).refine((text) => /^[\p{L}\d]+(-[\p{L}\d]+)*$/u.test(text), { params: { sentence: documentsWords.say('symbolForm') } }))
const Number = z.coerce.number().int().min(1).max(99_999)
const Ticked = z.preprocess((value) => value === true || value === 'on' || value === 'true' || value === '1', z.boolean())

/** Forms name relations by number, so they arrive as an object; a row without a document or without a kind is none. */
const Relations = z.preprocess(
  (value) => {
    const rows = rowsIn(value)
    return Array.isArray(rows) ? rows.filter((row) => (row as { toId?: unknown; kind?: unknown } | null)?.toId && (row as { kind?: unknown }).kind) : rows
  },
  z.array(z.object({ kind: RelationKind, toId: Id })).max(50),
)

/** Lines under "Nơi nhận" that name nobody of the tree, one a line, without dashes. */
const FreeLines = z.preprocess(
  (value) => (typeof value === 'string' ? value.split('\n').map((line) => line.replace(/^[\s\-–—•+*]+|[\s;.]+$/g, '')).filter((line) => line !== '') : (value ?? [])),
  z.array(Line).max(100),
)

const content = {
  campaignCode: optional(Code),
  type: DocumentType,
  abstract: Abstract,
  urgency: Urgency.default('normal'),
  place: optional(Line),
  signerName: optional(Line),
  signerPosition: optional(Line),
  signedAs: optional(Line),
  text: optional(Text(500_000)),
  relations: Relations.default([]),
  recipientUnits: listOf(Code, 2000), // units of the tree, by their codes
  toAllBeneath: Ticked.default(false), // "các đơn vị trực thuộc", whoever they are on the day of issue
  recipientLines: FreeLines.default([]),
  uploadId: optional(Id), // a file brought before, to be attached
}

/** A unit's own document before it is issued; with `documentId` the draft of that name takes this content. */
export const DocumentDraft = z.object({
  documentId: optional(Id),
  newId: optional(Id), // made with the form, so that one sent twice is one document
  version: optional(Version),
  unitCode: Code,
  grammar: optional(Grammar), // what the kind of unit writes, when left out
  symbol: optional(Symbol), // the unit's own, when left out
  isPersonalPlan: Ticked.default(false), // the viewer's own plan as head of the unit
  ...content,
})

/** A draft goes out: under the next number of its series unless another is given. */
export const DocumentIssue = z.object({
  documentId: Id,
  version: optional(Version),
  number: optional(Number),
  issuedOn: DayInput,
  isKnownEmpty: Ticked.optional(), // parts that nobody has written are left out knowingly
})

/** A document from elsewhere entered in a unit's register, with its number as it stands on it. */
export const IncomingDocument = z.object({
  newId: optional(Id),
  unitCode: Code,
  issuerCode: optional(Code), // a unit of the tree …
  issuerName: optional(Line), // … or whoever stands outside
  ...content,
  type: optional(DocumentType), // read from the number when left out
  written: optional(Line), // "17-KH/TU" as typed; or number, symbol and grammar apart
  number: optional(Number),
  symbol: optional(Symbol),
  grammar: optional(Grammar),
  issuedOn: DayInput,
  receivedOn: optional(DayInput),
  isKnownTwice: Ticked.default(false), // registered elsewhere already, and that is as it should be
})

const { uploadId: _, ...corrected } = content
/**
 * What stands in the register of a document that is out, as it should. Of one's own the number and symbol are given apart, of one from
 * elsewhere as it is written on it.
 */
export const DocumentCorrection = z.object({
  documentId: Id,
  version: Version,
  ...corrected, // a text left out stays
  type: optional(DocumentType),
  written: optional(Line),
  number: optional(Number),
  symbol: optional(Symbol),
  grammar: optional(Grammar),
  issuerName: optional(Line),
  issuedOn: DayInput,
  receivedOn: optional(DayInput),
  reason: optional(Line),
})

export const DocumentWithdrawal = z.object({ documentId: Id, version: optional(Version), reason: z.string().transform((text) => text.replace(/\s+/g, ' ').trim()).pipe(z.string().min(1).max(1000)) })
export const DraftDiscard = z.object({ documentId: Id, version: optional(Version) })
export const DocumentReceived = z.object({ documentId: Id, unitCode: optional(Code), isReceived: Ticked.default(true) })
export const FileAttached = z.object({ documentId: Id, kind: FileKind, replacesId: optional(Id), file: KeptFile })
/** A file brought to be read before its document is registered. */
export const FileBrought = z.object({ unitCode: Code, file: KeptFile })
export const FileTakenOut = z.object({ documentId: Id, fileId: Id })

/** What the register is asked for; every part narrows it. */
export const DocumentSearch = z.object({
  words: optional(Line), // of the text, abstract, number or issuer; marks do not matter
  unit: optional(Code), // issued or registered by this unit
  beneath: Ticked.default(false), // and those beneath it
  type: optional(DocumentType),
  from: optional(DayInput),
  until: optional(DayInput),
  campaign: optional(Code),
  state: optional(DocumentState),
  whose: optional(z.enum(['issued', 'incoming', 'received'])), // by one's own units, from elsewhere in their register, sent to them
  page: z.coerce.number().int().min(1).max(10_000).default(1),
})

export type DocumentDraft = z.output<typeof DocumentDraft>
export type DocumentIssue = z.output<typeof DocumentIssue>
export type IncomingDocument = z.output<typeof IncomingDocument>
export type DocumentCorrection = z.output<typeof DocumentCorrection>
export type DocumentWithdrawal = z.output<typeof DocumentWithdrawal>
export type DraftDiscard = z.output<typeof DraftDiscard>
export type DocumentReceived = z.output<typeof DocumentReceived>
export type FileAttached = z.output<typeof FileAttached>
export type FileBrought = z.output<typeof FileBrought>
export type FileTakenOut = z.output<typeof FileTakenOut>
export type DocumentSearch = z.output<typeof DocumentSearch>
export type Grammar = z.output<typeof Grammar>
export type Urgency = z.output<typeof Urgency>
export type RelationKind = z.output<typeof RelationKind>
export type FileKind = z.output<typeof FileKind>
