import { createRoute, z } from '@hono/zod-openapi'
import { asCaller, refusals, type Api } from '../../web/api.server.ts'
import type { App } from '../../web/context.ts'
import { download } from '../../web/download.ts'
import { languageOf } from '../../web/language.ts'
import type { Ctx } from '../../permissions/permissions.ts'
import { exportOf, templateOf } from './export.server.ts'
import { fileOf } from './files.server.ts'
import { importWords } from './imports.messages.ts'
import { FileFormat, ImportAsked, ImportKind, Verdict } from './imports.schema.ts'
import { askForImport, bringFile, cancelImport, importById, importsOf, readAgain, rowsOf } from './imports.server.ts'
import { problemOf } from './row-wording.ts'
import { runFor } from './run.server.ts'

const patience = 2000 // ms; what takes longer is asked for again

const Head = z
  .object({
    id: z.string(),
    kind: ImportKind,
    unit: z.string().nullable(),
    effectiveOn: z.string(),
    fileName: z.string(),
    state: z.enum(['waiting', 'working', 'checked', 'refused', 'imported', 'cancelled']).openapi({ description: '`checked` is a dry run that may be carried out when no row is bad' }),
    done: z.number().int().openapi({ description: 'Rows of `total`, while it is at work' }),
    total: z.number().int(),
    counts: z.object({ bad: z.number().int(), new: z.number().int(), changed: z.number().int(), unchanged: z.number().int() }).nullable(),
    refusal: z.string().nullable().openapi({ description: 'Why the file was refused, or why nothing was imported' }),
    receipt: z.number().int().nullable(),
  })
  .openapi('Import')

const Row = z
  .object({ sheet: z.string(), row: z.number().int().openapi({ description: 'Of the sheet, from 1' }), verdict: Verdict, problems: z.array(z.object({ code: z.string(), column: z.string().nullable(), value: z.string().nullable(), sentence: z.string() })) })
  .openapi('ImportRow')

const Upload = ImportAsked.extend({ file: z.instanceof(File).refine((file) => file.size > 0, { params: { sentence: importWords.say('fileMissing') } }).openapi({ type: 'string', format: 'binary', description: 'XLSX or CSV, at most 20 MB' }) })
const Chosen = z.object({ id: z.uuid() })
const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({ description, content: { 'application/json': { schema } } })
const answers = { 400: refusals[400], 401: refusals[401], 403: refusals[403], 404: refusals[404], 422: refusals[422] }
const onOnePage = 200

/** Lists in and out of files: what the pages do, with the same rights. */
export function importsApi(api: Api, app: App): void {
  api.openapi(
    createRoute({
      method: 'post',
      path: '/imports',
      tags: ['Imports'],
      summary: 'Brings an XLSX or CSV file and has it compared with what there is; nothing is imported yet',
      request: { body: { required: true, content: { 'multipart/form-data': { schema: Upload } } } },
      responses: { 200: json(Head, 'As far as it was read within two seconds'), ...answers, 413: { ...refusals[422], description: 'The file is too large' } },
    }),
    async (c) => {
      const { file, ...asked } = c.req.valid('form')
      const bytes = new Uint8Array(await file.arrayBuffer())
      const made = await asCaller(app, c, async (ctx) => ({ importId: await bringFile(ctx, asked, { name: file.name, bytes }), personId: ctx.viewer.personId }))
      return c.json(await afterwards(c, made), 200)
    },
  )
  for (const [name, operation, summary] of [
    ['run', askForImport, 'Carries out an import that was read and has no bad row: everything or nothing'],
    ['again', readAgain, 'Compares the file once more with what there is now'],
    ['cancel', cancelImport, 'Gives an import up; the file and what was understood of it are removed'],
  ] as const) {
    api.openapi(
      createRoute({ method: 'post', path: `/imports/{id}/${name}`, tags: ['Imports'], summary, request: { params: Chosen }, responses: { 200: json(Head, 'The import afterwards'), ...answers } }),
      async (c) => {
        const made = await asCaller(app, c, async (ctx) => ({ importId: await operation(ctx, c.req.valid('param')), personId: ctx.viewer.personId }))
        return c.json(name === 'cancel' ? await headFor(c, made.importId) : await afterwards(c, made), 200)
      },
    )
  }
  api.openapi(
    createRoute({ method: 'get', path: '/imports', tags: ['Imports'], summary: 'One’s own imports, the latest first', responses: { 200: json(z.object({ imports: z.array(Head) }), 'At most twenty'), 401: refusals[401] } }),
    async (c) => c.json(await asCaller(app, c, async (ctx) => ({ imports: (await importsOf(ctx)).map((head) => told(head, languageOf(c.req.raw))) })), 200),
  )
  api.openapi(
    createRoute({ method: 'get', path: '/imports/{id}', tags: ['Imports'], summary: 'One of one’s own imports', request: { params: Chosen }, responses: { 200: json(Head, 'The import'), 401: refusals[401], 404: refusals[404], 422: refusals[422] } }),
    async (c) => c.json(await headFor(c, c.req.valid('param').id), 200),
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/imports/{id}/rows',
      tags: ['Imports'],
      summary: 'The rows of an import in the order of the file, with what is wrong with each',
      request: { params: Chosen, query: z.object({ verdict: Verdict.optional(), offset: z.coerce.number().int().min(0).max(1_000_000).default(0) }) },
      responses: { 200: json(z.object({ rows: z.array(Row) }), `At most ${onOnePage} from \`offset\``), 401: refusals[401], 404: refusals[404], 422: refusals[422] },
    }),
    async (c) => {
      const language = languageOf(c.req.raw)
      const { verdict, offset } = c.req.valid('query')
      const rows = await asCaller(app, c, async (ctx) => {
        const { id } = await importById(ctx, c.req.valid('param').id)
        return rowsOf(ctx, id, { offset, most: onOnePage, ...(verdict && { verdict }) })
      })
      return c.json({ rows: rows.map((row) => ({ sheet: row.sheet, row: row.number, verdict: row.verdict, problems: row.problems.map((problem) => ({ code: problem.key, column: problem.column, value: problem.value, sentence: problemOf(problem, language) })) })) }, 200)
    },
  )
  filesApi(api, app)

  type Call = Parameters<typeof asCaller>[1]
  const headFor = (c: Call, id: string) => asCaller(app, c, async (ctx: Ctx) => told(await importById(ctx, id), languageOf(c.req.raw)))
  const afterwards = async (c: Call, made: { importId: string; personId: string }) => {
    await runFor(patience, app, made)
    return headFor(c, made.importId)
  }
}

function told({ id, kind, unitName, effectiveOn, fileName, state, done, total, counts, refusal, receipt }: Awaited<ReturnType<typeof importById>>, language: 'vi' | 'en') {
  return { id, kind, unit: unitName, effectiveOn, fileName, state, done, total, counts: counts && { bad: counts.bad, new: counts.new, changed: counts.changed, unchanged: counts.unchanged }, refusal: refusal?.[language] ?? null, receipt }
}

function filesApi(api: Api, app: App): void {
  const binary = { description: 'The file', content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } } }
  api.openapi(
    createRoute({ method: 'get', path: '/lists/{kind}', tags: ['Imports'], summary: 'What there is today, as a file that can be imported again', request: { params: z.object({ kind: ImportKind }), query: z.object({ format: FileFormat.default('xlsx'), unit: z.string().max(64).optional() }) }, responses: { 200: binary, ...answers } }),
    async (c) => {
      const { kind } = c.req.valid('param')
      const { format, unit } = c.req.valid('query')
      const grids = await asCaller(app, c, (ctx) => exportOf(ctx, kind, unit ?? null, languageOf(c.req.raw)))
      return download(await fileOf(grids, format, kind)) as never
    },
  )
  api.openapi(
    createRoute({ method: 'get', path: '/lists/{kind}/template', tags: ['Imports'], summary: 'An empty list with headings, an example and notes', request: { params: z.object({ kind: ImportKind }) }, responses: { 200: binary, 401: refusals[401], 422: refusals[422] } }),
    async (c) => {
      await asCaller(app, c, () => Promise.resolve())
      const { kind } = c.req.valid('param')
      return download(await fileOf(templateOf(kind, languageOf(c.req.raw)), 'xlsx', `mau-${kind}`)) as never
    },
  )
}
