import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { backupOf } from '../app/db/backup.ts'
import { createMigrated, administer, openScratchServer } from '../scripts/scratch-server.ts'
import { openDatabase } from '../app/db/open.ts'
import { restore } from '../app/db/restore.ts'
import { newKey, readAgeFile, writeAgeFile } from '../app/platform/age-file.ts'
import { openFiles } from '../app/platform/files/files.ts'
import { openLog } from '../app/platform/log.ts'
import { loadDemo } from '../demo/load.ts'
import { line } from './shared/measure.ts'

// The demonstration city into an encrypted file, and back into an empty database with every check.
const { server, stop } = await openScratchServer()
const folder = await mkdtemp(join(tmpdir(), 'thong-suot-backup-'))
const files = await openFiles({ kind: 'disk', folder: join(folder, 'files') })
const [city, copy] = [`bench_backup_${process.pid}`, `bench_restore_${process.pid}`]
try {
  await createMigrated(server, city)
  await administer(server, `create database ${copy} template template0`)
  const { pool } = openDatabase({ ...server, database: city }, openLog('silent'), 2)
  await loadDemo({ pool, log: openLog('silent') })
  await pool.end()

  const { identity, recipient } = await newKey()
  const file = join(folder, 'city.age')
  const taken = await seconds(() => on(city, (client) => writeAgeFile(file, backupOf(client, () => {}, files), { recipient })))
  const back = await seconds(async () => restoreInto(await readAgeFile(file, { identity })))
  line({ bench: 'backup', what: 'backup of the demonstration city', unit: 's', value: taken, megabytes: Math.round((await stat(file)).size / 104857.6) / 10 })
  line({ bench: 'backup', what: 'restored and checked', unit: 's', value: back })
} finally {
  for (const database of [city, copy]) await administer(server, `drop database if exists ${database} with (force)`)
  await rm(folder, { recursive: true, force: true })
  await stop()
}

function restoreInto(content: AsyncIterable<Uint8Array>) {
  return on(copy, (client) => restore(client, content, () => {}, files))
}

async function on<Result>(database: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ ...server, database })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return Math.round((performance.now() - began) / 100) / 10
}
