import { join } from 'node:path'
import { migrate } from './db/migrate.ts'
import { openEmbedded } from './db/embedded.ts'
import { closeDatabase, openDatabase } from './db/open.ts'
import { openHttp } from './http.ts'
import { startJobs } from './jobs.ts'
import { listen } from './listen.ts'
import { openMetrics } from './metrics.ts'
import type { Config } from './platform/config.ts'
import { openFiles } from './platform/files/files.ts'
import { openLog } from './platform/log.ts'
import { openAuth } from './web/auth.server.ts'
import type { App } from './web/context.ts'

/** A server that answers at `url`. */
export type Served = { url: string; app: App; stop: () => Promise<void> }

type Options = {
  /** The folder of the built pages; the database starts while they are being built. */
  pages: Promise<string>
  /** Fills the migrated database before anybody is served: the demonstration. */
  prepare?: (app: App) => Promise<void>
  /** What starting is at, in a sentence, for a person who waits. */
  tell?: (sentence: string) => void
  /** Gives up starting: what has been opened is closed at once, and starting fails. */
  signal?: AbortSignal
}

/** Opens and migrates the database, signs in, serves, starts the jobs. Throws AlreadyServed for a second server on the same data. */
export async function startServer(config: Config, { pages, prepare, tell = () => {}, signal }: Options): Promise<Served> {
  const log = openLog(config.logLevel)
  const cleanUp: (() => Promise<unknown>)[] = []
  const stop = once(async () => {
    for (const step of cleanUp.reverse()) await step().catch((error: unknown) => log.error({ err: error }, 'stopping went on without this step'))
  })
  const giveUp = () => void Promise.allSettled(cleanUp.map((step) => step())) // together: the pool waits for work that ends with the database
  signal?.addEventListener('abort', giveUp)
  try {
    const embedded = config.databaseUrl ? null : await openEmbedded({ dataDir: config.dataDir, as: 'server', address: `http://${config.host}:${config.port}`, log: tell })
    if (embedded) cleanUp.push(() => embedded.stop())
    signal?.throwIfAborted()
    const { db, pool } = openDatabase(embedded?.connection ?? { connectionString: config.databaseUrl! }, log)
    cleanUp.push(() => closeDatabase({ db, pool }))
    const ran = await migrate(pool)
    if (ran.length > 0) log.info({ files: ran }, 'migrated')
    const dataDir = embedded?.dataDir ?? config.dataDir
    const files = await openFiles(config.files ?? { kind: 'disk', folder: join(dataDir, 'files') })
    const app: App = { db, pool, config: { ...config, dataDir }, log, auth: await openAuth({ db, config, log }), files }
    await prepare?.(app)
    const metrics = openMetrics(app, { ofProcess: true })
    const stopping = new AbortController()
    const http = await openHttp(app, await pages, { metrics, isStopping: () => stopping.signal.aborted })
    const { close, port } = await listen(http.fetch, config)
    const stopJobs = startJobs(app, metrics.jobRan)
    // Together: no request is taken any more while a job comes to the end of its step.
    cleanUp.push(() => {
      stopping.abort()
      return Promise.all([close(), stopJobs()])
    })
    signal?.throwIfAborted()
    signal?.removeEventListener('abort', giveUp)
    return { url: config.publicUrl ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`, app, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => (done ??= work())
}
