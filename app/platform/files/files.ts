import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { sql, type QueryExecutorProvider } from 'kysely'
import type { FilesPlace, ScannerPlace } from '../config.ts'
import { Refused } from '../errors.ts'
import { diskStore } from './disk-store.ts'
import { filesWords } from './files.messages.ts'
import { inspect } from './inspect.ts'
import type { Kept } from './kept.ts'
import { mediaTypes, type FileKind } from './media-types.ts'
import { scan } from './scan.ts'
import type { Store } from './store.ts'

export type { Kept } from './kept.ts'

/** Where files are kept, the folder in which they wait while they come, and who looks through them for viruses, where settings name one. */
export type Files = { store: Store; incoming: string; scanner?: ScannerPlace | null }

/** What a caller takes: kinds, and the largest size in bytes; a refusal is said at `field`. */
export type Takes = { allowed: readonly FileKind[]; most: number; field?: string; name?: string }

/** Opens the store that the settings name. Nothing is made before the first file comes. */
export async function openFiles(place: FilesPlace, scanner: ScannerPlace | null = null): Promise<Files> {
  if (place.kind === 'disk') return { store: diskStore(place.folder), incoming: join(place.folder, 'incoming'), scanner }
  const { s3Store } = await import('./s3-store.ts')
  return { store: s3Store(place), incoming: place.incoming, scanner }
}

/**
 * Takes a file in as it comes: counted, hashed and written to the disk, then looked into. Call it before the transaction, `useFile`
 * inside it, and `drop` when all is over, however it ended. Throws Refused(field), with nothing left of it.
 */
export async function keepFile({ store, incoming, scanner }: Files, content: AsyncIterable<Uint8Array> | Uint8Array, { allowed, most, field = 'file', name = '' }: Takes): Promise<Kept> {
  const check = (size: number) => {
    if (size > most) throw new Refused(field, filesWords.say('tooLarge', { megabytes: Math.floor(most / 1024 / 1024) }))
  }
  return keep({ store, incoming }, content, name, check, async (draft, size) => {
    if (size === 0) throw new Refused(field, filesWords.say('empty'))
    const kind = await inspect(draft, size, allowed, field)
    const found = scanner ? await scan(scanner, draft) : 'clean'
    if (found !== 'clean') throw new Refused(field, filesWords.say(found === 'infected' ? 'infected' : 'notScanned'))
    return kind
  })
}

/** The same for what the product made itself, or took in before: it is what it is said to be. */
export function keepOwn(files: Files, content: AsyncIterable<Uint8Array> | Uint8Array, kind: FileKind, name = ''): Promise<Kept> {
  return keep(files, content, name, () => {}, () => Promise.resolve(kind))
}

async function keep({ store, incoming }: Files, content: AsyncIterable<Uint8Array> | Uint8Array, name: string, check: (size: number) => void, kindOf: (draft: string, size: number) => Promise<FileKind>): Promise<Kept> {
  await mkdir(incoming, { recursive: true, mode: 0o700 })
  const draft = join(incoming, randomUUID())
  const drop = () => unlink(draft).catch(gone)
  try {
    const { sha256, size } = await write(draft, content, check)
    const kind = await kindOf(draft, size)
    const hash = sha256.toString('hex')
    await store.prepare(hash, draft)
    return { sha256, size, kind, mediaType: mediaTypes[kind], name, place: () => store.place(hash, draft), drop }
  } catch (error) {
    await drop()
    throw error
  }
}

/** Durable when it returns: readable by its owner alone, never executable. */
async function write(draft: string, content: AsyncIterable<Uint8Array> | Uint8Array, check: (size: number) => void): Promise<{ sha256: Buffer; size: number }> {
  const hash = createHash('sha256')
  let size = 0
  const handle = await open(draft, 'wx', 0o600)
  try {
    for await (const chunk of content instanceof Uint8Array ? [content] : content) {
      size += chunk.byteLength
      check(size)
      hash.update(chunk)
      await handle.writeFile(chunk)
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
  return { sha256: hash.digest(), size }
}

/**
 * Makes a kept file one that rows may name, in the transaction that names it: its content is in its place before its row is, and no
 * sweep takes either until the transaction has ended.
 */
export async function useFile(tx: QueryExecutorProvider, { sha256, size, mediaType, place }: Kept): Promise<void> {
  await sql`select hold_file(${sha256})`.execute(tx)
  await place()
  await sql`select use_file(${sha256}, ${size}, ${mediaType})`.execute(tx)
}

/** The content as a stream; `end` is the last byte, included. Whether the viewer may have it, the row that attaches it has decided. */
export function openFile({ store }: Files, sha256: Uint8Array, range?: { start: number; end: number }): Promise<Readable> {
  return store.open(Buffer.from(sha256).toString('hex'), range)
}

function gone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
