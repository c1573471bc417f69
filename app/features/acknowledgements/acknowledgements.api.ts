import { createRoute, z } from '@hono/zod-openapi'
import { asCaller, body, refusals, saved, type Api } from '../../web/api.server.ts'
import type { App } from '../../web/context.ts'
import { placeOf } from '../units/place.server.ts'
import { askedOf, progressOf } from './acknowledgement-views.server.ts'
import { Acknowledgement, AcknowledgementRequest, depths, PaperAcknowledgements, RequestClosing } from './acknowledgements.schema.ts'
import { acknowledge, askToAcknowledge, closeRequest, keyInAcknowledgements, requestById } from './acknowledgements.server.ts'

const Depth = z.enum(depths)
const Owed = z
  .object({ requestId: z.string(), title: z.string(), number: z.number().int().nullable(), materialId: z.string().nullable(), documentId: z.string().nullable(), askedBy: z.string(), depth: Depth, dueOn: z.string(), answered: Depth.nullable() })
  .openapi('AcknowledgementAsked')
const Progress = z.object({ unit: z.string(), asked: z.number().int(), done: z.number().int(), begun: z.number().int() }).openapi('AcknowledgementProgress')

/** What is asked to be acknowledged, by whom, and how far units are. What a person said in their own words is on no list. */
export function acknowledgementsApi(api: Api, app: App): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/acknowledgements',
      tags: ['Acknowledgements'],
      summary: 'What the caller is asked to acknowledge, unanswered first',
      responses: { 200: { description: 'Requests', content: { 'application/json': { schema: z.object({ asked: z.array(Owed) }) } } }, ...refusals },
    }),
    async (c) => {
      const asked = await asCaller(app, c, (ctx) => askedOf(ctx))
      return c.json({ asked: asked.map(({ requestId, title, number, materialId, documentId, unitName: askedBy, depth, dueOn, answered }) => ({ requestId, title, number, materialId, documentId, askedBy, depth, dueOn, answered })) }, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/acknowledgement-requests/{id}',
      tags: ['Acknowledgements'],
      summary: 'How far a unit and those directly beneath are',
      request: { params: z.object({ id: z.uuid() }), query: z.object({ unit: z.string().max(64).optional() }) },
      responses: { 200: { description: 'Progress', content: { 'application/json': { schema: z.object({ depth: Depth, dueOn: z.string(), own: Progress, beneath: z.array(Progress) }) } } }, ...refusals },
    }),
    async (c) => {
      const { request, progress } = await asCaller(app, c, async (ctx) => {
        const request = await requestById(ctx.tx, c.req.valid('param').id)
        return { request, progress: await progressOf(ctx.tx, request.id, await placeOf(ctx, c.req.valid('query').unit ?? null, ctx.viewer.today)) }
      })
      const shown = ({ code: unit, asked, done, begun }: (typeof progress)['own']) => ({ unit, asked, done, begun })
      return c.json({ depth: request.depth, dueOn: request.dueOn, own: shown(progress.own), beneath: progress.beneath.map(shown) }, 200)
    },
  )
  const Asked = z.object({ requestId: z.string(), receipt: z.number().int().nullable() })
  api.openapi(
    createRoute({ method: 'post', path: '/acknowledgement-requests', tags: ['Acknowledgements'], summary: 'Asks people beneath to acknowledge a material or a document', request: body(AcknowledgementRequest), responses: { 201: { description: 'Asked', content: { 'application/json': { schema: Asked } } }, ...refusals } }),
    async (c) => c.json(await asCaller(app, c, (ctx) => askToAcknowledge(ctx, c.req.valid('json'))), 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/acknowledgements', tags: ['Acknowledgements'], summary: 'Answers for oneself', request: body(Acknowledgement), responses: saved() }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => acknowledge(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/paper-acknowledgements', tags: ['Acknowledgements'], summary: 'Keys in who signed the cell’s list on paper', request: body(PaperAcknowledgements), responses: saved() }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => keyInAcknowledgements(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/acknowledgement-request-closings', tags: ['Acknowledgements'], summary: 'Asks no longer; what was answered stays', request: body(RequestClosing), responses: saved() }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => closeRequest(ctx, c.req.valid('json'))) }, 201),
  )
}
