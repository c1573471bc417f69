import type { ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import pg from 'pg'

import type { Place } from './embedded-place.ts'
import { findPlace } from './embedded-place.ts'
import { DATABASE, hasEnded, isStopping, logTail, lostTheRace, PORT, postmasterPid, remains, start, stopPostmaster, USER } from './embedded-postmaster.ts'

/** A running PostgreSQL of ours, joined or started. */
export type Embedded = {
  /** For pg.Pool. `host` is the folder of the socket; it stays the same when PostgreSQL is started again. */
  connection: { host: string; port: number; user: string; password: string; database: string; ssl: false }
  /** Where the data really are: not where they were wished when root runs us in a folder that PostgreSQL's user cannot reach. */
  dataDir: string
  /** Releases it; the last one out stops the postmaster (fast shutdown), others leave it running. */
  stop(): Promise<void>
}

/** Another process serves these data. The message says which. */
export class AlreadyServed extends Error {}

type Options = {
  dataDir: string
  as: 'server' | 'command'
  /** Where this server answers, for the message to a second one. */
  address?: string
  log?: (message: string) => void
}

// Advisory locks of ours, in the space of two integers; they are held by one connection and freed by PostgreSQL when its process dies.
const LOCKS = 7468
const SERVING = 1 // exclusive: the one server
const USING = 2 // shared: everybody; exclusive: whoever stops the postmaster

const PATIENCE = 10_000 // ms without a sign of life
const LONGEST_RECOVERY = 600_000 // ms

/**
 * Joins the PostgreSQL that runs on these data, also one which an earlier crash left behind, or starts it.
 * A server holds the data as the one server, or throws AlreadyServed; a command joins a live server or starts PostgreSQL for its own length.
 * While open, a PostgreSQL that dies is started again; pools reconnect by themselves, running statements fail.
 */
export async function openEmbedded(options: Options): Promise<Embedded> {
  const { as, address, log = () => {} } = options
  const place = findPlace(options.dataDir, log)
  const name = `thong-suot ${as}, process ${process.pid}${address ? `, ${address}` : ''}`
  const over = new AbortController()
  const session = () => enter(place, name, as, log, over.signal)

  let current: pg.Client
  let recovery = Promise.resolve()
  const keep = (client: pg.Client) => {
    current = client
    client.once('end', () => {
      if (!over.signal.aborted) recovery = recover()
    })
  }
  const recover = async () => {
    log('PostgreSQL has gone away; starting it again.')
    while (!over.signal.aborted) {
      try {
        keep(await session())
        return log('PostgreSQL is back.')
      } catch (error) {
        // Two servers must never write: when another took our place meanwhile, this process has to end.
        if (error instanceof AlreadyServed) {
          setImmediate(() => {
            throw error
          })
          return
        }
        if (over.signal.aborted) return
        log((error as Error).message)
        await sleep(1000)
      }
    }
  }

  keep(await session())
  const release = async () => {
    over.abort()
    await recovery
    if (await isLast(current)) await stopPostmaster(place, log)
    await current.end()
  }
  let released: Promise<void> | undefined
  return {
    connection: connectionTo(place),
    dataDir: place.dataDir,
    stop: () => (released ??= release()),
  }
}

/** Comes back with a connection that holds our locks, having started PostgreSQL if need be. */
async function enter(place: Place, name: string, as: Options['as'], log: (message: string) => void, signal: AbortSignal): Promise<pg.Client> {
  const began = Date.now()
  let lastSign = began
  let child: ChildProcess | null = null
  for (;;) {
    signal.throwIfAborted()
    const answer = await connect(place, name)
    if (answer instanceof pg.Client) {
      if (await holdLocks(answer, as, place)) return answer
    } else if (answer.code === '57P03') {
      lastSign = Date.now() // it is starting, recovering or stopping, and says so
    } else if (postmasterPid(place) === null) {
      // An exit code of 0 means that somebody joined what we started and has already stopped it: then once more.
      if (child?.exitCode && !lostTheRace(place)) throw new Error(`PostgreSQL does not start in ${place.cluster}. The last lines of its log:\n${logTail(place)}`)
      const turn = await takeTurn(place)
      if (!turn) lastSign = Date.now() // another process of ours is making or starting it
      else {
        child = await start(place, log).finally(() => turn.close())
        if (child && !hasEnded(child)) lastSign = Date.now()
      }
    }
    if (Date.now() - lastSign > PATIENCE || Date.now() - began > LONGEST_RECOVERY) {
      throw new Error(silence(place, answer instanceof pg.Client ? 'it takes connections, but not our locks' : answer.message))
    }
    await sleep(15)
  }
}

/** What went wrong comes back as a value: before PostgreSQL runs, failing is the normal answer. */
async function connect(place: Place, name: string): Promise<pg.Client | { code?: string; message: string }> {
  const client = new pg.Client({
    ...connectionTo(place),
    application_name: name,
    connectionTimeoutMillis: 5000,
    lock_timeout: 1000,
  })
  client.on('error', () => {}) // 'end' follows, and is what we act on
  try {
    await client.connect()
    return client
  } catch (error) {
    const { code, message } = error as Error & { code?: string }
    if (code?.startsWith('28')) throw new Error(`PostgreSQL in ${place.cluster} refuses the password in ${place.passwordFile}: ${message}. Put back the file that belongs to these data.`, { cause: error })
    return { code, message }
  }
}

/** False when the postmaster is being stopped or is lost meanwhile: connect anew. */
async function holdLocks(client: pg.Client, as: Options['as'], place: Place): Promise<boolean> {
  try {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock_shared($1, $2) as mine', [LOCKS, USING])
    // Waits a second (lock_timeout): the connection of a server that was just killed may not have been noticed yet.
    if (rows[0]?.mine && as === 'server') await client.query('select pg_advisory_lock($1, $2)', [LOCKS, SERVING])
    // The last one out lost its lock when PostgreSQL, stopping, ended its connection; ours may have been answered just before its own end.
    if (rows[0]?.mine && !isStopping(place)) return true
    await client.end()
    return false
  } catch (error) {
    const isServed = (error as { code?: string }).code === '55P03'
    const other = isServed ? await nameServer(client) : ''
    await client.end()
    if (!isServed) return false
    throw new AlreadyServed(`The data in ${place.dataDir} are already served by ${other}. Use that server, stop it first, or give this one another data directory.`)
  }
}

async function nameServer(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `select activity.application_name as name
     from pg_locks held
     join pg_stat_activity activity on activity.pid = held.pid
     where held.locktype = 'advisory' and held.classid = $1 and held.objid = $2 and held.granted`,
    [LOCKS, SERVING],
  )
  return rows[0]?.name ?? 'another server'
}

/** Lets go of our locks; true when nobody else uses this PostgreSQL, in which case nobody can join it any more. */
async function isLast(client: pg.Client): Promise<boolean> {
  try {
    await client.query('select pg_advisory_unlock_all()')
    const { rows } = await client.query<{ last: boolean }>('select pg_try_advisory_lock($1, $2) as last', [LOCKS, USING])
    return rows[0]?.last ?? false
  } catch {
    return false // the connection is gone, and what it held with it
  }
}

/** One process at a time makes and starts a cluster. An abstract socket: the kernel frees it when its process dies. */
function takeTurn(place: Place): Promise<net.Server | null> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((caller) => caller.destroy())
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(null) : reject(error)))
    server.listen({ path: `\0${place.mark}`, exclusive: true }, () => resolve(server))
  })
}

function silence(place: Place, why: string): string {
  const pids = remains(place)
  return [
    `PostgreSQL in ${place.cluster} does not answer (${why}).`,
    pids.length > 0 ? `Its processes ${pids.join(', ')} are running; if they do not end by themselves, end them with: kill -INT ${pids[0]}` : 'None of its processes is running.',
    `The last lines of its log:\n${logTail(place)}`,
  ].join(' ')
}

function connectionTo(place: Place): Embedded['connection'] {
  const password = fs.existsSync(place.passwordFile) ? fs.readFileSync(place.passwordFile, 'utf8') : '' // none before the first start
  return { host: place.socketDir, port: PORT, user: USER, password, database: DATABASE, ssl: false }
}
