import { createRoute, z } from '@hono/zod-openapi'
import { asCaller, body, refusals, saved, type Api } from '../../web/api.server.ts'
import type { App } from '../../web/context.ts'
import { AnswerKeeping, ClauseNaming } from './cascade.schema.ts'
import { answeredClauses, keepAnswers, nameClauses } from './clauses.server.ts'
import { exactMatrixAsked } from './matrix-view.server.ts'
import type { MatrixRow } from './matrix.ts'

const Cell = z.object({
  column: z.string(),
  duty: z.string(),
  state: z.enum(['missing', 'today', 'due', 'late', 'issued', 'waived']),
  dueOn: z.string().nullable(),
  doneOn: z.string().nullable(),
  lateBy: z.number().int().openapi({ description: 'Days after the due day; of a missing document until the day asked' }),
  days: z.number().int().nullable().openapi({ description: "From the superior's document to this one" }),
  document: z.object({ id: z.string(), number: z.string(), issuedOn: z.string().nullable() }).nullable(),
})
const RequiredDocuments = z
  .object({
    campaign: z.string(),
    unit: z.string(),
    asOf: z.string(),
    totals: z.object({ required: z.number().int(), missing: z.number().int(), missingUnits: z.number().int(), late: z.number().int(), lateUnits: z.number().int(), today: z.number().int(), due: z.number().int(), issued: z.number().int(), waived: z.number().int(), doneUnits: z.number().int(), units: z.number().int() }),
    columns: z.array(z.object({ key: z.string(), title: z.string(), type: z.string().nullable(), period: z.string(), dueOn: z.string().nullable() })),
    rows: z.array(
      z.object({
        unit: z.string(),
        name: z.string(),
        level: z.number().int(),
        cells: z.array(Cell),
        reached: z.object({ cells: z.number().int(), reached: z.number().int(), lastOn: z.string().nullable(), days: z.number().int().nullable() }).nullable(),
      }),
    ),
  })
  .openapi('RequiredDocuments')

const AnsweredClauses = z
  .object({
    document: z.string(),
    clauses: z.array(
      z.object({
        id: z.string(),
        key: z.string(),
        text: z.string(),
        answers: z.array(z.object({ unit: z.string(), document: z.string(), number: z.string().nullable(), clause: z.string().nullable(), state: z.string() })),
        without: z.array(z.string()).openapi({ description: 'Codes of units directly beneath that have not answered it' }),
      }),
    ),
  })
  .openapi('AnsweredClauses')

/** Required documents by unit, clauses and their answers. */
export function cascadeApi(api: Api, app: App): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/campaigns/{code}/documents',
      tags: ['Documents'],
      summary: 'Which unit has issued which required document, as of a day, the worst first',
      request: { params: z.object({ code: z.string().max(64) }), query: z.object({ unit: z.string().max(64).optional(), asOf: z.string().max(10).optional(), open: z.union([z.string(), z.array(z.string())]).optional().openapi({ description: 'Codes of units whose own are listed beneath them' }) }) },
      responses: { 200: { description: 'The matrix', content: { 'application/json': { schema: RequiredDocuments } } }, ...refusals },
    }),
    async (c) => {
      const { campaign, place, asOf, matrix, rows } = await asCaller(app, c, (ctx) => exactMatrixAsked(ctx, c.req.valid('param').code, new URL(c.req.url), 'vi'))
      const flat = (some: MatrixRow[]): MatrixRow[] => some.flatMap((row) => [row, ...flat(row.beneath)])
      const shown = flat(rows).map((row) => ({
        unit: row.unit.code,
        name: row.unit.name,
        level: row.level,
        cells: [...row.cells.values()].map(({ column, dutyId, state, dueOn, doneOn, lateBy, days, document }) => ({ column, duty: dutyId, state, dueOn, doneOn, lateBy, days, document })),
        reached: matrix.reached.get(row.unit.id) ?? null,
      }))
      return c.json({ campaign: campaign.code, unit: place.unit.code, asOf, totals: matrix.totals, columns: matrix.columns.map(({ key, title, type, period, dueOn }) => ({ key, title, type, period, dueOn })), rows: shown }, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/documents/{id}/clauses',
      tags: ['Documents'],
      summary: 'The clauses of a document, which units answered each and which did not',
      request: { params: z.object({ id: z.uuid() }) },
      responses: { 200: { description: 'Its clauses', content: { 'application/json': { schema: AnsweredClauses } } }, ...refusals },
    }),
    async (c) => {
      const { document, clauses } = await asCaller(app, c, (ctx) => answeredClauses(ctx, c.req.valid('param').id))
      return c.json({ document: document.id, clauses: clauses.map(({ id, key, text, answers, without }) => ({ id, key, text, answers: answers.map((one) => ({ unit: one.unitCode, document: one.documentId, number: one.written, clause: one.byKey, state: one.state })), without: without.map(({ code }) => code) })) }, 200)
    },
  )
  api.openapi(
    createRoute({ method: 'post', path: '/clause-namings', tags: ['Documents'], summary: 'Names the clauses of a document, whole', request: body(ClauseNaming), responses: saved() }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => nameClauses(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/clause-answers', tags: ['Documents'], summary: 'What one document answers in another, whole', request: body(AnswerKeeping), responses: saved() }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => keepAnswers(ctx, c.req.valid('json'))) }, 201),
  )
}
