/** What a zip file says it holds unpacked, in bytes; null for one that is broken or hides it. The reader never unpacks more than is said. */
export function unpackedSize(file: Uint8Array): number | null {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  const end = endOf(bytes)
  if (end === null) return null
  let [at, total] = [bytes.readUInt32LE(end + 16), 0]
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) return null
    const [packed, size] = [bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 24)]
    if (size === 0 && packed > 2) return null // it would be unpacked without end
    if (bytes.readUInt16LE(at + 8) & 1) return null
    total += size
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return total
}

function endOf(bytes: Buffer): number | null {
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 22 - 0xffff); at--) if (bytes.readUInt32LE(at) === 0x06054b50) return at
  return null
}
