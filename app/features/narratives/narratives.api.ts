import { createRoute, z } from '@hono/zod-openapi'
import { asCaller, refusals, Receipt, type Api } from '../../web/api.server.ts'
import { mediaTypes } from '../../platform/files/media-types.ts'
import type { App } from '../../web/context.ts'
import { unitByCode } from '../units/units.server.ts'
import { narrativeFile, narrativeFormats } from './narrative-file.server.ts'
import { buildNarrative } from './narratives.server.ts'
import { WordingInput, WordingReset } from './narratives.schema.ts'
import { placeholdersOf, sentenceKeys } from './sentences.ts'
import { resetWording, saveWording, wordingOf } from './wording.server.ts'

const types = { ...mediaTypes, json: 'application/json' }

const Sentence = z
  .object({
    key: z.string(),
    text: z.string().openapi({ description: 'With {placeholders} where figures stand' }),
    version: z.number().int().openapi({ description: '0: the product’s wording' }),
    placeholders: z.array(z.string()),
  })
  .openapi('NarrativeSentence')

/** The report of a campaign in sentences, and how a unit words them. */
export function narrativesApi(api: Api, app: App): void {
  for (const format of narrativeFormats) {
    api.openapi(
      createRoute({
        method: 'get',
        path: `/campaigns/{code}/narrative.${format}`,
        tags: ['Narratives'],
        summary: `The report of a campaign in sentences, as ${format.toUpperCase()}`,
        request: { params: z.object({ code: z.string().max(64) }), query: z.object({ unit: z.string().max(64).openapi({ description: 'Code of the unit' }), asOf: z.iso.date() }) },
        responses: { 200: { description: 'The report', content: { [types[format]]: { schema: z.any() } } }, ...refusals },
      }),
      async (c) => {
        const { unit, asOf } = c.req.valid('query')
        const narrative = await asCaller(app, c, ({ tx }) => buildNarrative(tx, { campaignCode: c.req.valid('param').code, unitCode: unit, asOf }))
        const file = await narrativeFile(narrative, format)
        return c.body(file.bytes as Uint8Array<ArrayBuffer>, 200, {
          'Content-Type': file.contentType,
          ...(format === 'json' ? {} : { 'Content-Disposition': `attachment; filename="${file.fileName}"` }),
        })
      },
    )
  }
  api.openapi(
    createRoute({
      method: 'get',
      path: '/units/{unit}/narrative-sentences',
      tags: ['Narratives'],
      summary: 'How a unit words each sentence, and what each may name',
      request: { params: z.object({ unit: z.string().max(64) }) },
      responses: { 200: { description: 'The sentences', content: { 'application/json': { schema: z.object({ sentences: z.array(Sentence) }) } } }, ...refusals },
    }),
    async (c) => {
      const wording = await asCaller(app, c, async ({ tx }) => wordingOf(tx, (await unitByCode(tx, c.req.valid('param').unit)).id))
      return c.json({ sentences: sentenceKeys.map((key) => ({ key, ...wording[key], placeholders: placeholdersOf(key) })) }, 200)
    },
  )
  const saved = { 201: { description: 'Saved', content: { 'application/json': { schema: Receipt } } }, ...refusals }
  api.openapi(
    createRoute({ method: 'post', path: '/narrative-wordings', tags: ['Narratives'], summary: 'Words one sentence a unit’s own way', request: { body: { content: { 'application/json': { schema: WordingInput } }, required: true } }, responses: saved }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => saveWording(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/narrative-wording-resets', tags: ['Narratives'], summary: 'Goes back to the product’s wording', request: { body: { content: { 'application/json': { schema: WordingReset } }, required: true } }, responses: saved }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => resetWording(ctx, c.req.valid('json'))) }, 201),
  )
}
