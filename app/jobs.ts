import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { databaseIsAway } from './web/database-errors.server.ts'
import { escalateLate, followOrganisation, layDuties, settleMissed } from './features/duties/duties.jobs.ts'
import { makeDigests, sweepNotices } from './features/notices/notices.jobs.ts'
import { forgetBroughtFiles } from './features/documents/first-page/suggest.server.ts'
import { remindOverdue } from './features/filings/filings.jobs.ts'
import { sweepAccounts } from './features/accounts/accounts.jobs.ts'
import { resumeImports, sweepImports } from './features/imports/imports.jobs.ts'
import { escalateOverdue } from './features/questions/questions.jobs.ts'
import type { Metrics } from './metrics.ts'
import { sweepFiles } from './platform/files/sweep.ts'
import type { App } from './web/context.ts'

type Job = { work: (app: App) => Promise<unknown>; pauseMs: number }

/** What runs beside the requests, each with its pause between two runs; every one is safe to run twice and in two processes. */
const jobs: Record<string, Job> = {
  'fold counts': { work: (app) => sql`select fold_counts()`.execute(app.db), pauseMs: 1000 },
  'seal the audit': { work: (app) => sql`select seal_audit()`.execute(app.db), pauseMs: 1000 },
  'remind of overdue reports': { work: remindOverdue, pauseMs: 10 * 60 * 1000 },
  'take up imports that wait': { work: resumeImports, pauseMs: 2000 },
  'sweep what has run out': { work: sweepAccounts, pauseMs: 10 * 60 * 1000 },
  'sweep imported files': { work: sweepImports, pauseMs: 60 * 60 * 1000 },
  'sweep files': { work: ({ db, files }) => sweepFiles(db, files), pauseMs: 6 * 60 * 60 * 1000 },
  'lay duties by their rules': { work: (app) => layDuties(app), pauseMs: 1000 },
  'lay duties as the organisation moves': { work: (app) => followOrganisation(app), pauseMs: 5 * 60 * 1000 },
  'settle duties that were missed': { work: (app) => settleMissed(app), pauseMs: 5 * 60 * 1000 },
  'tell levels above of late duties': { work: (app) => escalateLate(app), pauseMs: 10 * 60 * 1000 },
  'lay down daily letters': { work: (app) => makeDigests(app), pauseMs: 60 * 1000 },
  'sweep old notices': { work: (app) => sweepNotices(app), pauseMs: 60 * 60 * 1000 },
  'forget files brought and not confirmed': { work: forgetBroughtFiles, pauseMs: 60 * 60 * 1000 },
  'hand overdue questions up': { work: (app) => escalateOverdue(app), pauseMs: 10 * 60 * 1000 },
}

/** Starts the jobs; the function it returns stops them and waits for those that are at work. `ran` hears of each run. */
export function startJobs(app: App, ran: Metrics['jobRan'] = () => {}): () => Promise<void> {
  const over = new AbortController()
  const running = Object.entries(jobs).map(([name, job]) => repeat(name, job, app, over.signal, ran))
  return async () => {
    over.abort()
    await Promise.all(running)
  }
}

async function repeat(name: string, { work, pauseMs }: Job, app: App, signal: AbortSignal, ran: Metrics['jobRan']): Promise<void> {
  while (!signal.aborted) {
    const began = performance.now()
    try {
      await work(app)
      ran(name, (performance.now() - began) / 1000, true)
    } catch (error) {
      ran(name, (performance.now() - began) / 1000, false)
      // What is still to do stays in the database for the next round.
      app.log[databaseIsAway(error) ? 'warn' : 'error']({ err: error, job: name }, 'a job failed; it is tried again')
    }
    await sleep(pauseMs, null, { signal }).catch(() => null)
  }
}
