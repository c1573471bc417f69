import { randomUUID } from 'node:crypto'
import { OpenAPIHono, z, type Hook } from '@hono/zod-openapi'
import type { Context, Env, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { Forbidden, NotFound, Refused } from '../platform/errors.ts'
import type { Ctx } from '../permissions/permissions.ts'
import type { Language } from '../platform/i18n.ts'
import { apiWords as words } from './api.messages.ts'
import type { App, Who } from './context.ts'
import { cannotBeStored, databaseIsAway, isHidden, mayTryAgain } from './database-errors.server.ts'
import { languageOf } from './language.ts'
import { readFields } from './form.ts'
import { problemsOf, sentenceOf, type Problems } from './problems.ts'
import { bearerOf, tokenInForce } from './token.server.ts'
import { readUpload, type Uploads } from './upload.server.ts'
import { asPerson } from './visit.server.ts'
import { writeWords } from './write.messages.ts'

/** One call under way, as handlers get it. */
export type Call = Context

/** What a handler of the API has at hand. */
export type Api = OpenAPIHono

/** Body of every answer that is not a success, RFC 9457; `problems` has a sentence for each field of a refused input. */
const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    problems: z.record(z.string(), z.string()).optional(),
    requestId: z.string().optional().openapi({ description: 'Of a 500: what to tell the administrator' }),
  })
  .openapi('Problem')

/** What a submission gets in hand: the number under which it is on record. */
export const Receipt = z.object({ receipt: z.number().int() }).openapi('Receipt')

/** The answers every operation of a signed-in caller may give beside its success. */
export const refusals = {
  400: problem('The request cannot be read as it is'),
  401: problem('Nobody is signed in'),
  403: problem('Not this person’s to do; the sentence says who could'),
  404: problem('Not there, or not for this person'),
  422: problem('Input that cannot be taken; a sentence for each field'),
}

/** The request of an operation whose input is JSON of that schema. */
export function body<Schema extends z.ZodType>(schema: Schema) {
  return { body: { content: { 'application/json': { schema } }, required: true } } as const
}

/** What an operation answers that changes something and has nothing else to tell than its receipt. */
export function saved() {
  return { 201: { description: 'Saved', content: { 'application/json': { schema: Receipt } } }, ...refusals }
}

function problem(description: string) {
  return { description, content: { 'application/problem+json': { schema: Problem } } }
}

/** An empty API in which wrong input is answered with sentences and every error as problem+json. */
export function newApi(app: App): Api {
  const sentences: Hook<unknown, Env, string, unknown> = (result, c) => {
    if (result.success) return undefined
    const language = languageOf(c.req.raw)
    const problems: Problems = {}
    for (const issue of result.error.issues) problems[issue.path.join('.') || 'form'] ??= sentenceFor(issue, language)
    return send(c, 422, words.in(language)('not_valid'), problems)
  }
  return withProblems(app, new OpenAPIHono({ defaultHook: sentences, strict: false }))
}

/** Answers an unknown address and every error with problem+json. What is mounted elsewhere needs it there as well: unknown addresses are the outermost's. */
export function withProblems<Answering extends Hono | Api>(app: App, api: Answering): Answering {
  api.notFound((c) => send(c, 404, words.in(languageOf(c.req.raw))('no_such_address')))
  api.onError((error, c) => answerError(app, c, error))
  return api
}

/** Once reported, an issue has lost its input; whether something was there is left in its message alone. */
function sentenceFor(issue: z.core.$ZodIssue, language: Language): string {
  const input = issue.message.endsWith('received undefined') ? undefined : 'given'
  return sentenceOf({ ...issue, input } as z.core.$ZodRawIssue, language)
}

/**
 * Runs in one transaction as the person whose token or session cookie came with the call, source 'api'; beside a token cookies
 * count for nothing. Throws a 401 for nobody. A write by cookie must come from this origin.
 */
export async function asCaller<Result>(app: App, c: Call, work: (ctx: Ctx) => Promise<Result>): Promise<Result> {
  const who = await callerOf(app, c)
  c.header('Cache-Control', 'private, no-store')
  for (let attempt = 1; ; attempt++) {
    try {
      return await asPerson(app, who, work, 'api')
    } catch (error) {
      if (attempt === 3 || !mayTryAgain(error)) throw error
    }
  }
}

/**
 * The same for a form with files, read as it comes and dropped when all is over. Who sends it is asked first: nobody's files are not
 * read at all. The route declares its body for the documents and leaves reading it to this; its address ends in `/files`, so that
 * nothing else limits its length.
 */
export async function uploadAsCaller<Schema extends z.ZodType, Result>(app: App, c: Call, schema: Schema, uploads: Uploads, work: (ctx: Ctx, input: z.output<Schema>) => Promise<Result>): Promise<Result> {
  await asCaller(app, c, () => Promise.resolve())
  const language = languageOf(c.req.raw)
  const upload = await readUpload(c.req.raw, app.files, uploads).catch((error: unknown) => {
    const { init, data } = error as { init?: { status?: number }; data?: { sentence?: string } }
    throw init?.status ? new HTTPException(init.status as 413, { res: send(c, init.status, data?.sentence ?? words.in(language)('unreadable')) }) : error
  })
  try {
    const fields = readFields(upload.form, upload.kept)
    const refused = Object.entries(upload.refused)[0]
    if (refused) throw new Refused(refused[0], refused[1])
    const { problems, input } = fields ? problemsOf(schema, fields, language) : { problems: { form: words.in(language)('unreadable') }, input: null }
    if (problems) throw new HTTPException(422, { res: send(c, 422, words.in(language)('not_valid'), problems) })
    return await asCaller(app, c, (ctx) => work(ctx, input as z.output<Schema>))
  } finally {
    await upload.drop()
  }
}

/** The body of such a route, for the documents alone: each field and each file with what it is. */
export function uploadBody(fields: Record<string, string>, files: Record<string, string>) {
  const properties = Object.fromEntries([
    ...Object.entries(fields).map(([name, description]) => [name, { type: 'string', description }]),
    ...Object.entries(files).map(([name, description]) => [name, { type: 'string', format: 'binary', description }]),
  ]) as Record<string, { type: 'string' }>
  return { requestBody: { required: true, content: { 'multipart/form-data': { schema: { type: 'object' as const, properties, required: Object.keys(properties) } } } } }
}

/** The same for what no program may do, such as giving others a way in: a token is refused with 403. */
export async function asCallerInPerson<Result>(app: App, c: Call, work: (ctx: Ctx) => Promise<Result>): Promise<Result> {
  if (bearerOf(c.req.raw.headers) !== null) throw new Forbidden(words.say('token_keeps_no_accounts'))
  return asCaller(app, c, work)
}

async function callerOf(app: App, c: Call): Promise<Who> {
  const t = words.in(languageOf(c.req.raw))
  const bearer = bearerOf(c.req.raw.headers)
  if (bearer !== null) {
    const token = await tokenInForce(app, bearer)
    if (!token) {
      c.header('WWW-Authenticate', 'Bearer error="invalid_token"')
      throw new HTTPException(401, { message: t('token_refused') })
    }
    if (token.scope === 'read' && isWrite(c)) throw new Forbidden(words.say('token_reads'))
    return { personId: token.personId, token: token.name }
  }
  demandOwnOrigin(app, c)
  const { session, cookies } = await app.auth.sessionOf(c.req.raw.headers)
  for (const cookie of cookies) c.header('Set-Cookie', cookie, { append: true })
  if (!session) throw new HTTPException(401, { message: t('not_signed_in') })
  if (session.mustEnrol && !c.req.path.includes('/me/second-factor')) throw new Forbidden(writeWords.say('must_enrol'))
  return session
}

const isWrite = (c: Call) => c.req.method !== 'GET' && c.req.method !== 'HEAD'

/** Refuses what another site's page sends with this browser's cookie. */
export function demandOwnOrigin(app: App, c: Call): void {
  if (!isWrite(c)) return
  const own = new URL(app.config.publicUrl ?? c.req.url).origin
  const origin = c.req.header('origin')
  const site = c.req.header('sec-fetch-site')
  if ((origin === undefined || origin === own) && (site === undefined || site === 'same-origin' || site === 'none')) return
  throw new HTTPException(403, { message: words.in(languageOf(c.req.raw))('other_origin', { own }) })
}

function answerError(app: App, c: Call, error: Error): Response {
  const language = languageOf(c.req.raw)
  const t = words.in(language)
  if (error instanceof NotFound || isHidden(error)) return send(c, 404, t('not_found'))
  if (error instanceof Forbidden) return send(c, 403, error.sentence(language))
  if (error instanceof Refused) return send(c, 422, error.sentence(language), { [error.field]: error.sentence(language) })
  if (error instanceof HTTPException && error.res) return error.res
  if (error instanceof HTTPException) return send(c, error.status, error.status === 400 ? t('unreadable') : error.message)
  if (databaseIsAway(error)) {
    app.log.warn({ err: error }, 'a call met a database that is away')
    c.header('Retry-After', '5')
    return send(c, 503, t('database_away'))
  }
  if (cannotBeStored(error)) return send(c, 422, t('not_storable'))
  const requestId = (c.env as { requestId?: string } | undefined)?.requestId ?? randomUUID()
  app.log.error({ err: error, path: c.req.routePath, requestId }, 'a call failed')
  return send(c, 500, t('failed', { id: requestId }), undefined, { requestId })
}

/** An answer that is no success, as problem+json. */
export function send(c: Call, status: number, detail: string, problems?: Problems, more: { requestId?: string } = {}): Response {
  const body = { type: 'about:blank', title: titles[status] ?? 'Error', status, detail, ...(problems ? { problems } : {}), ...more }
  return c.body(JSON.stringify(body), status as 400, { 'Content-Type': 'application/problem+json; charset=utf-8' })
}

const titles: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Content Too Large',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}
