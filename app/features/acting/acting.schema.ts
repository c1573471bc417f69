import { z } from 'zod'
import { DayInput, Id, Line, optional } from '../../web/inputs.ts'

/**
 * Who is to act for whom, from day to day. The helper is one of the people seen, or somebody else named by user name and full name
 * together. `id` makes a form that is sent twice name once.
 */
export const NewActing = z.object({
  id: Id,
  helpedId: Id,
  helperId: optional(Id),
  helperUsername: optional(z.string().max(60)),
  helperName: optional(Line),
  fromDay: DayInput,
  untilDay: DayInput,
  reason: Line,
})

export const ActingChoice = z.object({ actingId: Id })
