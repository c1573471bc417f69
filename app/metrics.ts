import { sql } from 'kysely'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { App } from './web/context.ts'

/** What a running server counts about itself, as Prometheus reads it. No label ever names a person, a unit or an address. */
export type Metrics = {
  answered: (answer: { method: string; route: string | null; status: number; seconds: number }) => void
  jobRan: (name: string, seconds: number, isDone: boolean) => void
  text: () => Promise<string>
  contentType: string
}

/** `ofProcess` adds memory, processor time and the delay of the event loop: once a process. */
export function openMetrics({ db, pool, log }: Pick<App, 'db' | 'pool' | 'log'>, { ofProcess = false } = {}): Metrics {
  const register = new Registry()
  const registers = [register]
  if (ofProcess) collectDefaultMetrics({ register, prefix: 'thong_suot_' })

  const requests = new Counter({ name: 'thong_suot_http_requests_total', help: 'Requests answered, by pattern of the address and status', labelNames: ['method', 'route', 'status'], registers })
  const durations = new Histogram({ name: 'thong_suot_http_request_duration_seconds', help: 'Time to answer', labelNames: ['method', 'route'], buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30], registers })
  const jobRuns = new Counter({ name: 'thong_suot_job_runs_total', help: 'Runs of the jobs beside the requests', labelNames: ['job', 'outcome'], registers })
  const jobSeconds = new Gauge({ name: 'thong_suot_job_duration_seconds', help: 'How long the last run of a job took', labelNames: ['job'], registers })
  const lastDone = new Map<string, number>()
  new Gauge({
    name: 'thong_suot_job_lag_seconds',
    help: 'Time since a job was last done',
    labelNames: ['job'],
    registers,
    collect() {
      for (const [job, at] of lastDone) this.set({ job }, (performance.now() - at) / 1000)
    },
  })
  new Gauge({
    name: 'thong_suot_db_connections',
    help: 'Connections of the pool to the database, and requests that wait for one',
    labelNames: ['state'],
    registers,
    collect() {
      this.set({ state: 'idle' }, pool.idleCount)
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount)
      this.set({ state: 'waiting' }, pool.waitingCount)
    },
  })
  const up = new Gauge({ name: 'thong_suot_database_up', help: 'Whether the database answers', registers })
  const increments = new Gauge({ name: 'thong_suot_count_increments_unfolded', help: 'Changes of counts that are not yet folded into the kept ones', registers })
  const pending = new Gauge({ name: 'thong_suot_audit_entries_pending', help: 'Entries of the audit that are not yet chained', registers })

  const files = new Gauge({ name: 'thong_suot_files', help: 'Files that are kept', registers })
  const fileBytes = new Gauge({ name: 'thong_suot_files_bytes', help: 'What the files that are kept weigh together', registers })

  const deliveries = new Gauge({ name: 'thong_suot_notice_deliveries', help: 'Letters and calls of webhooks: waiting, queued and sending are to be sent; sent, dropped (nothing was left to say), dead and held of those still kept', labelNames: ['purpose', 'state'], registers })
  const oldest = new Gauge({ name: 'thong_suot_notice_delivery_oldest_seconds', help: 'How long the oldest delivery that is due has waited', registers })
  const tries = new Gauge({ name: 'thong_suot_notice_delivery_failed_tries', help: 'Tries that failed, of deliveries still kept', labelNames: ['purpose'], registers })

  async function askDatabase(): Promise<void> {
    try {
      const { rows } = await sql<{ increments: number; pending: number; files: number; bytes: number }>`
        select (select count(*) from count_increment) as increments, (select count(*) from audit_pending) as pending,
               (select count(*) from file) as files, (select coalesce(sum(file.size_bytes), 0)::bigint from file) as bytes`.execute(db)
      const { rows: counted } = await sql<{ purpose: string; state: string; count: number; failed: number; oldest: number }>`
        select notice_delivery.purpose, notice_delivery.state, count(*) as count,
               sum(greatest(notice_delivery.attempts - case when notice_delivery.state in ('sent', 'dropped', 'sending') then 1 else 0 end, 0)) as failed,
               coalesce(extract(epoch from now() - min(notice_delivery.not_before) filter (where notice_delivery.state in ('waiting', 'queued', 'sending'))), 0)::float8 as oldest
        from notice_delivery
        group by notice_delivery.purpose, notice_delivery.state`.execute(db)
      deliveries.reset()
      tries.reset()
      for (const { purpose, state, count, failed } of counted) {
        deliveries.set({ purpose, state }, count)
        tries.inc({ purpose }, Number(failed))
      }
      oldest.set(Math.max(0, ...counted.map((row) => row.oldest)))
      increments.set(rows[0]!.increments)
      pending.set(rows[0]!.pending)
      files.set(rows[0]!.files)
      fileBytes.set(rows[0]!.bytes)
      up.set(1)
    } catch (error) {
      log.warn({ err: error }, 'the metrics of the database could not be read')
      up.set(0)
    }
  }

  return {
    answered: ({ method, route, status, seconds }) => {
      const known = { method: methods.has(method) ? method : 'other', route: route ?? 'unknown' }
      requests.inc({ ...known, status })
      durations.observe(known, seconds)
    },
    jobRan: (job, seconds, isDone) => {
      jobRuns.inc({ job, outcome: isDone ? 'done' : 'failed' })
      jobSeconds.set({ job }, seconds)
      if (isDone || !lastDone.has(job)) lastDone.set(job, performance.now())
    },
    text: async () => {
      await askDatabase()
      return register.metrics()
    },
    contentType: register.contentType,
  }
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
