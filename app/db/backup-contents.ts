import { createHash } from 'node:crypto'
import type pg from 'pg'
import { keepOwn, type Files } from '../platform/files/files.ts'
import { NoContent } from '../platform/files/store.ts'
import type { Lines } from './backup-lines.ts'

// Contents of files within a backup: behind the rows, as comments, so that psql still takes the text. A line that says which, lines of
// base64, and a line that ends it.

/** Line before a content. `isMissing`: a row names it, and it was not there any more when the backup was taken. */
export type ContentHead = { content: string; size: number; isMissing?: true }

const pieceSize = 48 * 1024 // a multiple of 3: pieces of base64 join without padding
const endOfContent = '-- .'
const endOfDamaged = '-- !'

/** Holds contents against the sweep until the connection ends, or lets go. Call it before the snapshot is taken. */
export async function holdContents(client: pg.ClientBase): Promise<() => Promise<unknown>> {
  await client.query(`select pg_advisory_lock_shared(hashtext('sweep files'))`)
  return () => client.query(`select pg_advisory_unlock_shared(hashtext('sweep files'))`)
}

/** Which contents the rows of this snapshot name, in order. */
export async function contentsNamed(client: pg.ClientBase): Promise<{ hash: string; size: number }[]> {
  const { rows } = await client.query<{ hash: string; size: string }>(`select encode(sha256, 'hex') as hash, size_bytes::text as size from file order by sha256`)
  return rows.map(({ hash, size }) => ({ hash, size: Number(size) }))
}

/** One content as lines. What is not there, or not what it was, is said: a backup without one file is better than none. */
export async function* contentLines({ store }: Files, { hash, size }: { hash: string; size: number }): AsyncGenerator<Buffer, boolean> {
  const content = await store.open(hash).catch((error: unknown) => {
    if (error instanceof NoContent) return null
    throw error
  })
  if (!content) {
    yield note({ content: hash, size, isMissing: true })
    return false
  }
  yield note({ content: hash, size })
  const sum = createHash('sha256')
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of content as AsyncIterable<Buffer>) {
    sum.update(chunk)
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    let at = 0
    for (; rest.length - at >= pieceSize; at += pieceSize) yield line(`-- ${rest.toString('base64', at, at + pieceSize)}`)
    rest = rest.subarray(at)
  }
  if (rest.length > 0) yield line(`-- ${rest.toString('base64')}`)
  const isWhole = sum.digest('hex') === hash
  yield line(isWhole ? endOfContent : endOfDamaged)
  return isWhole
}

/** Puts a content where files are kept, unless it was damaged before it came into the backup. `placed` hears of what was not there before. */
export async function readContent(files: Files, lines: Lines, { content: hash, isMissing }: ContentHead, placed: (hash: string) => void): Promise<'whole' | 'lost' | 'broken'> {
  if (isMissing) return 'lost'
  let end: string | null = null
  const pieces = async function* () {
    for (;;) {
      end = await lines.next()
      if (end === endOfContent || end === endOfDamaged || !end?.startsWith('-- ')) return
      yield Buffer.from(end.slice(3), 'base64')
    }
  }
  const kept = await keepOwn(files, pieces(), 'pdf')
  try {
    if (end === endOfDamaged) return 'lost'
    if (end !== endOfContent || kept.sha256.toString('hex') !== hash) return 'broken'
    if (!(await files.store.look(hash))) placed(hash)
    await kept.place()
    return 'whole'
  } finally {
    await kept.drop()
  }
}

const line = (text: string) => Buffer.from(`${text}\n`)
const note = (content: ContentHead) => line(`-- ${JSON.stringify(content)}`)
