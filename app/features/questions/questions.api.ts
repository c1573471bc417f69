import { createRoute, z } from '@hono/zod-openapi'
import { asCaller, body, refusals, saved, type Api } from '../../web/api.server.ts'
import type { App } from '../../web/context.ts'
import { FrozenFigure, AnswerInput, ClosingInput, FigureFilter, QuestionInput } from './questions.schema.ts'
import { listQuestions, questionById, questionsAbout, type Question as Listed } from './question-views.server.ts'
import { answer, askAbout, close } from './questions.server.ts'

const Figure = FrozenFigure.openapi('FrozenFigure')

const Question = z
  .object({
    id: z.string(),
    version: z.number().int(),
    campaign: z.string(),
    unit: z.string().openapi({ description: 'Code of the unit whose figure it is and who answers' }),
    key: z.string().openapi({ example: 'studied' }),
    part: z.string(),
    asOf: z.string(),
    figure: Figure.openapi({ description: 'As it stood when asked' }),
    text: z.string(),
    askedBy: z.string().openapi({ description: 'Name of the unit that asked' }),
    askedAt: z.string(),
    dueOn: z.string(),
    isOverdue: z.boolean(),
    escalatedTo: z.string().nullable().openapi({ description: 'Name of the unit above, once it is overdue' }),
    answeredAt: z.string().nullable(),
    closedAt: z.string().nullable(),
  })
  .openapi('Question')

const Message = z.object({ kind: z.enum(['question', 'answer', 'correction', 'escalation', 'closing']), text: z.string(), at: z.string(), author: z.string().nullable() }).openapi('QuestionMessage')

/** Questions about figures: the operations that pages call, with their schemas. */
export function questionsApi(api: Api, app: App): void {
  const Lists = z.object({ toAnswer: z.array(Question), escalated: z.array(Question), answered: z.array(Question), waiting: z.array(Question), closed: z.array(Question) })
  api.openapi(
    createRoute({
      method: 'get',
      path: '/questions',
      tags: ['Questions'],
      summary: 'Questions that the caller’s units owe, asked, or were handed',
      responses: { 200: { description: 'Questions', content: { 'application/json': { schema: Lists } } }, ...refusals },
    }),
    async (c) => {
      const { toAnswer, escalated, answered, waiting, closed } = await asCaller(app, c, listQuestions)
      return c.json({ toAnswer: toAnswer.map(shown), escalated: escalated.map(shown), answered: answered.map(shown), waiting: waiting.map(shown), closed: closed.map(shown) }, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/campaigns/{campaign}/figures/{key}/questions',
      tags: ['Questions'],
      summary: 'Every question about one figure of a unit',
      request: { params: FigureFilter.pick({ campaign: true, key: true }), query: FigureFilter.pick({ unit: true, part: true }) },
      responses: { 200: { description: 'Questions', content: { 'application/json': { schema: z.object({ questions: z.array(Question) }) } } }, ...refusals },
    }),
    async (c) => {
      const filter = { ...c.req.valid('param'), ...c.req.valid('query') }
      return c.json({ questions: (await asCaller(app, c, (ctx) => questionsAbout(ctx, filter))).map(shown) }, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/questions/{id}',
      tags: ['Questions'],
      summary: 'One question with what was said, and the figure then and now',
      request: { params: z.object({ id: z.uuid() }) },
      responses: { 200: { description: 'The question', content: { 'application/json': { schema: z.object({ question: Question, now: Figure, messages: z.array(Message) }) } } }, ...refusals },
    }),
    async (c) => {
      const { question, now, messages } = await asCaller(app, c, (ctx) => questionById(ctx, c.req.valid('param').id))
      return c.json({ question: shown(question), now, messages: messages.map(({ kind, text, at, author }) => ({ kind, text, at: at.toISOString(), author })) }, 200)
    },
  )
  const Asked = z.object({ questionId: z.string(), receipt: z.number().int().nullable().openapi({ description: 'null where the same question was there already' }) })
  api.openapi(
    createRoute({ method: 'post', path: '/questions', tags: ['Questions'], summary: 'Asks a unit beneath about one of its figures', request: body(QuestionInput), responses: { 201: { description: 'Asked', content: { 'application/json': { schema: Asked } } }, ...refusals } }),
    async (c) => c.json(await asCaller(app, c, (ctx) => askAbout(ctx, c.req.valid('json'))), 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/question-answers', tags: ['Questions'], summary: 'Answers, or says what was put right', request: body(AnswerInput), responses: saved() }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => answer(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/question-closings', tags: ['Questions'], summary: 'Ends the exchange; it stays with the figure', request: body(ClosingInput), responses: saved() }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => close(ctx, c.req.valid('json'))) }, 201),
  )
}

function shown(question: Listed): z.infer<typeof Question> {
  const { id, version, key, part, asOf, figure, text, dueOn, isOverdue } = question
  return {
    id, version, key, part, asOf, figure, text, dueOn, isOverdue,
    campaign: question.campaignCode,
    unit: question.unitCode,
    askedBy: question.askedByUnitName,
    askedAt: question.askedAt.toISOString(),
    escalatedTo: question.escalatedToUnitName,
    answeredAt: question.answeredAt?.toISOString() ?? null,
    closedAt: question.closedAt?.toISOString() ?? null,
  }
}
