import { sql, type RawBuilder } from 'kysely'
import { reasonAgainst, type Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { NotFound } from '../../platform/errors.ts'
import { campaignByCode, openCampaignByCode } from '../campaigns/campaigns.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { figureAsked } from './figure-asked.server.ts'
import { figureShown } from './question-wording.server.ts'
import type { FigureFilter, FrozenFigure } from './questions.schema.ts'
import { isOverdue, reasonAgainstAnswering, type QuestionState } from './questions.server.ts'

/**
 * A question as lists show it. `figure` is as it stood when asked; `name` what a unit calls a figure of its own, null for the
 * product's. `text` is the question's own words.
 */
export type Question = QuestionState & {
  unitCode: string
  unitName: string
  campaignCode: string
  campaignName: string
  key: string
  name: string | null
  part: string
  asOf: Day
  figure: FrozenFigure
  text: string
  askedByUnitName: string
  askedAt: Date
  dueOn: Day
  escalatedToUnitName: string | null
  isOverdue: boolean
}

export type MessageKind = 'question' | 'answer' | 'correction' | 'escalation' | 'closing'
export type Message = { kind: MessageKind; text: string; at: Date; author: string | null; isOwn: boolean }

/** What waits for somebody: for the viewer to answer, to see to, or to read; and what is only waited for. */
export type Questions = {
  toAnswer: Question[] // of the viewer's units, or gone up to them
  escalated: Question[] // overdue beneath, gone up to the viewer's units, which asked it themselves or may not answer
  answered: Question[] // asked by the viewer's units, with an answer to read
  waiting: Question[] // asked by the viewer's units, without an answer yet
  closed: Question[] // of or by the viewer's units, the last ones
}

/** Questions that concern the units where the viewer holds an office, soonest due first. */
export async function listQuestions(ctx: Ctx): Promise<Questions> {
  const mine = sql`select viewer_office_units()`
  const all = await questionsWhere(ctx, sql`(question.unit_id in (${mine}) or question.asked_by_unit_id in (${mine}) or question.escalated_to_unit_id in (${mine}))`)
  const offices = new Set(ctx.viewer.offices.map((office) => office.unitId))
  const open = all.filter((one) => !one.closedAt)
  const unanswered = open.filter((one) => !one.answeredAt)
  const toAnswer = unanswered.filter((one) => reasonAgainstAnswering(ctx.viewer, one) === null)
  const escalated = unanswered.filter((one) => one.escalatedToUnitId && offices.has(one.escalatedToUnitId) && !toAnswer.includes(one))
  const asked = open.filter((one) => offices.has(one.askedByUnitId) && !escalated.includes(one))
  return {
    toAnswer,
    escalated,
    answered: asked.filter((one) => one.answeredAt),
    waiting: asked.filter((one) => !one.answeredAt && !toAnswer.includes(one)),
    closed: all.filter((one) => one.closedAt).toReversed().slice(0, 20),
  }
}

/** One thing that questions make somebody owe: to answer, to see to what is overdue beneath, to read and close. */
export type QuestionDuty = { id: string; kind: 'answer' | 'escalated' | 'read'; dueOn: Day; value: string; figure: string; unitName: string; askedByUnitName: string }

/** What the viewer owes on account of questions, soonest due first; null for somebody who leads no unit. */
export async function questionDuties(ctx: Ctx, language: Language): Promise<QuestionDuty[] | null> {
  if (!ctx.viewer.offices.some((office) => reasonAgainst(ctx.viewer, 'close questions', [office.unitId]) === null)) return null
  const { toAnswer, escalated, answered } = await listQuestions(ctx)
  const dutyOf = (kind: QuestionDuty['kind']) => (question: Question) => {
    const { value, name: figure } = figureShown(question, language)
    return { id: question.id, kind, dueOn: question.dueOn, value, figure, unitName: question.unitName, askedByUnitName: question.askedByUnitName }
  }
  return [...toAnswer.map(dutyOf('answer')), ...escalated.map(dutyOf('escalated')), ...answered.map(dutyOf('read'))]
}

/** Every question about one figure of a unit that the viewer sees, the latest first. Throws NotFound. */
export async function questionsAbout(ctx: Ctx, { campaign, unit, key, part }: FigureFilter): Promise<Question[]> {
  const { id: campaignId } = await campaignByCode(ctx.tx, campaign)
  const { id: unitId } = await unitByCode(ctx.tx, unit)
  const about = sql`question.campaign_id = ${campaignId} and question.unit_id = ${unitId} and question.indicator = ${key} and ${part ?? ''} in ('', question.part)`
  return (await questionsWhere(ctx, about)).toSorted((one, other) => other.askedAt.getTime() - one.askedAt.getTime())
}

/** One question with what was said and the figure as it stands now. Throws NotFound. */
export async function questionById(ctx: Ctx, id: string): Promise<{ question: Question; messages: Message[]; now: FrozenFigure }> {
  const [question] = await questionsWhere(ctx, sql`question.id = ${id}`)
  if (!question) throw new NotFound()
  const campaign = await openCampaignByCode(ctx.tx, question.campaignCode)
  const unit = await unitByCode(ctx.tx, question.unitCode)
  const now = await figureAsked(ctx, { campaign, unit, key: question.key, asOf: question.asOf, part: question.part || null })
  return { question, messages: await messagesOf(ctx, id), now }
}

async function messagesOf({ tx, viewer }: Ctx, id: string): Promise<Message[]> {
  const { rows } = await sql<Message>`
    select question_message.kind, question_message.text, question_message.at, office_holder_name(question_message.author_id) as author,
           question_message.author_id is not distinct from ${viewer.personId}::uuid as "isOwn"
    from question_message
    where question_message.question_id = ${id}
    order by question_message.at, question_message.id`.execute(tx)
  return rows
}

async function questionsWhere({ tx, viewer }: Ctx, condition: RawBuilder<unknown>): Promise<Question[]> {
  const { rows } = await sql<Omit<Question, 'isOverdue'>>`
    select question.id, question.version, question.unit_id as "unitId", question.asked_by_unit_id as "askedByUnitId",
           question.escalated_to_unit_id as "escalatedToUnitId", question.answered_at as "answeredAt", question.closed_at as "closedAt",
           unit.code as "unitCode", unit.name as "unitName", campaign.code as "campaignCode", campaign.name as "campaignName",
           question.indicator as key, indicator.name, question.part, question.as_of as "asOf", question.figure,
           (select first.text from question_message as first where first.question_id = question.id and first.kind = 'question' order by first.at limit 1) as text,
           asker.name as "askedByUnitName", question.asked_at as "askedAt", question.due_on as "dueOn", above.name as "escalatedToUnitName"
    from question
    join unit on unit.id = question.unit_id
    join unit as asker on asker.id = question.asked_by_unit_id
    left join unit as above on above.id = question.escalated_to_unit_id
    join campaign on campaign.id = question.campaign_id
    join indicator on indicator.key = question.indicator
    where ${condition}
    order by question.due_on, question.asked_at
    limit 500`.execute(tx)
  return rows.map((row) => ({ ...row, isOverdue: isOverdue(row, viewer.today) }))
}
