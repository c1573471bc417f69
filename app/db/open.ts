import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import type { Day } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { DB } from './types.ts'

export type Db = Kysely<DB>
export type Tx = Transaction<DB>

/**
 * A pool on that server. Days arrive as `YYYY-MM-DD`, counts as numbers, instants as Date.
 * A client that loses its server is dropped and logged; the pool opens another.
 */
export function openDatabase(connection: pg.PoolConfig, log: Log, size = 16): { db: Db; pool: pg.Pool } {
  const pool = new pg.Pool({
    ...connection,
    max: size,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 60_000,
    types: { getTypeParser: parserOf },
  })
  const lost = (message: string) => (error: Error & { code?: string }) => {
    if (!pool.ending) log.warn({ code: error.code, reason: error.message }, message) // the error itself drags the whole client along
  }
  pool.on('connect', (client) => client.on('error', lost('a database connection was lost')))
  pool.on('error', lost('an idle database connection was lost'))
  return { db: new Kysely<DB>({ dialect: new PostgresDialect({ pool }) }), pool }
}

/** Ends every connection, also of a pool that no query of Kysely's has used yet, which Kysely itself would leave open. */
export async function closeDatabase({ db, pool }: { db: Db; pool: pg.Pool }): Promise<void> {
  await db.destroy()
  if (!pool.ending) await pool.end()
}

const asText = (value: string) => value
const asNumber = (value: string) => {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw new Error(`${value} is too large to count with`)
  return number
}
const parserOf = ((oid: number, format?: 'text' | 'binary') => {
  if (format !== 'binary' && (oid === pg.types.builtins.DATE || oid === 3912)) return asText // 3912: daterange
  if (format !== 'binary' && oid === pg.types.builtins.INT8) return asNumber
  return pg.types.getTypeParser(oid, format as 'text')
}) as pg.CustomTypesConfig['getTypeParser']

/**
 * Runs in one transaction that sees, by row-level security, what this person may see on that day. `token` is the name of the one
 * that opened it: the record of what was done says it.
 */
export function asViewer<Result>(db: Db, viewer: { personId: string; today: Day; token?: string | undefined }, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return db.transaction().execute(async (tx) => {
    await sql`select set_config('role', 'app', true), set_config('app.viewer', ${viewer.personId}, true), set_config('app.today', ${viewer.today}, true)`.execute(tx)
    if (viewer.token) await sql`select set_config('app.token', ${viewer.token}, true)`.execute(tx)
    return work(tx)
  })
}

/** From here on the transaction sees what a member sees who is this person, and signs with both names (decision 0015). */
export async function actFor(tx: Tx, { helpedId, helperId }: { helpedId: string; helperId: string }): Promise<void> {
  await sql`select set_config('app.viewer', ${helpedId}, true), set_config('app.acting', ${helperId}, true)`.execute(tx)
}

/** Runs in one transaction that sees everything; the reason goes to the log. */
export function asSystem<Result>(db: Db, log: Log, reason: string, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  log.debug({ reason }, 'working as the system')
  return db.transaction().execute(work)
}

/** Name of the constraint that a failed statement broke; null for any other error. */
export function constraintOf(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.constraint ?? null) : null
}
