import { z } from 'zod'
import { Code, DayInput, filledRows, Id, listOf, optional } from '../../web/inputs.ts'
import { studyWords } from './study.messages.ts'

const Line = z.string().trim().min(1).max(300)
export const Time = z.string().trim().refine((text) => /^([01]?\d|2[0-3])[:.h]?[0-5]\d$/.test(text), { params: { sentence: studyWords.say('timeForm') }, abort: true }).transform((text) => {
  const [, hour, minute] = /^(\d{1,2})[:.h]?(\d{2})$/.exec(text)!
  return `${hour!.padStart(2, '0')}:${minute}`
})

export const SessionKind = z.enum(['national_conference', 'conference', 'class', 'make_up_class'])

const Sitting = z.object({
  heldOn: DayInput,
  startsAt: optional(Time),
  endsAt: optional(Time),
  topicIds: listOf(Id),
})

/** A conference or class to be held: by which unit, what of, for whom, and when. */
export const Session = z.object({
  id: optional(Id), // made by whoever plans it, so that the same form sent twice is one session
  campaignCode: Code,
  unitCode: Code,
  kind: SessionKind,
  name: Line,
  place: optional(Line),
  partOf: optional(Id),
  categories: listOf(Code),
  sittings: z.preprocess(
    filledRows((row) => typeof row['heldOn'] === 'string' && row['heldOn'].trim() !== ''),
    z.array(Sitting).max(20).refine((list) => list.length > 0, { params: { sentence: studyWords.say('sittingNeeded') } }),
  ),
})

export const MarkStatus = z.enum(['present', 'late', 'excused', 'absent'])

export const Mark = z.object({
  personId: Id,
  status: MarkStatus,
  reason: optional(Line),
  /** What the sheet showed when it was opened; lets two people take one roll without wiping each other's marks. */
  was: z.union([MarkStatus, z.literal('')]).optional(),
  onBehalfOf: optional(Id),
})

/** A form posts `marks.<person>.status`; rows without a status were not marked. */
const marksOfForm = (value: unknown) =>
  value && typeof value === 'object' && !Array.isArray(value)
    ? Object.entries(value)
        .filter(([, mark]) => mark && typeof mark === 'object' && (mark as { status?: string }).status)
        .map(([personId, mark]) => ({ personId, ...(mark as object) }))
    : value

export const Roll = z.object({
  sittingId: Id,
  marks: z.preprocess(marksOfForm, z.array(Mark).max(5000)).default([]), // a form with no box ticked sends no such field
})

/** Takes back one saving of a roll, named by its receipt. */
export const RollUndo = z.object({ sittingId: Id, receipt: z.coerce.number().int().min(1) })

export const headCountKinds = ['civil_servant', 'union_member', 'association_member', 'other'] as const

const People = z.preprocess((value) => (typeof value === 'string' ? value.replace(/[.\s]/g, '') : value), z.coerce.number().int().min(0).max(100_000))

/** Non-members who came to a sitting, by kind; a kind left empty is not known and stays as it was. */
export const HeadCounts = z.object({
  sittingId: Id,
  people: z.record(z.enum(headCountKinds), z.preprocess((value) => (value === '' ? undefined : value), People.optional())).transform((people) =>
    Object.fromEntries(Object.entries(people).filter(([, count]) => count !== undefined)) as Partial<Record<(typeof headCountKinds)[number], number>>),
})

/** Totals of a unit without rolls, reached by the end of a day, by category. */
export const Declaration = z.object({
  campaignCode: Code,
  unitCode: Code,
  declaredOn: DayInput,
  studied: z.record(Code, z.preprocess((value) => (value === '' ? 0 : value), People)),
  note: optional(Line),
})

export const DeclarationWithdrawal = z.object({ campaignCode: Code, unitCode: Code, reason: Line })

export const SessionCancellation = z.object({ sessionId: Id, confirmed: z.literal('yes') })

/** On a page a session is cancelled by typing its name. */
export const SessionCancellationByName = z.object({ sessionId: Id, name: Line })

export type Session = z.infer<typeof Session>
export type Roll = z.infer<typeof Roll>
export type RollUndo = z.infer<typeof RollUndo>
export type Mark = z.infer<typeof Mark>
export type MarkStatus = z.infer<typeof MarkStatus>
export type HeadCounts = z.infer<typeof HeadCounts>
export type Declaration = z.infer<typeof Declaration>
export type DeclarationWithdrawal = z.infer<typeof DeclarationWithdrawal>
export type SessionCancellation = z.infer<typeof SessionCancellation>
export type SessionCancellationByName = z.infer<typeof SessionCancellationByName>
