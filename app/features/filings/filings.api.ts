import { createRoute, z } from '@hono/zod-openapi'
import { asCaller, refusals, Receipt, uploadAsCaller, uploadBody, type Api } from '../../web/api.server.ts'
import type { App } from '../../web/context.ts'
import { download } from '../../web/download.ts'
import { serveFile } from '../../platform/files/serve.ts'
import { BreakdownInput, IndicatorInput } from '../indicators/indicators.schema.ts'
import { addBreakdown, addIndicator, breakdowns, nameOf, registered } from '../indicators/register.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { attachEvidence, evidenceFile, evidenceUpload } from './evidence.server.ts'
import { officialFile, officialFormats } from '../documents/typesetting/official-file.server.ts'
import { filingDocument } from './filing-document.server.ts'
import { filingById, saveText, saveValues } from './filing.server.ts'
import { Consolidation, DueExtension, EvidenceInput, FilingAcceptance, FilingReturn, FilingSubmission, FilingText, FilingValues, FormInput, FormKind, FormRetirement, RoundInput, SubmissionContent } from './filings.schema.ts'
import { formById, formsOf, makeForm, retireForm } from './forms.server.ts'
import { filingsAskedOf, roundsAskedBy, roundShown, unitsOfRound } from './round-views.server.ts'
import { extendDue, openRound } from './rounds.server.ts'
import { sayFinding } from './validation.server.ts'
import { acceptFiling, consolidate, returnFiling, submitFiling } from './workflow.server.ts'
import { languageOf } from '../../web/language.ts'
const Instant = z.iso.datetime()
const State = z.enum(['draft', 'submitted', 'returned', 'accepted', 'sealed'])
const Form = z.object({ id: z.string(), name: z.string(), kind: FormKind, unit: z.string(), campaign: z.string(), isRetired: z.boolean() }).openapi('ReportForm')
const Section = z.object({ id: z.string(), kind: z.string(), title: z.string(), indicators: z.array(z.string()) }).openapi('ReportFormSection')
const RoundRow = z.object({ filingId: z.string(), unit: z.string(), state: State, dueAt: Instant, submittedAt: Instant.nullable(), isLate: z.boolean(), isOverdue: z.boolean() }).openapi('ReportRoundUnit')
const Round = z
  .object({
    id: z.string(), name: z.string(), formId: z.string(), unit: z.string(), asOf: z.string(), dueAt: Instant,
    expected: z.number().int(), received: z.number().int(), onTime: z.number().int(), late: z.number().int(), returned: z.number().int(), accepted: z.number().int(), missing: z.number().int(),
    consolidatedId: z.string().nullable().openapi({ description: 'The filing of the asking unit itself; null for whoever does not lead it' }),
  })
  .openapi('ReportRound')
const Asked = z.object({ filingId: z.string(), roundId: z.string(), name: z.string(), asOf: z.string(), state: State, dueAt: Instant, isOverdue: z.boolean() }).openapi('AskedReport')
const Found = z.object({ id: z.string(), code: z.string(), indicator: z.string().nullable(), sentence: z.string() })
const DraftFigure = z.object({
  key: z.string(), name: z.string(), numerator: z.number().int().nullable(), denominator: z.number().int().nullable(), share: z.number().nullable(), base: z.string().nullable(),
  origin: z.enum(['counted', 'declared', 'summed']), declared: z.number().int(),
})
const Filing = z
  .object({
    id: z.string(), version: z.number().int(), state: State, unit: z.string(), roundId: z.string(), asOf: z.string(), dueAt: Instant, submittedAt: Instant.nullable(), isConsolidated: z.boolean(),
    draft: z
      .object({
        figures: z.array(DraftFigure),
        texts: z.array(z.object({ sectionId: z.string(), title: z.string(), text: z.string(), version: z.number().int() })),
        problems: z.array(Found),
        warnings: z.array(Found),
      })
      .nullable()
      .openapi({ description: 'null for whoever is no officer of the unit, and while nothing can be changed' }),
    submissions: z.array(z.object({ id: z.string(), number: z.number().int(), submittedAt: Instant, content: SubmissionContent })),
    events: z.array(z.object({ kind: z.string(), comment: z.string().nullable(), at: Instant, actor: z.string().nullable() })),
  })
  .openapi('Filing')
const Submitted = z.object({ submissionId: z.string(), number: z.number().int(), receipt: z.number().int() }).openapi('Submitted')
const Register = z.object({ key: z.string(), name: z.string(), unitOfCount: z.string(), base: z.string().nullable(), isDeclared: z.boolean(), dimensions: z.array(z.string()) }).openapi('Indicator')
const Breakdown = z.object({ indicator: z.string(), name: z.string(), isComplete: z.boolean(), parts: z.array(z.object({ key: z.string(), name: z.string() })) }).openapi('IndicatorBreakdown')

/** Reports up the tree: forms, rounds, filings, their submission and consolidation. */
export function filingsApi(api: Api, app: App): void {
  registerApi(api, app)
  formsApi(api, app)
  roundsApi(api, app)
  draftsApi(api, app)
  workflowApi(api, app)
}

function registerApi(api: Api, app: App): void {
  api.openapi(get('/indicators', 'Every figure of the register that the caller sees', z.object({ indicators: z.array(Register), breakdowns: z.array(Breakdown) })), async (c) => {
    const language = languageOf(c.req.raw)
    const { all, taken } = await asCaller(app, c, async ({ tx }) => ({ all: await registered(tx), taken: await breakdowns(tx) }))
    const indicators = all.map((one) => ({ key: one.key, name: nameOf(one)(language), unitOfCount: one.unitOfCount, base: one.base, isDeclared: one.isDeclared, dimensions: one.dimensions }))
    return c.json({ indicators, breakdowns: taken.map(({ indicator, name, isComplete, parts }) => ({ indicator, name, isComplete, parts })) }, 200)
  })
  api.openapi(post('/indicator-breakdowns', 'Takes a figure apart into declared ones', BreakdownInput), async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => addBreakdown(ctx, c.req.valid('json'))) }, 201))
  api.openapi(post('/indicators', 'Adds a declared figure of a unit’s own', IndicatorInput), async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => addIndicator(ctx, c.req.valid('json'))) }, 201))
}

function formsApi(api: Api, app: App): void {
  api.openapi({ ...get('/report-forms', 'Forms that a unit may open rounds on', z.object({ forms: z.array(Form) })), request: { query: ofUnit } }, async (c) => {
    const forms = await asCaller(app, c, async ({ tx }) => formsOf(tx, (await unitByCode(tx, c.req.valid('query').unit)).id))
    return c.json({ forms: forms.map(formBody) }, 200)
  })
  api.openapi({ ...get('/report-forms/{id}', 'One form with its sections', Form.extend({ sections: z.array(Section) })), request: { params: withId } }, async (c) => {
    const form = await asCaller(app, c, ({ tx }) => formById(tx, c.req.valid('param').id))
    const sections = form.sections.map(({ id, kind, title, indicators }) => ({ id, kind, title, indicators: indicators.map(({ key }) => key) }))
    return c.json({ ...formBody(form), sections }, 200)
  })
  api.openapi(post('/report-forms', 'Makes a report form', FormInput, z.object({ formId: z.string(), receipt: z.number().int() })), async (c) =>
    c.json(await asCaller(app, c, (ctx) => makeForm(ctx, c.req.valid('json'))), 201),
  )
  api.openapi(post('/report-form-retirements', 'Takes a form out of use', FormRetirement), async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => retireForm(ctx, c.req.valid('json'))) }, 201))
}

function roundsApi(api: Api, app: App): void {
  const { timeZone } = app.config
  api.openapi({ ...get('/report-rounds', 'Rounds that a unit opened, and reports it is asked for', z.object({ rounds: z.array(Round), asked: z.array(Asked) })), request: { query: ofUnit } }, async (c) => {
    const body = await asCaller(app, c, async ({ tx }) => {
      const unit = await unitByCode(tx, c.req.valid('query').unit)
      const asked = (await filingsAskedOf(tx, unit.id)).map((one) => ({ filingId: one.id, roundId: one.roundId, name: one.roundName, asOf: one.asOf, state: one.state, dueAt: one.dueAt.toISOString(), isOverdue: one.isOverdue }))
      return { rounds: (await roundsAskedBy(tx, unit.id)).map(roundBody), asked }
    })
    return c.json(body, 200)
  })
  api.openapi({ ...get('/report-rounds/{id}', 'One round with its units, worst first', Round.extend({ units: z.array(RoundRow) })), request: { params: withId } }, async (c) => {
    const body = await asCaller(app, c, async ({ tx }) => {
      const round = await roundShown(tx, c.req.valid('param').id)
      const units = (await unitsOfRound(tx, round.id)).map((row) => ({
        filingId: row.id, unit: row.unitCode, state: row.state, dueAt: row.dueAt.toISOString(), submittedAt: row.submittedAt?.toISOString() ?? null, isLate: row.isLate, isOverdue: row.isOverdue,
      }))
      return { ...roundBody(round), units }
    })
    return c.json(body, 200)
  })
  api.openapi(post('/report-rounds', 'Opens a round: every unit directly beneath is asked', RoundInput, z.object({ roundId: z.string(), consolidatedId: z.string(), filings: z.number().int(), receipt: z.number().int() })), async (c) =>
    c.json(await asCaller(app, c, (ctx) => openRound(ctx, c.req.valid('json'), timeZone)), 201),
  )
  api.openapi(post('/due-extensions', 'Gives units of a round more time', DueExtension), async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => extendDue(ctx, c.req.valid('json'), timeZone)) }, 201))
}

function draftsApi(api: Api, app: App): void {
  api.openapi({ ...get('/filings/{id}', 'One filing with all that the caller may see of it', Filing), request: { params: withId } }, async (c) => {
    const language = languageOf(c.req.raw)
    const { filing, draft, submissions, events } = await asCaller(app, c, (ctx) => filingById(ctx, c.req.valid('param').id))
    const found = ({ id, code, indicator, ...rest }: Parameters<typeof sayFinding>[0] & { id: string }) => ({ id, code, indicator, sentence: sayFinding({ code, indicator, ...rest })(language) })
    return c.json(
      {
        id: filing.id, version: filing.version, state: filing.state, unit: filing.unitCode, roundId: filing.roundId, asOf: filing.asOf,
        dueAt: filing.dueAt.toISOString(), submittedAt: filing.submittedAt?.toISOString() ?? null, isConsolidated: filing.isConsolidated,
        draft: draft && {
          figures: draft.sections.flatMap((section) => section.figures).map((figure) => ({
            key: figure.key, name: nameOf(figure)(language), numerator: figure.numerator, denominator: figure.denominator, share: figure.share, base: figure.base, origin: figure.origin, declared: figure.declared,
          })),
          texts: draft.sections.flatMap(({ text }) => (text ? [{ sectionId: text.sectionId, title: text.title, text: text.text, version: text.version }] : [])),
          problems: draft.problems.map(found),
          warnings: draft.warnings.map(found),
        },
        submissions: submissions.map(({ id, number, submittedAt, content }) => ({ id, number, submittedAt: submittedAt.toISOString(), content })),
        events: events.map(({ kind, comment, at, actor }) => ({ kind, comment, at: at.toISOString(), actor })),
      },
      200,
    )
  })
  for (const format of officialFormats) {
    api.openapi(
      createRoute({
        method: 'get', path: `/filings/{id}/report.${format}`, tags: ['Filings'], summary: `A report as handed up, as ${format.toUpperCase()}`,
        request: { params: withId, query: z.object({ submission: z.coerce.number().int().min(1).optional().openapi({ description: 'An earlier one; the latest when left out' }) }) },
        responses: { 200: { description: 'The document' }, ...refusals },
      }),
      async (c) => {
        const document = await asCaller(app, c, (ctx) => filingDocument(ctx, c.req.valid('param').id, c.req.valid('query').submission ?? null))
        return download(await officialFile(document, format))
      },
    )
  }
  api.openapi(post('/filing-values', 'Types declared figures of a draft', FilingValues), async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => saveValues(ctx, c.req.valid('json'))) }, 201))
  api.openapi(post('/filing-texts', 'Writes one narrative part of a draft', FilingText), async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => saveText(ctx, c.req.valid('json'))) }, 201))
  api.openapi(
    createRoute({
      method: 'post', path: '/filing-evidence', tags: ['Filings'], summary: 'Attaches a PDF, JPEG or PNG of at most 10 MB to a declared figure',
      ...uploadBody({ filingId: 'Of the report', indicator: 'Key of the figure' }, { file: 'PDF, JPEG or PNG' }),
      responses: { 201: { description: 'Done', content: { 'application/json': { schema: z.object({ evidenceId: z.string(), receipt: z.number().int() }) } } }, ...refusals },
    }),
    async (c) => c.json(await uploadAsCaller(app, c, EvidenceInput, evidenceUpload, attachEvidence), 201),
  )
  api.openapi(
    createRoute({ method: 'get', path: '/filing-evidence/{id}', tags: ['Filings'], summary: 'The file of a proof', request: { params: withId }, responses: { 200: { description: 'The file' }, ...refusals } }),
    async (c) => serveFile(app.files, await asCaller(app, c, ({ tx }) => evidenceFile(tx, c.req.valid('param').id)), c.req.raw),
  )
}

function workflowApi(api: Api, app: App): void {
  api.openapi(post('/submissions', 'Hands a report up; sent twice it is one submission', FilingSubmission, Submitted), async (c) => c.json(await asCaller(app, c, (ctx) => submitFiling(ctx, c.req.valid('json'))), 201))
  api.openapi(post('/filing-returns', 'Sends a report back with a comment', FilingReturn), async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => returnFiling(ctx, c.req.valid('json'))) }, 201))
  api.openapi(post('/filing-acceptances', 'Accepts a report as it was handed up', FilingAcceptance), async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => acceptFiling(ctx, c.req.valid('json'))) }, 201))
  api.openapi(post('/consolidations', 'Sums the accepted reports of a round', Consolidation, Submitted), async (c) => c.json(await asCaller(app, c, (ctx) => consolidate(ctx, c.req.valid('json'))), 201))
}

const withId = z.object({ id: z.uuid() })
const ofUnit = z.object({ unit: z.string().max(64).openapi({ description: 'Code of the unit' }) })

function get<Path extends string, Body extends z.ZodType>(path: Path, summary: string, schema: Body) {
  return createRoute({ method: 'get', path, tags: ['Filings'], summary, responses: { 200: { description: summary, content: { 'application/json': { schema } } }, ...refusals } })
}

function post<Path extends string, Input extends z.ZodType, Body extends z.ZodType = typeof Receipt>(path: Path, summary: string, input: Input, body: Body = Receipt as unknown as Body) {
  return createRoute({
    method: 'post', path, tags: ['Filings'], summary,
    request: { body: { content: { 'application/json': { schema: input } }, required: true } } as const,
    responses: { 201: { description: 'Done', content: { 'application/json': { schema: body } } }, ...refusals },
  })
}

function formBody({ id, name, kind, unitCode, campaignCode, retiredAt }: Omit<Awaited<ReturnType<typeof formById>>, 'sections'>) {
  return { id, name, kind, unit: unitCode, campaign: campaignCode, isRetired: retiredAt !== null }
}

function roundBody(round: Awaited<ReturnType<typeof roundShown>>) {
  const { id, name, formId, unitCode, asOf, dueAt, expected, received, onTime, late, returned, accepted, missing, consolidated } = round
  return { id, name, formId, unit: unitCode, asOf, dueAt: dueAt.toISOString(), expected, received, onTime, late, returned, accepted, missing, consolidatedId: consolidated?.id ?? null }
}
