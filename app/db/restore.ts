import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Files } from '../platform/files/files.ts'
import { backupTitle, sequencesOf, tablesOf, type BackupFoot, type BackupHead, type Progress, type TableFoot } from './backup.ts'
import { contentsNamed, readContent, type ContentHead } from './backup-contents.ts'
import { openLines, type Lines } from './backup-lines.ts'
import { migrateWithin, migrationFiles } from './migrate.ts'

/** The backup, or where it is to go, cannot be taken; the sentence says why, and nothing was changed. */
export class CannotRestore extends Error {}

/** What a restored database was found to be: as it was when the backup began, and whether what it held agreed with itself. */
export type Restored = {
  startedAt: string
  tables: number
  rows: number
  /** Contents of files that came with it. */
  contents: number
  /** Contents that rows name and that are nowhere: lost before the backup was taken, or not where files are kept apart. */
  missing: string[]
  /** Codes of campaigns whose kept counts differed from a recount; they have been counted anew. */
  recounted: string[]
  /** First place at which the chain of the audit does not hold; null when it is whole. */
  brokenSeal: number | null
}

/**
 * Puts a backup into an empty database, in one transaction: all of it or nothing. The schema is made by the backup's own
 * migrations and brought to this version afterwards. Rows are counted against the backup, references are checked, figures are
 * recounted and the audit's chain is followed before anything is committed. Every content that a row names is looked for. Sessions end:
 * everybody signs in anew.
 */
export async function restore(client: pg.ClientBase, backup: AsyncIterable<Uint8Array>, progress: Progress, files: Files): Promise<Restored> {
  await client.query(`set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set row_security = off`)
  await client.query(`select pg_advisory_lock(hashtext('migrate'))`)
  const placed: string[] = []
  try {
    await client.query('begin')
    const restored = await within(client, backup, progress, { files, placed })
    await client.query('commit')
    await client.query('analyze')
    return restored
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    for (const hash of placed) await files.store.remove(hash)
    throw error
  } finally {
    await client.query(`select pg_advisory_unlock(hashtext('migrate'))`).catch(() => undefined)
  }
}

/** Where contents go, and which of them were not there before. */
type Into = { files: Files; placed: string[] }

async function within(client: pg.ClientBase, backup: AsyncIterable<Uint8Array>, progress: Progress, into: Into): Promise<Restored> {
  await demandEmpty(client)
  const lines = openLines(backup)
  const { startedAt, files, contents: place } = await readHead(lines)
  const known = await migrationFiles()
  const unknown = files.filter((file) => !known.includes(file))
  if (unknown.length > 0) throw new CannotRestore(`The backup was made by a newer version (${unknown.join(', ')}). Restore it with that version.`)
  await migrateWithin(client, files)
  const { tables, rows, contents, lost } = await load(client, lines, progress, into)
  await migrateWithin(client, known)
  const missing = await missingContents(client, into, lost, place === 'inside')
  await client.query('delete from account_session; delete from account_verification')
  await client.query(holdDeliveries)
  const restored = { startedAt, tables, rows, contents, missing, recounted: await recountAll(client), brokenSeal: await brokenSeal(client) }
  await noteRestored(client, restored)
  return restored
}

// What the backup shows as still to be sent may have been sent after it began: it is held until an administrator sends it again, and no
// later letter repeats what an earlier one may have said.
const holdDeliveries = `
  with held as (
    insert into notice_delivery (purpose, person_id, digest_on, state, problem)
    select 'digest', told.person_id, '-infinity', 'dropped', 'restored from a backup'
    from (select distinct notice.person_id from notice where notice.read_at is null and notice.digest_id is null) as told
    on conflict (person_id, digest_on) where purpose = 'digest' do update set since = now() -- restored once before
    returning notice_delivery.id, notice_delivery.person_id
  ), said as (
    update notice set digest_id = held.id from held where notice.person_id = held.person_id and notice.read_at is null and notice.digest_id is null
  )
  update notice_delivery set state = 'held', problem = 'restored from a backup', since = now(), claimed_by = null
  where notice_delivery.state in ('waiting', 'queued', 'sending')`

/** What was done after the backup began is gone: that it is gone, and since when, goes on record. */
async function noteRestored(client: pg.ClientBase, { startedAt, rows }: Restored): Promise<void> {
  await client.query(`insert into audit_entry (action, subject_type, subject_id, detail) values ('database.restored', 'deployment', 'backup', $1)`, [{ startedAt, rows }])
}

async function demandEmpty(client: pg.ClientBase): Promise<void> {
  const tables = await tablesOf(client)
  if (tables.length === 0) return
  throw new CannotRestore('The database is not empty, and a backup is never laid over another. Name an empty one: another folder with --data DIR, or another database in DATABASE_URL.')
}

async function readHead(lines: Lines): Promise<BackupHead> {
  const title = await lines.next()
  if (title !== backupTitle) throw new CannotRestore('The file holds no backup of Thông Suốt.')
  const head = readNote<BackupHead>(await lines.next())
  if (!head || ![1, 2].includes(head.format) || !Array.isArray(head.files)) throw new CannotRestore('The backup has a form that this version does not know. Restore it with the version that made it.')
  return head
}

/** The rows of every table, with triggers, references and indexes off until all are there; what was put back checks what came. */
async function load(client: pg.ClientBase, lines: Lines, progress: Progress, { files, placed }: Into): Promise<{ tables: number; rows: number; contents: number; lost: Set<string> }> {
  const tables = await tablesOf(client)
  const sequences = new Set((await sequencesOf(client)).map(({ sequence }) => sequence))
  const names = tables.map(({ name }) => name)
  const { rows: changes } = await client.query<{ takeOff: string; putBack: string }>(offAndBack)
  for (const { takeOff } of changes) await client.query(takeOff)
  await client.query(`truncate ${names.join(', ')}`) // migrations have put rows of their own

  const loaded = new Set<string>()
  const lost = new Set<string>()
  let total = 0
  let contents = 0
  for (;;) {
    const line = await lines.next()
    if (line === null) throw new CannotRestore('The backup ends too early: it is not whole.')
    const copy = /^copy (\S+) \(([^()]*)\) from stdin;$/.exec(line)
    const place = /^select setval\('([^']+)', (\d+)\);$/.exec(line)
    if (copy) {
      const [, name, columns] = copy as unknown as [string, string, string]
      demandKnown(tables, name, columns.split(', '))
      total += await loadTable(client, lines, name, columns)
      loaded.add(name)
      progress({ table: name, done: loaded.size, tables: tables.length, rows: total })
    } else if (place && sequences.has(place[1]!)) {
      await client.query('select setval($1::regclass, $2::bigint)', [place[1], place[2]])
    } else if (line.startsWith('-- {"content":"')) {
      const head = readNote<ContentHead>(line)!
      const found = await readContent(files, lines, head, (hash) => placed.push(hash))
      if (found === 'broken') throw new CannotRestore(`The backup is not whole: the file ${head.content} is damaged in it.`)
      if (found === 'whole') contents++
      else lost.add(head.content)
    } else {
      const foot = readNote<BackupFoot>(line)
      const missing = names.filter((name) => !loaded.has(name))
      if (!foot?.isWhole || missing.length > 0 || foot.tables !== loaded.size || foot.rows !== total || (foot.contents ?? 0) !== contents) throw new CannotRestore(`The backup is not whole${missing.length > 0 ? `: it lacks ${missing.join(', ')}` : ''}.`)
      break
    }
  }
  for (const { putBack } of changes.reverse()) await client.query(putBack)
  return { tables: loaded.size, rows: total, contents, lost }
}

/** Names every content that a row needs and that is not there. A backup that says it holds them, and does not, is refused. */
async function missingContents(client: pg.ClientBase, { files }: Into, lost: Set<string>, areInside: boolean): Promise<string[]> {
  const missing: string[] = []
  for (const { hash, size } of await contentsNamed(client)) {
    const found = await files.store.look(hash)
    if (found?.size === size) continue
    if (areInside && !lost.has(hash)) throw new CannotRestore(`The backup is not whole: it lacks the file ${hash}.`)
    missing.push(hash)
  }
  return missing
}

/** Only names that the catalogue knows become part of a statement. */
function demandKnown(tables: { name: string; columns: string[] }[], name: string, columns: string[]): void {
  const table = tables.find((one) => one.name === name)
  const known = new Set(table?.columns)
  if (table && columns.length === known.size && columns.every((column) => known.has(column))) return
  throw new CannotRestore(`The backup has a table "${name}" that its own version does not have in this form.`)
}

async function loadTable(client: pg.ClientBase, lines: Lines, name: string, columns: string): Promise<number> {
  const into = client.query(copyFrom(`copy ${name} (${columns}) from stdin`))
  await pipeline(Readable.from(lines.rows()), into)
  const foot = readNote<TableFoot>(await lines.next())
  if (foot?.table !== name || foot.rows !== into.rowCount) throw new CannotRestore(`The backup is not whole: ${name} has ${into.rowCount} rows instead of ${foot?.rows ?? 'a number that is missing'}.`)
  return into.rowCount
}

function readNote<Note>(line: string | null): Note | null {
  if (!line?.startsWith('-- {')) return null
  try {
    return JSON.parse(line.slice(3)) as Note
  } catch {
    return null
  }
}

// Put back in the opposite order: indexes, then references, which check every row, then triggers.
const offAndBack = `
  select 1 as step, relation.oid, '' as name,
         format('alter table %s disable trigger user', relation.oid::regclass) as "takeOff",
         format('alter table %s enable trigger user', relation.oid::regclass) as "putBack"
  from pg_class as relation
  where relation.relnamespace = 'public'::regnamespace and relation.relkind = 'r'
    and exists (select from pg_trigger where pg_trigger.tgrelid = relation.oid and not pg_trigger.tgisinternal)
  union all
  select 2, reference.conrelid, reference.conname,
         format('alter table %s drop constraint %I', reference.conrelid::regclass, reference.conname),
         format('alter table %s add constraint %I %s', reference.conrelid::regclass, reference.conname, pg_get_constraintdef(reference.oid))
  from pg_constraint as reference
  where reference.contype = 'f' and reference.connamespace = 'public'::regnamespace
  union all
  select 3, index.indexrelid, '',
         format('drop index %s', index.indexrelid::regclass),
         pg_get_indexdef(index.indexrelid)
  from pg_index as index
  join pg_class as relation on relation.oid = index.indrelid
  where relation.relnamespace = 'public'::regnamespace and relation.relkind = 'r'
    and not exists (select from pg_constraint where pg_constraint.conindid = index.indexrelid)
  order by 1, 2, 3`

/** Counts every campaign anew from its records; gives the codes of those whose kept counts had said something else. */
async function recountAll(client: pg.ClientBase): Promise<string[]> {
  const kept = `select unit_id, indicator, dimension, on_day, own, whole from count_kept where campaign_id = $1 and (own <> 0 or whole <> 0)`
  const differing: string[] = []
  await client.query('select fold_counts()')
  const { rows: campaigns } = await client.query<{ id: string; code: string }>('select id, code from campaign order by code')
  for (const { id, code } of campaigns) {
    await client.query(`create temporary table counted_before on commit drop as ${kept.replace('$1', `'${id}'`)}`)
    await client.query('select recount($1)', [id])
    const { rows } = await client.query<{ differ: boolean }>(
      `select exists ((${kept} except table counted_before) union all (table counted_before except ${kept})) as differ`,
      [id],
    )
    if (rows[0]!.differ) differing.push(code)
    await client.query('drop table counted_before')
  }
  return differing
}

async function brokenSeal(client: pg.ClientBase): Promise<number | null> {
  const { rows } = await client.query<{ position: number | null }>('select broken_seal()::integer as position')
  return rows[0]!.position
}
