import { createRoute, z } from '@hono/zod-openapi'
import { asCaller, refusals, type Api } from '../../web/api.server.ts'
import type { App } from '../../web/context.ts'
import { languageOf } from '../../web/language.ts'
import { ownNotices } from './notice-views.server.ts'
import { Reading } from './notices.schema.ts'
import { markRead } from './reading.server.ts'

const onOnePage = 100

const Notice = z
  .object({
    id: z.string(),
    kind: z.string(),
    sentence: z.string().openapi({ description: 'In the language of the call; says nothing but that when what it is about is closed to the caller by now' }),
    note: z.string().nullable().openapi({ description: 'What somebody wrote beside it, such as who urges' }),
    path: z.string().nullable().openapi({ description: 'The page it opens; null when that is closed to the caller' }),
    isRequired: z.boolean(),
    times: z.number().int().openapi({ description: 'How often it was said while it was unread' }),
    madeAt: z.string(),
    readAt: z.string().nullable(),
  })
  .openapi('Notice')

/** One's own notices, and reading them. */
export function noticesApi(api: Api, app: App): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/notices',
      tags: ['Notices'],
      summary: `The caller's own notices, the unread first, at most ${onOnePage} a page`,
      request: { query: z.object({ page: z.coerce.number().int().min(1).max(10_000).default(1) }) },
      responses: { 200: { description: 'Notices', content: { 'application/json': { schema: z.object({ total: z.number().int(), unread: z.number().int(), notices: z.array(Notice) }) } } }, ...refusals },
    }),
    async (c) => {
      const { page } = c.req.valid('query')
      const { notices, ...counts } = await asCaller(app, c, ({ tx }) => ownNotices(tx, languageOf(c.req.raw), { limit: onOnePage, offset: (page - 1) * onOnePage }))
      return c.json({ ...counts, notices: notices.map(({ occasion, madeAt, readAt, ...notice }) => ({ ...notice, times: occasion, madeAt: madeAt.toISOString(), readAt: readAt?.toISOString() ?? null })) }, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/notices-read',
      tags: ['Notices'],
      summary: 'Marks notices as read: those named, or all',
      request: { body: { content: { 'application/json': { schema: Reading } }, required: true } },
      responses: { 200: { description: 'How many were unread', content: { 'application/json': { schema: z.object({ read: z.number().int() }) } } }, ...refusals },
    }),
    async (c) => c.json({ read: await asCaller(app, c, (ctx) => markRead(ctx, c.req.valid('json'))) }, 200),
  )
}
