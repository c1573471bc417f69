import { z } from 'zod'
import { Code, DayInput, Id, Line, listOf, optional, Version } from '../../web/inputs.ts'
import { dutyWords } from './duties.messages.ts'

export const DutyKind = z.enum(['document', 'study', 'report', 'personal_plan'])
export type DutyKind = z.output<typeof DutyKind>
export const dutyKinds = DutyKind.options

/** Which units a rule asks: `direct` and `all` are those of every kind with members; `kinds` names kinds, also such as have none. */
export const DutyWho = z.enum(['direct', 'all', 'with_members', 'cells', 'caucuses', 'kinds'])
export type DutyWho = z.output<typeof DutyWho>

export const DueMode = z.enum(['day', 'after_basis', 'after_superior', 'monthly'])
export type DueMode = z.output<typeof DueMode>

/** How the study of a unit is told to be done: everybody expected has studied, or sessions of every topic were held. */
const StudyMeasure = z.enum(['all', 'held'])

const sentenceFor = (path: string, key: Parameters<typeof dutyWords.say>[0]) => ({ path: [path], params: { sentence: dutyWords.say(key) } })
const isTicked = z.preprocess((value) => value === true || value === 'on' || value === 'true', z.boolean())
const few = (least: number, most: number) => optional(z.coerce.number().int().min(least).max(most))

const terms = {
  title: Line,
  basisId: optional(Id),
  who: DutyWho,
  kinds: listOf(z.string().max(40), 20),
  directOnly: isTicked, // of named kinds: only those directly beneath
  includesSelf: isTicked,
  documentType: optional(z.string().max(40)),
  superiorType: optional(z.string().max(40)), // whose document sets the due day, where it is another type
  roundId: optional(Id),
  formId: optional(Id),
  measure: optional(StudyMeasure),
  dueMode: DueMode,
  dueOn: optional(DayInput),
  dueDays: few(0, 1000),
  dueMonthday: few(1, 31),
  fromOn: optional(DayInput),
  untilOn: optional(DayInput),
  lateNoticeDays: few(1, 365),
}

type Terms = z.output<z.ZodObject<typeof terms>>

/** What can be said without the database; `kind` is missing where a rule is changed, which keeps its kind. */
function wholeTerms(rule: Terms & { kind?: DutyKind }, refuse: (path: string, key: Parameters<typeof dutyWords.say>[0]) => void): void {
  const { kind } = rule
  if (rule.who === 'kinds' && rule.kinds.length === 0) refuse('kinds', 'needs.kinds')
  if (kind === 'document' && !rule.documentType) refuse('documentType', 'needs.documentType')
  if (kind === 'report' && !rule.roundId === !rule.formId) refuse('roundId', 'needs.round')
  if (kind === 'report' && rule.roundId && rule.dueMode === 'monthly') refuse('formId', 'needs.formForMonths')
  if ((kind === 'study' || kind === 'personal_plan') && rule.dueMode === 'monthly') refuse('dueMode', 'needs.noMonths')
  if (rule.dueMode === 'day' && !rule.dueOn) refuse('dueOn', 'needs.dueOn')
  if ((rule.dueMode === 'after_basis' || rule.dueMode === 'after_superior') && rule.dueDays === undefined) refuse('dueDays', 'needs.dueDays')
  if (rule.dueMode === 'after_basis' && !rule.basisId) refuse('basisId', 'needs.basis')
  if (rule.dueMode === 'after_superior' && !rule.documentType && !rule.superiorType) refuse('superiorType', 'needs.superiorType')
  if (rule.dueMode !== 'monthly') return
  if (!rule.dueMonthday) refuse('dueMonthday', 'needs.dueMonthday')
  if (!rule.fromOn) refuse('fromOn', 'needs.fromOn')
  if (!rule.untilOn) refuse('untilOn', 'needs.untilOn')
  if (rule.fromOn && rule.untilOn && rule.untilOn < rule.fromOn) refuse('untilOn', 'needs.monthsInOrder')
  if (rule.fromOn && rule.untilOn && Date.parse(rule.untilOn) - Date.parse(rule.fromOn) > 3650 * 86_400_000) refuse('untilOn', 'needs.tenYears')
}

/** A rule: who, beneath a unit, does what by when. */
export const DutyRuleInput = z
  .object({ id: optional(Id), unitCode: Code, campaignCode: Code, kind: DutyKind, ...terms })
  .superRefine((rule, context) => wholeTerms(rule, (path, key) => context.addIssue({ code: 'custom', ...sentenceFor(path, key) })))
export type DutyRuleInput = z.output<typeof DutyRuleInput>

/** Other terms for a rule; its unit, campaign and kind stay. `kind` is what it is, so that the terms can be checked. */
export const DutyRuleChange = z
  .object({ ruleId: Id, version: Version, kind: DutyKind, ...terms })
  .superRefine((rule, context) => wholeTerms(rule, (path, key) => context.addIssue({ code: 'custom', ...sentenceFor(path, key) })))
export type DutyRuleChange = z.output<typeof DutyRuleChange>

export const DutyRuleEnd = z.object({ ruleId: Id, version: Version })
export type DutyRuleEnd = z.output<typeof DutyRuleEnd>

const Reason = z.string().trim().min(1).max(1000)
/** Waived for one or several duties of one rule, with one reason. */
export const DutyWaiver = z.object({ dutyIds: listOf(Id).pipe(z.array(Id).min(1)), reason: Reason })
export type DutyWaiver = z.output<typeof DutyWaiver>
export const DutyWaiverUndo = z.object({ dutyIds: listOf(Id).pipe(z.array(Id).min(1)) })

/** One message to each unit about all it owes. `again`: also to those that were urged within a day. */
export const Urging = z.object({
  unitCodes: listOf(Code, 1000).pipe(z.array(Code).min(1)),
  campaignCode: optional(Code),
  note: optional(z.string().trim().min(1).max(1000)),
  again: isTicked,
})
export type Urging = z.output<typeof Urging>
