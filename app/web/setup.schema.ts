import { z } from 'zod'
import { NewPassword } from './password-length.ts'
import { canBeUsername, plainUsername } from './username.ts'
import { setupWords as words } from './setup.messages.ts'

const line = z.string().trim().min(1).max(200)
const lineOrNone = z.string().trim().max(200).default('').transform((text) => text || null)

/** Kinds of units that can stand at the top of a deployment, highest first. */
export const topKinds = ['city_committee', 'commune_committee', 'attached_committee', 'base_organisation', 'cell'] as const

const Username = z
  .string()
  .min(1)
  .transform((typed) => typed.trim())
  .refine((typed) => canBeUsername(plainUsername(typed)), { params: { sentence: words.say('username_unusable') } })

/** What an empty database is told first: the unit at the top, and who may add accounts. */
export const Setup = z.object({
  unit: z.object({
    name: line,
    kind: z.enum(topKinds),
    organisationName: lineOrNone,
    place: lineOrNone,
    symbol: z.string().trim().max(20).default('').transform((text) => text || null),
    code: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      .optional(), // made from the place or the name when absent
  }),
  person: z.object({ name: line }),
  username: Username,
  password: NewPassword,
})
export type Setup = z.output<typeof Setup>
