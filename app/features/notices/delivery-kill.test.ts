import { fork, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { v7 } from 'uuid'
import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '../../../tests/database.ts'
import { organisation } from '../../../tests/people.ts'
import { openPostOffice } from '../../../tests/smtp.ts'

const kills = 26
const children = new Set<ChildProcess>()
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
})

test(`killed ${kills} times while it issues and tells, the product mails everything once or shows that it tried again, and nothing that was taken back`, async () => {
  const { db, url } = await testDatabase()
  const city = await organisation(db, new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date()))
  await sql`create table issued (code text primary key)`.execute(db)
  await sql`insert into notice_address (id, person_id, address, confirmed_at) values (${v7()}, ${city.person.binh}, 'binh@example.vn', now())`.execute(db)
  await sql`delete from notice_delivery`.execute(db)
  await sql`insert into notice_choice (person_id, quiet_from, quiet_to) values (${city.person.binh}, 5, 5)`.execute(db)
  let onLetter = () => {}
  const post = await openPostOffice(() => onLetter())
  const compiled = await mkdtemp(join(tmpdir(), 'compiled-'))
  const environment = { ...process.env, NODE_COMPILE_CACHE: compiled, DATABASE: url, SMTP: post.url, UNIT: city.unit.cellOne, PERSON: city.person.binh }
  const spawn = async (more: Record<string, string> = {}) => {
    const child = fork(join(import.meta.dirname, '../../../tests/notice-child.ts'), { env: { ...environment, ...more }, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    children.add(child)
    child.once('exit', () => children.delete(child))
    await new Promise((resolve) => child.once('message', resolve))
    return child
  }

  const acknowledged: string[] = []
  const found = { issued: 0, underWay: 0 } // how many kills left something told and not sent, and something on its way
  const random = randomOf(Number(process.env['KILL_SEED'] ?? 20210330))
  let next = spawn()
  for (let kill = 0; kill < kills; kill++) {
    const child = await next
    next = spawn(kill === kills - 1 ? { ONLY_DELIVERS: 'yes' } : {})
    const dead = new Promise((resolve) => child.once('exit', resolve))
    const before = post.letters.length
    child.on('message', (code) => acknowledged.push(code as string))
    child.send('go')
    if (kill % 3 === 0) await sleep(10 + random() * 600) // wherever it is
    else if (kill % 3 === 1) await until(() => post.letters.length > before) // a letter is out, and perhaps not noted
    else {
      const arrival = new Promise<void>((resolve) => (onLetter = resolve)) // a letter is in, and not acknowledged
      await Promise.race([arrival, sleep(3000)])
    }
    child.kill('SIGKILL')
    await dead
    onLetter = () => {}
    const left = new Set((await sql<{ state: string }>`select distinct state from notice_delivery`.execute(db)).rows.map((row) => row.state))
    if (left.has('waiting') || left.has('queued')) found.issued++
    if (left.has('sending')) found.underWay++
  }
  const last = await next
  last.send('go')
  await until(async () => (await sql`select from notice_delivery where state not in ('sent', 'dropped')`.execute(db)).rows.length === 0, 30_000)
  const over = new Promise((resolve) => last.once('exit', resolve))
  last.send('stop')
  await over
  await post.close()
  await rm(compiled, { recursive: true })

  const issued = (await sql<{ code: string }>`select code from issued`.execute(db)).rows.map((row) => row.code)
  const deliveries = (await sql<{ id: string; attempts: number; code: string; state: string }>`
    select notice_delivery.id, notice_delivery.attempts, notice_delivery.state, notice.facts ->> 'from' as code from notice_delivery join notice on notice.id = notice_delivery.notice_id`.execute(db)).rows
  // the kills met what they are to meet, or nothing is proved: told and not yet sent, and on its way
  expect(found.issued).toBeGreaterThan(3)
  expect(found.underWay).toBeGreaterThan(3)
  expect(issued.length).toBeGreaterThan(kills)
  expect(acknowledged.length).toBeGreaterThan(kills)
  expect(acknowledged.filter((code) => !issued.includes(code))).toEqual([]) // what was said to be done was kept
  expect(deliveries.map((delivery) => delivery.code).toSorted()).toEqual(issued.toSorted()) // one for each, none for what was taken back
  expect(deliveries.every((delivery) => delivery.state === 'sent')).toBe(true)
  const times = new Map<string, number>()
  for (const { messageId } of post.letters) times.set(messageId!, (times.get(messageId!) ?? 0) + 1)
  for (const { id, attempts } of deliveries) {
    const arrived = times.get(`<notice-${id}@example.vn>`) ?? 0
    expect(arrived).toBeGreaterThanOrEqual(1)
    expect(arrived).toBeLessThanOrEqual(attempts)
  }
  expect(times.size).toBe(deliveries.length)
  expect(deliveries.some((delivery) => delivery.attempts > 1)).toBe(true) // or no kill met a letter on its way
}, 240_000)

async function until(look: () => boolean | Promise<boolean>, most = 3000): Promise<void> {
  for (const end = Date.now() + most; Date.now() < end; await sleep(2)) if (await look()) return
}

/** Numbers from 0 to 1, the same for one seed: another is tried by KILL_SEED. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
}
