import { inflateRawSync } from 'node:zlib'
import { Refused } from '../errors.ts'
import { readingWords } from './reading.messages.ts'
import { highestRatio, mostEntries, mostUnpacked } from './limits.ts'

/** The parts of an office file: unpacked one at a time, counted as they come out, whatever their headers claim. */
export type Parts = { has: (name: string) => boolean; read: (name: string) => Buffer }

type Entry = { method: number; packed: number; at: number }

const smallest = 1024 * 1024 // a part that unpacks to less is no bomb, however well it packs
const deflated = 8
const endMark = 0x06054b50
const entryMark = 0x02014b50
const localMark = 0x04034b50

/** Reads the list of a zip file. Throws Refused('file') for a broken, locked or overblown one. */
export function openZip(file: Buffer): Parts {
  const entries = guarded(() => listEntries(file))
  let unpacked = 0
  return {
    has: (name) => entries.has(name),
    read: (name) => {
      const entry = entries.get(name)
      if (!entry) throw broken()
      const content = guarded(() => unpack(file, entry, mostUnpacked - unpacked))
      unpacked += content.length
      return content
    },
  }
}

function listEntries(file: Buffer): Map<string, Entry> {
  const end = findEnd(file)
  const count = file.readUInt16LE(end + 10)
  if (count > mostEntries) throw bomb()
  const entries = new Map<string, Entry>()
  let at = file.readUInt32LE(end + 16)
  let claimed = 0
  for (let left = count; left > 0; left--) {
    if (file.readUInt32LE(at) !== entryMark) throw broken()
    const [flags, method, packed, size, nameLength] = [file.readUInt16LE(at + 8), file.readUInt16LE(at + 10), file.readUInt32LE(at + 20), file.readUInt32LE(at + 24), file.readUInt16LE(at + 28)]
    if (flags & 1) throw new Refused('file', readingWords.say('fileLocked'))
    claimed += size
    const name = file.toString('utf8', at + 46, at + 46 + nameLength)
    entries.set(name, { method, packed, at: file.readUInt32LE(at + 42) })
    at += 46 + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32)
  }
  if (claimed > 4 * mostUnpacked) throw bomb() // pictures are never unpacked, yet nobody's report holds so many
  return entries
}

/** The list's end stands at the end of the file, before a comment of at most 64 KB. */
function findEnd(file: Buffer): number {
  for (let at = file.length - 22; at >= Math.max(0, file.length - 22 - 0xffff); at--) if (file.readUInt32LE(at) === endMark) return at
  throw broken()
}

function unpack(file: Buffer, { method, packed, at }: Entry, left: number): Buffer {
  if (file.readUInt32LE(at) !== localMark) throw broken()
  const start = at + 30 + file.readUInt16LE(at + 26) + file.readUInt16LE(at + 28)
  if (start + packed > file.length) throw broken()
  const data = file.subarray(start, start + packed)
  if (method === 0) return data
  if (method !== deflated) throw broken()
  const most = Math.min(left, Math.max(smallest, packed * highestRatio))
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(1, most) })
  } catch (error) {
    throw (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? bomb() : error
  }
}

/** Whatever goes wrong in a file that lies about itself, it is broken. */
function guarded<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw error instanceof Refused ? error : broken()
  }
}

const broken = () => new Refused('file', readingWords.say('fileBroken'))
const bomb = () => new Refused('file', readingWords.say('fileBomb'))
