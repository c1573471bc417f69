import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { Tx } from '../../db/open.ts'
import { chainOf, demand, permissions, reasonAgainst, type Ctx, type Role, type Viewer } from '../../permissions/permissions.ts'
import { showDay, type Day } from '../../platform/clock.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import type { Sentence } from '../../platform/i18n.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { openCampaignByCode } from '../campaigns/campaigns.server.ts'
import { notify } from '../notices/notices.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { figureAsked } from './figure-asked.server.ts'
import { questionWords } from './questions.messages.ts'
import type { AnswerInput, ClosingInput, QuestionInput } from './questions.schema.ts'

/** A question's units and how far it is, without its words. */
export type QuestionState = {
  id: string
  version: number
  unitId: string
  askedByUnitId: string
  escalatedToUnitId: string | null
  answeredAt: Date | null
  closedAt: Date | null
}

/**
 * Asks a unit beneath about one of its figures; the figure is kept as it stands now. The same id twice is one question.
 * Throws NotFound, Forbidden, Refused('campaignCode' | 'asOf' | 'dueOn').
 */
export async function askAbout(ctx: Ctx, input: QuestionInput): Promise<{ questionId: string; receipt: Receipt | null }> {
  const { tx, viewer } = ctx
  const campaign = await openCampaignByCode(tx, input.campaignCode)
  const unit = await unitByCode(tx, input.unitCode)
  const above = (await chainOf(tx, unit.id, viewer.today)).slice(1)
  demand(viewer, 'ask about figures', above)
  if (input.asOf < campaign.openedOn) throw new Refused('asOf', questionWords.say('beforeOpening', { day: showDay(campaign.openedOn) }))
  if (input.asOf > viewer.today) throw new Refused('asOf', questionWords.say('asOfAhead'))
  if (input.dueOn < viewer.today) throw new Refused('dueOn', questionWords.say('dueOver'))
  const part = input.part ?? ''
  const figure = await figureAsked(ctx, { campaign, unit, key: input.key, asOf: input.asOf, part: part || null })

  const questionId = input.id ?? v7()
  const asked = await tx
    .insertInto('question')
    .values({
      id: questionId,
      campaign_id: campaign.id,
      indicator: input.key,
      part,
      unit_id: unit.id,
      as_of: input.asOf,
      figure: JSON.stringify(figure),
      asked_by_unit_id: askingUnit(viewer, above),
      asked_by: viewer.personId,
      due_on: input.dueOn,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst()
  if (asked.numInsertedOrUpdatedRows === 0n) {
    // an id that is somebody else's question is not told of
    await questionState(tx, questionId)
    return { questionId, receipt: null }
  }
  await say(ctx, questionId, 'question', input.text)
  await notify(tx, { ...aboutQuestion(questionId, unit.id), kind: 'question-asked', to: { unitIds: [unit.id], roles: permissions['answer questions'].roles } })
  const receipt = await note(ctx, {
    action: 'question.asked',
    unitId: unit.id,
    subjectType: 'question',
    subjectId: questionId,
    detail: { campaign: campaign.code, figure: input.key, asOf: input.asOf, dueOn: input.dueOn },
  })
  return { questionId, receipt }
}

const aboutQuestion = (id: string, unitId: string) => ({ about: { type: 'question', id }, unitId, values: {}, path: `/questions/${id}`, mergeKey: `question ${id}` }) as const

/** For which of the units above the viewer asks: the nearest where they hold an office that may. */
function askingUnit(viewer: Viewer, above: string[]): string {
  const roles: readonly Role[] = permissions['ask about figures'].roles
  return above.find((id) => viewer.offices.some((office) => office.unitId === id && roles.includes(office.role)))!
}

/** Why the viewer may not ask about figures of the unit at the head of the chain; null when the viewer may. */
export const reasonAgainstAsking = (viewer: Viewer, chain: string[]): Sentence | null => reasonAgainst(viewer, 'ask about figures', chain.slice(1))

/** Why the viewer may not answer; null when the viewer may. Once it is overdue the unit above may answer too, unless it asked. */
export function reasonAgainstAnswering(viewer: Viewer, { unitId, escalatedToUnitId, askedByUnitId }: QuestionState): Sentence | null {
  const answering = [unitId, ...(escalatedToUnitId && escalatedToUnitId !== askedByUnitId ? [escalatedToUnitId] : [])]
  const reasons = answering.map((id) => reasonAgainst(viewer, 'answer questions', [id]))
  return reasons.includes(null) ? null : reasons[0]!
}

/** Why the viewer may not close the question; null when the viewer may. */
export const reasonAgainstClosing = (viewer: Viewer, { askedByUnitId }: QuestionState): Sentence | null => reasonAgainst(viewer, 'close questions', [askedByUnitId])

/**
 * Answers, or says what was put right. `version` is what the page showed: of two who answer at once the second is told.
 * Throws NotFound, Forbidden, Refused('version' | 'form').
 */
export async function answer(ctx: Ctx, input: AnswerInput): Promise<Receipt> {
  const { tx, viewer } = ctx
  const question = await lockQuestion(tx, input.questionId)
  const reason = reasonAgainstAnswering(viewer, question)
  if (reason) throw new Forbidden(reason)
  if (question.closedAt) throw new Refused('form', questionWords.say('closedAlready'))
  if (question.version !== input.version) throw new Refused('version', questionWords.say('answeredMeanwhile'))
  await say(ctx, question.id, input.kind, input.text)
  await notify(tx, { ...aboutQuestion(question.id, question.unitId), kind: 'question-answered', to: { unitIds: [question.askedByUnitId], roles: permissions['ask about figures'].roles } })
  await tx.updateTable('question').set({ answered_at: sql`coalesce(answered_at, clock_timestamp())`, version: sql`version + 1` }).where('id', '=', question.id).execute()
  return note(ctx, { action: 'question.answered', unitId: question.unitId, subjectType: 'question', subjectId: question.id, detail: { kind: input.kind } })
}

/**
 * Ends the exchange; it stays with the figure. Throws NotFound, Forbidden, Refused('version' | 'form').
 */
export async function close(ctx: Ctx, input: ClosingInput): Promise<Receipt> {
  const { tx, viewer } = ctx
  const question = await lockQuestion(tx, input.questionId)
  const reason = reasonAgainstClosing(viewer, question)
  if (reason) throw new Forbidden(reason)
  if (question.closedAt) throw new Refused('form', questionWords.say('closedAlready'))
  if (question.version !== input.version) throw new Refused('version', questionWords.say('closedOverAnswer'))
  await say(ctx, question.id, 'closing', input.text)
  await tx.updateTable('question').set({ closed_at: sql`clock_timestamp()`, version: sql`version + 1` }).where('id', '=', question.id).execute()
  return note(ctx, { action: 'question.closed', unitId: question.unitId, subjectType: 'question', subjectId: question.id })
}

/** The question as it is; NotFound when there is none or the viewer does not see it. */
async function questionState(tx: Tx, id: string): Promise<QuestionState> {
  const row = await states(tx, id).executeTakeFirst()
  if (!row) throw new NotFound()
  return row
}

/** The same, and until the transaction ends nobody else changes it. */
async function lockQuestion(tx: Tx, id: string): Promise<QuestionState> {
  const row = await states(tx, id).forUpdate().executeTakeFirst()
  if (!row) throw new NotFound()
  return row
}

const states = (tx: Tx, id: string) =>
  tx
    .selectFrom('question')
    .select(['id', 'version', 'unit_id as unitId', 'asked_by_unit_id as askedByUnitId', 'escalated_to_unit_id as escalatedToUnitId', 'answered_at as answeredAt', 'closed_at as closedAt'])
    .where('id', '=', id)

async function say({ tx, viewer }: Ctx, questionId: string, kind: 'question' | 'answer' | 'correction' | 'closing', text: string): Promise<void> {
  await tx.insertInto('question_message').values({ question_id: questionId, kind, text, author_id: viewer.personId }).execute()
}

/** Whether nobody has answered by the end of the day it was due. */
export const isOverdue = (question: { answeredAt: Date | null; closedAt: Date | null; dueOn: Day }, today: Day): boolean =>
  question.answeredAt === null && question.closedAt === null && question.dueOn < today
