import { createRoute, z } from '@hono/zod-openapi'
import { languageOf } from '../../web/language.ts'
import { asCaller, refusals, type Api } from '../../web/api.server.ts'
import { mediaTypes } from '../../platform/files/media-types.ts'
import type { App } from '../../web/context.ts'
import { reportFile, reportFormats } from './report-file.server.ts'
import { buildReport } from './reports.server.ts'

const types = { ...mediaTypes, json: 'application/json' }

/** The report of a unit as JSON, DOCX, PDF and XLSX. */
export function reportsApi(api: Api, app: App): void {
  for (const format of reportFormats) {
    api.openapi(
      createRoute({
        method: 'get',
        path: `/campaigns/{code}/report.${format}`,
        tags: ['Reports'],
        summary: `The report of a unit as of a day, as ${format.toUpperCase()}`,
        request: {
          params: z.object({ code: z.string().max(64) }),
          query: z.object({
            unit: z.string().max(64).openapi({ description: 'Code of the unit', example: 'can-tho' }),
            asOf: z.iso.date().openapi({ example: '2021-06-30' }),
            resolution: z.string().max(64).optional().openapi({ description: 'Code of one resolution; the whole campaign when left out' }),
            knownAt: z.iso.datetime({ offset: true }).optional().openapi({ description: 'As the records were known at that instant' }),
          }),
        },
        responses: { 200: { description: 'The report', content: { [types[format]]: { schema: z.any() } } }, ...refusals },
      }),
      async (c) => {
        const { code } = c.req.valid('param')
        const { unit, asOf, resolution, knownAt } = c.req.valid('query')
        const report = await asCaller(app, c, ({ tx }) =>
          buildReport(tx, { campaignCode: code, unitCode: unit, asOf, resolutionCode: resolution, knownAt: knownAt ? new Date(knownAt) : undefined }),
        )
        const file = await reportFile(report, format, languageOf(c.req.raw))
        return c.body(file.bytes as Uint8Array<ArrayBuffer>, 200, {
          'Content-Type': file.contentType,
          ...(format === 'json' ? {} : { 'Content-Disposition': `attachment; filename="${file.fileName}"` }),
        })
      },
    )
  }
}
