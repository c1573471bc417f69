import { createRoute, z } from '@hono/zod-openapi'
import { asCaller, asCallerInPerson, body, Receipt, refusals, type Api } from '../../web/api.server.ts'
import type { App } from '../../web/context.ts'
import { ActingChoice, NewActing } from './acting.schema.ts'
import { actingsKept, endActing, helpersOfOne, helping, nameHelper, type Acting } from './acting.server.ts'

const Naming = z
  .object({
    id: z.string(),
    helper: z.string().nullable(),
    helped: z.string().nullable(),
    unit: z.string(),
    from: z.string(),
    until: z.string().openapi({ description: 'The last day' }),
    reason: z.string(),
    namedBy: z.string().nullable(),
    isInForce: z.boolean(),
    hasEnded: z.boolean(),
  })
  .openapi('Naming')
const Namings = z.object({ helping: z.array(Naming), helped: z.array(Naming), kept: z.array(Naming) }).openapi('Namings')

/** Who acts for whom; to work in somebody's place is the pages' alone, since the mode belongs to a browser's session. */
export function actingApi(api: Api, app: App): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/namings',
      tags: ['Acting for others'],
      summary: 'Whom the caller acts for, who acts for the caller, and namings in the cells that the caller looks after',
      responses: { 200: json('Namings', Namings), ...refusals },
    }),
    async (c) =>
      c.json(
        await asCaller(app, c, async (ctx) => ({ helping: (await helping(ctx)).map(shown), helped: (await helpersOfOne(ctx)).map(shown), kept: (await actingsKept(ctx)).map(shown) })),
        200,
      ),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/namings', tags: ['Acting for others'], summary: 'Names a helper for a person; not by a token', request: body(NewActing), responses: { 201: json('Named', Receipt), ...refusals } }),
    async (c) => c.json({ receipt: (await asCallerInPerson(app, c, (ctx) => nameHelper(ctx, c.req.valid('json')))).receipt }, 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/naming-endings', tags: ['Acting for others'], summary: 'Ends a naming at once; not by a token', request: body(ActingChoice), responses: { 201: json('Ended', Receipt), ...refusals } }),
    async (c) => c.json({ receipt: (await asCallerInPerson(app, c, (ctx) => endActing(ctx, c.req.valid('json')))).receipt }, 201),
  )
}

function shown({ id, helper, helped, unit, from, until, reason, namedBy, isInForce, endedAt }: Acting): z.output<typeof Naming> {
  return { id, helper, helped, unit, from, until, reason, namedBy, isInForce, hasEnded: endedAt !== null }
}

function json<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } }
}
