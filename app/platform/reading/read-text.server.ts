import { Refused } from '../errors.ts'
import { readingWords } from './reading.messages.ts'
import { largestFile } from './limits.ts'
import { officeText } from './office-file.ts'
import { pdfText } from './pdf-text.ts'
import { plainText } from './plain-text.ts'
import { demandShort } from './too-long.ts'

/**
 * The text of a .txt, .docx, .xlsx or .pdf, composed (NFC); which of them a file is, its bytes say and not its name.
 * Throws Refused('file') with what is wrong with it: too large, broken, locked by a password, a scan, another kind.
 */
export async function readText(file: Uint8Array, { betweenParagraphs = ' ' }: Layout = {}): Promise<string> {
  if (file.byteLength > largestFile) throw tooLarge()
  const text = (await readers[kindOf(file)](Buffer.from(file.buffer, file.byteOffset, file.byteLength), { betweenParagraphs })).normalize('NFC')
  demandShort(text.length)
  return text
}

/** `betweenParagraphs`: what stands between those of one cell of a table in a Word document; a letterhead is such a table. */
type Layout = { betweenParagraphs?: ' ' | '\n' }

/** What is said of a file that is refused by its size alone. */
export const tooLarge = () => new Refused('file', readingWords.say('fileTooLarge', { megabytes: largestFile / 1024 / 1024 }))

type Kind = 'office' | 'pdf' | 'old' | 'other' | 'plain'

/** What a file begins with. */
export function kindOf(file: Uint8Array): Kind {
  const head = Buffer.from(file.subarray(0, 64)).toString('latin1')
  if (/^PK(?:\x03\x04|\x05\x06)/.test(head)) return 'office'
  if (/^(?:\xef\xbb\xbf)?\s*%PDF-/.test(head)) return 'pdf'
  if (head.startsWith('\xd0\xcf\x11\xe0')) return 'old'
  if (head.startsWith('{\\rtf')) return 'other'
  return 'plain'
}

const refused = (key: 'fileKind' | 'fileLocked' | 'fileOld' | 'fileNoText') => new Refused('file', readingWords.say(key))

const readers: Record<Kind, (file: Buffer, layout: Required<Layout>) => string | Promise<string>> = {
  pdf: pdfText,
  office: (file, { betweenParagraphs }) => {
    const text = officeText(file, betweenParagraphs)
    if (!/[\p{L}\p{N}]/u.test(text)) throw refused('fileNoText')
    return text
  },
  // Word and Excel keep a locked document in a file of their old kind.
  old: (file) => {
    throw refused(file.includes(Buffer.from('EncryptedPackage', 'utf16le')) ? 'fileLocked' : 'fileOld')
  },
  other: () => {
    throw refused('fileKind')
  },
  plain: (file) => {
    const text = plainText(file)
    if (text === null) throw refused('fileKind')
    return text
  },
}
