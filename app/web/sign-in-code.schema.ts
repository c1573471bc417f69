import { z } from 'zod'

/** The second step: six digits of an app, or a recovery code. */
export const SignInCode = z.object({
  code: z.string().trim().min(1).max(40),
  isTrusted: z.union([z.boolean(), z.literal('yes').transform(() => true)]).default(false),
})
