import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { HttpBindings } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from 'hono/compress'
import { createRequestHandler, type RouterContextProvider, type ServerBuild } from 'react-router'
import { openApi } from './api.ts'
import { evidenceRequestBytes } from './features/filings/evidence.server.ts'
import { isEmpty } from './web/accounts.server.ts'
import { addressOf } from './web/address.ts'
import { send } from './web/api.server.ts'
import type { App, Visit } from './web/context.ts'
import { databaseIsAway } from './web/database-errors.server.ts'
import { languageOf } from './web/language.ts'
import { demandSameOrigin } from './web/origin.server.ts'
import { writeWords } from './web/write.messages.ts'

/** The built pages: what React Router's build exports, with the opener of contexts of entry.server.tsx. */
type Pages = ServerBuild & { entry: { module: { openContext: (app: App, visit: Visit) => RouterContextProvider } } }

type Env = { Bindings: HttpBindings; Variables: { visit: Visit } }

const largestBody = 2 * 1024 * 1024
const countsItself = /^\/(api\/v1\/)?check$/ // reads what is sent by a limit of its own
const takesProof = /^\/(filings\/|api\/v1\/filing-evidence$)/
const policy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'", // style attributes of share bars
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "form-action 'self'",
  "base-uri 'none'",
  "object-src 'none'",
].join('; ')

/** Everything the server answers: files of the build, the API, the pages. `build` is the folder that holds client/ and server/. */
export async function openHttp(app: App, build: string): Promise<Hono<Env>> {
  const pages = (await import(pathToFileURL(join(build, 'server/index.js')).href)) as Pages
  const answer = createRequestHandler(pages, 'production')
  const api = openApi(app)
  let isSetUp = false

  const http = new Hono<Env>()
  http.use(logged(app), guarded(app))
  http.use((c, next) => (isReadable(c.req.url) ? next() : Promise.resolve(refusal(c, 400, 'unreadable_address', { own: originOf(app, c) }))))
  const files = serveStatic<Env>({ root: join(build, 'client'), precompressed: true })
  http.get('/assets/*', cached('public, max-age=31536000, immutable'), files, (c) => c.notFound()) // their names carry a hash
  const limited = (maxSize: number) => bodyLimit({ maxSize, onError: (c) => refusal(c, 413, 'too_large', { megabytes: Math.floor(maxSize / 1024 / 1024) }) })
  const [usual, withProof] = [limited(largestBody), limited(evidenceRequestBytes)]
  http.use(compress(), (c, next) => (countsItself.test(c.req.path) ? next() : takesProof.test(c.req.path) ? withProof(c, next) : usual(c, next)))
  http.use(async (c, next) => {
    try {
      if (!['GET', 'HEAD'].includes(c.req.method)) demandSameOrigin(c.req.raw, originOf(app, c))
    } catch {
      return refusal(c, 403, 'other_origin', { own: originOf(app, c) })
    }
    await next()
  })
  const call = (c: Context<Env>, request: Request) => api.fetch(request, { ...c.env, requestId: c.get('visit').requestId })
  http.all('/api/*', (c) => call(c, withOrigin(app, c)))
  http.get('/health', (c) => call(c, new Request(new URL('/api/v1/health', c.req.url), { headers: c.req.raw.headers })))
  http.get('/:file{[a-z0-9-]+\\.[a-z0-9]+}', cached('public, max-age=3600'), files, (c) => c.notFound()) // favicon.ico, robots.txt
  http.all('*', async (c) => {
    const path = c.req.path
    if (!isSetUp && path !== '/setup' && path !== '/preferences') {
      isSetUp = !(await isEmpty(app.db))
      if (!isSetUp) return c.redirect('/setup')
    }
    const visit = c.get('visit')
    const response = await answer(withOrigin(app, c), pages.entry.module.openContext(app, visit))
    // A redirect shows nothing: what was to be said once is left for the page after it.
    if (response.status < 300 || response.status >= 400) for (const cookie of visit.cookies) response.headers.append('Set-Cookie', cookie)
    if (!response.headers.has('Cache-Control')) response.headers.set('Cache-Control', 'private, no-store')
    return response
  })
  http.onError((error, c) => {
    if (databaseIsAway(error)) return refusal(c, 503, 'database_away')
    app.log.error({ err: error, requestId: c.get('visit').requestId }, 'a request failed')
    return refusal(c, 500, 'failed', { id: c.get('visit').requestId })
  })
  return http
}

/** Numbers the request and logs it when it is answered: no query and no name, since both may tell of a person. */
function logged({ config, log }: App) {
  return async (c: Context<Env>, next: () => Promise<void>) => {
    const requestId = randomUUID()
    const began = performance.now()
    c.set('visit', { requestId, address: addressOf(c, config.publicUrl !== null), cookies: [] })
    await next()
    c.res.headers.set('X-Request-Id', requestId)
    const took = Math.round((performance.now() - began) * 10) / 10
    log.info({ requestId, method: c.req.method, path: c.req.path, status: c.res.status, ms: took }, 'answered')
  }
}

function guarded({ config }: App) {
  const isSecure = config.publicUrl?.startsWith('https:') ?? false
  return async (c: Context<Env>, next: () => Promise<void>) => {
    await next()
    const { headers } = c.res
    if (!headers.has('Content-Security-Policy')) headers.set('Content-Security-Policy', policy)
    headers.set('X-Content-Type-Options', 'nosniff')
    headers.set('Referrer-Policy', 'same-origin')
    if (isSecure) headers.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains')
  }
}

/** Only what is found is kept by browsers. */
function cached(value: string) {
  return async (c: Context<Env>, next: () => Promise<void>) => {
    await next()
    if (c.res.status === 200) c.res.headers.set('Cache-Control', value)
  }
}

/** No text of ours holds the character NUL, and PostgreSQL takes none. */
function isReadable(url: string): boolean {
  try {
    return !decodeURIComponent(new URL(url).pathname).includes('\0') && !url.includes('%00')
  } catch {
    return false
  }
}

function originOf({ config }: App, c: Context<Env>): string {
  return new URL(config.publicUrl ?? c.req.url).origin
}

/** The request as the browser made it: behind a proxy the server itself sees another scheme and host. */
function withOrigin({ config }: App, c: Context<Env>): Request {
  if (!config.publicUrl) return c.req.raw
  const { pathname, search } = new URL(c.req.url)
  const { method, headers, body, signal } = c.req.raw
  return new Request(new URL(pathname + search, config.publicUrl), { method, headers, body, signal, ...(body ? { duplex: 'half' } : {}) } as RequestInit)
}

function refusal(c: Context<Env>, status: 400 | 403 | 413 | 500 | 503, key: Parameters<typeof writeWords.say>[0], values?: Record<string, string | number>) {
  const language = languageOf(c.req.raw)
  if (status === 503) c.header('Retry-After', '5')
  c.header('Cache-Control', 'no-store')
  if (c.req.path.startsWith('/api/')) return send(c, status, writeWords.in(language)(key, values))
  return c.html(`<!doctype html><html lang="${language}"><meta charset="utf-8"><title>Thông Suốt</title><p>${writeWords.in(language)(key, values)}</p></html>`, status)
}
