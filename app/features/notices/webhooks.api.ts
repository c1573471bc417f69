import { createRoute, z } from '@hono/zod-openapi'
import { asCaller, body, Receipt, refusals, saved, type Api } from '../../web/api.server.ts'
import type { App } from '../../web/context.ts'
import { NewWebhook, Resending, WebhookRemoval, WebhookRotation, WebhookSwitch } from './notices.schema.ts'
import { makeWebhook, removeWebhook, resend, rotateSecret, stuck, switchWebhook, webhooks } from './webhooks.server.ts'

const Count = z.number().int()
const json = <Schema extends z.ZodType>(description: string, schema: Schema) => ({ description, content: { 'application/json': { schema } } })

const Webhook = z
  .object({
    id: z.string(),
    name: z.string(),
    url: z.string(),
    unit: z.string().openapi({ description: 'Code of the unit; notices of it and of everything beneath' }),
    kinds: z.array(z.string()).openapi({ description: 'Empty: every kind' }),
    isOn: z.boolean(),
    waiting: Count,
    sent: Count,
    dead: Count.openapi({ description: 'Not tried any more; POST /delivery-retries sends them again' }),
    lastProblem: z.string().nullable(),
  })
  .openapi('Webhook')

const Secret = Receipt.extend({ secret: z.string().openapi({ description: 'Shown this once. A call is signed with it: `x-thong-suot-signature: v1=` and the HMAC-SHA256, in hex, of `timestamp.body`; the timestamp, in seconds, is `x-thong-suot-timestamp`' }) }).openapi('WebhookSecret')

const StuckDelivery = z
  .object({
    id: z.string(),
    webhook: z.string().nullable().openapi({ description: 'Its name; null for a letter, of which nobody’s name or address is told' }),
    purpose: z.string(),
    state: z.string().openapi({ description: 'dead: tried eight times or refused for good; held: from a restored backup' }),
    attempts: Count,
    since: z.string(),
    problem: z.string().nullable().openapi({ description: 'What the other side said last' }),
  })
  .openapi('StuckDelivery')

/** Webhooks and what did not arrive, for administrators: the operations that the page calls, with their schemas. */
export function webhooksApi(api: Api, app: App): void {
  const tags = ['Webhooks']
  api.openapi(createRoute({ method: 'get', path: '/webhooks', tags, summary: 'Webhooks the caller keeps, and how their calls fare', responses: { 200: json('Webhooks', z.array(Webhook)), ...refusals } }), async (c) =>
    c.json((await asCaller(app, c, webhooks)).map(({ unitCode, unitName: _, ...webhook }) => ({ ...webhook, unit: unitCode })), 200),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/webhooks', tags, summary: 'Adds a webhook of a unit; private addresses only where the settings allow them', request: body(NewWebhook), responses: { 201: json('Added, with its secret', Secret), ...refusals } }),
    async (c) => {
      const { secret, receipt } = await asCaller(app, c, (ctx) => makeWebhook(ctx, c.req.valid('json'), { keys: app.auth.keys, allowed: app.config.webhookPrivate ?? [] }))
      return c.json({ secret, receipt }, 201)
    },
  )
  api.openapi(createRoute({ method: 'post', path: '/webhook-rotations', tags, summary: 'Gives a webhook another secret; the old one ends at once', request: body(WebhookRotation), responses: { 201: json('The new secret', Secret), ...refusals } }), async (c) => {
    const { secret, receipt } = await asCaller(app, c, (ctx) => rotateSecret(ctx, c.req.valid('json'), { keys: app.auth.keys }))
    return c.json({ secret, receipt }, 201)
  })
  api.openapi(createRoute({ method: 'post', path: '/webhook-switchings', tags, summary: 'Pauses a webhook, or puts it on again; what waits for one that is paused is dropped', request: body(WebhookSwitch), responses: saved() }), async (c) =>
    c.json({ receipt: (await asCaller(app, c, (ctx) => switchWebhook(ctx, c.req.valid('json')))).receipt }, 201),
  )
  api.openapi(createRoute({ method: 'post', path: '/webhook-removals', tags, summary: 'Removes a webhook with what waits for it; its name says that it is meant', request: body(WebhookRemoval), responses: saved() }), async (c) =>
    c.json({ receipt: (await asCaller(app, c, (ctx) => removeWebhook(ctx, c.req.valid('json')))).receipt }, 201),
  )
  api.openapi(createRoute({ method: 'get', path: '/stuck-deliveries', tags, summary: 'What did not arrive and is not tried any more, at most 200', responses: { 200: json('Calls and letters', z.array(StuckDelivery)), ...refusals } }), async (c) =>
    c.json((await asCaller(app, c, stuck)).map((one) => ({ ...one, since: one.since.toISOString() })), 200),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/delivery-retries', tags, summary: 'Sends again what is not tried any more', request: body(Resending), responses: { 201: json('How many are sent again', Receipt.extend({ count: Count })), ...refusals } }),
    async (c) => c.json(await asCaller(app, c, (ctx) => resend(ctx, c.req.valid('json'))), 201),
  )
}
