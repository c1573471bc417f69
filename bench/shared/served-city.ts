import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { readConfig } from '../../app/platform/config.ts'
import { buildPages } from '../../scripts/build.ts'
import { administer, createMigrated, openScratchServer } from '../../scripts/scratch-server.ts'
import { plantWideCountry } from './wide-country.ts'

export type ServedCity = { url: string; pool: pg.Pool; signIn: (username: string) => Promise<string>; stop: () => Promise<void> }

/** The demonstration city served as `npm start` would, on a port and in a folder of its own; `signIn` gives the cookies of an account. */
export async function serveCity(): Promise<ServedCity> {
  process.env['NODE_ENV'] = 'production'
  // React decides by NODE_ENV when it is first imported.
  const { startServer } = await import('../../app/server.ts')
  const { isLoaded, loadDemo } = await import('../../demo/load.ts')
  const data = await mkdtemp(join(tmpdir(), 'thong-suot-bench-'))
  const served = await startServer(
    { ...readConfig({ data, port: '0', isDemo: true }), logLevel: 'warn' },
    { pages: buildPages(() => {}), prepare: async ({ pool, log }) => void ((await isLoaded(pool)) || (await loadDemo({ pool, log }))) },
  )
  const stop = async () => {
    await served.stop()
    await rm(data, { recursive: true, force: true })
  }
  return { url: served.url, pool: served.app.pool, signIn: (username) => signIn(served.url, username), stop }
}

/** A country of 300,000 units and 100,000 people, served likewise; planting it takes about a minute. */
export async function serveWideCountry(): Promise<ServedCity> {
  process.env['NODE_ENV'] = 'production'
  const { startServer } = await import('../../app/server.ts')
  const { server, stop: stopServer } = await openScratchServer()
  const database = `bench_wide_${process.pid}`
  const data = await mkdtemp(join(tmpdir(), 'thong-suot-bench-'))
  await createMigrated(server, database)
  const login = [server.user, server.password].map(encodeURIComponent).join(':')
  const databaseUrl = `postgresql://${login}@localhost:${server.port}/${database}?host=${encodeURIComponent(server.host)}`
  await plantWideCountry(databaseUrl)
  const served = await startServer({ ...readConfig({ data, port: '0' }), databaseUrl, logLevel: 'warn' }, { pages: buildPages(() => {}) })
  const stop = async () => {
    await served.stop()
    await administer(server, `drop database if exists ${database} with (force)`)
    await stopServer()
    await rm(data, { recursive: true, force: true })
  }
  return { url: served.url, pool: served.app.pool, signIn: (username) => signIn(served.url, username), stop }
}

async function signIn(url: string, username: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/sign-in`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username, password: 'thong-suot' }),
  })
  if (!answer.ok) throw new Error(`${username} could not sign in: ${answer.status}`)
  return answer.headers.getSetCookie().map((set) => set.split(';')[0]).join('; ')
}
