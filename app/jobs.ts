import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { databaseIsAway } from './web/database-errors.server.ts'
import type { App } from './web/context.ts'

/** What runs beside the requests, once a second each; every one is safe to run twice and in two processes. */
const jobs = {
  'fold counts': (app: App) => sql`select fold_counts()`.execute(app.db),
  'seal the audit': (app: App) => sql`select seal_audit()`.execute(app.db),
}

const pause = 1000

/** Starts the jobs; the function it returns stops them and waits for those that are at work. */
export function startJobs(app: App): () => Promise<void> {
  const over = new AbortController()
  const running = Object.entries(jobs).map(([name, work]) => repeat(name, () => work(app), app, over.signal))
  return async () => {
    over.abort()
    await Promise.all(running)
  }
}

async function repeat(name: string, work: () => Promise<unknown>, { log }: App, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await work()
    } catch (error) {
      // What is still to do stays in the database for the next round.
      log[databaseIsAway(error) ? 'warn' : 'error']({ err: error, job: name }, 'a job failed; it is tried again')
    }
    await sleep(pause, null, { signal }).catch(() => null)
  }
}
