import { access, writeFile } from 'node:fs/promises'
import pg from 'pg'
import { tell, Wrong, type Options } from './cli-parts.ts'
import { backupOf, type Progress } from './db/backup.ts'
import { hasData } from './db/embedded-place.ts'
import { openEmbedded } from './db/embedded.ts'
import { FileTrouble, newKey, writeAgeFile, type Lock } from './platform/age-file.ts'
import { openFiles, type Files } from './platform/files/files.ts'
import { placeOf } from './platform/files/place.ts'
import { readConfig, secret, type Config } from './platform/config.ts'

export const help = `Usage: thong-suot backup FILE [--recipient age1…] [--without-files]
       thong-suot backup --new-key KEYFILE

Writes everything that is in the database at this instant, and every file that it names, to a new FILE, packed and encrypted
(age, https://age-encryption.org), while the server goes on serving. --without-files leaves the files out, where an S3 service keeps
versions of them. It opens with the passphrase in BACKUP_PASSPHRASE (or the file that BACKUP_PASSPHRASE_FILE
names), or, with --recipient or BACKUP_RECIPIENT, only with the key that belongs to that recipient, which need not be on this
machine. --new-key makes such a key and prints its recipient. Exit codes: 0 written,
1 failed, or written but some file was lost before, 2 wrong usage, 4 no data.`

/** Writes a backup, or makes a key for backups; gives the exit code. */
export async function run(options: Options, [file]: string[]): Promise<number> {
  if (options['new-key']) return makeKey(options['new-key'])
  if (!file) throw new Wrong(help)
  const config = databaseOf(options)
  const lock = lockOf(options)
  if (!config.databaseUrl && !hasData(config.dataDir)) throw new Wrong(`There is no data in ${config.dataDir}. Name another folder with --data DIR, or a server in DATABASE_URL.`, 4)
  if (await isThere(file)) throw new Wrong(`${file} is there already. Name another file: a backup is never written over.`)
  return onConnection(config, async (client, files) => {
    const began = performance.now()
    const told = progressTo(tell)
    let foot = { tables: 0, rows: 0, contents: 0, missing: [] as string[] }
    const progress: Progress = (at) => {
      foot = { ...foot, ...at }
      told(at)
    }
    const size = await writeAgeFile(file, backupOf(client, progress, options['without-files'] ? null : files), lock)
    tell(`Written: ${file}, ${megabytes(size)} MB, ${foot.rows} rows of ${foot.tables} tables, ${options['without-files'] ? 'the files kept apart' : `${foot.contents} files`}, in ${seconds(began)} s.`)
    for (const hash of foot.missing) tell(`The file ${hash} is not where files are kept, or is damaged there; it is not in the backup.`)
    return foot.missing.length > 0 ? 1 : 0
  })
}

/** The database that a backup is of or goes to, and its files; joined when a server is running on it. Nothing is migrated. */
export async function onConnection<Result>(config: Config, work: (client: pg.Client, files: Files) => Promise<Result>): Promise<Result> {
  const embedded = config.databaseUrl ? null : await openEmbedded({ dataDir: config.dataDir, as: 'command', log: tell })
  try {
    const client = new pg.Client(embedded?.connection ?? { connectionString: config.databaseUrl! })
    client.on('error', () => {}) // whoever waits for an answer hears of it
    await client.connect()
    try {
      return await work(client, await openFiles(placeOf(config.files, embedded?.dataDir ?? config.dataDir)))
    } catch (error) {
      if (error instanceof FileTrouble) throw new Wrong(error.message, 1)
      throw error
    } finally {
      await client.end()
    }
  } finally {
    await embedded?.stop()
  }
}

/** Settings and options that say which database. */
export function databaseOf({ data, demo }: Options): Config {
  try {
    return readConfig({ data, isDemo: demo ?? false })
  } catch (error) {
    throw new Wrong((error as Error).message)
  }
}

/** Says from time to time how far it is. */
export function progressTo(say: (sentence: string) => void): Progress {
  let last: number | undefined // the first pause counts from the first table: deriving a key takes a second of its own
  return ({ table, done, tables, rows }) => {
    last ??= performance.now()
    if (performance.now() - last < 2000) return
    last = performance.now()
    say(`${done} of ${tables} tables, ${rows} rows (${table})`)
  }
}

export const seconds = (since: number) => ((performance.now() - since) / 1000).toFixed(1)

const megabytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(1)

function lockOf(options: Options): Lock {
  const recipient = options.recipient ?? process.env['BACKUP_RECIPIENT']
  if (recipient) return { recipient }
  const passphrase = secret('BACKUP_PASSPHRASE')
  if (!passphrase) throw new Wrong('A backup is always encrypted: put a passphrase into BACKUP_PASSPHRASE or BACKUP_PASSPHRASE_FILE, or name a --recipient.')
  if (passphrase.length < 12) throw new Wrong('The passphrase of a backup has at least 12 characters: whoever steals the file can try as often as they like.')
  return { passphrase }
}

async function makeKey(file: string): Promise<number> {
  const { identity, recipient } = await newKey()
  const text = `# Opens backups of Thông Suốt. Keep it away from the server, and never lose it.\n# recipient: ${recipient}\n${identity}\n`
  await writeFile(file, text, { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    throw new Wrong(error.code === 'EEXIST' ? `${file} is there already, and a key is never written over.` : `${file} cannot be written: ${error.message}`, 1)
  })
  tell(`Written: ${file}. Keep it away from this machine; the recipient for --recipient or BACKUP_RECIPIENT is`)
  console.log(recipient)
  return 0
}

const isThere = (file: string) => access(file).then(() => true, () => false)
