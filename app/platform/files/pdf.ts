import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { createInflate, inflate } from 'node:zlib'
import { endsAsZip, markup, piece } from './first-bytes.ts'
import type { Fault } from './inspect.ts'

const pieceSize = 1024 * 1024
const mostUnpacked = 1024 * 1024 * 1024
const mostStreams = 200_000
const carriedOver = 2048

/** Begins and ends as a PDF does, is nothing else besides, opens without a password, does nothing by itself and carries no other file. */
export async function inspectPdf(handle: FileHandle, size: number, head: Buffer, tail: Buffer): Promise<{ kind: 'pdf' } | Fault> {
  if (!head.subarray(0, 5).equals(Buffer.from('%PDF-'))) return 'twoKinds'
  const end = tail.lastIndexOf('%%EOF')
  if (end < 0) return 'broken'
  if (endsAsZip(tail)) return 'twoKinds'
  const rest = tail.toString('latin1', end + 5).replace(/[\0\s]+/g, '') // some scanners fill up with nothing
  if (rest.length > 1024 || markup.test(tail.toString('latin1', end)) || markup.test(head.toString('latin1', 0, 1024))) return 'twoKinds'
  const packed = { handle, unpacked: 0, streams: 0 }
  let found: Fault | null = null
  let carried = ''
  let done = 0 // streams that begin before this were looked into
  for (let at = 0; at < size; at += pieceSize) {
    const text = carried + (await piece(handle, at, pieceSize)).toString('latin1')
    const fault = faultIn(text)
    if (fault === 'locked') return 'locked'
    found ??= fault
    for (const { 0: keyword, index } of text.matchAll(/(?<!end)stream[ \t\f\0]*(?:\r\n|\n|\r)/g)) {
      const start = at - carried.length + index + keyword.length
      if (start <= done) continue
      done = start
      const inside = await faultInStream(packed, start, text.slice(Math.max(0, index - 1024), index))
      if (inside === 'bomb' || inside === 'broken') return inside
      found ??= inside
    }
    carried = text.slice(-carriedOver)
  }
  return found ?? { kind: 'pdf' }
}

// What ends a name; a space is any of six, and a remark.
const ended = String.raw`(?=[\s\0()<>[\]{}/%]|$)`
const locked = new RegExp(`/Encrypt${ended}`)
const active = new RegExp(String.raw`/(?:JavaScript|Launch|RichMedia|Rendition|GoToE)${ended}|/XFA[\s\0]*(?:\[|\d+[\s\0]+\d+[\s\0]+R)`)
const carrying = new RegExp(String.raw`/(?:EmbeddedFiles?|FileAttachment)${ended}|/EF[\s\0]*(?:<<|\d+[\s\0]+\d+[\s\0]+R)`)

function faultIn(text: string): Fault | null {
  const names = plainNames(text)
  if (locked.test(names)) return 'locked'
  if (active.test(names)) return 'active'
  return carrying.test(names) ? 'packed' : null
}

/** A letter of a name may be written by its number. */
const plainNames = (text: string) => text.replace(/#([0-9a-fA-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))

type Packed = { handle: FileHandle; unpacked: number; streams: number }

/**
 * Objects may lie packed in a stream, and what runs with them. Any stream that begins as such a list of objects is unpacked and looked
 * through, whatever it is said to be; one that is packed in a way that no usual program writes is refused. `before` is what precedes it.
 */
async function faultInStream(packed: Packed, start: number, before: string): Promise<Fault | null> {
  if (++packed.streams > mostStreams) return 'bomb'
  const first = await piece(packed.handle, start, 512)
  const about = plainNames(before.slice(before.lastIndexOf('endobj') + 1))
  const isSaid = new RegExp(`/ObjStm${ended}`).test(about) || /\/First[\s\0]+\d+(?![\s\0]+\d+[\s\0]+R|\d)/.test(about)
  const isZlib = first.length > 2 && (first[0]! & 15) === 8 && first.readUInt16BE() % 31 === 0
  if (isSaid && (/\/(?:Predictor|Crypt|ASCIIHexDecode|AHx|ASCII85Decode|A85|LZWDecode|LZW|RunLengthDecode|RL)(?=[^A-Za-z\d]|$)/.test(about) || (!isZlib && /\/Filter(?=[^A-Za-z\d])/.test(about)))) return 'packed'
  if (!isZlib) return null // as it lies there, it was read with the rest
  const looks = beginning((await inflated(first)).toString('latin1'))
  if (!isSaid && looks === 'other') return null
  return faultInList(packed, start, isSaid || looks === 'list')
}

const inflateSome = promisify<Buffer, { finishFlush: number; maxOutputLength: number }, Buffer>(inflate)
const inflated = (content: Buffer) => inflateSome(content, { finishFlush: 2, maxOutputLength: pieceSize }).catch(() => Buffer.alloc(0))

/** Numbers in pairs and then an object: a list. Numbers and then what paints: a page. */
function beginning(text: string): 'list' | 'perhaps' | 'other' {
  const rest = /^(?:[\s\0]|%[^\r\n]{0,200}[\r\n])*((?:[+-]?\d+[\s\0]+)+)?/.exec(text)!
  if (rest[1] === undefined) return text.trimStart().startsWith('%') ? 'perhaps' : 'other'
  const next = text.slice(rest[0].length)
  if (/^(?:<<|\[|\(|\/|<|true|false|null)/.test(next)) return 'list'
  return next === '' || /^[\d.+%-]/.test(next) ? 'perhaps' : 'other'
}

async function* piecesFrom(handle: FileHandle, start: number): AsyncGenerator<Buffer> {
  for (let at = start; ; at += 64 * 1024) {
    const read = await piece(handle, at, 64 * 1024)
    if (read.length === 0) return
    yield read
  }
}

async function faultInList(packed: Packed, start: number, isList: boolean): Promise<Fault | null> {
  const from = Readable.from(piecesFrom(packed.handle, start)) // a stream of the handle's own would close it when destroyed
  const unpacking = createInflate({ chunkSize: 256 * 1024 })
  from.on('error', (error) => unpacking.destroy(error))
  let found: Fault | null = null
  let carried = ''
  try {
    for await (const chunk of from.pipe(unpacking) as AsyncIterable<Buffer>) {
      packed.unpacked += chunk.length
      if (packed.unpacked > mostUnpacked) return 'bomb'
      const text = carried + chunk.toString('latin1')
      const fault = faultIn(text)
      found ??= fault === 'locked' ? null : fault
      carried = text.slice(-256)
    }
  } catch {
    if (isList) return found ?? 'broken' // its reader might take what came before
  } finally {
    from.unpipe(unpacking)
    from.destroy()
    unpacking.destroy()
  }
  return found
}
