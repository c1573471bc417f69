import { createRoute, z } from '@hono/zod-openapi'
import { asCaller, refusals, Receipt, type Api } from '../../web/api.server.ts'
import type { App } from '../../web/context.ts'
import { declareTotals, withdrawDeclaration } from './declarations.server.ts'
import { recordHeadCounts, sheetOf, sittingById, takeRoll } from './rolls.server.ts'
import { cancelSession, holdSession } from './sessions.server.ts'
import { Declaration, DeclarationWithdrawal, HeadCounts, MarkStatus, Roll, Session, SessionCancellation } from './study.schema.ts'

const SheetLine = z
  .object({
    personId: z.string(),
    name: z.string(),
    bornOn: z.string().nullable(),
    unitName: z.string(),
    isExempt: z.boolean(),
    status: MarkStatus.nullable(),
    reason: z.string().nullable(),
  })
  .openapi('SheetLine')

const Sheet = z.object({ sittingId: z.string(), heldOn: z.string(), name: z.string(), unit: z.string(), lines: z.array(SheetLine) }).openapi('Sheet')

/** Sessions, rolls, head counts and declarations: the operations that pages call, with their schemas. */
export function studyApi(api: Api, app: App): void {
  api.openapi(
    createRoute({
      method: 'post',
      path: '/sessions',
      tags: ['Study'],
      summary: 'Holds a conference or class with its sittings',
      request: body(Session),
      responses: {
        201: {
          description: 'Held',
          content: { 'application/json': { schema: z.object({ sessionId: z.string(), sittingIds: z.array(z.string()), receipt: z.number().int() }) } },
        },
        ...refusals,
      },
    }),
    async (c) => c.json(await asCaller(app, c, (ctx) => holdSession(ctx, c.req.valid('json'))), 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/session-cancellations', tags: ['Study'], summary: 'Cancels a session', request: body(SessionCancellation), responses: saved() }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => cancelSession(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/sittings/{id}/roll',
      tags: ['Study'],
      summary: 'The sheet of a sitting: everyone the caller may mark, with the current mark',
      request: { params: z.object({ id: z.uuid() }), query: z.object({ unit: z.string().max(64).optional() }) },
      responses: { 200: { description: 'The sheet', content: { 'application/json': { schema: Sheet } } }, ...refusals },
    }),
    async (c) => {
      const sheet = await asCaller(app, c, async (ctx) => {
        const sitting = await sittingById(ctx.tx, c.req.valid('param').id)
        const lines = await sheetOf(ctx, sitting, c.req.valid('query').unit)
        return {
          sittingId: sitting.id,
          heldOn: sitting.heldOn,
          name: sitting.name,
          unit: sitting.unitCode,
          lines: lines.map(({ personId, name, bornOn, unitName, isExempt, status, reason }) => ({ personId, name, bornOn, unitName, isExempt, status, reason })),
        }
      })
      return c.json(sheet, 200)
    },
  )
  api.openapi(
    createRoute({ method: 'post', path: '/rolls', tags: ['Study'], summary: 'Takes a roll: one mark a person, the later supersedes', request: body(Roll), responses: saved() }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => takeRoll(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/head-counts', tags: ['Study'], summary: 'Counts non-members at a sitting, by kind', request: body(HeadCounts), responses: saved() }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => recordHeadCounts(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/declarations', tags: ['Study'], summary: 'Declares totals of a unit that keeps no rolls', request: body(Declaration), responses: saved() }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => declareTotals(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/declaration-withdrawals', tags: ['Study'], summary: 'Withdraws the declared totals of a unit', request: body(DeclarationWithdrawal), responses: saved() }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => withdrawDeclaration(ctx, c.req.valid('json'))) }, 201),
  )
}

function body<Schema extends z.ZodType>(schema: Schema) {
  return { body: { content: { 'application/json': { schema } }, required: true } } as const
}

function saved() {
  return { 201: { description: 'Saved', content: { 'application/json': { schema: Receipt } } }, ...refusals }
}
