import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { sql } from 'kysely'
import type pg from 'pg'
import { asSystem, asViewer } from '../../db/open.ts'
import { today } from '../../platform/clock.ts'
import type { Sentence } from '../../platform/i18n.ts'
import type { App } from '../../web/context.ts'
import { importWords } from './imports.messages.ts'
import { limits } from './reading/limits.ts'
import type { Work } from './work.server.ts'

type Running = Pick<App, 'db' | 'pool' | 'log' | 'config'>
const mostAtOnce = 2

/** Reads or carries out an import that waits, in a thread of its own, unless as many as may are at work: then a job comes back to it. Never throws. */
export async function runImport(app: Running, { importId, personId }: { importId: string; personId: string }): Promise<void> {
  const as = { personId, today: today(app.config.timeZone) }
  try {
    const attempt = await asViewer(app.db, as, async (tx) => (await sql<{ attempt: number | null }>`select take_import(${importId}, ${mostAtOnce}) as attempt`.execute(tx)).rows[0]!.attempt)
    if (attempt === null) return
    const ended = await inThread(app, { importId, attempt, ...as })
    if (ended === null) return
    if (typeof ended === 'object') app.log.error({ failed: ended.failed, importId }, 'an import failed')
    await giveUp(app, importId, attempt, typeof ended === 'object' ? importWords.say('failed') : importWords.say(ended, { seconds: limits.workMs / 1000 }))
  } catch (error) {
    app.log.error({ err: error, importId }, 'an import could not be run')
  }
}

/** Waits until the import is read or carried out, but no longer than that: a page then shows how far it is. */
export async function runFor(ms: number, app: Running, which: { importId: string; personId: string }): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([runImport(app, which), new Promise<void>((resolve) => void (timer = setTimeout(resolve, ms)))])
  clearTimeout(timer)
}

/** Null when it has told in its row what came of it. */
function inThread({ pool }: Running, work: Work): Promise<null | 'tooSlow' | 'tooBig' | { failed: string }> {
  // The pages run from the folder of their build, so the thread's file is named in package.json and not beside this one.
  const file = createRequire(import.meta.url).resolve('#import-worker')
  const { connectionString, host, port, user, password, database, ssl } = pool.options as pg.PoolConfig
  const connection = { connectionString, host, port, user, password, database, ssl }
  const worker = new Worker(file, { workerData: { work, connection }, stdout: true, stderr: true, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: limits.memoryMb } })
  return new Promise<null | 'tooSlow' | 'tooBig' | { failed: string }>((resolve) => {
    const tooSlow = setTimeout(() => resolve('tooSlow'), limits.workMs)
    worker.once('message', ({ failed }: { failed?: string }) => resolve(failed ? { failed } : null))
    worker.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'tooBig' : { failed: error.stack ?? error.message }))
    worker.once('exit', () => {
      clearTimeout(tooSlow)
      resolve({ failed: 'the thread ended without an answer' })
    })
  }).finally(() => void worker.terminate())
}

/** Nothing was imported, and the row says why. */
function giveUp({ db, log }: Running, importId: string, attempt: number, sentence: Sentence): Promise<unknown> {
  const told = JSON.stringify({ vi: sentence('vi'), en: sentence('en') })
  return asSystem(db, log, 'an import that failed is told so', (tx) =>
    sql`update import set state = case task when 'read' then 'refused' else 'checked' end, refusal = ${told}::jsonb
        where id = ${importId} and attempt = ${attempt} and state = 'working'`.execute(tx))
}
