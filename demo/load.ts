import { Kysely, PostgresDialect } from 'kysely'
import type pg from 'pg'
import { asSystem } from '../app/db/open.ts'
import type { DB } from '../app/db/types.ts'
import type { Log } from '../app/platform/log.ts'
import { createAccount } from '../app/web/accounts.server.ts'
import { copyTables } from './bulk.ts'
import { canTho } from './can-tho.ts'
import { layDuties } from './documents.ts'
import { handUp } from './filings.ts'
import { generate, type Generated } from './generate.ts'

type Loading = { pool: pg.Pool; log: Log }

/** Whether the demonstration city is there, whole. */
export async function isLoaded(pool: pg.Pool): Promise<boolean> {
  return exists(pool, `select from setting where key = 'demo_accounts'`)
}

/** Builds the demonstration city in a migrated database unless it is there; what an interrupted run has finished is kept. */
export async function loadDemo({ pool, log }: Loading): Promise<void> {
  if (await isLoaded(pool)) return
  const city = await timed(log, 'generated', () => generate(canTho))
  if (!(await exists(pool, 'select from campaign'))) await copyCity({ pool, log }, city)
  await openAccounts({ pool, log }, city)
  await timed(log, 'sealed', () => sealEverything(pool))
}

async function copyCity({ pool, log }: Loading, { tables, campaignId, handedUp, ruleIds }: Generated): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query('set local statement_timeout = 0')
    await timed(log, 'copied', () => copyTables(client, tables))
    await timed(log, 'counted', async () => {
      await client.query('select lay_ancestors()')
      await client.query(`analyze ${tables.map(({ name }) => name).join(', ')}, unit_ancestor`) // within the transaction: the count needs a plan
      await client.query('select recount($1)', [campaignId])
      await client.query('analyze count_kept')
      await handUp(client, campaignId, handedUp)
    })
    await timed(log, 'duties laid', () => layDuties(client, { campaignId, ruleIds }))
    await timed(log, 'committed', () => client.query('commit'))
    client.release()
  } catch (error) {
    client.release(true) // the connection ends, and with it the transaction
    throw error
  }
}

/** Accounts of a few people and the list of them that the sign-in page shows, both or neither. */
function openAccounts({ pool, log }: Loading, { accounts }: Generated): Promise<void> {
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) })
  const shown = accounts.map(({ username, vi, en }) => ({ username, password: canTho.password, who_vi: vi, who_en: en }))
  return timed(log, 'accounts opened', () =>
    asSystem(db, log, 'opening the demonstration accounts', async (tx) => {
      for (const { personId, username } of accounts) await createAccount(tx, { personId, username, password: canTho.password })
      await tx
        .insertInto('setting')
        .values({ key: 'demo_accounts', value: JSON.stringify(shown) })
        .execute()
    }),
  )
}

async function sealEverything(pool: pg.Pool): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ sealed: number }>('select seal_audit() as sealed')
    if (rows[0]!.sealed === 0) return
  }
}

async function exists(pool: pg.Pool, query: string): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>(`select exists (${query}) as found`)
  return rows[0]!.found
}

async function timed<Result>(log: Log, step: string, work: () => Result | Promise<Result>): Promise<Result> {
  const start = performance.now()
  const result = await work()
  log.info({ ms: Math.round(performance.now() - start) }, `demonstration city: ${step}`)
  return result
}
