import { createRoute, z } from '@hono/zod-openapi'
import { asCaller, body, refusals, saved, type Api } from '../../web/api.server.ts'
import type { App } from '../../web/context.ts'
import { Code } from '../../web/inputs.ts'
import { campaignByCode } from '../campaigns/campaigns.server.ts'
import { receiveCopies, sendCopies } from './copies.server.ts'
import { listMaterials, searchQuestions, textsOf, versionsOf } from './material-views.server.ts'
import { CopiesReceived, CopiesSent, MaterialInput, materialKinds, MaterialPublishing } from './materials.schema.ts'
import { addMaterial, materialById, publish } from './materials.server.ts'

const Material = z
  .object({
    id: z.string(),
    kind: z.enum(materialKinds),
    title: z.string(),
    unit: z.string().openapi({ description: 'Code of the unit that publishes it' }),
    number: z.number().int().openapi({ description: 'The latest version that the caller may read' }),
    publishedOn: z.string().nullable().openapi({ description: 'null while it is its unit’s alone' }),
    reachBy: z.string().nullable().openapi({ description: 'Day by which printed copies must be with the cells' }),
    isWithdrawn: z.boolean(),
    questions: z.number().int(),
  })
  .openapi('Material')

const Version = z
  .object({ number: z.number().int(), text: z.string(), address: z.string().nullable(), fileName: z.string().nullable(), changeNote: z.string().nullable(), publishedOn: z.string().nullable() })
  .openapi('MaterialVersion')

const Question = z
  .object({ materialId: z.string(), title: z.string(), number: z.number().int(), position: z.number().int(), part: z.string().nullable(), question: z.string(), answer: z.string() })
  .openapi('BookletQuestion')

/** Materials, their versions, questions and answers, and printed copies: the operations that pages call, with their schemas. */
export function materialsApi(api: Api, app: App): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/campaigns/{code}/materials',
      tags: ['Materials'],
      summary: 'Materials of a campaign',
      request: { params: z.object({ code: z.string().max(64) }), query: z.object({ q: z.string().max(200).optional() }) },
      responses: { 200: { description: 'Materials', content: { 'application/json': { schema: z.object({ materials: z.array(Material) }) } } }, ...refusals },
    }),
    async (c) => {
      const { q } = c.req.valid('query')
      const listed = await asCaller(app, c, async ({ tx }) => listMaterials(tx, { campaignId: (await campaignByCode(tx, c.req.valid('param').code)).id, ...(q ? { q } : {}) }))
      return c.json({ materials: listed.map(({ id, kind, title, unitCode: unit, number, publishedOn, reachBy, isWithdrawn, questions }) => ({ id, kind, title, unit, number, publishedOn, reachBy, isWithdrawn, questions })) }, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/materials/{id}',
      tags: ['Materials'],
      summary: 'The versions of a material, latest first',
      request: { params: z.object({ id: z.uuid() }) },
      responses: { 200: { description: 'Versions', content: { 'application/json': { schema: z.object({ title: z.string(), version: z.number().int(), versions: z.array(Version) }) } } }, ...refusals },
    }),
    async (c) => {
      const { material, versions, texts } = await asCaller(app, c, async ({ tx }) => {
        const versions = await versionsOf(tx, c.req.valid('param').id)
        return { material: await materialById(tx, c.req.valid('param').id), versions, texts: await textsOf(tx, versions.map((one) => one.id)) }
      })
      return c.json({ title: material.title, version: material.version, versions: versions.map(({ id, number, address, fileName, changeNote, publishedOn }) => ({ number, text: texts.get(id) ?? '', address, fileName, changeNote, publishedOn })) }, 200)
    },
  )
  const Found = z.object({ questions: z.array(Question), total: z.number().int(), pages: z.number().int() })
  api.openapi(
    createRoute({
      method: 'get',
      path: '/booklet-questions',
      tags: ['Materials'],
      summary: 'Questions and answers with every word, in any order, without marks',
      request: { query: z.object({ q: z.string().trim().max(200).default(''), campaign: Code.optional(), page: z.coerce.number().int().min(1).max(1000).default(1) }) },
      responses: { 200: { description: 'Questions', content: { 'application/json': { schema: Found } } }, ...refusals },
    }),
    async (c) => {
      const { q, campaign, page } = c.req.valid('query')
      const { found, total, pages } = await asCaller(app, c, async ({ tx }) => searchQuestions(tx, { q, campaignId: campaign ? (await campaignByCode(tx, campaign)).id : null, page }))
      return c.json({ questions: found.map(({ id: _, ...one }) => one), total, pages }, 200)
    },
  )
  const Added = z.object({ materialId: z.string(), receipt: z.number().int().nullable().openapi({ description: 'null where the same material was there already' }) })
  api.openapi(
    createRoute({ method: 'post', path: '/materials', tags: ['Materials'], summary: 'Adds a material with its first version, not published yet', request: body(MaterialInput.omit({ file: true })), responses: { 201: { description: 'Added', content: { 'application/json': { schema: Added } } }, ...refusals } }),
    async (c) => c.json(await asCaller(app, c, (ctx) => addMaterial(ctx, c.req.valid('json'))), 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/material-publications', tags: ['Materials'], summary: 'Publishes the version that is being written', request: body(MaterialPublishing), responses: saved() }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => publish(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/copies-sent', tags: ['Materials'], summary: 'Records printed copies sent to units directly beneath', request: body(CopiesSent), responses: saved() }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => sendCopies(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/copies-received', tags: ['Materials'], summary: 'Records printed copies that came', request: body(CopiesReceived), responses: saved() }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => receiveCopies(ctx, c.req.valid('json'))) }, 201),
  )
}
