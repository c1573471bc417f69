import { z } from 'zod'
import { DayInput, Id } from '../../web/inputs.ts'

const Name = z.string().transform((text) => text.normalize('NFC').replace(/\s+/g, ' ').trim()).pipe(z.string().min(1).max(60))

/** A token as its owner asks for it; `id` makes a form that is sent twice make one. */
export const NewToken = z.object({
  id: Id,
  name: Name,
  scope: z.enum(['read', 'write']),
  endsOn: DayInput,
  password: z.string().min(1).max(1000),
})

export const TokenChoice = z.object({ tokenId: Id })
