import { z } from 'zod'
import { Code, DayInput, Id, Line, optional, Version } from '../../web/inputs.ts'
import { peopleWords } from './people.messages.ts'

const memberStatuses = ['in_post', 'exempt', 'probationary'] as const
const roles = ['city_officer', 'secretary', 'deputy', 'clerk', 'inspector', 'administrator'] as const
const leavings = ['died', 'expelled', 'struck_off', 'left', 'moved_out'] as const

const MemberStatus = z.enum(memberStatuses)
const OfficeRole = z.enum(roles)
const Gender = z.enum(['female', 'male'])

/** As on the card: words with one space between, letters composed. */
export const PersonName = Line.pipe(z.string().max(100).refine((name) => /^[\p{L}\p{M}'’.-]+( [\p{L}\p{M}'’.-]+)*$/u.test(name), { params: { sentence: peopleWords.say('nameForm') } }))

/** Kept as written, `92.000613`; two that differ by points and spaces alone are one card. */
export const CardNumber = z
  .string()
  .transform((text) => text.normalize('NFC').replace(/\s+/g, ' ').trim())
  .pipe(z.string().min(3).max(30).refine((text) => /^[\p{L}\d][\p{L}\d ./-]*$/u.test(text) && /\d/.test(text), { params: { sentence: peopleWords.say('cardForm') } }))

/** As Vietnam writes it, `0912345678`: +84 and a zero that a spreadsheet has eaten are put right. */
const Phone = z.string().transform((text, context) => {
  const digits = text.replace(/[\s.()-]/g, '').replace(/^\+?84(?=\d{9,10}$)/, '0').replace(/^(?=[2-9]\d{8,9}$)/, '0')
  if (/^0\d{9,10}$/.test(digits)) return digits
  context.addIssue({ code: 'custom', params: { sentence: peopleWords.say('phoneForm') } })
  return z.NEVER
})

/** A day of birth: whoever belongs is a grown-up, and nobody is older than 120. The upper end is checked where today is known. */
const BornOn = DayInput.pipe(z.string().refine((day) => day >= '1900-01-01', { params: { sentence: peopleWords.say('bornForm') } }))

/** What is held about a person beside memberships and offices. */
const particulars = { name: PersonName, cardNumber: optional(CardNumber), bornOn: optional(BornOn), gender: optional(Gender), phone: optional(Phone) }
export const Particulars = z.object(particulars)

const exemptHasReason = (member: { status: string; exemptReason?: string | undefined }) => (member.status === 'exempt') === (member.exemptReason !== undefined)

/** A person who belongs to a unit from a day on. `isAnother` says that somebody compared it with the people who look alike. */
export const NewMember = z
  .object({
    id: optional(Id), // made by whoever fills in the form, so that the same form sent twice is one person
    ...particulars,
    unitCode: Code,
    fromDay: DayInput,
    status: MemberStatus.default('in_post'),
    exemptReason: optional(Line),
    categoryKey: optional(Code),
    isAnother: z.union([z.boolean(), z.literal('on').transform(() => true)]).default(false),
  })
  .refine(exemptHasReason, { path: ['exemptReason'], params: { sentence: peopleWords.say('exemptReasonForm') } })

/** What every change of a person has: who, as of which version of the page. */
const ofPerson = { personId: Id, version: optional(Version) }
const dated = { ...ofPerson, fromDay: DayInput }

export const PersonEdit = z.object({ ...ofPerson, ...particulars })
export const Transfer = z.object({ ...dated, unitCode: Code, reason: Line })
/** On a page the unit is chosen of those beside one's own, or any other is named by its code. */
export const TransferByForm = z.preprocess((form) => {
  const { otherCode, ...rest } = (form ?? {}) as Record<string, unknown>
  return typeof otherCode === 'string' && otherCode.trim() !== '' ? { ...rest, unitCode: otherCode.trim().toLowerCase() } : rest
}, Transfer)
export const Exemption = z.object({ ...dated, reason: Line })
export const ExemptionEnd = z.object({ ...dated, reason: Line })
/** Full membership after probation, or another kind of participant, as of retirement; a category left empty is the usual one. */
export const StatusChange = z.object({ ...dated, status: z.enum(['in_post', 'probationary']).optional(), categoryKey: optional(Code), reason: optional(Line) })
/** `fromDay` is the first day on which the person belongs no more. */
export const MembershipEnd = z.object({ ...dated, how: z.enum(leavings), reason: optional(Line) })
/** Takes back the last change of a person's memberships. */
export const ChangeUndo = z.object({ changeId: Id })

/**
 * An office in a unit from a day on; the person by id, or by the number of a card where the viewer does not see them. `handsOver` ends
 * the office of the secretary who is in the way.
 */
export const Appointment = z
  .object({
    unitCode: Code,
    personId: optional(Id),
    cardNumber: optional(CardNumber),
    role: OfficeRole,
    title: optional(Line),
    fromDay: DayInput,
    untilDay: optional(DayInput), // the last day
    handsOver: z.union([z.boolean(), z.literal('on').transform(() => true)]).default(false),
  })
  .refine((office) => office.personId !== undefined || office.cardNumber !== undefined, { path: ['personId'], params: { sentence: peopleWords.say('whoIsAppointed') } })
  .refine((office) => office.untilDay === undefined || office.fromDay <= office.untilDay, { path: ['untilDay'], params: { sentence: peopleWords.say('untilBeforeFrom') } })

/** `fromDay` is the first day on which it is held no more. */
export const OfficeEnd = z.object({ officeId: Id, version: optional(Version), fromDay: DayInput })
/** `untilDay` is the day on which it was to end anyway. */
export const OfficeUndo = z.object({ officeId: Id, version: Version, untilDay: optional(DayInput) })

/** Two entries of one person: what is held of `goneId` goes to `keptId`. */
export const Merge = z
  .object({ keptId: Id, goneId: Id, keptVersion: optional(Version), goneVersion: optional(Version), reason: optional(Line) })
  .refine((merge) => merge.keptId !== merge.goneId, { path: ['goneId'], params: { sentence: peopleWords.say('sameEntry') } })
export const MergeUndo = z.object({ mergeId: Id })
/** Two entries that look alike and are two people. */
export const Distinction = z.object({ oneId: Id, otherId: Id })

export type Particulars = z.infer<typeof Particulars>
export type NewMember = z.infer<typeof NewMember>
export type PersonEdit = z.infer<typeof PersonEdit>
export type Transfer = z.infer<typeof Transfer>
export type Exemption = z.infer<typeof Exemption>
export type ExemptionEnd = z.infer<typeof ExemptionEnd>
export type StatusChange = z.infer<typeof StatusChange>
export type MembershipEnd = z.infer<typeof MembershipEnd>
export type ChangeUndo = z.infer<typeof ChangeUndo>
export type Appointment = z.infer<typeof Appointment>
export type OfficeEnd = z.infer<typeof OfficeEnd>
export type OfficeUndo = z.infer<typeof OfficeUndo>
export type Merge = z.infer<typeof Merge>
export type MergeUndo = z.infer<typeof MergeUndo>
export type Distinction = z.infer<typeof Distinction>
