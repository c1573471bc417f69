import type { RouterContextProvider } from 'react-router'
import { openContext } from '../app/entry.server.tsx'
import { dutyButtons } from '../app/duty-kinds.ts'
import type { Config } from '../app/platform/config.ts'
import { openLive } from '../app/platform/live.ts'
import { openLog } from '../app/platform/log.ts'
import { openMail } from '../app/platform/mail.ts'
import { openQueue } from '../app/platform/queue.ts'
import { openAuth } from '../app/web/auth.server.ts'
import type { App, Visit } from '../app/web/context.ts'
import { openStreams } from '../app/web/streams.server.ts'
import type { TestDatabase } from './database.ts'
import { testFiles } from './files.ts'

/** A running product on a test's database, without its port. */
export async function testApp({ db, pool }: TestDatabase, settings: Partial<Config> = {}): Promise<App> {
  const config: Config = {
    databaseUrl: null,
    dataDir: '/nowhere',
    host: '127.0.0.1',
    port: 0,
    publicUrl: null,
    timeZone: 'Asia/Ho_Chi_Minh',
    isDemo: false,
    logLevel: 'silent',
    ...settings,
  }
  const log = openLog('silent')
  const live = openLive({ pool, log })
  const auth = await openAuth({ db, config, log })
  const [mail, queue, streams] = [openMail(config.mail ?? null), openQueue({ pool, log }), openStreams({ db, log, live, auth })]
  return { db, pool, config, log, auth, files: await testFiles(), mail, queue, live, streams, dutyButtons }
}

const origin = 'http://thong-suot.test'

type Asked = { form?: Record<string, string> | [string, string][]; headers?: Record<string, string>; cookies?: string[]; address?: string; params?: Record<string, string> }

/** What React Router hands to a loader or action that a browser asks; with a form it is a post from our own page. */
export function asked(app: App, path: string, { form, headers, cookies = [], address = '127.0.0.1', params = {} }: Asked = {}): Args {
  const request = new Request(new URL(path, app.config.publicUrl ?? origin), {
    ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    headers: { ...(form ? { Origin: origin, 'Sec-Fetch-Site': 'same-origin' } : {}), Cookie: cookies.join('; '), ...headers },
  })
  const visit: Visit = { requestId: 'test', address, cookies: [] }
  const context: RouterContextProvider = openContext(app, visit)
  return { request, context, params: params as never, url: new URL(request.url), pattern: path as never }
}

/** Fits the loader and action of any route; what a page asks of them is the same. */
export type Args = { request: Request; context: RouterContextProvider; url: URL; params: never; pattern: never }

/** How a page answers, however it says so: what it returned, or what it threw. */
export async function answerOf(work: Promise<unknown>): Promise<{ status: number; body: unknown; to: string | null; cookies: string[] }> {
  const given = await work.catch((error: unknown) => error)
  if (given instanceof Response) return { status: given.status, body: null, to: given.headers.get('location'), cookies: given.headers.getSetCookie().map((cookie) => cookie.split(';')[0]!) }
  if (isData(given)) return { status: given.init?.status ?? 200, body: given.data, to: null, cookies: [] }
  if (given instanceof Error) throw given
  return { status: 200, body: given, to: null, cookies: [] }
}

function isData(given: unknown): given is { data: unknown; init: ResponseInit | null } {
  return typeof given === 'object' && given !== null && 'type' in given && given.type === 'DataWithResponseInit'
}
