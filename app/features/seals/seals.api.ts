import { createRoute, z } from '@hono/zod-openapi'
import { Forbidden } from '../../platform/errors.ts'
import { mediaTypes } from '../../platform/files/media-types.ts'
import { asCaller, refusals, Receipt, type Api } from '../../web/api.server.ts'
import type { App } from '../../web/context.ts'
import { languageOf } from '../../web/language.ts'
import { unitByCode } from '../units/units.server.ts'
import { addCorrection, differencesOf } from './corrections.server.ts'
import { deploymentKey } from './deployment-key.server.ts'
import { sealArchive } from './seal-files.server.ts'
import { sealByCode, sealsOf } from './seal-views.server.ts'
import { sealWords } from './seals.messages.ts'
import { CampaignReportSeal, FilingSeal, SealCorrection } from './seals.schema.ts'
import { sealCampaignReport, sealReport } from './seals.server.ts'

const Value = z.object({ numerator: z.number().int(), denominator: z.number().int().nullable() })
const SealAnswer = z
  .object({
    code: z.string(),
    hash: z.string().openapi({ description: 'SHA-256 of the content in canonical JSON (RFC 8785), when isWhole' }),
    unit: z.string(),
    campaign: z.string(),
    asOf: z.string(),
    sealedAt: z.string(),
    sealedBy: z.string().nullable(),
    isWhole: z.boolean().openapi({ description: 'False where units are folded together and texts left out, since they are not the caller’s to see' }),
    content: z.record(z.string(), z.any()).openapi({ description: 'What was frozen: report, form, definitions' }),
    corrections: z.array(z.object({ indicator: z.string(), ...Value.shape, reason: z.string(), recordedAt: z.string(), recordedBy: z.string().nullable() })),
    differences: z.array(z.object({ key: z.string(), sealed: Value, current: Value, today: Value })).openapi({ description: 'Figures counted otherwise today for the same day' }),
  })
  .openapi('Seal')

const SealLine = z
  .object({
    code: z.string(),
    round: z.string().nullable(),
    asOf: z.string(),
    sealedAt: z.string(),
    sealedBy: z.string().nullable(),
    studied: z.number().int(),
    expected: z.number().int(),
    corrections: z.number().int(),
    corrected: Value.nullable().openapi({ description: 'What the number of those who studied was last corrected to' }),
  })
  .openapi('SealLine')

const code = z.object({ code: z.string().max(30).openapi({ example: 'TS-7K4M-2QXD' }) })

/** Sealed reports: sealing, reading, correcting, and the archive that proves itself. */
export function sealsApi(api: Api, app: App): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/seals',
      tags: ['Seals'],
      summary: 'Sealed reports of a unit, the latest day first',
      request: { query: z.object({ unit: z.string().max(64) }) },
      responses: { 200: { description: 'The reports', content: { 'application/json': { schema: z.object({ seals: z.array(SealLine) }) } } }, ...refusals },
    }),
    async (c) => {
      const lines = await asCaller(app, c, async ({ tx }) => sealsOf(tx, (await unitByCode(tx, c.req.valid('query').unit)).id))
      return c.json({ seals: lines.map(({ campaignName: _, sealedAt, ...line }) => ({ ...line, sealedAt: sealedAt.toISOString() })) }, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/seals',
      tags: ['Seals'],
      summary: 'Seals the consolidated report of a round, or a unit’s report of a day',
      request: { body: { content: { 'application/json': { schema: z.union([FilingSeal, CampaignReportSeal]) } }, required: true } },
      responses: { 201: { description: 'Sealed', content: { 'application/json': { schema: z.object({ code: z.string(), receipt: z.number().int() }) } } }, ...refusals },
    }),
    async (c) => {
      const input = c.req.valid('json')
      return c.json(await asCaller(app, c, (ctx) => ('filingId' in input ? sealReport(ctx, input) : sealCampaignReport(ctx, input))), 201)
    },
  )
  api.openapi(
    createRoute({ method: 'get', path: '/seals/{code}', tags: ['Seals'], summary: 'A sealed report with its corrections', request: { params: code }, responses: { 200: { description: 'The report', content: { 'application/json': { schema: SealAnswer } } }, ...refusals } }),
    async (c) => {
      const answer = await asCaller(app, c, async ({ tx }) => {
        const seal = await sealByCode(tx, c.req.valid('param').code)
        const value = ({ numerator, denominator }: z.infer<typeof Value>) => ({ numerator, denominator })
        return {
          code: seal.code,
          hash: seal.hash,
          unit: seal.unit.code,
          campaign: seal.campaign.code,
          asOf: seal.asOf,
          sealedAt: seal.sealedAt.toISOString(),
          sealedBy: seal.sealedBy,
          isWhole: seal.isWhole,
          content: seal.content,
          corrections: seal.corrections.map(({ recordedAt, ...correction }) => ({ ...correction, recordedAt: recordedAt.toISOString() })),
          differences: (await differencesOf(tx, seal)).map(({ key, sealed, current, today }) => ({ key, sealed: value(sealed), current: value(current), today: value(today) })),
        }
      })
      return c.json(answer, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/seals/{code}/corrections',
      tags: ['Seals'],
      summary: 'Adds a dated correction beside a sealed figure',
      request: { params: code, body: { content: { 'application/json': { schema: SealCorrection.omit({ code: true }) } }, required: true } },
      responses: { 201: { description: 'Added', content: { 'application/json': { schema: Receipt } } }, ...refusals },
    }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => addCorrection(ctx, { ...c.req.valid('json'), ...c.req.valid('param') })) }, 201),
  )
  api.openapi(
    createRoute({ method: 'get', path: '/seals/{code}/archive.zip', tags: ['Seals'], summary: 'The signed archive of a sealed report', request: { params: code }, responses: { 200: { description: 'The archive', content: { [mediaTypes.zip]: { schema: z.any() } } }, ...refusals } }),
    async (c) => {
      const seal = await asCaller(app, c, async ({ tx }) => {
        const found = await sealByCode(tx, c.req.valid('param').code)
        if (!found.isWhole) throw new Forbidden(sealWords.say('archiveNotWhole'))
        return found
      })
      const bytes = await sealArchive(seal, await deploymentKey(app.db, app.log), { language: languageOf(c.req.raw), timeZone: app.config.timeZone })
      return c.body(bytes as Uint8Array<ArrayBuffer>, 200, { 'Content-Type': mediaTypes.zip, 'Content-Disposition': `attachment; filename="${seal.code}.zip"` })
    },
  )
}
