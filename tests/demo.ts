import pg from 'pg'
import { inject } from 'vitest'
import { openDatabase } from '../app/db/open.ts'
import { openLog } from '../app/platform/log.ts'
import { loadDemo } from '../demo/load.ts'
import { administer } from '../scripts/scratch-server.ts'
import { testDatabase, type TestDatabase } from './database.ts'

/** A copy of the demonstration city of one test file's own. The city is built once a run, by whichever file asks first. */
export async function demoDatabase(): Promise<TestDatabase> {
  const city = `${inject('template')}_demo`
  await buildOnce(city)
  return testDatabase(city)
}

async function buildOnce(city: string): Promise<void> {
  const server = inject('server')
  const client = new pg.Client({ ...server, database: 'postgres' })
  await client.connect()
  try {
    await client.query(`select pg_advisory_lock(hashtext('demonstration city'))`)
    const { rowCount } = await client.query('select from pg_database where datname = $1', [city])
    if (rowCount) return
    const draft = `${city}_draft` // a half-built city is never copied
    await administer(server, `drop database if exists ${draft} with (force)`)
    await administer(server, `create database ${draft} template ${inject('template')}`)
    const { pool } = openDatabase({ ...server, database: draft }, openLog('silent'), 2)
    try {
      await loadDemo({ pool, log: openLog('silent') })
    } finally {
      await pool.end()
    }
    await administer(server, `alter database ${draft} rename to ${city}`)
  } finally {
    await client.end()
  }
}
