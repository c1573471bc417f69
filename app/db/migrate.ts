import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'

const directory = join(import.meta.dirname, 'migrations')

/** Every migration of this version, in order. */
export async function migrationFiles(): Promise<string[]> {
  return (await readdir(directory)).filter((file) => /^\d{4}-[a-z-]+\.sql$/.test(file)).sort()
}

/**
 * Brings the database to this version's schema, each numbered file in its own transaction; returns the files it ran.
 * Two processes at once: the second waits. A database that is ahead of this version is refused untouched.
 */
export async function migrate(pool: pg.Pool): Promise<string[]> {
  const files = await migrationFiles()
  const client = await pool.connect()
  try {
    await client.query(`select pg_advisory_lock(hashtext('migrate'))`)
    const missing = await missingOf(client, files)
    for (const file of missing) await inTransaction(client, file)
    return missing
  } finally {
    await client.query(`select pg_advisory_unlock(hashtext('migrate'))`).catch(() => undefined)
    client.release()
  }
}

/** Runs those of the files that are missing within the transaction that this connection has begun. */
export async function migrateWithin(client: pg.ClientBase, files: string[]): Promise<void> {
  for (const file of await missingOf(client, files)) await run(client, file)
}

async function missingOf(client: pg.ClientBase, files: string[]): Promise<string[]> {
  await client.query(`create table if not exists migration (file text primary key, ran_at timestamptz not null default now())`)
  await client.query(`alter table migration enable row level security`)
  const ran = new Set((await client.query<{ file: string }>('select file from migration')).rows.map((row) => row.file))
  const unknown = [...ran].filter((file) => !files.includes(file))
  if (unknown.length > 0) throw new Error(`The database was made by a newer version (${unknown.join(', ')}); start that version, or restore a backup.`)
  return files.filter((file) => !ran.has(file))
}

async function inTransaction(client: pg.PoolClient, file: string): Promise<void> {
  await client.query('begin')
  try {
    await run(client, file)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`Migration ${file} failed and was undone: ${(error as Error).message}`, { cause: error })
  }
}

async function run(client: pg.ClientBase, file: string): Promise<void> {
  await client.query(await readFile(join(directory, file), 'utf8'))
  await client.query('insert into migration (file) values ($1)', [file])
}
