import { crc32 } from 'node:zlib'

// Archives are proved by their bytes, for decades: so they are written by these lines and not by a library whose next
// version may write other headers. Nothing is compressed: documents are already, and what is not cannot be a bomb.
const localHeader = 0x04034b50
const centralHeader = 0x02014b50
const end = 0x06054b50
const version = 20
const namesAreUtf8 = 0x0800
const firstOfJanuary1980 = 0x21 // no time: the same parts make the same bytes

/** The parts as a zip file, in their order. */
export function writeZip(parts: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const local: Uint8Array[] = []
  const central: Uint8Array[] = []
  let offset = 0
  for (const [name, content] of parts) {
    const path = Buffer.from(name)
    const common = numbers([version, 2], [namesAreUtf8, 2], [0, 2], [0, 2], [firstOfJanuary1980, 2], [crc32(content), 4], [content.byteLength, 4], [content.byteLength, 4], [path.byteLength, 2], [0, 2])
    const header = [numbers([localHeader, 4]), common, path, content]
    local.push(...header)
    central.push(numbers([centralHeader, 4], [version, 2]), common, numbers([0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]), path)
    offset += sizeOf(header)
  }
  return Buffer.concat([...local, ...central, numbers([end, 4], [0, 2], [0, 2], [parts.size, 2], [parts.size, 2], [sizeOf(central), 4], [offset, 4], [0, 2])])
}

/**
 * The parts of a zip file that writeZip may have written, by walking from its first byte; null for any other file.
 * Whether every byte between and behind the parts is as it was written is told by writing them again.
 */
export function readZip(bytes: Uint8Array, mostParts: number): Map<string, Uint8Array> | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const parts = new Map<string, Uint8Array>()
  let at = 0
  while (at + 30 <= file.byteLength && file.readUInt32LE(at) === localHeader) {
    const [method, size, nameSize, extraSize] = [file.readUInt16LE(at + 8), file.readUInt32LE(at + 22), file.readUInt16LE(at + 26), file.readUInt16LE(at + 28)]
    const start = at + 30 + nameSize + extraSize
    const name = file.toString('utf8', at + 30, at + 30 + nameSize)
    if (method !== 0 || start + size > file.byteLength || parts.has(name) || parts.size === mostParts) return null
    parts.set(name, file.subarray(start, start + size))
    at = start + size
  }
  const isFollowed = at + 4 <= file.byteLength && file.readUInt32LE(at) === centralHeader
  return parts.size > 0 && isFollowed ? parts : null
}

/** Whole numbers in so many bytes each, the lowest first. */
function numbers(...fields: [value: number, size: 2 | 4][]): Buffer {
  const bytes = Buffer.alloc(fields.reduce((sum, [, size]) => sum + size, 0))
  let at = 0
  for (const [value, size] of fields) at = bytes.writeUIntLE(value, at, size)
  return bytes
}

const sizeOf = (pieces: Uint8Array[]) => pieces.reduce((sum, piece) => sum + piece.byteLength, 0)
