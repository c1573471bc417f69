import { z } from 'zod'
import { Code, DayInput, filledRows, Id, KeptFile, listOf, optional } from '../../web/inputs.ts'
import { Time } from '../study/study.schema.ts'
import { filingsWords } from './filings.messages.ts'

const Line = z.string().trim().min(1).max(300)
const Paragraph = z.string().trim().min(1).max(2000)
/** What the page showed: when somebody was quicker, nothing is saved. */
const Version = z.coerce.number().int().min(1)
/** `1.016` is 1016; what is left empty is none. */
const Value = z.preprocess(readValue, z.number().int().min(0).max(1_000_000_000).nullable())
function readValue(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const plain = value.trim()
  if (plain === '') return null
  return /^(\d+|\d{1,3}([. ]\d{3})+)$/.test(plain) ? Number(plain.replace(/[. ]/g, '')) : value
}
const emptyAs = <Schema extends z.ZodType>(empty: unknown, schema: Schema) => z.preprocess((value) => (value === undefined || value === '' ? empty : value), schema)

const rowsWithTitle = filledRows((row) => typeof row['title'] !== 'string' || row['title'].trim() !== '')

export const FormKind = z.enum(['month', 'quarter', 'half_year', 'year', 'preliminary', 'final', 'ad_hoc'])
export const SectionKind = z.enum(['figures', 'results', 'difficulties', 'lessons', 'proposals'])

const FormSection = z.object({ kind: SectionKind, title: Line, indicators: listOf(Code) })

/** What units are asked to report: sections of figures in their order, and narrative ones. Rows without a title are none. */
export const FormInput = z.object({
  unitCode: Code,
  campaignCode: Code,
  name: Line,
  kind: FormKind,
  sections: z.preprocess(rowsWithTitle, z.array(FormSection).max(30).refine((list) => list.length > 0, { params: { sentence: filingsWords.say('sectionNeeded') } })),
})

export const FormRetirement = z.object({ formId: Id })

/** One asking: every unit directly beneath reports as of a day, by an hour of a day. */
export const RoundInput = z.object({
  unitCode: Code,
  formId: Id,
  name: Line,
  asOf: DayInput,
  dueOn: DayInput,
  dueTime: emptyAs('17:00', Time),
})

export const DueExtension = z.object({
  roundId: Id,
  filingIds: listOf(Id).pipe(z.array(Id).min(1)),
  dueOn: DayInput,
  dueTime: emptyAs('17:00', Time),
  reason: Paragraph,
})

/**
 * Declared figures by indicator: `values.<key>.value`; left empty it is not declared. `was` is what the sheet showed (empty for
 * nothing), so that two people do not wipe each other's figures. `evidenceId` 'none' takes the proof off.
 */
export const FilingValues = z.object({
  filingId: Id,
  values: z.record(
    Code,
    z.object({ value: Value, was: Value.optional(), evidenceId: optional(z.union([Id, z.literal('none')])) }),
  ),
})

/** One narrative part; `version` is that of the text the editor was opened with, 0 where there was none. */
export const FilingText = z.object({
  filingId: Id,
  sectionId: Id,
  text: z.string().max(50_000),
  version: z.coerce.number().int().min(0),
})

/** A file that proves a declared figure. */
export const EvidenceInput = z.object({
  filingId: Id,
  indicator: Code,
  file: KeptFile,
})

/** Reasons by the id of the warning that each passes; a form posts `reasons.<id>`. */
const Reasons = z.record(z.string().max(200), optional(Paragraph)).default({})

export const FilingSubmission = z.object({ filingId: Id, version: Version, reasons: Reasons })
export const FilingReturn = z.object({ filingId: Id, version: Version, comment: Paragraph })
export const FilingAcceptance = z.object({ filingId: Id, version: Version })
export const Consolidation = z.object({ filingId: Id, version: Version, reasons: Reasons })

/**
 * One figure as handed up. `share` is 0..1, not rounded. `declared` is how much of the numerator rests on declared totals;
 * `name` is set for a unit's own indicator, null for the product's.
 */
export const SubmittedFigure = z.object({
  key: z.string(),
  name: z.string().nullable(),
  unitOfCount: z.string(),
  numerator: z.number().int(),
  denominator: z.number().int().nullable(),
  share: z.number().nullable(),
  base: z.string().nullable(),
  origin: z.enum(['counted', 'declared', 'summed']),
  declared: z.number().int(),
  evidence: z.object({ id: z.string(), name: z.string(), contentType: z.string(), sizeBytes: z.number().int(), sha256: z.string() }).nullable(),
})

const SubmittedText = z.object({ sectionId: z.string(), title: z.string(), kind: z.string(), text: z.string() })

/** Something that validation found: said by `sayFinding` of validation.ts in either language. */
const SubmittedWarning = z.object({
  id: z.string(),
  code: z.string(),
  indicator: z.string().nullable(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
  reason: z.string(),
})

/**
 * What a submission holds, frozen. `expected` is how many members must study, as of the round's day. `missing` names the units
 * whose report was not accepted when a consolidated one was made; empty elsewhere.
 */
export const SubmissionContent = z.object({
  asOf: z.string(),
  expected: z.number().int(),
  figures: z.array(SubmittedFigure),
  texts: z.array(SubmittedText),
  warnings: z.array(SubmittedWarning),
  missing: z.array(z.object({ filingId: z.string(), unitCode: z.string(), unitName: z.string(), state: z.string() })),
})

export type FormKind = z.infer<typeof FormKind>
export type SectionKind = z.infer<typeof SectionKind>
export type FormInput = z.infer<typeof FormInput>
export type FormRetirement = z.infer<typeof FormRetirement>
export type RoundInput = z.infer<typeof RoundInput>
export type DueExtension = z.infer<typeof DueExtension>
export type FilingValues = z.infer<typeof FilingValues>
export type FilingText = z.infer<typeof FilingText>
export type EvidenceInput = z.infer<typeof EvidenceInput>
export type FilingSubmission = z.infer<typeof FilingSubmission>
export type FilingReturn = z.infer<typeof FilingReturn>
export type FilingAcceptance = z.infer<typeof FilingAcceptance>
export type Consolidation = z.infer<typeof Consolidation>
export type SubmittedFigure = z.infer<typeof SubmittedFigure>
export type SubmissionContent = z.infer<typeof SubmissionContent>
