import { sql } from 'kysely'
import { migrate } from './db/migrate.ts'
import { dutyButtons } from './duty-kinds.ts'
import { openEmbedded } from './db/embedded.ts'
import { closeDatabase, openDatabase } from './db/open.ts'
import { moveEvidence } from './features/filings/move-evidence.server.ts'
import { startDelivery } from './features/notices/delivery.server.ts'
import { openHttp } from './http.ts'
import { startJobs } from './jobs.ts'
import { listen } from './listen.ts'
import { openMetrics } from './metrics.ts'
import type { Config } from './platform/config.ts'
import { openFiles } from './platform/files/files.ts'
import { placeOf } from './platform/files/place.ts'
import { openLive } from './platform/live.ts'
import { openLog } from './platform/log.ts'
import { openMail } from './platform/mail.ts'
import { openQueue } from './platform/queue.ts'
import { openAuth } from './web/auth.server.ts'
import type { App } from './web/context.ts'
import { openStreams } from './web/streams.server.ts'

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
    await keepTimeZone(db, config.timeZone)
    const dataDir = embedded?.dataDir ?? config.dataDir
    const files = await openFiles(placeOf(config.files, dataDir), config.scanner ?? null)
    const live = openLive({ pool, log })
    const mail = openMail(config.mail ?? null)
    const queue = openQueue({ pool, log })
    const auth = await openAuth({ db, config, log })
    const streams = openStreams({ db, log, live, auth })
    const app: App = { db, pool, config: { ...config, dataDir }, log, auth, files, mail, queue, live, streams, dutyButtons }
    cleanUp.push(() => live.stop(), async () => mail.close())
    await prepare?.(app)
    const moved = await moveEvidence(app)
    if (moved > 0) log.info({ moved }, 'evidence left its table for where files are kept')
    await live.start()
    streams.start()
    const metrics = openMetrics(app, { ofProcess: true })
    const stopping = new AbortController()
    const http = await openHttp(app, await pages, { metrics, isStopping: () => stopping.signal.aborted })
    const { close, port } = await listen(http.fetch, config)
    const stopJobs = startJobs(app, metrics.jobRan)
    const stopDelivery = startDelivery(app)
    // Together: no request is taken any more while a job comes to the end of its step. Streams would never come to theirs.
    cleanUp.push(() => {
      stopping.abort()
      streams.stop()
      return Promise.all([close(), stopJobs(), stopDelivery()])
    })
    signal?.throwIfAborted()
    signal?.removeEventListener('abort', giveUp)
    return { url: config.publicUrl ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`, app, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The zone in which the database makes a day of an instant is the server's. */
async function keepTimeZone(db: App['db'], timeZone: string): Promise<void> {
  await sql`update setting set value = to_jsonb(${timeZone}::text) where key = 'time_zone' and value <> to_jsonb(${timeZone}::text)`.execute(db)
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => (done ??= work())
}
