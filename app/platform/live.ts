import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Log } from './log.ts'

/** Hears a word of the database's; null when the connection was renewed, and words may have been missed. */
type Hear = (word: string | null) => void

/**
 * What the database says to this process, by one connection of its own: LISTEN for every channel that is asked for. The connection
 * also holds a lock under the name of the process, so that others can tell whether it still lives (decision 0022).
 */
export type Live = {
  /** The name under which this process claims work. */
  process: string
  start: () => Promise<void>
  /** From now on hears that channel; the function it returns ends that. */
  hear: (channel: string, hear: Hear) => () => void
  stop: () => Promise<void>
}

/** First half of the lock that a living process holds; the second is a hash of its name. */
export const aliveLock = 0x7473

export function openLive({ pool, log }: { pool: pg.Pool; log: Log }): Live {
  const name = randomUUID()
  const listeners = new Map<string, Set<Hear>>()
  let client: pg.Client | null = null
  let last: Promise<unknown> = Promise.resolve()
  let again: NodeJS.Timeout | undefined
  let state: 'new' | 'on' | 'over' = 'new'

  async function connect(): Promise<void> {
    // a pool hides its password from whoever copies its options
    const opened = new pg.Client({ ...pool.options, password: pool.options.password, statement_timeout: 10_000 } as pg.ClientConfig)
    const lost = (error?: Error) => {
      if (client !== opened) return
      client = null
      if (state === 'on') log.warn({ reason: error?.message }, 'the connection that listens was lost; another is opened')
      retry()
    }
    opened.on('error', lost)
    opened.on('end', () => lost())
    opened.on('notification', ({ channel, payload }) => tell(channel, payload ?? ''))
    client = opened
    last = Promise.resolve()
    await inTurn(() => opened.connect())
    await inTurn(() => opened.query('select pg_advisory_lock_shared($1, hashtext($2))', [aliveLock, name]))
    for (const channel of listeners.keys()) await listen(opened, channel)
    for (const channel of listeners.keys()) tell(channel, null)
  }

  /** A connection takes one statement at a time. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }

  const listen = (opened: pg.Client, channel: string) => inTurn(() => opened.query(`listen ${pg.escapeIdentifier(channel)}`))

  function retry(): void {
    if (state !== 'on') return
    clearTimeout(again)
    again = setTimeout(() => {
      connect().catch((error: unknown) => {
        log.warn({ reason: (error as Error).message }, 'the connection that listens could not be opened; it is tried again')
        const failed = client
        client = null
        void failed?.end().catch(() => undefined)
        retry()
      })
    }, 1000)
    again.unref()
  }

  function tell(channel: string, word: string | null): void {
    for (const hear of listeners.get(channel) ?? []) hear(word)
  }

  return {
    process: name,
    start: async () => {
      if (state !== 'new') return
      state = 'on'
      await connect()
    },
    hear: (channel, hear) => {
      const heard = listeners.get(channel) ?? new Set()
      if (heard.size === 0 && !listeners.has(channel)) {
        listeners.set(channel, heard)
        if (client) void listen(client, channel).catch(() => undefined) // a lost connection listens anew
      }
      heard.add(hear)
      return () => void heard.delete(hear)
    },
    stop: async () => {
      state = 'over'
      clearTimeout(again)
      const closing = client
      client = null
      await closing?.end().catch(() => undefined)
    },
  }
}
