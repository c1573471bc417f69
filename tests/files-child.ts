import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import pg from 'pg'
import type { FilesPlace } from '../app/platform/config.ts'

// Keeps one file nobody has and one that is there, attaches both, and is killed before its step number `KILL_AT`: any call to the disk
// or the database. What was committed is said on standard output.

const [url, folder, place, killAt, own, shared] = process.argv.slice(2) as [string, string, string, string, string, string]
let steps = 0
let isCounting = false
const counted = (holder: object, name: string) => {
  const methods = holder as Record<string, (...given: unknown[]) => unknown>
  const original = methods[name]!
  methods[name] = function (this: unknown, ...given: unknown[]) {
    if (isCounting && ++steps === Number(killAt)) process.kill(process.pid, 'SIGKILL')
    return original.apply(this, given)
  }
}
for (const name of ['open', 'rename', 'unlink', 'mkdir', 'access', 'stat']) counted(fs, name)
const probe = await fs.open(folder)
for (const name of ['writeFile', 'sync', 'close', 'read']) counted(Object.getPrototypeOf(probe) as object, name)
await probe.close()
counted(pg.Client.prototype, 'query')
syncBuiltinESMExports()

const { sql } = await import('kysely')
const { openDatabase } = await import('../app/db/open.ts')
const { openLog } = await import('../app/platform/log.ts')
const { keepFile, openFiles, useFile } = await import('../app/platform/files/files.ts')

const { db } = openDatabase({ connectionString: url }, openLog('silent'), 1)
await sql`select 1`.execute(db)
const files = await openFiles(JSON.parse(place) as FilesPlace)
isCounting = true
for (const words of [own, shared]) {
  const kept = await keepFile(files, Buffer.from(words), { allowed: ['txt'], most: 10_000 })
  const id = await db.transaction().execute(async (tx) => {
    await useFile(tx, kept)
    const { rows } = await sql<{ id: number }>`insert into attachment (file_sha256) values (${kept.sha256}) returning id`.execute(tx)
    return rows[0]!.id
  })
  process.stdout.write(`${id} `)
  await kept.drop()
}
isCounting = false
process.stdout.write(`steps ${steps}`)
await db.destroy()
