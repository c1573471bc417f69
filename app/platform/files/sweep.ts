import { readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { sql, type QueryExecutorProvider } from 'kysely'
import type { Files } from './files.ts'

// Whatever its tables: this room knows nothing of the product.
type Database = QueryExecutorProvider & { transaction: () => { execute<Result>(work: (tx: QueryExecutorProvider) => Promise<Result>): Promise<Result> } }

const day = 24 * 60 * 60 * 1000

/** How many of each were removed. */
export type Swept = { rows: number; contents: number; drafts: number }

/**
 * Removes rows that nothing attaches, contents that no row knows and drafts that nobody waits for, each untouched for a day. One sweep at
 * a time, and none while a backup copies contents. A content that somebody is attaching again is held, and stays.
 */
export async function sweepFiles(db: Database, files: Files, { olderThan = day, draftsOlderThan = olderThan }: { olderThan?: number; draftsOlderThan?: number } = {}): Promise<Swept> {
  const before = new Date(Date.now() - olderThan)
  const swept: Swept = { rows: 0, contents: 0, drafts: 0 }
  for (const sha256 of await unattached(db, before)) if (await removeRow(db, sha256, before)) swept.rows++
  let batch: string[] = []
  for await (const { hash, at } of files.store.list()) {
    if (at <= before) batch.push(hash)
    if (batch.length < 500) continue
    swept.contents += await removeUnknown(db, files, batch, before)
    batch = []
  }
  swept.contents += await removeUnknown(db, files, batch, before)
  swept.drafts = await removeDrafts(files.incoming, new Date(Date.now() - draftsOlderThan))
  return swept
}

async function unattached(db: Database, before: Date): Promise<Buffer[]> {
  const { rows } = await sql<{ sha256: Buffer }>`select unattached_files(${before}) as sha256`.execute(db)
  return rows.map(({ sha256 }) => sha256)
}

/** The references decide: what has been attached meanwhile cannot be deleted, whatever the list said. */
async function removeRow(db: Database, sha256: Buffer, before: Date): Promise<boolean> {
  try {
    return await db.transaction().execute(async (tx) => {
      if (!(await mayGo(tx, sha256))) return false
      const { rows } = await sql`delete from file where sha256 = ${sha256} and used_at < ${before} returning 1`.execute(tx)
      return rows.length > 0
    })
  } catch (error) {
    if ((error as { code?: string }).code === '23503') return false
    throw error
  }
}

async function removeUnknown(db: Database, { store }: Files, hashes: string[], before: Date): Promise<number> {
  if (hashes.length === 0) return 0
  const { rows } = await sql<{ hash: string }>`
    select hash from unnest(${hashes}::text[]) as hash where not exists (select from file where file.sha256 = decode(hash, 'hex'))`.execute(db)
  let removed = 0
  for (const { hash } of rows) {
    const sha256 = Buffer.from(hash, 'hex')
    const isGone = await db.transaction().execute(async (tx) => {
      if (!(await mayGo(tx, sha256))) return false
      // Asked anew, now that nobody else can attach it.
      const known = await sql`select 1 from file where sha256 = ${sha256}`.execute(tx)
      const found = await store.look(hash)
      if (known.rows.length > 0 || !found || found.at > before) return false
      await store.remove(hash)
      return true
    })
    if (isGone) removed++
  }
  return removed
}

/** Holds the sweep's own lock, which backups hold against it, and the file's, which whoever attaches it holds. */
async function mayGo(tx: QueryExecutorProvider, sha256: Buffer): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`
    select case when pg_try_advisory_xact_lock(hashtext('sweep files')) then pg_try_advisory_xact_lock(('x' || ${sha256.toString('hex', 0, 8)})::bit(64)::bigint) else false end as may`.execute(tx)
  return rows[0]!.may
}

async function removeDrafts(folder: string, before: Date): Promise<number> {
  let removed = 0
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => null)
    if (!found?.isFile() || found.mtime > before) continue
    await unlink(path).catch(() => {})
    removed++
  }
  return removed
}
