import type { Readable } from 'node:stream'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { Files } from '../platform/files/files.ts'
import { contentLines, contentsNamed, holdContents } from './backup-contents.ts'

// What a backup is, before it is packed and encrypted: the text that psql would load too. A line that says what it is, a
// `copy … from stdin;` with its rows for each table, the places of the sequences, the contents of files, and a line that says it is whole.

/** First line of a backup, after its title. `files` are its migrations; format 1, of older versions, has no contents of files. */
export type BackupHead = { format: 1 | 2; startedAt: string; files: string[]; contents?: 'inside' | 'apart' }

/** Line after the rows of a table. */
export type TableFoot = { table: string; rows: number }

/** Last line. */
export type BackupFoot = { isWhole: true; tables: number; rows: number; contents?: number }

export const backupTitle = '-- Thông Suốt backup'

/** How far it has come: tables that are done of all, rows so far. */
export type Progress = (at: { table: string; done: number; tables: number; rows: number; contents?: number; missing?: string[] }) => void

/**
 * Everything that is in the database at one instant, in one snapshot, while others go on writing. Holds whatever was
 * committed before it was called; only the schema stands still meanwhile. The connection must be of the owner of the tables. With
 * `files`, the contents that its rows name are inside; null: they are kept apart, by whoever runs the service they lie at.
 */
export async function* backupOf(client: pg.ClientBase, progress: Progress, files: Files | null): AsyncGenerator<Buffer> {
  await client.query(`set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set row_security = off`)
  await client.query(`select pg_advisory_lock_shared(hashtext('migrate'))`) // a migration waits for us, and we for it
  const letGo = await holdContents(client)
  try {
    await client.query('begin isolation level repeatable read read only')
    yield* inSnapshot(client, progress, files)
    await client.query('commit')
  } finally {
    await letGo().catch(() => undefined)
    // After a break the connection is ended by whoever opened it, and the lock with it.
    await client.query(`select pg_advisory_unlock_shared(hashtext('migrate'))`).catch(() => undefined)
  }
}

async function* inSnapshot(client: pg.ClientBase, progress: Progress, files: Files | null): AsyncGenerator<Buffer> {
  const { rows: ran } = await client.query<{ file: string }>('select file from migration order by file')
  const { rows: instant } = await client.query<{ at: Date }>('select now() as at')
  yield line(backupTitle)
  yield note({ format: 2, startedAt: instant[0]!.at.toISOString(), files: ran.map(({ file }) => file), contents: files ? 'inside' : 'apart' } satisfies BackupHead)

  const tables = await tablesOf(client)
  let total = 0
  for (const [done, { name, columns }] of tables.entries()) {
    yield line(`copy ${name} (${columns.join(', ')}) from stdin;`)
    const rows = client.query(copyTo(`copy ${name} (${columns.join(', ')}) to stdout`))
    yield* inLargePieces(rows)
    total += rows.rowCount
    yield line('\\.')
    yield note({ table: name, rows: rows.rowCount } satisfies TableFoot)
    progress({ table: name, done: done + 1, tables: tables.length, rows: total })
  }
  // A sequence knows no snapshot; read last, it is at or past every number that the rows above have taken.
  for (const { sequence, last } of await sequencesOf(client)) if (last !== null) yield line(`select setval('${sequence}', ${last});`)
  let contents = 0
  const missing: string[] = []
  const last = { table: 'file', done: tables.length, tables: tables.length, rows: total }
  // A database of an older version has no such table.
  for (const named of files && tables.some(({ name }) => name === 'file') ? await contentsNamed(client) : []) {
    if (yield* contentLines(files!, named)) contents++
    else missing.push(named.hash)
    progress({ ...last, contents, missing })
  }
  yield note({ isWhole: true, tables: tables.length, rows: total, contents } satisfies BackupFoot)
}

/** Tables in the order of their names, with the columns that hold something of their own; those computed from others are left out. */
export async function tablesOf(client: pg.ClientBase): Promise<{ name: string; columns: string[] }[]> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(`
    select quote_ident(pg_class.relname) as name,
           array_agg(quote_ident(pg_attribute.attname) order by pg_attribute.attnum) as columns
    from pg_class
    join pg_attribute on pg_attribute.attrelid = pg_class.oid and pg_attribute.attnum > 0
      and not pg_attribute.attisdropped and pg_attribute.attgenerated = ''
    where pg_class.relnamespace = 'public'::regnamespace and pg_class.relkind = 'r' and pg_class.relname <> 'migration'
      and not exists (select from pg_depend where pg_depend.classid = 'pg_class'::regclass and pg_depend.objid = pg_class.oid and pg_depend.deptype = 'e')
    group by pg_class.oid, pg_class.relname
    order by pg_class.relname collate "C"`)
  return rows
}

/** Each sequence with the last number it gave; null before the first. */
export async function sequencesOf(client: pg.ClientBase): Promise<{ sequence: string; last: string | null }[]> {
  const { rows } = await client.query<{ sequence: string; last: string | null }>(`
    select quote_ident(sequencename) as sequence, last_value::text as last
    from pg_sequences where schemaname = 'public' order by sequencename collate "C"`)
  return rows
}

const line = (text: string) => Buffer.from(`${text}\n`)
const note = (content: object) => line(`-- ${JSON.stringify(content)}`)

const largePiece = 256 * 1024

/** PostgreSQL sends a row at a time; packing and encrypting by rows would take most of its time for calls. */
async function* inLargePieces(rows: Readable): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = []
  let size = 0
  for await (const piece of rows as AsyncIterable<Buffer>) {
    pieces.push(piece)
    size += piece.length
    if (size < largePiece) continue
    yield Buffer.concat(pieces)
    pieces = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(pieces)
}
