import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { asSystem } from '../../db/open.ts'
import { aliveLock } from '../../platform/live.ts'
import { NotSent } from '../../platform/mail.ts'
import type { Retry } from '../../platform/queue.ts'
import type { App } from '../../web/context.ts'
import { databaseIsAway } from '../../web/database-errors.server.ts'
import { letterOf } from './letters.server.ts'
import { callWebhook } from './webhook-call.server.ts'

// A delivery is a row, made in the transaction that causes it. Once it is committed it is handed to the queue; a worker claims it, sends
// it and says so. Between sending and saying so lies an instant in which a process can die: such a one is sent again under the same
// Message-ID and counts as tried twice. Decision 0022.

/** One sending as a worker has claimed it. */
export type Delivery = { id: string; purpose: 'notice' | 'digest' | 'confirm' | 'webhook'; personId: string; noticeId: string | null; occasion: number; webhookId: string | null; addressId: string | null; attempts: number; madeAt: Date }

type Reach = Pick<App, 'db' | 'log' | 'config' | 'mail' | 'queue' | 'live' | 'auth'>

export type Pace = { retry: Retry; atOnce: number; lookMs: number; pauseMs: number; graceMs: number }

const queueName = 'notice-delivery'
/** Eight tries in about three hours; how long nothing is heard of a process before what it claimed is taken back. */
const usual: Pace = { retry: { limit: 7, delay: 60, longest: 3600 }, atOnce: 6, lookMs: 2000, pauseMs: 5000, graceMs: 30_000 }

/** Sends what is to be sent from now on; the function it returns stops that, and waits for what is on its way. */
export function startDelivery(app: Reach, pace: Pace = usual): () => Promise<void> {
  const over = new AbortController()
  let isWoken = true
  let wake = () => {}
  const deafen = app.live.hear('notice_delivery', () => {
    isWoken = true
    wake()
  })

  async function run(): Promise<void> {
    while (!over.signal.aborted) {
      try {
        await app.queue.start()
        await app.queue.work(queueName, pace, (id) => deliver(app, id, pace))
        break
      } catch (error) {
        app.log[databaseIsAway(error) ? 'warn' : 'error']({ err: error }, 'the queue could not be started; it is tried again')
        await app.queue.stop().catch(() => undefined)
        await sleep(pace.pauseMs, null, { signal: over.signal }).catch(() => null)
      }
    }
    while (!over.signal.aborted) {
      isWoken = false
      const handed = await handOver(app, pace).catch((error: unknown) => {
        app.log[databaseIsAway(error) ? 'warn' : 'error']({ err: error }, 'deliveries were not handed to the queue; it is tried again')
        return 0
      })
      if (handed > 0) app.queue.wake(queueName)
      if (handed >= mostAtOnce || isWoken) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pace.pauseMs)
        wake = () => (clearTimeout(timer), resolve())
        if (over.signal.aborted) wake()
      })
    }
  }

  const running = run()
  return async () => {
    deafen()
    over.abort()
    wake()
    await running
    await app.queue.stop()
  }
}

const mostAtOnce = 500

/**
 * Hands to the queue what is due: committed, not in its reader's quiet hours. Takes back first what was claimed by processes that are
 * gone, and what the queue has lost. `now` is the instant whose hour may be a quiet one. Returns how many were handed over.
 */
export function handOver({ db, log, config, mail, queue }: Reach, { graceMs }: Pick<Pace, 'graceMs'>, now: Date = new Date()): Promise<number> {
  return asSystem(db, log, 'notices that wait are handed to the queue', async (tx) => {
    await sql`
      update notice_delivery set state = 'waiting', since = now()
      where notice_delivery.state = 'sending' and notice_delivery.since < clock_timestamp() - ${graceMs} * interval '1 millisecond'
        and not exists (
          select from pg_locks
          where pg_locks.locktype = 'advisory' and pg_locks.database = (select pg_database.oid from pg_database where pg_database.datname = current_database())
            and pg_locks.classid = ${aliveLock} and pg_locks.objid::bigint = hashtext(notice_delivery.claimed_by::text)::bigint & 4294967295)`.execute(tx)
    await sql`
      update notice_delivery set state = 'waiting', since = now()
      where notice_delivery.state = 'queued' and notice_delivery.since < clock_timestamp() - ${graceMs} * interval '1 millisecond' and notice_delivery.id::text not in (
        select job.data ->> 'id'
        from pgboss.job
        where job.name = ${queueName}
          -- a job that was fetched is claimed at once: if it is not, whoever fetched it is gone
          and (job.state in ('created', 'retry') or job.state = 'active' and job.started_on > clock_timestamp() - ${graceMs} * interval '1 millisecond'))`.execute(tx)
    const { rows } = await sql<{ id: string }>`
      with local as (
        select extract(hour from ${now}::timestamptz at time zone ${config.timeZone})::integer as hour
      ), due as (
        select notice_delivery.id
        from notice_delivery
        where notice_delivery.state = 'waiting' and notice_delivery.not_before <= clock_timestamp()
          and (notice_delivery.purpose = 'webhook' or ${mail.isOn})
          and not (notice_delivery.purpose = 'notice' and exists (
            select from local
            left join notice_choice on notice_choice.person_id = notice_delivery.person_id
            cross join lateral (select coalesce(notice_choice.quiet_from, 22), coalesce(notice_choice.quiet_to, 6)) as quiet (starts, ends)
            where case when quiet.starts <= quiet.ends then local.hour >= quiet.starts and local.hour < quiet.ends else local.hour >= quiet.starts or local.hour < quiet.ends end))
        order by notice_delivery.made_at
        limit ${mostAtOnce}
        for update skip locked
      )
      update notice_delivery set state = 'queued', since = now()
      from due
      where notice_delivery.id = due.id
      returning notice_delivery.id`.execute(tx)
    await queue.put(tx, queueName, rows.map((row) => row.id))
    return rows.length
  })
}

/** Sends one claimed delivery. Throws when it is to be tried again, for the queue to do so later and later. */
async function deliver(app: Reach, id: string, { retry }: Pick<Pace, 'retry'>): Promise<void> {
  const delivery = await claim(app, id)
  if (!delivery) return // sent already, or somebody else's
  try {
    const isSent = delivery.purpose === 'webhook' ? await callWebhook(app, delivery) : await sendLetter(app, delivery)
    await settle(app, id, isSent ? 'sent' : 'dropped', null)
  } catch (error) {
    const isRefused = error instanceof NotSent
    if (!isRefused) app.log.error({ err: error, delivery: id }, 'a delivery failed')
    const problem = isRefused ? error.message : 'the server failed; its log says how'
    const isDead = (isRefused && error.isFinal) || delivery.attempts > retry.limit
    await settle(app, id, isDead ? 'dead' : 'queued', problem)
    if (!isDead) throw new Error(problem, { cause: error })
  }
}

/** The delivery, now this process's to send; null when it is not there to be sent. */
function claim({ db, log, live }: Reach, id: string): Promise<Delivery | null> {
  return asSystem(db, log, 'a delivery is claimed', async (tx) => {
    const { rows } = await sql<Delivery>`
      update notice_delivery set state = 'sending', attempts = notice_delivery.attempts + 1, claimed_by = ${live.process}, since = clock_timestamp()
      where notice_delivery.id = ${id} and notice_delivery.state = 'queued'
      returning id, purpose, person_id as "personId", notice_id as "noticeId", occasion, webhook_id as "webhookId", address_id as "addressId", attempts, made_at as "madeAt"`.execute(tx)
    return rows[0] ?? null
  })
}

function settle({ db, log, live }: Reach, id: string, state: 'sent' | 'dropped' | 'dead' | 'queued', problem: string | null): Promise<void> {
  return asSystem(db, log, 'what became of a delivery is noted', async (tx) => {
    await sql`
      update notice_delivery set state = ${state}, problem = ${problem}, since = clock_timestamp(), claimed_by = null
      where notice_delivery.id = ${id} and notice_delivery.state = 'sending' and notice_delivery.claimed_by = ${live.process}`.execute(tx)
  })
}

async function sendLetter(app: Reach, delivery: Delivery): Promise<boolean> {
  const letter = await letterOf(app, delivery)
  if (!letter) return false // read meanwhile, taken back, or nothing that its reader still sees
  await app.mail.send(letter)
  return true
}
