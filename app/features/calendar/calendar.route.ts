import { createHash } from 'node:crypto'
import type { LoaderFunctionArgs } from 'react-router'
import { NotFound } from '../../platform/errors.ts'
import { appContext } from '../../web/context.ts'
import { languageOf } from '../../web/language.ts'
import { refuse } from '../../web/refusal.server.ts'
import { calendarBehind } from './calendar.server.ts'

/** The calendar behind a link, for programs that know nothing of signing in; they ask again and again, and mostly nothing is new. */
export async function loader({ params, request, context }: LoaderFunctionArgs): Promise<Response> {
  const secret = /^(.+)\.ics$/.exec(params['file'] ?? '')?.[1]
  const calendar = secret ? await calendarBehind(context.get(appContext), secret, languageOf(request)) : null
  if (!calendar) throw refuse(new NotFound(), languageOf(request), context.get(appContext).log)
  const etag = `"${createHash('sha256').update(calendar).digest('base64url')}"`
  const headers = { ETag: etag, 'Cache-Control': 'private, no-cache' }
  const known = request.headers.get('if-none-match')?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? []
  if (known.includes(etag)) return new Response(null, { status: 304, headers })
  return new Response(calendar, { headers: { ...headers, 'Content-Type': 'text/calendar; charset=utf-8', 'Content-Disposition': 'inline; filename="thong-suot.ics"' } })
}
