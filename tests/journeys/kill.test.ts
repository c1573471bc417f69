import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { v7 } from 'uuid'
import { afterAll, expect, test } from 'vitest'
import { openEmbedded } from '../../app/db/embedded.ts'
import { migrate } from '../../app/db/migrate.ts'
import { openDatabase } from '../../app/db/open.ts'
import { openLog } from '../../app/platform/log.ts'
import { createAccount } from '../../app/web/accounts.server.ts'
import { buildPages } from '../../scripts/build.ts'
import { password, sessionOf } from './site.ts'

const root = join(import.meta.dirname, '../..')
const [cells, membersOfCell] = [4, 12]
const dataDir = await mkdtemp(join(tmpdir(), 'thong-suot-kill-'))
let server: ChildProcess | null = null

afterAll(async () => {
  server?.kill('SIGKILL')
  // Takes over whatever is left, and stops it.
  const left = await openEmbedded({ dataDir, as: 'command' })
  await left.stop()
  for (const dir of new Set([left.dataDir, dataDir])) await rm(dir, { recursive: true, force: true })
}, 30_000)

type Cell = { username: string; cookie: string; sittingId: string; people: string[] }
/** What a cell's last acknowledged roll says of a person, and what has been sent since without an answer. */
type Promised = { status: string; receipt: number; open: Set<string> }

test('kill -9 of Node and of PostgreSQL in turn, under load, loses no acknowledged roll', async () => {
  await buildPages(() => {})
  const prepared = await prepare()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  await start(port, url)
  for (const cell of prepared) cell.cookie = await sessionOf({ url }, cell.username)

  const promised = new Map<string, Promised>()
  const receipts = new Set<number>()
  const over = new AbortController()
  const load = prepared.map((cell) => takeRolls(cell, url, promised, receipts, over.signal))

  for (const victim of ['node', 'postgres', 'node', 'postgres'] as const) {
    const before = receipts.size
    await until(() => receipts.size >= before + 60)
    if (victim === 'node') {
      server!.kill('SIGKILL')
      await start(port, url)
    } else {
      process.kill(postmasterOf(prepared.dataDir), 'SIGKILL')
    }
    const atKill = receipts.size
    await until(() => receipts.size >= atKill + 20) // it serves again, by itself
  }
  over.abort()
  await Promise.all(load)
  server!.kill('SIGKILL')
  server = null

  const embedded = await openEmbedded({ dataDir, as: 'command' })
  const { pool } = openDatabase(embedded.connection, openLog('silent'), 2)
  try {
    await expectKept(pool, promised, receipts)
  } finally {
    await pool.end()
    await embedded.stop()
  }
}, 120_000)

/** City, four cells with a secretary each, an open campaign and one sitting a cell. */
async function prepare(): Promise<Cell[] & { dataDir: string }> {
  const embedded = await openEmbedded({ dataDir, as: 'command' })
  const { db, pool } = openDatabase(embedded.connection, openLog('silent'), 4)
  await migrate(pool)
  const made: Cell[] = []
  await db.transaction().execute(async (tx) => {
    const [city, campaign, resolution, topic] = [v7(), v7(), v7(), v7()]
    await tx.insertInto('unit').values({ id: city, code: 'can-tho', kind: 'city_committee', name: 'Thành ủy Cần Thơ' }).execute()
    await tx.insertInto('campaign').values({ id: campaign, code: 'dot', name: 'Đợt', unit_id: city, study_from: '2021-03-01', study_to: '2021-06-30', data_day: '2021-06-30', opened_on: '2021-03-01' }).execute()
    await tx.insertInto('resolution').values({ id: resolution, campaign_id: campaign, code: 'nq', name: 'Nghị quyết', position: 0 }).execute()
    await tx.insertInto('topic').values({ id: topic, campaign_id: campaign, resolution_id: resolution, name: 'Chuyên đề', position: 0 }).execute()
    await tx.insertInto('category').values({ campaign_id: campaign, key: 'khac', name: 'Khác', position: 0, is_default: true }).execute()
    for (let number = 1; number <= cells; number++) {
      const [cell, session, sittingId] = [v7(), v7(), v7()]
      await tx.insertInto('unit').values({ id: cell, code: `chi-bo-${number}`, kind: 'cell', name: `Chi bộ ${number}` }).execute()
      await tx.insertInto('unit_parent').values({ unit_id: cell, parent_id: city }).execute()
      const people = Array.from({ length: membersOfCell }, () => v7())
      await tx.insertInto('person').values(people.map((id, index) => ({ id, name: `Đảng viên ${number}.${index + 1}` }))).execute()
      await tx.insertInto('membership').values(people.map((person_id) => ({ id: v7(), person_id, unit_id: cell, during: '[2020-01-01,)' }))).execute()
      await tx.insertInto('roster').values(people.map((person_id) => ({ campaign_id: campaign, person_id, unit_id: cell, category_key: 'khac', must_study: true, must_write: true, during: '[2021-03-01,)', source: 'cli' }))).execute()
      await tx.insertInto('office').values({ id: v7(), person_id: people[0]!, unit_id: cell, role: 'secretary', during: '[2020-01-01,)' }).execute()
      await tx.insertInto('study_session').values({ id: session, campaign_id: campaign, unit_id: cell, kind: 'class', name: 'Lớp', source: 'cli' }).execute()
      await tx.insertInto('sitting').values({ id: sittingId, session_id: session, campaign_id: campaign, unit_id: cell, position: 1, held_on: '2021-04-01' }).execute()
      await tx.insertInto('sitting_topic').values({ sitting_id: sittingId, topic_id: topic }).execute()
      await createAccount(tx, { personId: people[0]!, username: `chibo${number}`, password })
      made.push({ username: `chibo${number}`, cookie: '', sittingId, people })
    }
  })
  await pool.query('select lay_ancestors()')
  await pool.query('select recount(id) from campaign')
  await pool.end()
  await embedded.stop()
  return Object.assign(made, { dataDir: embedded.dataDir })
}

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => probe.once('listening', resolve))
  const { port } = probe.address() as net.AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

async function start(port: number, url: string): Promise<void> {
  const { DATABASE_URL: _, ...env } = process.env
  server = spawn(process.execPath, [join(root, 'scripts/start.ts'), '--data', dataDir, '--port', String(port)], { env: { ...env, LOG_LEVEL: 'silent' }, stdio: 'ignore' })
  await until(async () => (await fetch(`${url}/api/v1/health`).catch(() => null))?.ok === true)
}

/** One secretary: a person or two at a time, each time with another status, again when there is no answer. */
async function takeRolls({ cookie, sittingId, people }: Cell, url: string, promised: Map<string, Promised>, receipts: Set<number>, signal: AbortSignal): Promise<void> {
  const statuses = ['present', 'absent', 'late', 'excused']
  for (let round = 0; !signal.aborted; round++) {
    const marked = [people[round % people.length]!, people[(round + 5) % people.length]!]
    const status = statuses[Math.floor(round / people.length) % statuses.length]!
    for (const person of marked) promised.get(person)?.open.add(status)
    const marks = marked.map((personId) => ({ personId, status }))
    const answer = await fetch(`${url}/api/v1/rolls`, { method: 'POST', headers: { cookie, 'Content-Type': 'application/json' }, body: JSON.stringify({ sittingId, marks }), signal: AbortSignal.timeout(15_000) }).catch(() => null)
    const body = answer?.status === 201 ? ((await answer.json().catch(() => null)) as { receipt: number } | null) : null
    if (body) {
      receipts.add(body.receipt)
      for (const person of marked) promised.set(person, { status, receipt: body.receipt, open: new Set() })
    } else {
      if (answer && ![201, 500, 503].includes(answer.status)) throw new Error(`${answer.status} ${await answer.text()}`)
      for (const person of marked) if (!promised.has(person)) promised.set(person, { status: '', receipt: 0, open: new Set([status]) })
      await sleep(100)
    }
  }
}

/** Every receipt is on record; every person's mark is the last that was acknowledged, or one sent after it; counts equal a recount. */
async function expectKept(pool: pg.Pool, promised: Map<string, Promised>, receipts: Set<number>): Promise<void> {
  expect(receipts.size).toBeGreaterThan(300)
  const { rows: entries } = await pool.query<{ id: number }>(`select id from audit_entry where id = any ($1)`, [[...receipts]])
  expect(entries.length).toBe(receipts.size)
  const { rows: marks } = await pool.query<{ person_id: string; status: string }>('select person_id, status from mark where superseded_at is null')
  const current = new Map(marks.map((mark) => [mark.person_id, mark.status]))
  const lost = [...promised].filter(([person, { status, open }]) => {
    const kept = current.get(person) ?? ''
    return kept !== status && !open.has(kept)
  })
  expect(lost).toEqual([])
  const values = async () => (await pool.query(`select value.* from campaign, count_values(campaign.id, (select array_agg(id) from unit), '2021-06-30') as value order by 1, 2, 3`)).rows
  const kept = await values()
  expect(kept.find((row) => row.indicator === 'attendances')?.whole).toBeGreaterThan(0)
  await pool.query('select recount(id) from campaign')
  expect(kept).toEqual(await values())
  const { rows: broken } = await pool.query<{ broken_seal: number | null }>('select broken_seal()')
  expect(broken[0]!.broken_seal).toBeNull()
}

/** The postmaster is the one whose working folder is the cluster and whose parent is not. */
function postmasterOf(dir: string): number {
  const cluster = join(dir, 'postgres', 'cluster')
  return Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0])
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await isSo()); await sleep(20)) if (Date.now() > end) throw new Error('It has not come to pass within 30 s.')
}
