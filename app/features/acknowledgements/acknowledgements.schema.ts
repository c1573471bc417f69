import { z } from 'zod'
import { Code, DayInput, Id, listOf, optional, Version } from '../../web/inputs.ts'
import { acknowledgementWords } from './acknowledgements.messages.ts'

/** How deep: it came; it was read; one can say what it changes for oneself. */
export const depths = ['received', 'read', 'can_say'] as const
const Depth = z.enum(depths)

/** Whether what was answered is at least as deep as what is asked; null is no answer. */
export const goesAsDeep = (answered: Depth | null, asked: Depth): boolean => answered !== null && depths.indexOf(answered) >= depths.indexOf(asked)

/** Asks people beneath a unit to acknowledge one version of a material, or an issued document. */
export const AcknowledgementRequest = z
  .object({
    id: optional(Id), // made by whoever asks, so that the same form sent twice asks once
    unitCode: Code,
    materialId: optional(Id), // its latest published version
    documentId: optional(Id),
    depth: Depth,
    whom: z.enum(['members', 'heads']),
    categories: listOf(z.string().trim().min(1).max(64), 50), // none is all
    keepsBefore: z.enum(['yes', 'no']).default('no'), // of a later version: only those whose category it concerns are asked again
    dueOn: DayInput,
  })
  .refine(({ materialId, documentId }) => (materialId === undefined) !== (documentId === undefined), { path: ['materialId'], params: { sentence: acknowledgementWords.say('oneThing') } })
  .refine(({ whom, categories }) => whom === 'members' || categories.length === 0, { path: ['categories'], params: { sentence: acknowledgementWords.say('headsHaveNoCategory') } })

/** What a person answers. One sentence, in one's own words, goes with the deepest. */
export const Acknowledgement = z
  .object({ requestId: Id, depth: Depth, sentence: z.string().trim().max(500).default('') })
  .refine(({ depth, sentence }) => depth !== 'can_say' || sentence !== '', { path: ['sentence'], params: { sentence: acknowledgementWords.say('sentenceMissing') } })

/** Those of a cell who signed the list on paper. */
export const PaperAcknowledgements = z.object({ requestId: Id, unitCode: Code, depth: z.enum(['received', 'read']), people: listOf(Id, 1000) })

export const RequestClosing = z.object({ requestId: Id, version: Version })

export type AcknowledgementRequest = z.infer<typeof AcknowledgementRequest>
export type Acknowledgement = z.infer<typeof Acknowledgement>
export type PaperAcknowledgements = z.infer<typeof PaperAcknowledgements>
export type RequestClosing = z.infer<typeof RequestClosing>
export type Depth = z.infer<typeof Depth>
