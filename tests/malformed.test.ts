import { globSync, readFileSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { openApi } from '../app/api.ts'
import { tablesOf } from '../app/db/backup.ts'
import { asViewer } from '../app/db/open.ts'
import { holdSession } from '../app/features/study/sessions.server.ts'
import { openHttp } from '../app/http.ts'
import { listen } from '../app/listen.ts'
import { createAccount } from '../app/web/accounts.server.ts'
import type { App } from '../app/web/context.ts'
import { malformedAddresses, malformedBytes, malformedCalls, malformedForms, strangeForms, type Description, type Malformed } from '../bench/shared/malformed.ts'
import { buildPages } from '../scripts/build.ts'
import { testDatabase } from './database.ts'
import { openedCampaign, organisation, type Organisation } from './people.ts'
import { testApp } from './web.ts'

const requests = Number(process.env['MALFORMED'] ?? 1500)
const seed = Number(process.env['MALFORMED_SEED'] ?? 20210630)
const root = join(import.meta.dirname, '..')
const people = ['mai', 'binh', 'khoa', 'lan', 'ngoc'] as const

const database = await testDatabase()
let city: Organisation
let held: string[]
let app: App
let http: Awaited<ReturnType<typeof openHttp>>
let description: Description
let patterns: { all: string[]; actions: string[] }

beforeAll(async () => {
  city = await organisation(database.db)
  const { topicIds } = await openedCampaign(database.db, city)
  const { binh } = city.viewer
  const session = { campaignCode: 'nq-xiii', unitCode: 'an-hoa-1', kind: 'class', name: 'Lớp học', categories: [], sittings: [{ heldOn: '2021-04-05', topicIds }] } as const
  const { sessionId, sittingIds } = await asViewer(database.db, binh, (tx) => holdSession({ tx, viewer: binh, source: 'page' }, { ...session, sittings: [...session.sittings], categories: [] }))
  held = [sessionId, ...sittingIds, city.person.lan, city.unit.cellOne]
  await database.db.transaction().execute((tx) => createAccount(tx, { personId: city.person.khoa, username: 'khoa', password: 'một câu rất dài' }))
  const plain = await testApp(database)
  // Everybody is signed in by name, so that passwords and second factors do not stand before what is tested.
  app = {
    ...plain,
    auth: {
      ...plain.auth,
      sessionOf: (headers: Headers) => {
        const id = city.person[headers.get('cookie')?.slice(4) as keyof Organisation['person']]
        return Promise.resolve({ session: id ? { personId: id, accountId: id, sessionId: id, actingId: null, mustEnrol: false } : null, cookies: [] })
      },
    },
  }
  const build = await buildPages(() => {})
  http = await openHttp(app, build)
  const answer = await openApi(app).request('/api/openapi.json')
  description = (await answer.json()) as Description
  patterns = await patternsOf(build)
}, 90_000)

type Routes = Record<string, { id: string; parentId?: string; path?: string; module: { action?: unknown } }>

async function patternsOf(build: string): Promise<typeof patterns> {
  const { routes } = (await import(join(build, 'server/index.js'))) as { routes: Routes }
  const full = (id: string | undefined): string => (id === undefined || !routes[id] ? '' : full(routes[id].parentId) + (routes[id].path ? `/${routes[id].path}` : ''))
  const all = Object.values(routes).filter(({ path }) => path && path !== '*')
  return { all: all.map(({ id }) => full(id)).filter((pattern) => pattern !== '/notices/stream' /* it has no end */), actions: all.filter(({ module }) => module.action).map(({ id }) => full(id)) }
}

/** What a form's address asks to be done, as the pages themselves write it. */
function deeds(): string[] {
  const pages = globSync('app/**/*.{ts,tsx}', { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8'))
  return [...new Set(pages.flatMap((text) => [...text.matchAll(/[?&]do=([a-z-]+)|get\('do'\) === '([a-z-]+)'/g)].map((match) => match[1] ?? match[2]!))), 'nothing']
}

/** The names of the fields that pages have. */
function fieldNames(): string[] {
  const pages = globSync('app/**/*.{ts,tsx}', { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8'))
  return [...new Set(pages.flatMap((text) => [...text.matchAll(/\bname="([\w.[\]]+)"|\bfield\('([\w.]+)'\)/g)].map((match) => match[1] ?? match[2]!)))]
}

/** What stands in every table, apart from attempts to sign in, which are to be remembered. */
async function contents(): Promise<Record<string, string>> {
  const client = await database.pool.connect()
  try {
    const hashes: Record<string, string> = {}
    for (const { name } of await tablesOf(client)) {
      if (name.endsWith('attempt')) continue
      hashes[name] = (await client.query<{ hash: string }>(`select count(*) || ' ' || coalesce(md5(string_agg(row::text, '|' order by row::text)), '') as hash from ${name} as row`)).rows[0]!.hash
    }
    return hashes
  } finally {
    client.release()
  }
}

/** `isDoor`: a redirect that saved nothing, since it sets no cookie to tell of it: the page that was posted to is shown elsewhere, as to who has to sign in. */
type Answer = { status: number; text: string; type: string; isDoor: boolean }

async function send({ method, path, headers, body }: Malformed, person: string | null): Promise<Answer> {
  const request = new Request(`http://localhost${path}`, { method, headers: { ...headers, ...(person ? { Cookie: `who=${person}` } : {}) }, ...(body === undefined || method === 'GET' ? {} : { body: body as BodyInit }) })
  const answer = await http.fetch(request)
  return { status: answer.status, text: await answer.text(), type: answer.headers.get('content-type') ?? '', isDoor: isDoor(answer) }
}

const isDoor = ({ status, headers }: Response) => status >= 300 && status < 400 && headers.get('location')?.startsWith('/') === true && headers.getSetCookie().length === 0

const isSentence = (text: string) => /\p{L}{2,}.* .*\p{L}{2,}/su.test(text)

/** What is wrong with an answer; null when nothing is. */
function wrongWith({ path, mayRead }: Malformed, { status, text, type, isDoor: isAtDoor }: Answer): string | null {
  if (status >= 500) return `${status}`
  if (status < 400) return mayRead || isAtDoor || harmless.test(path) ? null : `${status}, accepted`
  if (path.startsWith('/api/')) return type.startsWith('application/problem+json') && isSentence((JSON.parse(text) as { detail: string }).detail) ? null : `${status} without a sentence: ${text.slice(0, 200)}`
  return text.startsWith('<!doctype html>') && isSentence(text.replace(/<[^>]*>/g, ' ')) ? null : `${status} without a sentence: ${text.slice(0, 200)}`
}

/** Where any body will do, since none is read: signing out, the language; and the checker and the search on a document's form, which read any text and keep none. */
const harmless = /^\/(sign-out|preferences|acting\/mode|check|api\/v1\/(sign-out|check))(\?|$)|^\/documents\/(new|[^/?]+\/edit)\?do=find$/

/** Where a deed is done by its button alone, whatever else is sent along: one's own sessions ended, a second factor begun. */
const needsNoField = /^\/me\/security/

/** Sends so many, several at a time; gives how many were refused, and what was wrong with the others. */
async function throwAll(wanted: number, cases: fc.Arbitrary<Malformed>): Promise<{ refused: number; wrong: string[] }> {
  const queue = fc.sample(cases, { numRuns: wanted, seed })
  const wrong: string[] = []
  let refused = 0
  let next = 0
  const work = async () => {
    for (let index = next++; index < queue.length; index = next++) {
      const one = queue[index]!
      const who = [...people, null][index % (people.length + 1)] ?? null
      const answer = await send(one, who).catch((error: Error): Answer => ({ status: 599, text: error.message, type: '', isDoor: false }))
      const problem = wrongWith(one, answer)
      if (problem) wrong.push(`${who ?? 'nobody'}: ${one.method} ${one.path.slice(0, 300)} ${one.headers['Content-Type'] ?? ''} ${String(one.body ?? '').slice(0, 300)} -> ${problem}`)
      else if (answer.status >= 400) refused++
    }
  }
  await Promise.all(Array.from({ length: 6 }, work))
  return { refused, wrong }
}

async function throwBytes(wanted: number): Promise<{ refused: number; wrong: string[] }> {
  const { port, close } = await listen(http.fetch, { host: '127.0.0.1', port: 0 })
  const wrong: string[] = []
  let refused = 0
  for (const bytes of fc.sample(malformedBytes, { numRuns: wanted, seed })) {
    const answer = await new Promise<string>((resolve) => {
      let text = ''
      const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes))
      // A connection that is ended by its other side gets no answer; so it is ended when there is one, or when none comes.
      const impatience = setTimeout(() => socket.end(), 200)
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        socket.end()
      })
      socket.on('error', () => {}).on('close', () => {
        clearTimeout(impatience)
        resolve(text)
      })
    })
    if (/^HTTP\/1\.1 4\d\d /.test(answer) && isSentence(answer.slice(answer.indexOf('\r\n\r\n')))) refused++
    else wrong.push(`${JSON.stringify(Buffer.from(bytes).toString('latin1').slice(0, 120))} -> ${JSON.stringify(answer.slice(0, 120))}`)
  }
  await close()
  return { refused, wrong }
}

test(`${requests} malformed requests are refused with sentences, none fails the server, and nothing has changed`, async () => {
  const was = await contents()
  const known = { campaign: ['nq-xiii'], code: ['nq-xiii', 'an-hoa-1', 'can-tho'], key: ['studied', 'attendances'], id: held, person: [city.person.lan] }
  const share = (part: number) => Math.ceil(requests * part)
  const results = [
    await throwAll(share(0.5), malformedCalls(description)),
    await throwAll(share(0.25), malformedForms(patterns.actions, known, deeds())),
    await throwAll(share(0.3), strangeForms(patterns.actions.filter((pattern) => !needsNoField.test(pattern)), known, deeds(), fieldNames())),
    await throwAll(share(0.15), malformedAddresses(patterns.all, known)),
    await throwBytes(share(0.2)),
  ]
  expect(results.flatMap(({ wrong }) => wrong)).toEqual([])
  expect(results.reduce((sum, { refused }) => sum + refused, 0)).toBeGreaterThanOrEqual(requests)
  expect(await contents()).toEqual(was)
}, 600_000)

test('a sheet in which nothing stands, of a report that is not there, is not said to be saved', async () => {
  const id = '019b0000-0000-7000-8000-000000000000'
  const form = { 'Content-Type': 'application/x-www-form-urlencoded', Origin: 'http://localhost', 'Sec-Fetch-Site': 'same-origin' }
  expect(await send({ method: 'POST', path: `/filings/${id}`, headers: form, body: `filingId=${id}` }, 'mai')).toMatchObject({ status: 404 })
})
