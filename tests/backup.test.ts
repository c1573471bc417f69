import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { appendFile, chmod, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { sql } from 'kysely'
import pg from 'pg'
import { v7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { backupOf, tablesOf } from '../app/db/backup.ts'
import { openLines } from '../app/db/backup-lines.ts'
import { migrate, migrateWithin, migrationFiles } from '../app/db/migrate.ts'
import { asViewer, openDatabase } from '../app/db/open.ts'
import { CannotRestore, restore } from '../app/db/restore.ts'
import { makeDigests } from '../app/features/notices/notices.jobs.ts'
import { notify } from '../app/features/notices/notices.server.ts'
import { takeRoll } from '../app/features/study/rolls.server.ts'
import { holdSession } from '../app/features/study/sessions.server.ts'
import { MarkStatus } from '../app/features/study/study.schema.ts'
import { keepFile, openFile, openFiles, useFile, type Files } from '../app/platform/files/files.ts'
import { newKey, readAgeFile, writeAgeFile } from '../app/platform/age-file.ts'
import { openLog } from '../app/platform/log.ts'
import { describeSchema } from '../scripts/describe-schema.ts'
import { administer } from '../scripts/scratch-server.ts'
import { testDatabase, type TestDatabase } from './database.ts'
import { filesFolder, testFiles } from './files.ts'
import { openedCampaign, organisation, type Organisation } from './people.ts'
import { testApp } from './web.ts'

vi.setConfig({ testTimeout: 180_000 }) // every restore makes a whole schema; commands are processes of their own

const folder = mkdtempSync(join(tmpdir(), 'backup-'))
const passphrase = 'bốn mùa nước nổi về'
const extraMembers = 24
const files = await testFiles()

let origin: TestDatabase
let city: Organisation
let sittingIds: string[]
let members: string[]

beforeAll(async () => {
  await chmod(folder, 0o755)
  origin = await testDatabase()
  city = await organisation(origin.db)
  members = Array.from({ length: extraMembers }, () => v7())
  await origin.db.insertInto('person').values(members.map((id, index) => ({ id, name: `Đảng viên \\. ${index}` }))).execute()
  await origin.db.insertInto('membership').values(members.map((person_id) => ({ id: v7(), person_id, unit_id: city.unit.cellOne, during: '[2020-01-01,)' }))).execute()
  const { topicIds } = await openedCampaign(origin.db, city)
  const held = await asViewer(origin.db, city.viewer.binh, (tx) =>
    holdSession({ tx, viewer: city.viewer.binh, source: 'page' }, { campaignCode: 'nq-xiii', unitCode: 'an-hoa-1', kind: 'class', name: 'Lớp học', categories: [], sittings: ['2021-04-05', '2021-04-06', '2021-04-07', '2021-04-08'].map((heldOn) => ({ heldOn, topicIds })) }),
  )
  sittingIds = held.sittingIds
  const roll = { sittingId: sittingIds[0]!, marks: [{ personId: members[0]!, status: 'present' as const }] }
  await asViewer(origin.db, city.viewer.binh, (tx) => takeRoll({ tx, viewer: city.viewer.binh, source: 'page' }, roll))
  await origin.pool.query('select fold_counts(), seal_audit()')
})
afterAll(() => rm(folder, { recursive: true }))

let made = 0
/** A database without anything in it. */
async function emptyDatabase() {
  const connection = { ...inject('server'), database: `${inject('template')}_empty_${process.pid}_${++made}` }
  await administer(inject('server'), `create database ${connection.database} template template0`)
  const { db, pool } = openDatabase(connection, openLog('silent'), 2)
  afterAll(() => db.destroy())
  const { host, port, user, password, database } = connection
  const url = `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`
  return { db, pool, connection, url }
}

async function on<Result>(connection: pg.ClientConfig, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function gather(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

/** A backup in clear, of a database that nobody writes to. */
const textOf = (connection: pg.ClientConfig) => on(connection, async (client) => gather(backupOf(client, () => {}, files)))

const restoreInto = (connection: pg.ClientConfig, text: Uint8Array, into = files) => on(connection, (client) => restore(client, inPieces(text), () => {}, into))

async function* inPieces(text: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += size) yield text.subarray(at, at + size)
}

/** What stands in every table, as one hash each. */
async function contents(connection: pg.ClientConfig): Promise<Record<string, string>> {
  return on(connection, async (client) => {
    const hashes: Record<string, string> = {}
    for (const { name } of await tablesOf(client)) hashes[name] = (await client.query<{ hash: string }>(`select count(*) || ' ' || coalesce(md5(string_agg(row::text, '|' order by row::text)), '') as hash from ${name} as row`)).rows[0]!.hash
    return hashes
  })
}

function command(args: string[], env: NodeJS.ProcessEnv): Promise<{ code: number | null; out: string; err: string }> {
  const { DATABASE_URL: _, ...inherited } = process.env
  const child = spawn(join(import.meta.dirname, '../bin/thong-suot'), args, { env: { ...inherited, ...env } })
  let [out, err] = ['', '']
  child.stdout.on('data', (text) => (out += text))
  child.stderr.on('data', (text) => (err += text))
  child.stdin.end('một câu rất dài\n')
  return new Promise((resolve, reject) => child.on('error', reject).on('close', (code) => resolve({ code, out, err })))
}

/** A mark that was sent, and when it was acknowledged: milliseconds, null while it is under way. */
type Sent = { key: string; status: string; at: number | null }

/** Secretary Bình's phones: a roll at once on each sitting, each person now this, now that, while the jobs fold and seal. */
function storm(signal: AbortSignal) {
  const sent: Sent[] = []
  const receipts: { receipt: number; at: number }[] = []
  const viewer = city.viewer.binh
  const phone = async (sittingId: string, seed: number) => {
    for (let round = seed; !signal.aborted; round++) {
      const people = [0, 5, 11].map((step) => members[(round * 7 + step) % members.length]!)
      const status = MarkStatus.options[round % 4]!
      const mine = people.map((person): Sent => ({ key: `${sittingId} ${person}`, status, at: null }))
      sent.push(...mine)
      const receipt = await asViewer(origin.db, viewer, (tx) => takeRoll({ tx, viewer, source: 'page' }, { sittingId, marks: people.map((personId) => ({ personId, status })) }))
      const at = performance.now()
      receipts.push({ receipt, at })
      for (const one of mine) one.at = at
    }
  }
  const job = async (statement: string) => {
    for (; !signal.aborted; await sleep(30)) await sql.raw(statement).execute(origin.db)
  }
  const work = Promise.all([...sittingIds.map(phone), job('select fold_counts()'), job('select seal_audit()')])
  return { sent, receipts, work }
}

/** What a person's mark may be in a backup that began then: the last acknowledged before, or one of those under way or sent since. */
function allowedMarks(sent: Sent[], began: number): Map<string, Set<string>> {
  const allowed = new Map<string, Set<string>>()
  for (const { key, status, at } of sent) {
    if (at !== null && at < began) allowed.set(key, new Set([status]))
    else allowed.set(key, (allowed.get(key) ?? new Set([''])).add(status))
  }
  return allowed
}

test('a backup taken in a storm of rolls holds every roll acknowledged before it began, and its counts equal a recount', async () => {
  const over = new AbortController()
  const { sent, receipts, work } = storm(over.signal)
  for (const end = Date.now() + 20_000; receipts.length < 60; await sleep(10)) if (Date.now() > end) throw new Error('The storm does not rise.')
  const file = join(folder, 'storm.age')
  const began = performance.now()
  const written = await command(['backup', file], { DATABASE_URL: origin.url, BACKUP_PASSPHRASE: passphrase })
  over.abort()
  await work
  expect(written).toMatchObject({ code: 0, err: expect.stringMatching(/^Written: .*storm\.age, [\d.]+ MB, \d+ rows of \d+ tables/m) })
  const acknowledged = receipts.filter(({ at }) => at < began).map(({ receipt }) => receipt)
  expect(receipts.length).toBeGreaterThan(acknowledged.length + 20) // it went on meanwhile
  expect((await stat(file)).mode & 0o777).toBe(0o600)

  const target = await emptyDatabase()
  const restored = await command(['restore', file], { DATABASE_URL: target.url, BACKUP_PASSPHRASE: passphrase })
  expect(restored).toMatchObject({ code: 0, err: expect.stringContaining('The kept counts equal a full recount.\nThe chain of the audit holds.') })

  expect((await target.pool.query('select from audit_entry where id = any ($1)', [acknowledged])).rowCount).toBe(acknowledged.length)
  const { rows: marks } = await target.pool.query<{ key: string; status: string }>(`select sitting_id || ' ' || person_id as key, status from mark where superseded_at is null`)
  const kept = new Map(marks.map(({ key, status }) => [key, status]))
  const lost = [...allowedMarks(sent, began)].filter(([key, allowed]) => !allowed.has(kept.get(key) ?? ''))
  expect(lost).toEqual([])
  const { rows: counted } = await target.pool.query<{ attendances: number }>(
    `select sum(whole)::integer as attendances from campaign, count_values(campaign.id, array['${city.unit.city}']::uuid[], '2021-06-30') where indicator = 'attendances' and dimension = ''`,
  )
  expect(counted[0]!.attendances).toBe(marks.filter(({ status }) => status === 'present' || status === 'late').length)
})

describe('a restored database', () => {
  test('has the same schema and the same rows in every table, and goes on where the other stood', async () => {
    await on(origin.connection, (client) => client.query('select fold_counts()'))
    const target = await emptyDatabase()
    await restoreInto(target.connection, await textOf(origin.connection))
    const { count_kept: _, audit_entry: _a, audit_pending: _b, ...was } = await contents(origin.connection)
    const { count_kept: _c, audit_entry: _d, audit_pending: _e, ...is } = await contents(target.connection)
    expect(is).toEqual(was)
    const entries = 'select at, actor_id, action, subject_id, detail from audit_entry order by id'
    expect((await target.pool.query(entries)).rows).toEqual([...(await origin.pool.query(entries)).rows, expect.objectContaining({ action: 'database.restored', actor_id: null })])
    expect(await describeSchema(target.pool)).toBe(await describeSchema(origin.pool))
    expect(await migrate(target.pool)).toEqual([])
    const receipt = await asViewer(target.db, city.viewer.binh, (tx) => takeRoll({ tx, viewer: city.viewer.binh, source: 'page' }, { sittingId: sittingIds[0]!, marks: [{ personId: members[0]!, status: 'absent' }] }))
    const { rows } = await origin.pool.query<{ last: number }>('select max(id) as last from audit_entry')
    expect(receipt).toBeGreaterThan(rows[0]!.last)
    await expect(target.pool.query('update audit_entry set action = action')).rejects.toThrow('only added to')
  })

  test('knows no session of the old one', async () => {
    const accountId = v7()
    await origin.pool.query(`insert into account (id, person_id, username, display_username, name, email) values ($1, $2, 'binh', 'binh', 'x', 'binh@example.vn')`, [accountId, city.person.binh])
    await origin.pool.query(`insert into account_session (id, account_id, token, expires_at) values ($1, $2, 'token', now() + interval '1 day')`, [v7(), accountId])
    const target = await emptyDatabase()
    await restoreInto(target.connection, await textOf(origin.connection))
    expect((await target.pool.query('select from account')).rowCount).toBe(1)
    expect((await target.pool.query('select from account_session')).rowCount).toBe(0)
  })

  test('of an older version is brought to this one', async () => {
    const files = await migrationFiles()
    const old = await emptyDatabase()
    await on(old.connection, async (client) => {
      await client.query('begin')
      await migrateWithin(client, files.slice(0, -1))
      await client.query('commit')
    })
    const target = await emptyDatabase()
    await restoreInto(target.connection, await textOf(old.connection))
    expect((await target.pool.query<{ file: string }>('select file from migration order by file')).rows.map(({ file }) => file)).toEqual(files)
  })

  test('says which campaign was miscounted in the backup already, and where the chain was broken', async () => {
    const broken = await emptyDatabase()
    await restoreInto(broken.connection, await textOf(origin.connection))
    await broken.pool.query(`update count_kept set whole = whole + 1 where indicator = 'attendances' and dimension = '' and unit_id = $1`, [city.unit.city])
    await broken.pool.query(`alter table audit_entry disable trigger user; update audit_entry set action = 'altered' where id = (select min(id) from audit_entry); alter table audit_entry enable trigger user`)
    const target = await emptyDatabase()
    expect(await restoreInto(target.connection, await textOf(broken.connection))).toMatchObject({ recounted: ['nq-xiii'], brokenSeal: 1 })
  })
})

describe('what is refused, with nothing changed', () => {
  test('a database that is not empty', async () => {
    const text = await textOf(origin.connection)
    const was = await contents(origin.connection)
    await expect(restoreInto(origin.connection, text)).rejects.toThrow(/is not empty/)
    expect(await contents(origin.connection)).toEqual(was)
  })

  test('a backup that was cut anywhere, or lacks rows, or is of a newer version', async () => {
    const text = (await textOf(origin.connection)).toString('utf8')
    const target = await emptyDatabase()
    const lines = text.split('\n')
    const member = lines.findIndex((line) => line.startsWith('copy membership '))
    const wrong = [
      text.slice(0, Math.floor(text.length / 2)),
      lines.slice(0, -2).join('\n'),
      lines.toSpliced(member + 1, 1).join('\n'),
      lines.toSpliced(lines.findIndex((line) => line.startsWith('copy setting ')), 0, 'drop table person;').join('\n'),
      text.replace('copy setting (', 'copy setting (nothing, '),
      text.replace('"0001-foundation.sql"', '"0001-foundation.sql","9999-later.sql"'),
      text.replace('Thông Suốt', 'another'),
      '',
    ]
    for (const one of wrong) {
      await expect(restoreInto(target.connection, Buffer.from(one))).rejects.toThrow(CannotRestore)
      expect((await on(target.connection, tablesOf)).length).toBe(0)
    }
  })

  test('a wrong passphrase, a wrong key, and a file that was cut or changed', async () => {
    const file = join(folder, 'small.age')
    const { identity, recipient } = await newKey()
    await writeAgeFile(file, inPieces(Buffer.from('một bản sao '.repeat(20_000))), { recipient })
    const read = async (key: Parameters<typeof readAgeFile>[1]) => gather(await readAgeFile(file, key))
    expect((await read({ identity })).toString()).toContain('một bản sao')
    await expect(read({ passphrase })).rejects.toThrow('does not open with this passphrase')
    await expect(read({ identity: (await newKey()).identity })).rejects.toThrow('does not open with this key')
    await expect(read({ identity: 'x' })).rejects.toThrow('holds no age key')
    const whole = await readFile(file)
    for (const changed of [whole.subarray(0, -1), whole.subarray(0, 250), whole.with(whole.length - 20, whole.at(-20)! ^ 1), Buffer.from('no backup')]) {
      await writeFile(file, changed)
      await expect(read({ identity })).rejects.toThrow(/is damaged|is no encrypted backup/)
    }
  })

  test('on the command line: no passphrase, a short one, a file that is there, a wrong key, a full database', async () => {
    const there = join(folder, 'there.age')
    await appendFile(there, 'x')
    const cases = [
      [2, 'always encrypted', ['backup', join(folder, 'a.age')], {}],
      [2, 'at least 12 characters', ['backup', join(folder, 'a.age')], { BACKUP_PASSPHRASE: 'short' }],
      [2, 'is there already', ['backup', there], { BACKUP_PASSPHRASE: passphrase }],
      [2, 'Usage: thong-suot restore', ['restore'], {}],
      [2, 'Name the key', ['restore', there], {}],
      [2, 'no encrypted backup', ['restore', there], { BACKUP_PASSPHRASE: passphrase }],
      [2, 'cannot be read', ['restore', join(folder, 'none')], { BACKUP_PASSPHRASE: passphrase }],
    ] as const
    for (const [code, sentence, args, env] of cases) expect(await command([...args], { DATABASE_URL: origin.url, ...env })).toMatchObject({ code, err: expect.stringContaining(sentence) })
  })
})

test('a key for backups is made once, and what is written for it moves embedded data to another folder', async () => {
  const key = join(folder, 'key.txt')
  const made = await command(['backup', '--new-key', key], {})
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^age1[a-z0-9]+\n$/) })
  expect(await command(['backup', '--new-key', key], {})).toMatchObject({ code: 1, err: expect.stringContaining('is there already') })
  const [from, to, file] = ['from', 'to', 'moved.age'].map((name) => join(folder, name)) as [string, string, string]
  expect(await command(['setup', '--unit', 'Thành ủy Cần Thơ', '--kind', 'city_committee', '--name', 'Trần Thị Mai', '--username', 'mai', '--data', from], {})).toMatchObject({ code: 0 })
  expect(await command(['backup', file, '--data', from, '--recipient', made.out.trim()], {})).toMatchObject({ code: 0 })
  expect(await command(['restore', file, '--data', to, '--identity', key], {})).toMatchObject({ code: 0 })
  expect((await command(['user', 'list', '--data', to], {})).out).toContain('Trần Thị Mai')
  expect(await command(['restore', file, '--data', to, '--identity', key], {})).toMatchObject({ code: 1, err: expect.stringContaining('not empty') })
})

test('rows and lines come out of any text as they went in, however it is cut', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: fc.constantFrom('a', '\\\\', '.', 'đ', '\t') }), { maxLength: 20 }), fc.integer({ min: 1, max: 7 }), async (rows, size) => {
      const text = Buffer.from(['first', ...rows, '\\.', 'last'].map((line) => `${line}\n`).join(''))
      const lines = openLines(Readable.from(inPieces(text, size)))
      expect(await lines.next()).toBe('first')
      expect((await gather(lines.rows())).toString()).toBe(rows.map((line) => `${line}\n`).join(''))
      expect(await lines.next()).toBe('last')
      expect(await lines.next()).toBeNull()
    }),
  ))

describe('files', () => {
  const takes = { allowed: ['txt'] as const, most: 10_000_000 }
  const wordsOf = async (from: Files, sha256: Buffer) => (await gather(await openFile(from, sha256))).toString()
  let source: TestDatabase
  let own: Files
  const attached: { sha256: Buffer; words: string }[] = []
  beforeAll(async () => {
    source = await testDatabase()
    own = await testFiles()
    for (const words of ['một', 'hai '.repeat(100_000), 'ba\n\\.\n']) {
      const kept = await keepFile(own, Buffer.from(words), takes)
      await source.db.transaction().execute((tx) => useFile(tx, kept))
      await kept.drop()
      attached.push({ sha256: kept.sha256, words })
    }
  })
  const textWith = (from: Files | null) => on(source.connection, async (client) => gather(backupOf(client, () => {}, from)))

  test('that rows name are in the backup and come back byte for byte; psql would take the text still', async () => {
    const text = await textWith(own)
    expect(text.toString().split('\n').filter((line) => line.length > 70_000)).toEqual([])
    const [target, into] = [await emptyDatabase(), await testFiles()]
    expect(await restoreInto(target.connection, text, into)).toMatchObject({ contents: 3, missing: [] })
    for (const { sha256, words } of attached) expect(await wordsOf(into, sha256)).toBe(words)
  })
  test('left out are looked for where they are kept', async () => {
    const text = await textWith(null)
    expect(await restoreInto((await emptyDatabase()).connection, text, own)).toMatchObject({ contents: 0, missing: [] })
    const missing = attached.map(({ sha256 }) => sha256.toString('hex')).sort()
    expect(await restoreInto((await emptyDatabase()).connection, text, await testFiles())).toMatchObject({ contents: 0, missing })
  })
  test('that are damaged or lacking in a backup are not restored, and nothing of it stays', async () => {
    const text = (await textWith(own)).toString()
    const lines = text.split('\n')
    const first = lines.findIndex((line) => line.startsWith('-- {"content":"'))
    const wrong = [lines.toSpliced(first + 1, 1, '-- YmE='), lines.toSpliced(first, 3), lines.toSpliced(first + 2, 1), lines.slice(0, first + 2)]
    for (const one of wrong) {
      const [target, into] = [await emptyDatabase(), await testFiles()]
      await expect(restoreInto(target.connection, Buffer.from(one.join('\n')), into)).rejects.toThrow(CannotRestore)
      for await (const { hash } of into.store.list()) expect.unreachable(hash)
      expect((await on(target.connection, tablesOf)).length).toBe(0)
    }
  })
  test('that were lost are said, at the backup and at the restore, and nothing else is lost with them', async () => {
    const [folderOf, file] = [await filesFolder(), join(folder, 'lost.age')]
    const kept = await openFiles({ kind: 'disk', folder: folderOf })
    for (const { words } of attached.slice(1)) await (await keepFile(kept, Buffer.from(words), takes)).place()
    const lost = attached[0]!.sha256.toString('hex')
    const damaged = attached[1]!.sha256.toString('hex')
    await writeFile(join(folderOf, damaged.slice(0, 2), damaged), 'something else')
    const env = { DATABASE_URL: source.url, FILES_DIR: folderOf, BACKUP_PASSPHRASE: passphrase }
    const said = await command(['backup', file], env)
    expect(said).toMatchObject({ code: 1, err: expect.stringMatching(/^Written: .* 1 files/m) })
    for (const hash of [lost, damaged]) expect(said.err).toContain(`The file ${hash} is not where files are kept, or is damaged there`)
    const [target, into] = [await emptyDatabase(), await filesFolder()]
    const restored = await command(['restore', file], { ...env, DATABASE_URL: target.url, FILES_DIR: into })
    expect(restored).toMatchObject({ code: 1, err: expect.stringContaining('and 1 files as of') })
    for (const hash of [lost, damaged]) expect(restored.err).toContain(`The file ${hash} is nowhere`)
    expect(await wordsOf(await openFiles({ kind: 'disk', folder: into }), attached[2]!.sha256)).toBe(attached[2]!.words)
  })
})

test('what waited to be sent when a backup began is held after its restore, and no daily letter repeats what one may have said', async () => {
  const source = await testDatabase()
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date())
  const { person, unit, viewer } = await organisation(source.db, today)
  await sql`insert into notice_address (id, person_id, address, confirmed_at) values (${v7()}, ${person.binh}, 'binh@example.vn', now())`.execute(source.db)
  const tell = (kind: 'urge' | 'material-new') => asViewer(source.db, viewer.mai, (tx) => notify(tx, { kind, to: { personIds: [person.binh] }, about: { type: 'unit', id: unit.cellOne }, unitId: unit.cellOne, values: {}, path: '/' }))
  await tell('urge')
  await tell('material-new')
  const target = await emptyDatabase()
  await restoreInto(target.connection, await textOf(source.connection))
  const app = await testApp({ ...target, drop: () => Promise.resolve() }, { mail: { url: 'smtp://127.0.0.1:9', from: 'thong-suot@example.vn' }, publicUrl: 'https://thong-suot.test' })
  const { rows } = await sql<{ state: string; problem: string }>`select distinct state, problem from notice_delivery where purpose in ('notice', 'confirm')`.execute(target.db)
  expect(rows).toEqual([{ state: 'held', problem: 'restored from a backup' }])
  const later = new Date(Date.parse(`${today}T05:00:00Z`) + 48 * 3600_000) // at noon, when the daily letters have long been due
  expect(await makeDigests(app, later)).toBe(0)
  await asViewer(target.db, viewer.mai, (tx) => notify(tx, { kind: 'material-new', to: { personIds: [person.binh] }, about: { type: 'unit', id: unit.cellOne }, unitId: unit.cellOne, values: {}, path: '/' }))
  expect(await makeDigests(app, later)).toBe(1)
  expect((await sql<{ count: number }>`select count(*) as count from notice join notice_delivery on notice_delivery.id = notice.digest_id where notice_delivery.state = 'waiting'`.execute(target.db)).rows).toEqual([{ count: 1 }])
})
