import { z } from 'zod'
import { Code, DayInput, Id, Line, listOf, optional, Version } from '../../web/inputs.ts'
import { DocumentType } from '../documents/documents.schema.ts'
import { blockKinds, type BlockCommand } from './blocks.ts'

/** A unit's own document begun from the superior's, or from a duty that asks for it. */
export const DraftBeginning = z.object({
  newId: optional(Id), // made with the form, so that one sent twice is one document
  unitCode: Code,
  superiorId: optional(Id),
  dutyId: optional(Id),
  type: optional(DocumentType), // what the duty asks for, when left out; else a plan
})
export type DraftBeginning = z.output<typeof DraftBeginning>

const Words = z.string().transform((text) => text.normalize('NFC').replaceAll('\r\n', '\n').replace(/[ \t]+/g, ' ').trim()).pipe(z.string().max(20_000))
const rows = (most: number) => <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value).toSorted(([a], [b]) => Number(a) - Number(b)).map(([, row]) => row) : (value ?? [])), z.array(schema).max(most))

const Block = z.object({ kind: z.enum(blockKinds), text: Words.default(''), answers: optional(Id) })
const Task = z.object({ who: Words.pipe(z.string().max(300)).default(''), what: Words.pipe(z.string().max(2000)).default(''), by: optional(DayInput) })

/** A button beside a block: `add:3`, `up:3`; it saves what is typed and then moves. */
const Command = optional(
  z
    .string()
    .regex(/^(add|up|down|remove):-?\d{1,4}$/)
    .transform((text): BlockCommand => {
      const [what, at] = text.split(':') as [BlockCommand['do'], string]
      return { do: what, at: Number(at) }
    }),
)

/** Everything of a draft that its editor holds. */
export const DraftText = z.object({
  documentId: Id,
  version: Version,
  abstract: Line.pipe(z.string().max(2000)),
  place: optional(Line),
  signerName: optional(Line),
  signerPosition: optional(Line),
  signedAs: optional(Line),
  recipientUnits: listOf(Code, 2000),
  toAllBeneath: z.preprocess((value) => value === true || value === 'on' || value === 'true', z.boolean()),
  recipientLines: z.preprocess((value) => (typeof value === 'string' ? value.split('\n').map((line) => line.replace(/^[\s\-–•+*]+|[\s;.]+$/g, '')).filter((line) => line !== '') : (value ?? [])), z.array(Line).max(100)),
  blocks: rows(400)(Block),
  tasks: rows(200)(Task).transform((all) => all.filter((task) => task.who !== '' || task.what !== '').map(({ by, ...task }) => ({ ...task, by: by ?? null }))),
  command: Command,
})
export type DraftText = z.output<typeof DraftText>
