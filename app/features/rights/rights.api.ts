import { createRoute, z } from '@hono/zod-openapi'
import { asCaller, body, Receipt, refusals, type Api } from '../../web/api.server.ts'
import type { App } from '../../web/context.ts'
import { languageOf } from '../../web/language.ts'
import { amendmentsToAnswer, answerAmendment, askAmendment, ownAmendments, withdrawAmendment, type Amendment as Listed } from './amendments.server.ts'
import { doingOf } from './doing.server.ts'
import { heldJson } from './held-file.server.ts'
import { heldAbout } from './held.server.ts'
import { AmendmentAnswer, AmendmentInput, AmendmentWithdrawal } from './rights.schema.ts'
import { rightsOf } from './rights.server.ts'

const day = z.string().nullable()
const Rights = z
  .object({
    personId: z.string(),
    name: z.string(),
    grounds: z.array(z.object({ ground: z.number().int(), kind: z.enum(['office', 'succession', 'assignment', 'membership']), role: z.string().nullable(), title: z.string().nullable(), unitId: z.string(), unit: z.string().nullable(), via: z.string().nullable(), since: day, until: day.openapi({ description: 'The first day that no longer counts' }) })),
    reach: z.array(z.object({ ground: z.number().int(), opens: z.enum(['people', 'listed', 'figures', 'name']), units: z.number().int(), first: z.array(z.string()) })),
    totals: z.object({ people: z.number().int(), listed: z.number().int(), figures: z.number().int(), name: z.number().int() }).openapi({ description: 'Units whose people, figures and names are seen' }),
    people: z.number().int().nullable().openapi({ description: 'Other people seen by name; null of somebody else' }),
    campaigns: z.object({ count: z.number().int(), names: z.array(z.string()) }),
    may: z.array(z.object({ role: z.string(), unit: z.string().nullable(), levels: z.number().int().nullable().openapi({ description: 'How far beneath; null: all of it' }), actions: z.array(z.string()) })),
    mayNot: z.array(z.object({ action: z.string(), holders: z.array(z.object({ role: z.string(), unit: z.string(), name: z.string() })) })),
  })
  .openapi('Rights')

const Fact = z.object({ item: z.string(), rowId: z.string().nullable(), unit: z.string().nullable(), detail: z.record(z.string(), z.unknown()), since: day, until: day, recordedAt: day, recordedBy: z.string().nullable(), source: z.string().nullable(), label: z.string(), value: z.string() })
const Held = z.object({ person: z.string(), asOf: z.string(), facts: z.array(Fact) }).openapi('Held')

const Amendment = z
  .object({ id: z.string(), version: z.number().int(), who: z.string(), unit: z.string(), item: z.string(), rowId: z.string().nullable(), held: z.string(), wanted: z.string(), reason: z.string(), askedAt: z.string(), dueOn: z.string(), outcome: z.enum(['corrected', 'refused', 'withdrawn']).nullable(), answer: z.string().nullable(), answeredAt: day, answeredBy: z.string().nullable() })
  .openapi('Amendment')

/** What one sees and why, what is held about one, and requests to put it right. */
export function rightsApi(api: Api, app: App): void {
  api.openapi(
    createRoute({ method: 'get', path: '/rights', tags: ['Rights'], summary: 'What the caller may see and do, and why; for an administrator of an account beneath', request: { query: z.object({ person: z.uuid().optional() }) }, responses: { 200: found('The rights', Rights), ...refusals } }),
    async (c) => {
      const { person } = c.req.valid('query')
      const answer = await asCaller(app, c, async (ctx) => {
        const { isOwn: _, ...rights } = await rightsOf(ctx, person ?? ctx.viewer.personId)
        const { may, mayNot } = await doingOf(ctx, { ...rights, isOwn: !person })
        return {
          ...rights,
          may: may.map(({ role, unit, levels, actions }) => ({ role, unit, levels: Number.isFinite(levels) ? levels : null, actions })),
          mayNot: mayNot.map(({ action, holders }) => ({ action, holders: holders.map(({ role, unit, name }) => ({ role, unit, name })) })),
        }
      })
      return c.json(answer, 200)
    },
  )
  api.openapi(
    createRoute({ method: 'get', path: '/held', tags: ['Rights'], summary: 'Everything held about the caller', responses: { 200: found('The facts', Held), ...refusals } }),
    async (c) => {
      const { timeZone } = app.config
      return c.json(await asCaller(app, c, async (ctx) => heldJson(await heldAbout(ctx), { name: ctx.viewer.name, today: ctx.viewer.today, language: languageOf(c.req.raw), timeZone })), 200)
    },
  )
  const Lists = z.object({ own: z.array(Amendment), waiting: z.array(Amendment), answered: z.array(Amendment) })
  api.openapi(
    createRoute({ method: 'get', path: '/amendments', tags: ['Rights'], summary: 'The caller’s own requests to put something right, and those that the caller’s units answer', responses: { 200: found('Requests', Lists), ...refusals } }),
    async (c) => {
      const { own, waiting, answered } = await asCaller(app, c, async (ctx) => ({ own: await ownAmendments(ctx), ...(await amendmentsToAnswer(ctx)) }))
      return c.json({ own: own.map(shown), waiting: waiting.map(shown), answered: answered.map(shown) }, 200)
    },
  )
  const Asked = z.object({ amendmentId: z.string(), dueOn: z.string(), receipt: z.number().int() })
  api.openapi(
    createRoute({ method: 'post', path: '/amendments', tags: ['Rights'], summary: 'Asks one’s unit to put right a fact held about one; changes nothing by itself', request: body(AmendmentInput), responses: { 201: found('Asked', Asked), ...refusals } }),
    async (c) => {
      const { amendmentId, dueOn, receipt } = await asCaller(app, c, (ctx) => askAmendment(ctx, c.req.valid('json'), languageOf(c.req.raw)))
      return c.json({ amendmentId, dueOn, receipt }, 201)
    },
  )
  api.openapi(
    createRoute({ method: 'post', path: '/amendment-answers', tags: ['Rights'], summary: 'Tells who asked that it was put right, or why not', request: body(AmendmentAnswer), responses: { 201: found('Answered', Receipt), ...refusals } }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => answerAmendment(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/amendment-withdrawals', tags: ['Rights'], summary: 'Takes one’s own request back', request: body(AmendmentWithdrawal), responses: { 201: found('Withdrawn', Receipt), ...refusals } }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => withdrawAmendment(ctx, c.req.valid('json'))) }, 201),
  )
}

function shown({ askedAt, answeredAt, unitName, personId: _, ...request }: Listed): z.infer<typeof Amendment> {
  return { ...request, unit: unitName, askedAt: askedAt.toISOString(), answeredAt: answeredAt?.toISOString() ?? null }
}

function found<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } }
}
