import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'

const directory = join(import.meta.dirname, 'migrations')

/**
 * Brings the database to this version's schema, each numbered file in its own transaction; returns the files it ran.
 * Two processes at once: the second waits. A database that is ahead of this version is refused untouched.
 */
export async function migrate(pool: pg.Pool): Promise<string[]> {
  const files = (await readdir(directory)).filter((file) => /^\d{4}-[a-z-]+\.sql$/.test(file)).sort()
  const client = await pool.connect()
  try {
    await client.query(`select pg_advisory_lock(hashtext('migrate'))`)
    await client.query(`create table if not exists migration (file text primary key, ran_at timestamptz not null default now())`)
    await client.query(`alter table migration enable row level security`)
    const ran = new Set((await client.query<{ file: string }>('select file from migration')).rows.map((row) => row.file))
    const unknown = [...ran].filter((file) => !files.includes(file))
    if (unknown.length > 0) throw new Error(`The database was made by a newer version (${unknown.join(', ')}); start that version, or restore a backup.`)
    const missing = files.filter((file) => !ran.has(file))
    for (const file of missing) await run(client, file)
    return missing
  } finally {
    await client.query(`select pg_advisory_unlock(hashtext('migrate'))`).catch(() => undefined)
    client.release()
  }
}

async function run(client: pg.PoolClient, file: string): Promise<void> {
  const text = await readFile(join(directory, file), 'utf8')
  await client.query('begin')
  try {
    await client.query(text)
    await client.query('insert into migration (file) values ($1)', [file])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`Migration ${file} failed and was undone: ${(error as Error).message}`, { cause: error })
  }
}
