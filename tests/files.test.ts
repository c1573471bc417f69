import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { asSystem } from '../app/db/open.ts'
import { moveEvidence } from '../app/features/filings/move-evidence.server.ts'
import { keepFile, openFile, openFiles, useFile, type Files } from '../app/platform/files/files.ts'
import type { FilesPlace } from '../app/platform/config.ts'
import { openLog } from '../app/platform/log.ts'
import { sweepFiles } from '../app/platform/files/sweep.ts'
import { testDatabase, type TestDatabase } from './database.ts'
import { testFiles } from './files.ts'

const log = openLog('silent')
const takes = { allowed: ['txt'] as const, most: 10_000 }
const everything = { olderThan: -60_000 }

/** A table that attaches files, as features have. */
async function attaching(): Promise<TestDatabase> {
  const database = await testDatabase()
  await sql`create table attachment (id bigint generated always as identity, file_sha256 bytea not null references file (sha256))`.execute(database.db)
  return database
}

const contentOf = async (files: Files, sha256: Buffer) => Buffer.concat(await (await openFile(files, sha256)).toArray())

/** Every row has its content byte for byte, and nothing lies there besides. */
async function demandWhole({ db }: TestDatabase, files: Files): Promise<number> {
  const { rows } = await sql<{ sha256: Buffer; size: number }>`select sha256, size_bytes as size from file`.execute(db)
  for (const { sha256, size } of rows) {
    const content = await contentOf(files, sha256)
    expect(createHash('sha256').update(content).digest().equals(sha256)).toBe(true)
    expect(content.length).toBe(size)
  }
  const lying: string[] = []
  for await (const { hash } of files.store.list()) lying.push(hash)
  expect(lying.sort()).toEqual(rows.map(({ sha256 }) => sha256.toString('hex')).sort())
  expect(await readdir(files.incoming).catch(() => [])).toEqual([])
  return rows.length
}

/** A folder, or where TEST_S3 names a service on this machine, a bucket of it. */
async function placeIn(folder: string): Promise<FilesPlace> {
  const endpoint = process.env['TEST_S3']
  if (!endpoint) return { kind: 'disk', folder: join(folder, 'files') }
  const credentials = { accessKeyId: 'TEST', secretAccessKey: 'TEST' }
  const bucket = `bi-dung-${Date.now()}`
  const { CreateBucketCommand, S3Client } = await import('@aws-sdk/client-s3')
  await new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: bucket }))
  return { kind: 's3', bucket, endpoint, region: 'us-east-1', prefix: '', credentials, incoming: join(folder, 'incoming') }
}

describe('a process that is killed', async () => {
  const database = await attaching()
  const folder = await mkdtemp(join(tmpdir(), 'thong-suot-killed-'))
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const place = await placeIn(folder)
  const files = await openFiles(place)

  /** The ids of what it said was saved, and whether it came to its end. */
  const run = (killAt: number) =>
    new Promise<{ saved: number[]; steps: number | null }>((resolve) => {
      execFile(process.execPath, [join(import.meta.dirname, 'files-child.ts'), database.url, folder, JSON.stringify(place), String(killAt), `own of ${killAt}`, 'of all'], (_, out) => {
        const [said = '', steps] = out.split('steps ')
        resolve({ saved: said.split(' ').filter(Boolean).map(Number), steps: steps ? Number(steps) : null })
      })
    })

  test('at any step of keeping and attaching loses no file that was saved, and leaves none that was not', { timeout: process.env['TEST_S3'] ? 600_000 : 120_000 }, async () => {
    await run(0)
    const { steps } = await run(0) // the first one made folders
    expect(steps).toBeGreaterThan(30)
    const points = Array.from({ length: steps! }, (_, index) => index + 1)
    const saved: number[] = []
    await Promise.all(
      [0, 1, 2].map(async (lane) => {
        for (const point of points.filter((one) => one % 3 === lane)) {
          const { saved: ids, steps: whole } = await run(point)
          expect(whole).toBeNull() // it was killed indeed
          saved.push(...ids)
        }
      }),
    )
    await sweepFiles(database.db, files, everything)
    const known = await demandWhole(database, files)
    const { rows } = await sql<{ id: number }>`select id::integer from attachment join file on file.sha256 = attachment.file_sha256`.execute(database.db)
    const ids = new Set(rows.map(({ id }) => id))
    expect(saved.filter((id) => !ids.has(id))).toEqual([])
    expect(known).toBeGreaterThan(10)

    await sql`delete from attachment`.execute(database.db)
    await sweepFiles(database.db, files, everything)
    expect(await demandWhole(database, files)).toBe(0)
  })
})

describe('the sweep', async () => {
  const database = await attaching()
  const { db } = database
  const files = await testFiles()
  const attach = async (words: string, pause = 0): Promise<{ id: number; sha256: Buffer }> => {
    const kept = await keepFile(files, Buffer.from(words), takes)
    try {
      await sleep(pause)
      return await db.transaction().execute(async (tx) => {
        await useFile(tx, kept)
        await sleep(pause)
        const { rows } = await sql<{ id: number }>`insert into attachment (file_sha256) values (${kept.sha256}) returning id::integer`.execute(tx)
        return { id: rows[0]!.id, sha256: kept.sha256 }
      })
    } finally {
      await kept.drop()
    }
  }
  const detach = (id: number) => sql`delete from attachment where id = ${id}`.execute(db)

  test('takes what nothing attaches, a day after its last use, and no sooner', async () => {
    const [kept, left] = [await attach('giữ lại'), await attach('bỏ đi')]
    await detach(left.id)
    expect(await sweepFiles(db, files)).toEqual({ rows: 0, contents: 0, drafts: 0 })
    await sql`update file set used_at = now() - interval '25 hours'`.execute(db)
    expect(await sweepFiles(db, files)).toEqual({ rows: 1, contents: 0, drafts: 0 })
    expect(await sweepFiles(db, files, everything)).toEqual({ rows: 0, contents: 1, drafts: 0 })
    expect((await contentOf(files, kept.sha256)).toString()).toBe('giữ lại')
    await detach(kept.id)
    await sweepFiles(db, files, everything)
    expect(await demandWhole(database, files)).toBe(0)
  })

  test('takes nothing while a backup copies contents', async () => {
    const { id } = await attach('đang sao lưu')
    await detach(id)
    const backup = await database.pool.connect()
    await backup.query(`select pg_advisory_lock_shared(hashtext('sweep files'))`)
    expect(await sweepFiles(db, files, everything)).toEqual({ rows: 0, contents: 0, drafts: 0 })
    await backup.query(`select pg_advisory_unlock_shared(hashtext('sweep files'))`)
    backup.release()
    expect(await sweepFiles(db, files, everything)).toEqual({ rows: 1, contents: 1, drafts: 0 })
  })

  test('never takes the content of what is attached again at the same moment', { timeout: 60_000 }, async () => {
    let isOver = false
    const swept = { rows: 0, contents: 0 }
    const sweeping = (async () => {
      while (!isOver) {
        const one = await sweepFiles(db, files, { ...everything, draftsOlderThan: 60_000 })
        swept.rows += one.rows
        swept.contents += one.contents
      }
    })()
    const worker = async (lane: number) => {
      for (let round = 0; round < 60; round++) {
        const words = `chung ${(round * 7 + lane) % 3}`
        const { id, sha256 } = await attach(words, (round * 13 + lane * 5) % 7)
        expect((await contentOf(files, sha256)).toString()).toBe(words)
        await detach(id)
      }
    }
    await Promise.all([0, 1, 2, 3].map(worker)).finally(() => (isOver = true))
    await sweeping
    expect(swept.rows).toBeGreaterThan(10)
    expect(swept.contents).toBeGreaterThan(10)
    await sweepFiles(db, files, everything)
    expect(await demandWhole(database, files)).toBe(0)
  })

  test('what is attached twice lies there once, and whoever attaches it is told nothing of the other', async () => {
    const [one, other] = [await keepFile(files, Buffer.from('cùng một tệp'), takes), await keepFile(files, Buffer.from('cùng một tệp'), takes)]
    for (const kept of [one, other]) {
      expect(await asSystem(db, log, 'test', (tx) => useFile(tx, kept))).toBeUndefined()
      await kept.drop()
    }
    expect(await sql`select 1 from file`.execute(db).then(({ rows }) => rows.length)).toBe(1)
  })
})

describe('evidence that an earlier version kept in its table', async () => {
  const { db } = await testDatabase()
  const files = await testFiles()
  test('is moved whole when the server starts, however often it is broken off', async () => {
    await sql`alter table evidence drop constraint evidence_filing_id_fkey`.execute(db) // whose proof it is does not matter here
    const contents = ['một', 'hai', 'một'].map((words) => Buffer.from(`%PDF-1.4 ${words} %%EOF`))
    for (const content of contents) {
      await sql`
        insert into evidence (id, filing_id, name, content_type, sha256, size_bytes, content)
        values (gen_random_uuid(), gen_random_uuid(), 'a.pdf', 'application/pdf', sha256(${content}), ${content.length}, ${content})`.execute(db)
    }
    const broken: Files = { ...files, store: { ...files.store, place: () => Promise.reject(new Error('the disk is full')) } }
    await expect(moveEvidence({ db, log, files: broken })).rejects.toThrow('the disk is full')
    expect(await moveEvidence({ db, log, files })).toBe(3)
    expect(await moveEvidence({ db, log, files })).toBe(0)
    const { rows } = await sql<{ hash: Buffer; content: Buffer | null }>`select file_sha256 as hash, content from evidence order by id`.execute(db)
    expect(rows.map(({ content }) => content)).toEqual([null, null, null])
    const moved = await Promise.all(rows.map(async ({ hash }) => (await contentOf(files, hash)).toString()))
    expect(moved.sort()).toEqual(contents.map(String).sort())
    expect((await stat(files.incoming)).mode & 0o777).toBe(0o700)
  })
})
