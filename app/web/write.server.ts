import { sql } from 'kysely'
import { data, redirect, type ActionFunctionArgs } from 'react-router'
import type { z } from 'zod'
import { Forbidden, Refused } from '../platform/errors.ts'
import type { Language, Sentence } from '../platform/i18n.ts'
import type { Ctx } from '../permissions/permissions.ts'
import { appContext, type Session } from './context.ts'
import { mayTryAgain } from './database-errors.server.ts'
import { flashCookie, type Undo } from './flash.ts'
import { nothingTyped, readFields, readTyped, type Typed } from './form.ts'
import { languageOf } from './language.ts'
import { demandSameOrigin } from './origin.server.ts'
import { problemsOf, type Problems } from './problems.ts'
import type { Asked } from './read.server.ts'
import { refuse } from './refusal.server.ts'
import { readUpload, type Upload, type Uploads } from './upload.server.ts'
import { asPerson, enrolment, sessionOf } from './visit.server.ts'
import { writeWords as words } from './write.messages.ts'

/**
 * What an action gives back to its page when nothing was saved: a sentence for each field by its dotted name, `form` for
 * what belongs to no field, `version` when somebody else was quicker; and what was typed, to be shown again.
 */
export type Answer = { problems: Problems } & Typed

/** What must be so before the transaction opens, such as the password typed anew; throws Refused. */
type Before<Input> = { before?: (input: Input, session: Session) => Promise<void> }

export type WriteOptions<Input, Result> = Before<Input> & {
  /** The page to show next; this page, unless told otherwise. */
  to?: (result: Result, input: Input) => string
  /** What that page says; "Đã lưu." unless told otherwise. The receipt number goes with it. */
  saved?: (result: Result, input: Input) => Sentence
  /** The form that takes it back, offered beside that sentence. */
  undo?: (result: Result, input: Input) => Undo | null
  /** Largest body in bytes. */
  limit?: number
  /** The files that the form may bring; the schema gets them as `KeptFile`, attached by `useFile` in the operation. */
  upload?: Uploads
}

const usualLimit = 2 * 1024 * 1024
const tries = 3

/**
 * What every action of a signed-in page is: own origin only, form to objects, schema, one transaction as the viewer, then a
 * redirect with a receipt. A page with several forms tells them apart by `?do=` in the form's action address.
 */
export function write<Args extends ActionFunctionArgs, Schema extends z.ZodType, Result>(
  args: Args,
  schema: Schema,
  operation: Operation<Args, Schema, Result>,
  options: WriteOptions<z.output<Schema>, Result> = {},
) {
  return perform(args, schema, operation, options, ({ result, input, receipt, url, language }): never => {
    const saved = options.saved?.(result, input) ?? words.say('saved')
    const undo = options.undo?.(result, input) ?? null
    throw redirect(options.to?.(result, input) ?? samePage(url), {
      status: 303,
      headers: { 'Set-Cookie': flashCookie({ sentence: saved(language), receipt, undo }) },
    })
  })
}

/**
 * The same for what is shown once and kept nowhere, such as a code: no redirect, the page gets the result itself as `shown`. Sending
 * the form again does it again.
 */
export function writeAndShow<Args extends ActionFunctionArgs, Schema extends z.ZodType, Result>(args: Args, schema: Schema, operation: Operation<Args, Schema, Result>, options: Before<z.output<Schema>> = {}) {
  return perform(args, schema, operation, options, ({ result, receipt }) => ({ shown: result, receipt }))
}

type Operation<Args extends ActionFunctionArgs, Schema extends z.ZodType, Result> = (ctx: Ctx, input: z.output<Schema>, asked: Asked<Args>) => Promise<Result>
type Done<Input, Result> = { result: Result; input: Input; receipt: number | null; url: URL; language: Language }

async function perform<Args extends ActionFunctionArgs, Schema extends z.ZodType, Result, Shown>(
  args: Args,
  schema: Schema,
  operation: Operation<Args, Schema, Result>,
  { limit, before, upload: uploads }: Before<z.output<Schema>> & { limit?: number; upload?: Uploads },
  show: (done: Done<z.output<Schema>, Result>) => Shown,
) {
  const { request, params, context } = args
  const app = context.get(appContext)
  const language = languageOf(request)
  const url = new URL(request.url)
  let typed = nothingTyped
  let upload: Upload | null = null
  try {
    demandSameOrigin(request, app.config.publicUrl)
    // No redirect: signed in again in another tab, the person can send this very page once more.
    const sessionIsOver = () => data({ sentence: words.in(language)('session_over') }, 401)
    if (uploads && isMultipart(request)) {
      if (!(await sessionOf(args))) throw sessionIsOver() // nobody's files are not read at all
      upload = await readUpload(request, app.files, uploads)
    }
    const form = upload?.form ?? (await readForm(request, limit ?? usualLimit))
    typed = readTyped(form)
    const parsed = parse(form, schema, language, upload)
    if ('problems' in parsed) return answer(parsed.problems, typed, 422)
    const session = await sessionOf(args)
    if (!session) throw sessionIsOver()
    if (session.mustEnrol && url.pathname !== enrolment) throw new Forbidden(words.say('must_enrol'))
    await before?.(parsed.input, session)
    const { result, receipt } = await again(() =>
      asPerson(app, session, async (ctx) => ({
        result: await operation(ctx, parsed.input, { url, params, language, request }),
        receipt: await receiptOf(ctx),
      })),
    )
    return show({ result, input: parsed.input, receipt, url, language })
  } catch (error) {
    if (error instanceof Refused) return answer({ [error.field]: error.sentence(language) }, typed, error.field === 'version' ? 409 : 422)
    if (error instanceof Forbidden) return answer({ form: error.sentence(language) }, typed, 403)
    throw refuse(error, language, app.log)
  } finally {
    await upload?.drop()
  }
}

const isMultipart = (request: Request) => /^multipart\/form-data/i.test(request.headers.get('content-type') ?? '')

/** Reads a form no larger than that; the body is counted as it comes, whatever its header claims. Throws a 413 or 400. */
export async function readForm(request: Request, limit = usualLimit): Promise<FormData> {
  const t = words.in(languageOf(request))
  const tooLarge = () => data({ sentence: t('too_large', { megabytes: Math.floor(limit / 1024 / 1024) }) }, 413)
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > limit) throw tooLarge()
    chunks.push(chunk)
  }
  try {
    return await new Response(new Blob(chunks as BlobPart[]), { headers: { 'Content-Type': request.headers.get('content-type') ?? '' } }).formData()
  } catch {
    throw data({ sentence: t('unreadable_form') }, 400)
  }
}

/** The form, and the files that came with it, as the schema's input; or a sentence for each field that is wrong. */
export function parse<Schema extends z.ZodType>(form: FormData, schema: Schema, language: Language, upload: Pick<Upload, 'kept' | 'refused'> | null = null): { input: z.output<Schema> } | { problems: Problems } {
  const fields = readFields(form, upload?.kept)
  if (!fields) return { problems: { form: words.in(language)('unreadable_form') } }
  const refused = Object.fromEntries(Object.entries(upload?.refused ?? {}).map(([field, sentence]) => [field, sentence(language)]))
  if (Object.keys(refused).length > 0) return { problems: refused }
  const { problems, input } = problemsOf(schema, fields, language)
  return problems ? { problems } : { input: input as z.output<Schema> }
}

/** An action's answer when nothing was saved. */
export function answer(problems: Problems, typed: Typed, status: number, headers: HeadersInit = {}) {
  return data<Answer>({ problems, ...typed }, { status, headers })
}

async function again<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let count = 1; ; count++) {
    try {
      return await work()
    } catch (error) {
      if (count === tries || !mayTryAgain(error)) throw error
    }
  }
}

/** Number of the last audit entry of this transaction; null when it noted none. */
async function receiptOf({ tx }: Ctx): Promise<number | null> {
  const { rows } = await sql<{ receipt: number | null }>`select receipt_number() as receipt`.execute(tx)
  return rows[0]?.receipt ?? null
}

function samePage(url: URL): string {
  const search = new URLSearchParams(url.search)
  search.delete('do')
  return url.pathname + (search.size > 0 ? `?${search}` : '')
}
