import { open, type FileHandle } from 'node:fs/promises'
import { fileTypeFromFile } from 'file-type'
import { Refused } from '../errors.ts'
import { filesWords } from './files.messages.ts'
import { endsAsZip, isCompound, isExecutable, markup, piece, utf16 } from './first-bytes.ts'
import type { FileKind } from './media-types.ts'
import { inspectOffice } from './office.ts'
import { inspectPdf } from './pdf.ts'

/** What may be wrong with a file, each said in a sentence of its own. */
export type Fault = 'kind' | 'executable' | 'script' | 'oldOffice' | 'macros' | 'outsideTemplate' | 'locked' | 'starts' | 'packed' | 'bomb' | 'broken' | 'twoKinds' | 'active'

/**
 * What a file is, by its bytes alone: its name and what the browser says count for nothing. Throws Refused(field) with the sentence for
 * what it must not be, and for a kind that the caller does not take.
 */
export async function inspect(path: string, size: number, allowed: readonly FileKind[], field: string): Promise<FileKind> {
  const handle = await open(path)
  try {
    const found = await judge(handle, path, size).catch((error: unknown) => {
      if (error instanceof Refused) throw error
      return 'broken' as const // whatever goes wrong in a file that lies about itself
    })
    const kinds = allowed.map((kind) => kind.toUpperCase()).join(', ')
    if (typeof found === 'string') throw new Refused(field, filesWords.say(`fault.${found}`, { kinds }))
    if (!allowed.includes(found.kind)) throw new Refused(field, filesWords.say('notTaken', { kind: found.kind.toUpperCase(), kinds }))
    return found.kind
  } finally {
    await handle.close()
  }
}

type Found = { kind: FileKind } | Fault

const edge = 64 * 1024

async function judge(handle: FileHandle, path: string, size: number): Promise<Found> {
  const head = await piece(handle, 0, edge)
  const tail = await piece(handle, Math.max(0, size - edge), edge)
  const latin = head.toString('latin1')
  if (isExecutable(head)) return 'executable'
  if (head.subarray(0, 2).toString('latin1') === 'PK') return head.indexOf('%PDF-') >= 0 && latin.slice(0, 1024).includes('%PDF-') ? 'twoKinds' : inspectOffice(path, size)
  if (isCompound(head)) return utf16(head, 'EncryptedPackage') || utf16(await piece(handle, 0, 1024 * 1024), 'EncryptedPackage') ? 'locked' : 'oldOffice'
  const sniffed = (await fileTypeFromFile(path))?.mime ?? null
  const kind = sniffed === null || sniffed === 'application/xml' ? null : (kinds[sniffed] ?? null)
  if (sniffed !== null && executables.test(sniffed)) return 'executable'
  if (kind === null) return sniffed === null || sniffed === 'application/xml' ? inspectText(handle, head, size) : 'kind'
  if (kind === 'pdf') return inspectPdf(handle, size, head, tail)
  // a picture or recording that is something else as well, for whoever opens it under another name
  if (markup.test(latin.slice(0, 4096)) || latin.slice(0, 1024).includes('%PDF-') || endsAsZip(tail)) return 'twoKinds'
  return { kind }
}

const kinds: Record<string, FileKind> = {
  'application/pdf': 'pdf',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'audio/mpeg': 'mp3',
  'audio/x-m4a': 'm4a',
  'audio/mp4': 'm4a',
  'video/mp4': 'mp4',
}

const executables = /msdownload|x-elf|mach-binary|x\.ms\.shortcut|x-deb|x-rpm|java|apple\.alias|wasm|android\.package|x-msi|x-apple-diskimage/

const pieceSize = 1024 * 1024

/** Text in UTF-8, or UTF-16 with its mark, that a browser would not take for a page. */
async function inspectText(handle: FileHandle, head: Buffer, size: number): Promise<Found> {
  const isWide = head.length >= 2 && [0xfffe, 0xfeff].includes(head.readUInt16BE())
  const encoding = isWide ? (head[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8'
  const start = new TextDecoder(encoding).decode(head).trimStart()
  if (start.startsWith('#!')) return 'script'
  if (markup.test(start) || /^<\?xml|^<[a-z!?]/i.test(start)) return 'script'
  const decoder = new TextDecoder(encoding, { fatal: true })
  try {
    for (let at = 0; at < size; at += pieceSize) {
      const text = decoder.decode(await piece(handle, at, pieceSize), { stream: at + pieceSize < size })
      if (/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text)) return 'kind'
    }
  } catch {
    return 'kind'
  }
  return { kind: 'txt' }
}
