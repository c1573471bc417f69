import { z } from 'zod'
import { Code, DayInput, Id, optional } from '../../web/inputs.ts'

const Text = z.string().trim().min(1).max(5000)
/** What the page showed: when somebody was quicker, nothing is saved. */
const Version = z.coerce.number().int().min(1)

/** What is asked about one figure of a unit as of a day; `part` as in the address of the figure's page. */
export const QuestionInput = z.object({
  id: optional(Id), // made by whoever asks, so that the same form sent twice is one question
  campaignCode: Code,
  unitCode: Code,
  key: Code,
  asOf: DayInput,
  part: optional(z.string().trim().max(400)),
  text: Text,
  dueOn: DayInput,
})

/** An answer explains the figure; a correction tells what was put right in the records. */
const AnswerKind = z.enum(['answer', 'correction'])

export const AnswerInput = z.object({ questionId: Id, version: Version, kind: AnswerKind, text: Text })

export const ClosingInput = z.object({ questionId: Id, version: Version, text: z.string().trim().max(5000).default('') })

/** Which figure's questions are listed; without one, those that wait for the viewer's units or were asked by them. */
export const FigureFilter = z.object({ campaign: Code, unit: Code, key: Code, part: optional(z.string().trim().max(400)) })

/** A figure as it stood at one instant. `share` is 0..1, not rounded. */
export const FrozenFigure = z.object({
  numerator: z.number().int(),
  denominator: z.number().int().nullable(),
  share: z.number().nullable(),
  base: z.string().nullable(),
  declared: z.number().int(),
  /** What the part is called: a resolution, a category or a reason by its name, a kind by its key. */
  partName: z.string().nullable(),
  partKind: z.string().nullable(),
})

export type QuestionInput = z.infer<typeof QuestionInput>
export type AnswerInput = z.infer<typeof AnswerInput>
export type ClosingInput = z.infer<typeof ClosingInput>
export type FigureFilter = z.infer<typeof FigureFilter>
export type FrozenFigure = z.infer<typeof FrozenFigure>
