import { z } from 'zod'
import { NewPassword } from '../../web/password-length.ts'
import { Code, Id, listOf, optional } from '../../web/inputs.ts'
import { accountWords as words } from './accounts.messages.ts'

/** Most slips that are printed at once. */
export const mostSlips = 200

export const accountStates = ['none', 'waiting', 'lapsed', 'active', 'shut'] as const
export type AccountState = (typeof accountStates)[number]

/** Which accounts are listed: of a unit and those directly beneath, or, with words to look for, of everything beneath. */
export const AccountFilter = z.object({
  unit: optional(Code),
  q: optional(z.string().trim().max(100)),
  state: optional(z.enum(accountStates)),
  page: optional(z.coerce.number().int().min(1).max(1000)),
})

export const AccountChoice = z.object({ personId: Id })

/**
 * For whom codes are made: the people ticked, or everybody of a unit who has not activated an account. An account that is in use gets
 * a code only when that is said: its password stops at once.
 */
export const CodesInput = z
  .object({ unit: optional(Code), personIds: listOf(Id, mostSlips), mayReset: z.union([z.boolean(), z.literal('yes').transform(() => true)]).default(false) })
  .refine((input) => input.unit !== undefined || input.personIds.length > 0, { params: { sentence: words.say('nobody_chosen') }, path: ['personIds'] })

const flag = z.union([z.boolean(), z.enum(['yes', 'no']).transform((value) => value === 'yes')])
export const ShuttingInput = AccountChoice.extend({ isShut: flag })

/** The code of a slip, twelve digits however they are spaced; and the password that its holder chooses. */
export const Activation = z.object({
  code: z
    .string()
    .transform((typed) => typed.normalize('NFKC').replace(/\D/g, ''))
    .refine((digits) => digits.length === 12, { params: { sentence: words.say('code_form') } }),
  newPassword: NewPassword,
})

export const PasswordChange = z.object({ password: z.string().min(1).max(1000), newPassword: NewPassword })

/** One of one's own sessions; none for all but this one. */
export const SessionEnd = z.object({ sessionId: optional(Id) })

export const OwnCode = z.object({ code: z.string().trim().min(1).max(40) })
export const Nothing = z.object({})

export const rolesWithSecondFactor = ['administrator', 'city_officer'] as const
export const AccountSettings = z.object({
  codeDays: z.coerce.number().int().min(1).max(90),
  secondFactorRoles: listOf(z.enum(rolesWithSecondFactor)),
})
