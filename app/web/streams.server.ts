import { sql } from 'kysely'
import { asSystem, type Db } from '../db/open.ts'
import type { Live } from '../platform/live.ts'
import type { Log } from '../platform/log.ts'
import type { Auth } from './auth.server.ts'

/**
 * Streams of server-sent events to open pages, one count each: how many notices a person has not read. All of them hang on the one
 * connection that listens. A stream ends with its session, and all of them when the server stops.
 */
export type Streams = {
  start: () => void
  /** A stream for that session; null when the process has as many as it takes, and the page asks now and then instead. */
  open: (session: { personId: string; sessionId: string }) => Response | null
  /** How many are open. */
  count: () => number
  stop: () => void
}

type Stream = { personId: string; sessionId: string; controller: ReadableStreamDefaultController<Uint8Array> }

const mostOfPerson = 6
const mostOfProcess = 1000
const beat = 25_000 // proxies end what is silent for a minute
const encoder = new TextEncoder()

export function openStreams({ db, log, live, auth }: { db: Db; log: Log; live: Live; auth: Pick<Auth, 'inForce'> }, beatMs = beat): Streams {
  const streams = new Set<Stream>()
  const changed = new Set<string>()
  let isOver = false
  let timer: NodeJS.Timeout | undefined
  let pending: NodeJS.Timeout | undefined

  function start(): void {
    live.hear('notice', (word) => {
      for (const { personId } of streams) if (word === null || word === '*' || word === personId) recount(personId)
    })
    live.hear('session_over', (word) => {
      if (word === null) void endThoseWithoutSession()
      else for (const stream of streams) if (stream.sessionId === word) end(stream, true)
    })
    timer = setInterval(() => {
      for (const stream of streams) say(stream, ':\n\n')
      void endThoseWithoutSession()
    }, beatMs)
    timer.unref()
  }

  function open({ personId, sessionId }: { personId: string; sessionId: string }): Response | null {
    if (isOver || streams.size >= mostOfProcess) return null
    const own = [...streams].filter((stream) => stream.personId === personId)
    for (const stream of own.slice(0, Math.max(0, own.length - mostOfPerson + 1))) end(stream, true) // the oldest page asks now and then instead
    let stream: Stream
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        stream = { personId, sessionId, controller }
        streams.add(stream)
        say(stream, `retry: ${3000 + Math.floor(Math.random() * 5000)}\n\n`) // not all at once after a restart
        recount(personId)
      },
      cancel() {
        streams.delete(stream)
      },
    })
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store, no-transform', 'X-Accel-Buffering': 'no' } })
  }

  /** A thousand words at once are one question to the database. */
  function recount(personId: string): void {
    changed.add(personId)
    pending ??= setTimeout(() => {
      pending = undefined
      void tellCounts()
    }, 50)
  }

  async function tellCounts(): Promise<void> {
    const people = [...changed]
    changed.clear()
    try {
      const { rows } = await asSystem(db, log, 'how many notices the people with open pages have not read', (tx) => sql<{ personId: string; unread: number }>`
        select person.id as "personId", (select count(*) from notice where notice.person_id = person.id and notice.read_at is null) as unread
        from unnest(${people}::uuid[]) as person (id)`.execute(tx))
      const unread = new Map(rows.map((row) => [row.personId, row.unread]))
      for (const stream of streams) if (unread.has(stream.personId)) say(stream, `event: unread\ndata: ${unread.get(stream.personId)}\n\n`)
    } catch (error) {
      log.warn({ err: error }, 'open pages were not told what is unread; the next word tells them')
    }
  }

  async function endThoseWithoutSession(): Promise<void> {
    if (streams.size === 0) return
    try {
      const inForce = await auth.inForce([...new Set([...streams].map((stream) => stream.sessionId))])
      for (const stream of streams) if (!inForce.has(stream.sessionId)) end(stream, true)
    } catch (error) {
      log.warn({ err: error }, 'the sessions of open pages could not be looked up; it is done at the next beat')
    }
  }

  function say(stream: Stream, text: string): void {
    try {
      if ((stream.controller.desiredSize ?? 0) < -1000) return end(stream, false) // nobody reads it
      stream.controller.enqueue(encoder.encode(text))
    } catch {
      streams.delete(stream) // it was closed meanwhile
    }
  }

  function end(stream: Stream, isForGood: boolean): void {
    if (!streams.delete(stream)) return
    try {
      if (isForGood) stream.controller.enqueue(encoder.encode('event: over\ndata:\n\n'))
      stream.controller.close()
    } catch {
      // it was closed meanwhile
    }
  }

  return {
    start,
    open,
    count: () => streams.size,
    stop: () => {
      isOver = true
      clearInterval(timer)
      clearTimeout(pending)
      for (const stream of streams) end(stream, false)
    },
  }
}
