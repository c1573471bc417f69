import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { bearerOf } from './web/token.server.ts'
import type { App, Visit } from './web/context.ts'

/** How often one account may do what costs the server much, as a share of COSTLY_PER_MINUTE. */
const costs: { isIt: (method: string, path: string, query: URLSearchParams) => boolean; kind: string; share: number }[] = [
  { kind: 'check', share: 1 / 4, isIt: (method, path) => method === 'POST' && /^\/(api\/v1\/)?check$/.test(path) },
  { kind: 'import', share: 1 / 4, isIt: (method, path) => method === 'POST' && /\/imports?(\/|$)/.test(path) },
  { kind: 'file', share: 1 / 2, isIt: (method, path) => isRead(method) && (/\.(docx|pdf|xlsx|csv|zip)$/.test(path) || /\/lists\/[^/]+$/.test(path)) },
  { kind: 'search', share: 1, isIt: (method, _, query) => isRead(method) && Boolean(query.get('q')) },
]

const accountsOfAddress = 20 // a hall, an office, a commune behind one address
const mostKeys = 50_000

/** Seconds this request has to wait because too many of its kind came from its account or address; 0 when it may be answered. */
export function openLimits(app: App, now: () => number = Date.now): (c: Context, visit: Visit) => Promise<number> {
  const perMinute = app.config.costlyPerMinute ?? 0
  const buckets = openBuckets(now)
  return async (c, visit) => {
    if (perMinute === 0) return 0
    const url = new URL(c.req.url)
    const cost = costs.find(({ isIt }) => isIt(c.req.method, url.pathname, url.searchParams))
    if (!cost) return 0
    const most = Math.max(1, Math.round(perMinute * cost.share))
    const address = buckets.take(`${cost.kind} ${visit.address}`, most * accountsOfAddress)
    if (address > 0) return address
    const account = await accountOf(app, c, visit)
    return account === null ? 0 : buckets.take(`${cost.kind} ${account}`, most)
  }
}

/** Who asks: the account of the session, or the token; null for nobody, whom the address stands for. */
async function accountOf({ auth }: App, c: Context, visit: Visit): Promise<string | null> {
  const isApi = c.req.path.startsWith('/api/')
  const token = isApi ? bearerOf(c.req.raw.headers) : null // pages take no token
  if (token !== null) return createHash('sha256').update(token).digest('base64url')
  if (isApi) return (await auth.sessionOf(c.req.raw.headers)).session?.accountId ?? null
  // The page asks for the same session afterwards and finds it answered.
  visit.session ??= auth.sessionOf(c.req.raw.headers).then(({ session, cookies }) => {
    visit.cookies.push(...cookies)
    return session
  })
  return (await visit.session)?.accountId ?? null
}

/** Each key has so many turns a minute and gets them back one by one. In memory: one process serves a deployment. */
function openBuckets(now: () => number) {
  const kept = new Map<string, { left: number; at: number }>()

  /** Takes a turn and gives 0, or the seconds until there is one. */
  function take(key: string, most: number): number {
    const at = now()
    const bucket = kept.get(key) ?? { left: most, at }
    const left = Math.min(most, bucket.left + ((at - bucket.at) / 60_000) * most)
    kept.delete(key) // the map is in order of use, so the longest unused is dropped below
    kept.set(key, { left: left >= 1 ? left - 1 : left, at })
    if (kept.size > mostKeys) kept.delete(kept.keys().next().value!)
    return left >= 1 ? 0 : Math.ceil(((1 - left) * 60) / most)
  }

  return { take }
}

const isRead = (method: string) => method === 'GET' || method === 'HEAD'
