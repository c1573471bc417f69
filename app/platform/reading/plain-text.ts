import { Refused } from '../errors.ts'
import { readingWords } from './reading.messages.ts'

/**
 * A text file: UTF-8, or UTF-16 with a byte order mark, which is left out; else null for what is no text. Line ends stay as
 * they are, since findings are places in this text. Throws Refused('file') for a text in another encoding.
 */
export function plainText(file: Uint8Array): string | null {
  if (file[0] === 0xff && file[1] === 0xfe) return decode(file, 'utf-16le')
  if (file[0] === 0xfe && file[1] === 0xff) return decode(file, 'utf-16be')
  if (file.includes(0)) return null
  return decode(file, 'utf-8')
}

function decode(file: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(file)
  } catch {
    throw new Refused('file', readingWords.say('fileEncoding'))
  }
}
