import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import pg from 'pg'
import { afterAll, afterEach, expect, test } from 'vitest'

import { findPlace } from './embedded-place.ts'
import { postmasterPid, remains } from './embedded-postmaster.ts'
import type { Embedded } from './embedded.ts'
import { AlreadyServed, openEmbedded } from './embedded.ts'

const isRoot = process.getuid?.() === 0
const used: { dir: string; dataDir: string }[] = []
const opened: Embedded[] = []
const workers: Worker[] = []
const quietDataDir = newDataDir() // shared by the tests that kill and break nothing

test('what was written is there after a stop and a start', async () => {
  const dataDir = quietDataDir
  const first = await open({ dataDir, as: 'server' })
  await query(first, 'create table kept as select 1 as id')
  await first.stop()
  expect(remains(place(dataDir))).toEqual([])

  const again = await open({ dataDir, as: 'server' })
  expect(await query(again, 'select id from kept')).toEqual([{ id: 1 }])
  await again.stop()
})

test('nobody gets in without the password, over the network or as root', async () => {
  const embedded = await open({ dataDir: quietDataDir, as: 'server' })
  const { home, cluster, passwordFile } = place(embedded.dataDir)
  expect([home, cluster, passwordFile].map((file) => (fs.statSync(file).mode & 0o777).toString(8))).toEqual(['700', '700', '600'])
  expect(fs.readFileSync(path.join(cluster, 'pg_hba.conf'), 'utf8')).not.toMatch(/^[^#]*\b(trust|peer|md5)\b/m)
  expect(fs.statSync(`/proc/${postmasterPid(place(embedded.dataDir))}`).uid).toBe(isRoot ? 65534 : process.getuid?.())
  await expect(query({ ...embedded, connection: { ...embedded.connection, password: 'guess' } }, 'select 1')).rejects.toThrow('password authentication failed')

  const [settings] = await query(
    embedded,
    `select current_user as "user", current_setting('listen_addresses') as addresses, current_setting('fsync') as fsync, current_setting('synchronous_commit') as commits,
       current_setting('data_checksums') as checksums, current_setting('TimeZone') as zone, datlocprovider as provider, datlocale as locale
     from pg_database where datname = 'thong_suot'`,
  )
  expect(settings).toEqual({ user: 'thong_suot', addresses: '', fsync: 'on', commits: 'on', checksums: 'on', zone: 'UTC', provider: 'b', locale: 'C.UTF-8' })
  expect(await query(embedded, `select string_agg(w, ' ' order by w collate "vi-x-icu") as words from unnest(array['ê', 'đ', 'z', 'e', 'd', 'ă', 'a']) w`)).toEqual([{ words: 'a ă d đ e ê z' }])
})

test('the PostgreSQL of a killed server is adopted with every acknowledged row', async () => {
  const dataDir = newDataDir()
  let orphan: number | null = null
  for (let round = 1; round <= 3; round++) {
    const worker = startWorker(dataDir, 'server', round)
    await worker.acknowledged(100)
    worker.kill()
    const pid = postmasterPid(place(dataDir))
    if (orphan) expect(pid).toBe(orphan)
    orphan = pid
  }
  const embedded = await open({ dataDir, as: 'server' })
  expect(postmasterPid(place(dataDir))).toBe(orphan)
  await expectRows(embedded)
  await embedded.stop()
  expect(remains(place(dataDir))).toEqual([])
})

test('a server starts a killed PostgreSQL again, and no acknowledged row is lost', async () => {
  const dataDir = newDataDir()
  const worker = startWorker(dataDir, 'server', 1)
  for (const onlyPostmaster of [false, true, false]) {
    await worker.acknowledged(100)
    const pids = onlyPostmaster ? [postmasterPid(place(dataDir))!] : remains(place(dataDir))
    for (const pid of pids) kill(pid)
  }
  await worker.acknowledged(100)
  await expect(open({ dataDir, as: 'server' })).rejects.toThrow(AlreadyServed) // it has its lock again

  worker.kill()
  for (const pid of remains(place(dataDir))) kill(pid)
  const embedded = await open({ dataDir, as: 'server' })
  await expectRows(embedded)
})

test('a second server is refused and told who serves', async () => {
  const dataDir = quietDataDir
  await open({ dataDir, as: 'server', address: 'http://localhost:3000' })
  const refusal = open({ dataDir, as: 'server' })
  await expect(refusal).rejects.toThrow(AlreadyServed)
  await expect(refusal).rejects.toThrow(`already served by thong-suot server, process ${process.pid}, http://localhost:3000`)
})

test('a command joins the live server, and the last one out stops PostgreSQL', async () => {
  const dataDir = quietDataDir
  const server = await open({ dataDir, as: 'server' })
  const pid = postmasterPid(place(dataDir))
  const command = await open({ dataDir, as: 'command' })
  await command.stop()
  expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }])

  const longCommand = await open({ dataDir, as: 'command' })
  await server.stop()
  expect(await query(longCommand, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(postmasterPid(place(dataDir))).toBe(pid)
  await longCommand.stop()
  expect(remains(place(dataDir))).toEqual([])
})

test('processes that open new data at once share one cluster, and come and go as they like', async () => {
  const dataDir = newDataDir()
  const pair = [startWorker(dataDir, 'command', 1), startWorker(dataDir, 'command', 2)]
  await Promise.all(pair.map((worker) => worker.acknowledged(20)))
  await Promise.all(pair.map((worker) => worker.stop()))
  expect(remains(place(dataDir))).toEqual([])

  const visits = [0, 10, 20, 60, 80, 100].map(async (delay) => {
    for (let time = 0; time < 5; time++) {
      await sleep(delay)
      const command = await open({ dataDir, as: 'command' })
      await expectRows(command)
      await command.stop()
    }
  })
  await Promise.all(visits)
  expect(remains(place(dataDir))).toEqual([])
})

test('an initdb killed in the middle leaves nothing that is taken for a cluster', async () => {
  const dataDir = newDataDir()
  const worker = startWorker(dataDir, 'server', 1)
  while (!fs.existsSync(path.join(dataDir, 'postgres')) || !fs.readdirSync(path.join(dataDir, 'postgres')).some((name) => name.startsWith('cluster.new-'))) await sleep(2)
  worker.kill()
  expect(fs.existsSync(path.join(dataDir, 'postgres', 'cluster'))).toBe(false)

  const embedded = await open({ dataDir, as: 'server' })
  await query(embedded, 'select 1')
  expect(fs.readdirSync(path.join(dataDir, 'postgres')).filter((name) => name.startsWith('cluster'))).toEqual(['cluster'])
})

test('a stale postmaster.pid does not keep PostgreSQL from starting', async () => {
  const dataDir = newDataDir()
  const first = await open({ dataDir, as: 'server' })
  const lock = path.join(place(dataDir).cluster, 'postmaster.pid')
  const lines = fs.readFileSync(lock, 'utf8').split('\n')
  await first.stop()

  const other = spawn('sleep', ['60'], { cwd: '/', ...(isRoot && { uid: 65534, gid: 65534 }) })
  await once(other, 'spawn')
  for (const pid of ['999999999', String(other.pid)]) {
    for (const file of [lock, path.join(place(dataDir).socketDir, '.s.PGSQL.5432.lock')]) fs.writeFileSync(file, [pid, ...lines.slice(1)].join('\n'))
    await (await open({ dataDir, as: 'server' })).stop()
  }
  expect(other.exitCode).toBeNull()
  other.kill()

  fs.writeFileSync(lock, '') // as a power cut may leave it
  await (await open({ dataDir, as: 'server' })).stop()
})

test('a start that fails shows the last lines of the log', async () => {
  const dataDir = newDataDir()
  await (await open({ dataDir, as: 'server' })).stop()
  fs.appendFileSync(path.join(place(dataDir).cluster, 'postgresql.conf'), 'max_connections = many\n')
  await expect(open({ dataDir, as: 'server' })).rejects.toThrow(/does not start in .*invalid value for parameter "max_connections": "many"/s)

  fs.writeFileSync(path.join(place(dataDir).cluster, 'PG_VERSION'), '15\n')
  await expect(open({ dataDir, as: 'server' })).rejects.toThrow('holds data of PostgreSQL 15; these binaries are version 18')
})

test('a long name of the data directory is no obstacle', async () => {
  const dataDir = path.join(newDataDir(), 'rất-dài-'.repeat(10))
  const embedded = await open({ dataDir, as: 'server' })
  expect(embedded.connection.host).toMatch(/^\/tmp\/thong-suot-/)
  await query(embedded, 'select 1')
  await embedded.stop()
  fs.rmdirSync(embedded.connection.host)
})

test.runIf(isRoot)('data that uid 65534 cannot reach go to /var/lib/thong-suot, and stay there', async () => {
  const parent = fs.mkdtempSync(path.join(os.tmpdir(), 'closed-')) // mode 0700, as the home of root
  const dataDir = path.join(parent, 'data')
  const refuge = `/var/lib/thong-suot/data-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`
  used.push({ dir: parent, dataDir: refuge }, { dir: refuge, dataDir: refuge })

  const said: string[] = []
  const embedded = await open({ dataDir, as: 'server', log: (message) => said.push(message) })
  expect(embedded.dataDir).toBe(refuge)
  expect(said[0]).toContain(`cannot reach ${dataDir}: its data go to ${refuge}`)
  await query(embedded, 'create table kept as select 1 as id')
  await embedded.stop()

  fs.chmodSync(parent, 0o755)
  const again = await open({ dataDir, as: 'command' })
  expect(await query(again, 'select id from kept')).toEqual([{ id: 1 }])
})

test.skipIf(isRoot)('a folder one may not write to is named, with what to do', async () => {
  await expect(open({ dataDir: '/usr/data', as: 'server' })).rejects.toThrow(/The data directory \/usr\/data\/postgres cannot be used by user \d+: .* choose another data directory/)
})

afterEach(async () => {
  for (const worker of workers.splice(0)) worker.kill()
  for (const embedded of opened.splice(0)) await embedded.stop()
})

afterAll(() => {
  for (const { dir, dataDir } of used) {
    if (fs.existsSync(path.join(dataDir, 'postgres'))) for (const pid of remains(place(dataDir))) kill(pid)
    fs.rmSync(dir, { recursive: true, force: true, maxRetries: 10 })
  }
})

type Worker = { ids(): number[]; acknowledged(more: number): Promise<void>; stop(): Promise<void>; kill(): void }

async function open(options: Parameters<typeof openEmbedded>[0]): Promise<Embedded> {
  const embedded = await openEmbedded(options)
  opened.push(embedded)
  return embedded
}

/** A process of its own that inserts as fast as it can and says the id of every row once it has been acknowledged. */
function startWorker(dataDir: string, as: 'server' | 'command', number: number): Worker {
  const program = `
    import pg from 'pg'
    import { openEmbedded } from '${new URL('embedded.ts', import.meta.url).href}'
    const embedded = await openEmbedded({ dataDir: ${JSON.stringify(dataDir)}, as: '${as}' })
    const pool = new pg.Pool({ ...embedded.connection, max: 4 })
    pool.on('error', () => {})
    pool.on('connect', (client) => client.on('error', () => {}))
    let stopping = false
    let id = ${number} * 1000000
    process.stdin.on('data', () => { stopping = true })
    await Promise.all([1, 2, 3, 4].map(async () => {
      while (!stopping) {
        const row = id++
        try {
          await pool.query('create table if not exists kept (id int primary key)')
          await pool.query('insert into kept values ($1)', [row])
          console.log(row)
        } catch { await new Promise((again) => setTimeout(again, 20)) }
      }
    }))
    await pool.end()
    await embedded.stop()
    process.exit()
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'pipe', 'inherit'], cwd: import.meta.dirname })
  let told = ''
  child.stdout.on('data', (chunk) => (told += chunk))
  const ids = () => told.split('\n').slice(0, -1).map(Number)
  const ended = once(child.stdout, 'close')
  const worker: Worker = {
    ids,
    /** Waits until so many more rows have been acknowledged. */
    async acknowledged(more: number) {
      const goal = ids().length + more
      while (ids().length < goal) {
        if (child.exitCode !== null) throw new Error('The worker has ended.')
        await sleep(5)
      }
    },
    async stop() {
      child.stdin.write('stop')
      await ended
    },
    kill: () => void child.kill('SIGKILL'),
  }
  workers.push(worker)
  return worker
}

async function expectRows(embedded: Embedded): Promise<void> {
  const there = new Set((await query(embedded, 'select id from kept')).map((row) => row.id))
  expect(workers.flatMap((worker) => worker.ids()).filter((id) => !there.has(id))).toEqual([])
}

async function query(embedded: Embedded, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(embedded.connection)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** A new folder which uid 65534 can reach, removed after the test with everything that still runs on it. */
function newDataDir(): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'embedded-'))
  fs.chmodSync(dir, 0o755)
  const dataDir = path.join(dir, 'data')
  used.push({ dir, dataDir })
  return dataDir
}

function place(dataDir: string) {
  return findPlace(dataDir, () => {})
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it ended with its parent
  }
}
