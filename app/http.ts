import { createHash, randomUUID, timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { HttpBindings } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from 'hono/compress'
import { sql } from 'kysely'
import { createRequestHandler, type RouterContextProvider, type ServerBuild } from 'react-router'
import { openApi } from './api.ts'
import { importRequestBytes } from './features/imports/imports.server.ts'
import { guarded } from './guard.ts'
import { openLimits } from './limits.ts'
import { openMetrics, type Metrics } from './metrics.ts'
import { clientAddress, trustOf } from './platform/client-address.ts'
import { openPatterns, type PatternOf } from './route-patterns.ts'
import { isEmpty } from './web/accounts.server.ts'
import { send } from './web/api.server.ts'
import type { App, Visit } from './web/context.ts'
import { databaseIsAway } from './web/database-errors.server.ts'
import { languageOf } from './web/language.ts'
import { demandSameOrigin } from './web/origin.server.ts'
import { bearerOf } from './web/token.server.ts'
import { webWords } from './web/web.messages.ts'
import { writeWords } from './web/write.messages.ts'

/** The built pages: what React Router's build exports, with the opener of contexts of entry.server.tsx. */
type Pages = ServerBuild & { entry: { module: { openContext: (app: App, visit: Visit) => RouterContextProvider } } }

type Env = { Bindings: HttpBindings; Variables: { visit: Visit } }

const largestBody = 2 * 1024 * 1024
const countsItself = /^\/(api\/v1\/)?check$/ // reads what is sent by a limit of its own
const takesList = /^\/(api\/v1\/)?imports$/
const takesFiles = /^\/api\/v1\/(filing-evidence|.+\/files)$/ // counted by readUpload, as are the forms of pages

/** What the running server adds: what it counts, and whether it is about to stop. */
type Running = { metrics?: Metrics; isStopping?: () => boolean }

/** Everything the server answers: files of the build, the API, the pages. `build` is the folder that holds client/ and server/. */
export async function openHttp(app: App, build: string, { metrics = openMetrics(app), isStopping = () => false }: Running = {}): Promise<Hono<Env>> {
  const pages = (await import(pathToFileURL(join(build, 'server/index.js')).href)) as Pages
  const answer = createRequestHandler(pages, 'production')
  const api = openApi(app)
  const patternOf = openPatterns(pages.routes, [...api.routes.map(({ path }) => path), '/health', '/health/live', '/health/ready', '/metrics'])
  const secondsToWait = openLimits(app)
  let isSetUp = false

  const http = new Hono<Env>()
  http.use(logged(app, patternOf, metrics), guarded(app))
  http.use((c, next) => (isStopping() && !c.req.path.startsWith('/health') ? Promise.resolve(refusal(c, 503, 'stopping')) : next()))
  http.use((c, next) => (isReadable(c.req.url) ? next() : Promise.resolve(refusal(c, 400, 'unreadable_address', { own: originOf(app, c) }))))
  const files = serveStatic<Env>({ root: join(build, 'client'), precompressed: true })
  http.get('/assets/*', cached('public, max-age=31536000, immutable'), files, (c) => c.notFound()) // their names carry a hash
  const limited = (maxSize: number) => bodyLimit({ maxSize, onError: (c) => refusal(c, 413, 'too_large', { megabytes: Math.floor(maxSize / 1024 / 1024) }) })
  const [usual, withList] = [limited(largestBody), limited(importRequestBytes)]
  http.use(compress(), (c, next) => (countsItself.test(c.req.path) || takesFiles.test(c.req.path) || isPageForm(c) ? next() : takesList.test(c.req.path) ? withList(c, next) : usual(c, next)))
  http.use(async (c, next) => {
    try {
      if (!['GET', 'HEAD'].includes(c.req.method) && !isByToken(c)) demandSameOrigin(c.req.raw, originOf(app, c))
    } catch {
      return refusal(c, 403, 'other_origin', { own: originOf(app, c) })
    }
    await next()
  })
  http.use(async (c, next) => {
    const seconds = await secondsToWait(c, c.get('visit'))
    if (seconds === 0) return next()
    c.header('Retry-After', String(seconds))
    return refusal(c, 429, 'too_often', { seconds })
  })
  const call = async (c: Context<Env>, request: Request) => {
    const { requestId, address } = c.get('visit')
    const response = await api.fetch(request, { ...c.env, requestId, address })
    if (!response.headers.has('Cache-Control')) response.headers.set('Cache-Control', 'no-store')
    return response
  }
  http.all('/api/*', (c) => call(c, withOrigin(app, c)))
  http.get('/health', (c) => call(c, new Request(new URL('/api/v1/health', c.req.url), { headers: c.req.raw.headers })))
  http.get('/health/live', (c) => c.json({ status: 'ok' }, 200, { 'Cache-Control': 'no-store' }))
  http.get('/health/ready', async (c) => {
    if (isStopping()) return refusal(c, 503, 'stopping')
    await sql`select 1`.execute(app.db)
    return c.json({ status: 'ok' }, 200, { 'Cache-Control': 'no-store' })
  })
  http.get('/metrics', async (c) => {
    if (!mayReadMetrics(app, c)) return refusal(c, 403, 'not_for_you')
    return c.body(await metrics.text(), 200, { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' })
  })
  http.get('/:file{[a-z0-9-]+\\.[a-z0-9]+}', cached('public, max-age=3600'), files, (c) => c.notFound()) // favicon.ico, robots.txt
  http.all('*', async (c) => {
    const path = c.req.path
    if (!isSetUp && path !== '/setup' && path !== '/preferences') {
      isSetUp = !(await isEmpty(app.db))
      if (!isSetUp) return c.redirect('/setup')
    }
    const visit = c.get('visit')
    const response = await readable(c, await answer(withOrigin(app, c), pages.entry.module.openContext(app, visit)))
    // A redirect shows nothing: what was to be said once is left for the page after it.
    if (response.status < 300 || response.status >= 400) for (const cookie of visit.cookies) response.headers.append('Set-Cookie', cookie)
    if (!response.headers.has('Cache-Control')) response.headers.set('Cache-Control', 'private, no-store')
    response.headers.append('Vary', 'Cookie')
    return response
  })
  http.onError((error, c) => {
    if (databaseIsAway(error)) return refusal(c, 503, 'database_away')
    app.log.error({ err: error, requestId: c.get('visit').requestId }, 'a request failed')
    return refusal(c, 500, 'failed', { id: c.get('visit').requestId })
  })
  return http
}

/** Numbers the request, and logs and counts it when it is answered: by the pattern of its address, since a path or a query may tell of a person. */
function logged({ config, log }: App, patternOf: PatternOf, metrics: Metrics) {
  const trust = trustOf(config.trustedProxies ?? [])
  return async (c: Context<Env>, next: () => Promise<void>) => {
    const requestId = randomUUID()
    const began = performance.now()
    const address = clientAddress(peerOf(c), c.req.header('x-forwarded-for'), trust)
    c.set('visit', { requestId, address, cookies: [] })
    await next()
    c.res.headers.set('X-Request-Id', requestId)
    const took = performance.now() - began
    const route = patternOf(c.req.path)
    const { status } = c.res
    metrics.answered({ method: c.req.method, route, status, seconds: took / 1000 })
    const isProbe = route === '/metrics' || route?.startsWith('/health')
    log[isProbe && status < 400 ? 'debug' : 'info']({ requestId, method: c.req.method, route, status, ms: Math.round(took * 10) / 10 }, 'answered')
  }
}

/** This machine itself, not by way of a proxy on it; others need the token. */
function mayReadMetrics({ config }: App, c: Context<Env>): boolean {
  const given = bearerOf(c.req.raw.headers)
  if (config.metricsToken && given !== null) return isSame(given, config.metricsToken)
  const isForwarded = ['x-forwarded-for', 'x-forwarded-host', 'forwarded', 'via', 'x-real-ip'].some((name) => c.req.header(name) !== undefined)
  return !isForwarded && /^(127\.|::1$|::ffff:127\.)/.test(peerOf(c))
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer]
  return timingSafeEqual(left, right)
}

function peerOf(c: Context<Env>): string {
  return (c.env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress ?? '127.0.0.1'
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

/** A form with files to a page: the page's action counts what comes by a limit of its own. */
function isPageForm(c: Context<Env>): boolean {
  return !c.req.path.startsWith('/api/') && (c.req.header('content-type') ?? '').startsWith('multipart/form-data') && !takesList.test(c.req.path)
}

/** Browsers send no token of their own accord, and cookies count for nothing beside one: such a call needs no origin. */
function isByToken(c: Context<Env>): boolean {
  return c.req.path.startsWith('/api/') && bearerOf(c.req.raw.headers) !== null
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

/** A route without a page of its own, such as a file's, refuses with bare data: a person in front of a browser gets the sentence. */
async function readable(c: Context<Env>, response: Response): Promise<Response> {
  if (response.status < 400 || !response.headers.get('content-type')?.startsWith('application/json')) return response
  const { sentence } = (await response.json().catch(() => ({}))) as { sentence?: string | null }
  const language = languageOf(c.req.raw)
  const retry = response.headers.get('retry-after')
  if (retry) c.header('Retry-After', retry)
  return plainPage(c, response.status as 400, sentence ?? writeWords.in(language)(response.status >= 500 ? 'failed' : 'nothing_here', { id: c.get('visit').requestId }))
}

function plainPage(c: Context<Env>, status: 400 | 403 | 404 | 413 | 429 | 500 | 503, sentence: string) {
  c.header('Cache-Control', 'no-store')
  const language = languageOf(c.req.raw)
  const head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>Thông Suốt</title>'
  const body = `<p>${escaped(sentence)}</p><p><a href="/">${webWords.in(language)('toHome')}</a></p>`
  return c.html(`<!doctype html><html lang="${language}"><head>${head}</head><body style="font: 16px/26px sans-serif; max-width: 34rem; margin: 12vh auto; padding: 0 16px">${body}</body></html>`, status)
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`)

function refusal(c: Context<Env>, status: 400 | 403 | 413 | 429 | 500 | 503, key: Parameters<typeof writeWords.say>[0], values?: Record<string, string | number>) {
  const language = languageOf(c.req.raw)
  if (status === 503) c.header('Retry-After', '5')
  if (c.req.path.startsWith('/api/')) {
    c.header('Cache-Control', 'no-store')
    return send(c, status, writeWords.in(language)(key, values))
  }
  return plainPage(c, status, writeWords.in(language)(key, values))
}
