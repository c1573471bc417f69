import { z } from 'zod'
import { rightsWords } from './rights.messages.ts'

const Id = z.uuid()
const optional = <Schema extends z.ZodType>(schema: Schema) => z.preprocess((value) => (value === '' ? undefined : value), schema.optional())
const Text = z.string().trim().min(1).max(2000)

/** What a person says is wrong about them: which fact, what is right, and why. */
export const AmendmentInput = z.object({
  item: z.string().trim().min(1).max(60),
  rowId: optional(Id), // which of several; none for a name, a phone number, or something that was never recorded
  wanted: Text,
  reason: Text,
})

/** What its unit answers. The records themselves are put right on their own pages. */
export const AmendmentAnswer = z
  .object({
    amendmentId: Id,
    version: z.coerce.number().int().min(1),
    outcome: z.enum(['corrected', 'refused']),
    answer: z.string().trim().max(2000).default(''),
  })
  .refine(({ outcome, answer }) => outcome === 'corrected' || answer !== '', { path: ['answer'], params: { sentence: rightsWords.say('amendments.textMissing') } })

export const AmendmentWithdrawal = z.object({ amendmentId: Id })

export type AmendmentInput = z.infer<typeof AmendmentInput>
export type AmendmentAnswer = z.infer<typeof AmendmentAnswer>
export type AmendmentWithdrawal = z.infer<typeof AmendmentWithdrawal>
