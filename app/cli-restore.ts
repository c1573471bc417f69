import { readFile } from 'node:fs/promises'
import { databaseOf, onConnection, progressTo, seconds } from './cli-backup.ts'
import { tell, Wrong, type Options } from './cli-parts.ts'
import { CannotRestore, restore } from './db/restore.ts'
import { FileTrouble, readAgeFile, type Key } from './platform/age-file.ts'
import { secret } from './platform/config.ts'

export const help = `Usage: thong-suot restore FILE [--identity KEYFILE]

Puts a backup into an empty database: a --data folder where nothing is yet, or an empty database in DATABASE_URL. All of it or
nothing. It opens with the passphrase in BACKUP_PASSPHRASE (or the file that BACKUP_PASSPHRASE_FILE names), or with the key in
KEYFILE. Every row is counted, every reference checked, every file that a row names is looked for, the figures are recounted and the
audit's chain is followed.
Exit codes: 0 restored and whole, 1 failed, or restored but what it held did not agree with itself, 2 wrong usage or key.`

/** Restores a backup; gives the exit code. */
export async function run(options: Options, [file]: string[]): Promise<number> {
  if (!file) throw new Wrong(help)
  const config = databaseOf(options)
  const key = await keyOf(options)
  // Opened before any database is made: a wrong key leaves nothing behind.
  const content = await readAgeFile(file, key).catch((error: unknown) => {
    throw error instanceof FileTrouble ? new Wrong(error.message) : error
  })
  const began = performance.now()
  const restored = await onConnection(config, (client, files) => restore(client, content, progressTo(tell), files)).catch((error: unknown) => {
    throw error instanceof CannotRestore ? new Wrong(`${error.message} Nothing was restored.`, 1) : error
  })
  tell(`Restored: ${restored.rows} rows of ${restored.tables} tables and ${restored.contents} files as of ${restored.startedAt}, in ${seconds(began)} s. Everybody signs in anew.`)
  if (restored.recounted.length > 0) tell(`The kept counts of ${restored.recounted.join(', ')} differed from the records, in the backup already; they have been counted anew.`)
  else tell('The kept counts equal a full recount.')
  if (restored.brokenSeal !== null) tell(`The chain of the audit does not hold from place ${restored.brokenSeal} on, in the backup already.`)
  else tell('The chain of the audit holds.')
  for (const hash of restored.missing) tell(`The file ${hash} is nowhere: it was lost before the backup was taken, or is not where files are kept now.`)
  return restored.missing.length > 0 || restored.recounted.length > 0 || restored.brokenSeal !== null ? 1 : 0
}

async function keyOf(options: Options): Promise<Key> {
  if (options.identity) {
    const text = await readFile(options.identity, 'utf8').catch((error: Error) => {
      throw new Wrong(`${options.identity} cannot be read: ${error.message}`)
    })
    const identity = text.split('\n').map((line) => line.trim()).find((line) => line !== '' && !line.startsWith('#'))
    return { identity: identity ?? '' }
  }
  const passphrase = secret('BACKUP_PASSPHRASE')
  if (!passphrase) throw new Wrong('Name the key with --identity KEYFILE, or put the passphrase into BACKUP_PASSPHRASE or BACKUP_PASSPHRASE_FILE.')
  return { passphrase }
}
