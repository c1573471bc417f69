import { createRoute, z } from '@hono/zod-openapi'
import { chainOf, demand } from '../../permissions/permissions.ts'
import { serveFile } from '../../platform/files/serve.ts'
import { asCaller, refusals, Receipt, uploadAsCaller, uploadBody, type Api } from '../../web/api.server.ts'
import type { App } from '../../web/context.ts'
import { unitByCode } from '../units/units.server.ts'
import { correctDocument } from './corrections.server.ts'
import { type DocumentHead } from './document-rows.server.ts'
import { documentWhole } from './document-views.server.ts'
import { draftDocument, grammarOf, issueDocument, withdrawDocument } from './documents.server.ts'
import { DocumentCorrection, DocumentDraft, DocumentIssue, DocumentReceived, DocumentSearch, DocumentState, DocumentType, DocumentWithdrawal, FileAttached, FileKind, Grammar, IncomingDocument, RelationKind, Urgency } from './documents.schema.ts'
import { attachFile, documentFile, documentUpload } from './files.server.ts'
import { registerIncoming } from './incoming.server.ts'
import { nextNumber } from './numbers/series.server.ts'
import { confirmReceived } from './recipients.server.ts'
import { documentsOnAPage, searchDocuments } from './search.server.ts'

const Row = z
  .object({
    id: z.string(),
    unit: z.string().openapi({ description: 'Code of the unit whose register holds it; empty where the caller does not see the unit' }),
    issuer: z.string(),
    isIncoming: z.boolean().openapi({ description: 'Issued elsewhere and registered by the unit' }),
    campaign: z.string().nullable(),
    type: DocumentType,
    grammar: Grammar,
    written: z.string().nullable().openapi({ description: 'Number and symbol', example: '17-KH/TU' }),
    number: z.number().int().nullable(),
    symbol: z.string().nullable(),
    abstract: z.string(),
    urgency: Urgency,
    issuedOn: z.string().nullable(),
    receivedOn: z.string().nullable(),
    state: DocumentState,
    version: z.number().int(),
  })
  .openapi('DocumentRow')

const Related = z.object({ kind: RelationKind, id: z.string(), written: z.string().nullable(), abstract: z.string() })
const Whole = Row.extend({
  place: z.string().nullable(),
  signedAs: z.string().nullable(),
  signerPosition: z.string().nullable(),
  signerName: z.string().nullable(),
  text: z.string().nullable(),
  withdrawnReason: z.string().nullable(),
  replacedBy: z.string().nullable(),
  standsOn: z.array(Related),
  basisOf: z.array(Related),
  recipients: z.array(z.object({ unit: z.string().nullable(), name: z.string(), receivedAt: z.string().nullable() })),
  files: z.array(z.object({ id: z.string(), name: z.string(), kind: FileKind, mediaType: z.string(), sizeBytes: z.number().int() })),
}).openapi('DocumentWhole')

const Saved = z.object({ documentId: z.string(), receipt: z.number().int() }).openapi('DocumentSaved')

/** The register of documents: the operations that pages call, with their schemas. */
export function documentsApi(api: Api, app: App): void {
  reading(api, app)
  const writes = { tags: ['Documents'], method: 'post' as const }
  api.openapi(createRoute({ ...writes, path: '/document-drafts', summary: 'Begins a unit’s own document, or gives a draft new content', request: body(DocumentDraft), responses: answers(Saved) }), async (c) =>
    c.json(await asCaller(app, c, (ctx) => draftDocument(ctx, c.req.valid('json'))), 201),
  )
  api.openapi(
    createRoute({
      ...writes,
      path: '/document-issues',
      summary: 'Issues a draft under the next number of its series, or the one given',
      request: body(DocumentIssue),
      responses: answers(Saved.extend({ number: z.number().int().nullable(), written: z.string().nullable() })),
    }),
    async (c) => c.json(await asCaller(app, c, (ctx) => issueDocument(ctx, c.req.valid('json'))), 201),
  )
  api.openapi(createRoute({ ...writes, path: '/incoming-documents', summary: 'Enters a document from elsewhere in a unit’s register', request: body(IncomingDocument), responses: answers(Saved) }), async (c) =>
    c.json(await asCaller(app, c, (ctx) => registerIncoming(ctx, c.req.valid('json'))), 201),
  )
  api.openapi(createRoute({ ...writes, path: '/document-corrections', summary: 'Puts right what the register says of a document that is out; what stood there is kept', request: body(DocumentCorrection), responses: answers(Saved) }), async (c) =>
    c.json(await asCaller(app, c, (ctx) => correctDocument(ctx, c.req.valid('json'))), 201),
  )
  api.openapi(createRoute({ ...writes, path: '/document-withdrawals', summary: 'Takes an issued document back, with the reason', request: body(DocumentWithdrawal), responses: answers(Receipt) }), async (c) =>
    c.json({ receipt: await asCaller(app, c, (ctx) => withdrawDocument(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(createRoute({ ...writes, path: '/document-receptions', summary: 'Says that a unit received a document, or takes that back', request: body(DocumentReceived), responses: answers(Receipt) }), async (c) =>
    c.json({ receipt: await asCaller(app, c, (ctx) => confirmReceived(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({
      ...writes,
      path: '/document-files',
      summary: 'Attaches a file of at most 100 MB to a document, in the place of another when replacesId names it',
      ...uploadBody({ documentId: 'Of the document', kind: 'scan, signed, text or annex' }, { file: 'PDF, office file, text or picture' }),
      responses: answers(z.object({ fileId: z.string(), receipt: z.number().int() })),
    }),
    async (c) => c.json(await uploadAsCaller(app, c, FileAttached, documentUpload, attachFile), 201),
  )
}

function reading(api: Api, app: App): void {
  const reads = { tags: ['Documents'], method: 'get' as const }
  api.openapi(
    createRoute({
      ...reads,
      path: '/documents',
      summary: `Documents that the caller may see, the latest first, at most ${documentsOnAPage} a page`,
      request: { query: DocumentSearch },
      responses: { 200: { description: 'Documents', content: { 'application/json': { schema: z.object({ total: z.number().int(), documents: z.array(Row) }) } } }, ...refusals },
    }),
    async (c) => {
      const { total, documents } = await asCaller(app, c, (ctx) => searchDocuments(ctx, c.req.valid('query')))
      return c.json({ total, documents: documents.map(rowOf) }, 200)
    },
  )
  api.openapi(
    createRoute({ ...reads, path: '/documents/{id}', summary: 'One document with its relations, recipients and files', request: { params: z.object({ id: z.uuid() }) }, responses: { 200: { description: 'The document', content: { 'application/json': { schema: Whole } } }, ...refusals } }),
    async (c) => {
      const whole = await asCaller(app, c, (ctx) => documentWhole(ctx, c.req.valid('param').id))
      const { place, signedAs, signerPosition, signerName, text, withdrawnReason } = whole
      const related = (list: typeof whole.relations.to) => list.map(({ kind, document }) => ({ kind, id: document.id, written: document.written, abstract: document.abstract }))
      return c.json(
        {
          ...rowOf(whole),
          place, signedAs, signerPosition, signerName, text, withdrawnReason,
          replacedBy: whole.replacedBy?.id ?? null,
          standsOn: related(whole.relations.to),
          basisOf: related(whole.relations.from),
          recipients: whole.recipients.map(({ unitCode, name, receivedAt }) => ({ unit: unitCode, name, receivedAt: receivedAt?.toISOString() ?? null })),
          files: whole.files.filter((file) => file.supersededAt === null).map(({ id, name, kind, mediaType, sizeBytes }) => ({ id, name, kind, mediaType, sizeBytes })),
        },
        200,
      )
    },
  )
  api.openapi(
    createRoute({ ...reads, path: '/documents/{id}/files/{file}', summary: 'A file of a document', request: { params: z.object({ id: z.uuid(), file: z.uuid() }) }, responses: { 200: { description: 'The file' }, ...refusals } }),
    async (c) => serveFile(app.files, await asCaller(app, c, ({ tx }) => documentFile(tx, c.req.valid('param').id, c.req.valid('param').file)), c.req.raw),
  )
  api.openapi(
    createRoute({
      ...reads,
      path: '/document-numbers',
      summary: 'The number that a unit’s next document of that type would get, and those left out',
      request: { query: z.object({ unit: z.string().max(64), type: DocumentType, symbol: z.string().max(30).optional(), on: z.iso.date().optional() }) },
      responses: { 200: { description: 'The series', content: { 'application/json': { schema: z.object({ series: z.string(), number: z.number().int(), last: z.number().int(), gaps: z.array(z.number().int()) }) } } }, ...refusals },
    }),
    async (c) => {
      const { unit: code, type, symbol, on } = c.req.valid('query')
      const { series, number, last, gaps } = await asCaller(app, c, async (ctx) => {
        const unit = await unitByCode(ctx.tx, code)
        demand(ctx.viewer, 'keep documents', await chainOf(ctx.tx, unit.id, ctx.viewer.today)) // who sees less would be told other numbers
        return nextNumber(ctx, { unitId: unit.id, grammar: grammarOf(unit), type, symbol: symbol ?? unit.symbol, issuedOn: on ?? ctx.viewer.today })
      })
      return c.json({ series, number, last, gaps }, 200)
    },
  )
}

const rowOf = ({ id, unitCode: unit, issuerName: issuer, isIncoming, campaignCode: campaign, type, grammar, written, number, symbol, abstract, urgency, issuedOn, receivedOn, state, version }: DocumentHead) => ({
  id, unit, issuer, isIncoming, campaign, type, grammar, written, number, symbol, abstract, urgency, issuedOn, receivedOn, state, version,
})

const body = <Schema extends z.ZodType>(schema: Schema) => ({ body: { content: { 'application/json': { schema } }, required: true } }) as const
const answers = <Schema extends z.ZodType>(schema: Schema) => ({ 201: { description: 'Saved', content: { 'application/json': { schema } } }, ...refusals }) as const
