import { sql } from 'kysely'
import type pg from 'pg'
import { asSystem, asViewer } from '../../db/open.ts'
import { apart } from '../../platform/apart.ts'
import { today } from '../../platform/clock.ts'
import type { Sentence } from '../../platform/i18n.ts'
import type { App } from '../../web/context.ts'
import { importWords } from './imports.messages.ts'
import { limits } from './reading/limits.ts'
import type { Work } from './work.server.ts'

type Running = Pick<App, 'db' | 'pool' | 'log' | 'config'>
const mostAtOnce = 2

/** Reads or carries out an import that waits, in a process of its own, unless as many as may are at work: then a job comes back to it. Never throws. */
export async function runImport(app: Running, { importId, personId }: { importId: string; personId: string }): Promise<void> {
  const as = { personId, today: today(app.config.timeZone) }
  try {
    const attempt = await asViewer(app.db, as, async (tx) => (await sql<{ attempt: number | null }>`select take_import(${importId}, ${mostAtOnce}) as attempt`.execute(tx)).rows[0]!.attempt)
    if (attempt === null) return
    const { connectionString, host, port, user, password, database, ssl } = app.pool.options as pg.PoolConfig
    const given = { work: { importId, attempt, ...as } satisfies Work, connection: { connectionString, host, port, user, password, database, ssl } }
    const ended = await apart<string | null>('#import-worker', given, limits.work)
    if ('answer' in ended && ended.answer === null) return // it has told in its row what came of it
    if ('ended' in ended && ended.ended !== 'died') return await giveUp(app, importId, attempt, importWords.say(ended.ended, { seconds: limits.work.ms / 1000 }))
    app.log.error({ failed: 'answer' in ended ? ended.answer : ended.places, importId }, 'an import failed')
    await giveUp(app, importId, attempt, importWords.say('failed'))
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

/** Nothing was imported, and the row says why. */
async function giveUp({ db, log }: Running, importId: string, attempt: number, sentence: Sentence): Promise<void> {
  const told = JSON.stringify({ vi: sentence('vi'), en: sentence('en') })
  await asSystem(db, log, 'an import that failed is told so', (tx) =>
    sql`update import set state = case task when 'read' then 'refused' else 'checked' end, refusal = ${told}::jsonb
        where id = ${importId} and attempt = ${attempt} and state = 'working'`.execute(tx))
}
