import type pg from 'pg'
import { fromKysely, PgBoss } from 'pg-boss'
import type { Log } from './log.ts'

/** How the jobs of a queue are tried again: seconds before the second try, doubled each time up to the longest. */
export type Retry = { limit: number; delay: number; longest: number }

type Transaction = Parameters<typeof fromKysely>[0]

/**
 * Jobs by pg-boss, in its schema `pgboss`, of which no backup is made: whatever must not be lost is a row of our own, and a job only
 * names it. Nothing is opened before `start`.
 */
export type Queue = {
  start: () => Promise<void>
  /** Does the jobs of that queue, so many at a time, looking for them so often (half a second at least); a job that throws is tried again. */
  work: (name: string, options: { retry: Retry; atOnce: number; lookMs: number }, job: (id: string) => Promise<void>) => Promise<void>
  /** Puts one job for each row, in the transaction that says so. */
  put: (tx: Transaction, name: string, ids: string[]) => Promise<void>
  /** Has the workers of that queue look at once instead of at their next turn. */
  wake: (name: string) => void
  /** Lets the jobs that are at work come to their end. */
  stop: () => Promise<void>
}

export function openQueue({ pool, log }: { pool: pg.Pool; log: Log }): Queue {
  let boss: PgBoss | null = null
  const workers = new Map<string, string>()

  async function start(): Promise<void> {
    if (boss) return
    const opened = new PgBoss({ db: { executeSql: (text, values) => pool.query(text, values) }, schedule: false, registerInstance: false, monitorVacuum: false, openTelemetry: { enabled: false } })
    opened.on('error', (error) => log.warn({ err: error }, 'the queue met an error; it goes on'))
    boss = opened
    await opened.start()
  }

  function running(): PgBoss {
    if (!boss) throw new Error('the queue is used before it was started')
    return boss
  }

  return {
    start,
    work: async (name, { retry, atOnce, lookMs }, job) => {
      const options = { retryLimit: retry.limit, retryDelay: retry.delay, retryBackoff: true, retryDelayMax: retry.longest, expireInSeconds: 300, deleteAfterSeconds: 24 * 60 * 60 }
      await running().createQueue(name, options)
      await running().updateQueue(name, options)
      const worker = await running().work(name, { batchSize: atOnce, burstWhenBatchFull: true, perJobResults: true, pollingIntervalSeconds: lookMs / 1000 }, (jobs: { id: string; data: { id: string } }[]) =>
        Promise.all(jobs.map(async ({ id, data }) => job(data.id).then(() => ({ id, status: 'completed' as const }), (error: Error) => ({ id, status: 'failed' as const, output: { reason: error.message } })))),
      )
      workers.set(name, worker)
    },
    put: async (tx, name, ids) => {
      if (ids.length > 0) await running().insert(name, ids.map((id) => ({ data: { id } })), { db: fromKysely(tx) })
    },
    wake: (name) => {
      const worker = workers.get(name)
      if (worker) boss?.notifyWorker(worker)
    },
    stop: async () => {
      const stopping = boss
      boss = null
      workers.clear()
      await stopping?.stop({ graceful: true, timeout: 15_000 })
    },
  }
}
