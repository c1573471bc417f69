import type { FileHandle } from 'node:fs/promises'

/** The beginning of a page or a script, which a browser might take for one. */
export const markup = /<(?:!doctype|html|head|body|script|svg|iframe|\?php)[\s>/]/i

/** Whether this begins as a program of Windows, Linux or macOS. */
export function isExecutable(head: Buffer): boolean {
  const first = head.subarray(0, 4)
  return first.toString('latin1', 0, 2) === 'MZ' || [0x7f454c46, 0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe, 0xcafebabe].includes(first.length === 4 ? first.readUInt32BE() : 0)
}

/** .doc, .xls, locked .docx and .xlsx, and objects of older programs inside documents. */
export const isCompound = (head: Buffer) => head.subarray(0, 8).equals(compound)
const compound = Buffer.from('d0cf11e0a1b11ae1', 'hex')

/** The list of a zip stands at its end, before a comment of at most 64 KB. */
export const endsAsZip = (tail: Buffer) => tail.includes(Buffer.from('504b0506', 'hex'))

/** Whether these letters stand in it as older programs write names. */
export const utf16 = (content: Buffer, text: string) => content.includes(Buffer.from(text, 'utf16le'))

/** So many bytes from there, or what there is. */
export async function piece(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, at)
  return buffer.subarray(0, bytesRead)
}
