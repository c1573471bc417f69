import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openEmbedded } from '../app/db/embedded.ts'
import { migrate } from '../app/db/migrate.ts'
import { openDatabase } from '../app/db/open.ts'
import { openLog } from '../app/platform/log.ts'

export type Server = { host: string; port: number; user: string; password: string }

/** A PostgreSQL for tests and generating: the one that TEST_DATABASE_URL names, or our own in a temporary folder until `stop`, which leaves nothing of it. */
export async function openScratchServer(): Promise<{ server: Server; isTemporary: boolean; stop: () => Promise<void> }> {
  const url = process.env['TEST_DATABASE_URL']
  if (url) {
    const { host, port, user, password } = new pg.Client({ connectionString: url })
    return { server: { host, port, user: user ?? '', password: password ?? '' }, isTemporary: false, stop: async () => {} }
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'thong-suot-scratch-'))
  const embedded = await openEmbedded({ dataDir, as: 'command' })
  const { host, port, user, password } = embedded.connection
  const server = { host, port, user, password }
  // Nothing here has to survive a crash. fsync is the launcher's to decide, but waiting for it is not.
  await administer(server, 'alter role current_user set synchronous_commit = off')
  const stop = async () => {
    await embedded.stop()
    for (const dir of new Set([embedded.dataDir, dataDir])) await rm(dir, { recursive: true, force: true })
  }
  return { server, isTemporary: true, stop }
}

/** Makes a database with this version's schema. */
export async function createMigrated(server: Server, database: string): Promise<void> {
  await administer(server, `create database ${database} template template0`)
  const { pool } = openDatabase({ ...server, database }, openLog('warn'), 1)
  try {
    await migrate(pool)
  } finally {
    await pool.end()
  }
}

/** Runs one statement outside of any database of ours. */
export async function administer(server: Server, statement: string): Promise<void> {
  const client = new pg.Client({ ...server, database: 'postgres' })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** Drops every database whose name begins so, or those of them that are meant. */
export async function dropDatabases(server: Server, prefix: string, isMeant: (database: string) => boolean = () => true): Promise<void> {
  const client = new pg.Client({ ...server, database: 'postgres' })
  await client.connect()
  const { rows } = await client.query<{ datname: string }>('select datname from pg_database where starts_with(datname, $1)', [prefix])
  for (const { datname } of rows) if (isMeant(datname)) await client.query(`drop database if exists ${datname} with (force)`)
  await client.end()
}
