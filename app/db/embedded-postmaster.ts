import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import type { Place } from './embedded-place.ts'
import { syncDir } from './embedded-place.ts'

type Log = (message: string) => void

export const USER = 'thong_suot'
export const DATABASE = 'thong_suot'
export const PORT = 5432 // part of the socket's name only; nothing listens on TCP

/** Written into postgresql.conf once; an administrator may change them there. */
const TUNING = {
  max_connections: '100',
  shared_buffers: '256MB',
  max_wal_size: '2GB', // bulk loads would otherwise checkpoint every few seconds
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_filename: 'postgres-%a.log', // a file a weekday, so a week is kept
  log_truncate_on_rotation: 'on',
  log_rotation_age: '1d',
  log_rotation_size: '0',
}

/** Given at every start, stronger than any file: durability and privacy are not a matter of taste. */
function law(place: Place): Record<string, string> {
  return {
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    listen_addresses: '',
    port: String(PORT),
    unix_socket_directories: place.socketDir,
    unix_socket_permissions: '0700', // root connects all the same
    cluster_name: place.mark,
    logging_collector: 'on',
    log_error_verbosity: 'terse', // details repeat the row: names, card numbers
    log_directory: 'log',
  }
}

/**
 * Makes the cluster if there is none and starts its postmaster; returns when that holds the data, before it answers.
 * Null when there is nothing to start: one runs, or remains of a killed one are still ending. One caller at a time (see `takeTurn`).
 */
export async function start(place: Place, log: Log): Promise<ChildProcess | null> {
  if (remains(place).length > 0) return null
  // No process of this cluster lives, so its locks are stale, even where another process has been given the same pid since.
  for (const lock of [path.join(place.cluster, 'postmaster.pid'), socketFile(place), `${socketFile(place)}.lock`]) fs.rmSync(lock, { force: true })
  await makeCluster(place, log)

  const output = openNew(place, startLog(place))
  const settings = Object.entries(law(place)).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  // A group of its own, so that Ctrl-C in the terminal reaches Node only, which then stops PostgreSQL in order.
  const child = spawn(path.join(place.binaries, 'bin', 'postgres'), ['-D', place.cluster, ...settings], {
    ...surroundings(place),
    detached: true,
    stdio: ['ignore', output, output],
  })
  fs.closeSync(output)
  child.unref()
  await spawned(child)
  while (!hasEnded(child) && postmasterPid(place) === null) await sleep(5)
  return child
}

/** Fast shutdown: open transactions are rolled back, everything committed is on the disk. */
export async function stopPostmaster(place: Place, log: Log): Promise<void> {
  const pid = postmasterPid(place)
  if (pid === null) return
  const all = remains(place) // its logger outlives it by a moment
  try {
    process.kill(pid, 'SIGINT')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // ESRCH: it has just ended
  }
  const patience = Date.now() + 60_000
  while (all.some((one) => commandLine(one).includes(place.mark))) {
    if (Date.now() > patience) return log(`PostgreSQL (process ${pid}) is still writing its last checkpoint and will end by itself.`)
    await sleep(10)
  }
}

/** The process that holds the data; null when none does, whatever an old postmaster.pid says. */
export function postmasterPid(place: Place): number | null {
  const pid = Number.parseInt(readIfThere(path.join(place.cluster, 'postmaster.pid')), 10)
  return pid > 0 && commandLine(pid).includes(`cluster_name=${place.mark}`) ? pid : null
}

/** PostgreSQL writes so into the eighth line before it ends its first connection. */
export function isStopping(place: Place): boolean {
  const status = readIfThere(path.join(place.cluster, 'postmaster.pid')).split('\n')[7]
  return status === undefined || status.startsWith('stopping')
}

/** All living processes of the cluster, orphans of a killed postmaster included. */
export function remains(place: Place): number[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => commandLine(pid).includes(place.mark))
}

export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

/** True when a start failed only because another process holds the data or is letting go of them. */
export function lostTheRace(place: Place): boolean {
  return /lock file .* already exists|is still in use/.test(readIfThere(startLog(place)))
}

/** The last lines PostgreSQL wrote, for error messages. */
export function logTail(place: Place): string {
  const logDir = path.join(place.cluster, 'log')
  const newest = (fs.existsSync(logDir) ? fs.readdirSync(logDir) : [])
    .map((name) => path.join(logDir, name))
    .sort((a, b) => fs.statSync(a).mtimeMs - fs.statSync(b).mtimeMs)
    .at(-1)
  return [newest ?? '', startLog(place)].map((file) => lastLines(readIfThere(file))).join('\n').trim()
}

/** A cluster appears under its name only when it is whole: initdb works in a draft beside it, with the database already made. */
async function makeCluster(place: Place, log: Log): Promise<void> {
  const major = place.version.split('.')[0]
  if (fs.existsSync(place.cluster)) {
    const found = readIfThere(path.join(place.cluster, 'PG_VERSION')).trim()
    if (found === major) return
    throw new Error(`${place.cluster} holds data of PostgreSQL ${found || 'of no known version'}; these binaries are version ${major}. Export with the release that wrote them and import here.`)
  }
  for (const name of fs.readdirSync(place.home)) {
    if (name.startsWith('cluster.new-')) fs.rmSync(path.join(place.home, name), { recursive: true, force: true, maxRetries: 10 })
  }
  log(`Making a PostgreSQL ${major} cluster in ${place.cluster}.`)
  writePassword(place)
  const draft = path.join(place.home, `cluster.new-${process.pid}`)
  const settings = Object.entries(TUNING).flatMap(([name, value]) => ['--set', `${name}=${value}`])
  const access = ['--username', USER, '--pwfile', place.passwordFile, '--auth=scram-sha-256']
  const text = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  await run(place, 'initdb', ['-D', draft, '--data-checksums', ...access, ...text, ...settings])
  const create = `create database ${DATABASE} template template0 encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8'`
  await run(place, 'postgres', ['--single', '-j', '-D', draft, 'postgres'], create)
  fs.renameSync(draft, place.cluster)
  syncDir(place.home)
}

function writePassword(place: Place): void {
  const handle = openNew(place, place.passwordFile)
  fs.writeSync(handle, randomBytes(24).toString('base64url'))
  fs.fsyncSync(handle)
  fs.closeSync(handle)
}

/** Never through a link: the folder belongs to PostgreSQL's user, and we may be root. */
function openNew({ runAs: { uid, gid } }: Place, file: string): number {
  fs.rmSync(file, { force: true })
  const handle = fs.openSync(file, 'wx', 0o600)
  if (uid !== undefined && gid !== undefined) fs.fchownSync(handle, uid, gid)
  return handle
}

async function run(place: Place, program: string, args: string[], input = ''): Promise<void> {
  const child = spawn(path.join(place.binaries, 'bin', program), args, surroundings(place))
  await spawned(child)
  let output = ''
  child.stdout?.on('data', (chunk) => (output += chunk))
  child.stderr?.on('data', (chunk) => (output += chunk))
  child.stdin?.on('error', () => {}) // a program that ended early says why by its output
  child.stdin?.end(input)
  const [code, signal] = await once(child, 'close')
  if (code !== 0 || /FATAL:|ERROR:/.test(output)) throw new Error(`PostgreSQL's ${program} failed in ${place.home} (${signal ?? `code ${code}`}):\n${lastLines(output)}`)
}

/** A working folder everybody may read, and no variables that would lead PostgreSQL elsewhere or into another language. */
function surroundings({ runAs }: Place) {
  return { ...runAs, cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } }
}

async function spawned(child: ChildProcess): Promise<void> {
  try {
    await once(child, 'spawn')
  } catch (cause) {
    throw new Error(
      `${child.spawnfile} cannot be run: ${(cause as Error).message}. It needs a Linux with glibc and a file system that allows programs; else set DATABASE_URL to a PostgreSQL server, version 15 or newer.`,
      { cause },
    )
  }
}

/** Empty for no such process, and for one that is dead but not yet buried. Readable for everybody, unlike the rest of /proc. */
function commandLine(pid: number): string {
  try {
    return /^postgres$/m.test(fs.readFileSync(`/proc/${pid}/comm`, 'utf8')) ? fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8') : ''
  } catch {
    return ''
  }
}

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-8).join('\n')
}

function socketFile(place: Place): string {
  return path.join(place.socketDir, `.s.PGSQL.${PORT}`)
}

function startLog(place: Place): string {
  return path.join(place.home, 'start.log')
}
