import { z } from 'zod'
import { isKept, type Kept } from '../../platform/files/kept.ts'
import { Code, DayInput, Id, Line, optional, rowsOf, Version } from '../../web/inputs.ts'
import { materialWords } from './materials.messages.ts'

export const materialKinds = ['outline', 'booklet', 'slides', 'recording', 'other'] as const

const Text = z
  .string()
  .max(300_000)
  .transform((text) => text.normalize('NFC').replace(/\r\n?/g, '\n').trim())

/** Where a recording is kept: an address that a browser opens, nothing that runs. */
const Address = z
  .string()
  .trim()
  .max(1000)
  .refine((text) => /^https?:\/\//i.test(text) && URL.canParse(text), { params: { sentence: materialWords.say('addressForm') } })

/** What came with the form, already kept and looked into. */
const File = z.custom<Kept>(isKept).optional()

/** A new material with its first version, which stays the unit's own until it is published. */
export const MaterialInput = z.object({
  id: optional(Id), // made by whoever adds it, so that the same form sent twice is one material
  campaignCode: Code,
  unitCode: Code,
  kind: z.enum(materialKinds),
  title: Line,
  text: Text.default(''),
  file: File,
  address: optional(Address),
  reachBy: optional(DayInput),
})

/** The version that is being written; of a material that is out it becomes the next one. */
export const MaterialDraft = z.object({
  materialId: Id,
  version: Version,
  title: Line,
  text: Text.default(''),
  address: optional(Address),
  reachBy: optional(DayInput),
  changeNote: z.string().trim().max(2000).default(''),
  file: File,
  keepsFile: z.enum(['yes', 'no']).default('yes'),
})

export const MaterialPublishing = z.object({ materialId: Id, version: Version })

export const MaterialWithdrawal = z.object({ materialId: Id, version: Version, reason: z.string().trim().min(1).max(500) })

/** Copies sent to units directly beneath: a unit without a number is sent none now. */
export const CopiesSent = z.object({
  materialId: Id,
  unitCode: Code, // who sends
  sentOn: DayInput,
  copies: rowsOf(z.object({ unitCode: Code, sent: z.coerce.number().int().min(1).max(1_000_000) }), (row) => typeof row['sent'] !== 'string' || row['sent'].trim() !== '', 400),
})

/** What came, as the unit counted it. */
export const CopiesReceived = z.object({
  materialId: Id,
  unitCode: Code,
  received: z.coerce.number().int().min(0).max(1_000_000),
  receivedOn: DayInput,
  note: z.string().trim().max(500).default(''),
})

/** Words looked for in the booklets' questions and answers, in any order, without marks. */
export const QuestionSearch = z.object({ q: z.string().trim().max(200).default(''), campaign: optional(Code), page: z.coerce.number().int().min(1).max(1000).catch(1) })

export type MaterialInput = z.infer<typeof MaterialInput>
export type MaterialDraft = z.infer<typeof MaterialDraft>
export type MaterialPublishing = z.infer<typeof MaterialPublishing>
export type MaterialWithdrawal = z.infer<typeof MaterialWithdrawal>
export type CopiesSent = z.infer<typeof CopiesSent>
export type CopiesReceived = z.infer<typeof CopiesReceived>
export type QuestionSearch = z.infer<typeof QuestionSearch>
