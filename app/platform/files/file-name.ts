import type { FileKind } from './media-types.ts'

const endings: Partial<Record<FileKind, string[]>> = { jpg: ['jpg', 'jpeg'], txt: ['txt', 'text'] }
const longest = 120 // characters before the ending; with accents at most 255 bytes on the usual disks
const mostBytes = 200

/**
 * The name a file is kept and offered under: the last step of what was given, in composed letters, without what a file system or a
 * reader's eye could trip over, and with the ending of what it is. `otherwise` is for a name of which nothing is left.
 */
export function safeFileName(given: string, kind: FileKind, otherwise = 'tep'): string {
  const known = endings[kind] ?? [kind]
  const last = given.toWellFormed().normalize('NFC').split(/[/\\]/).at(-1)!
  // \p{C}: controls, what turns the direction of writing, and letters nobody has seen
  const plain = trimmed(last.replace(/[\p{Zl}\p{Zp}\p{Zs}]+/gu, ' ').replace(/[\p{C}\ufffd<>:"|?*]/gu, ''))
  const [, stem = plain, ending = ''] = /^(.*)\.([^.]*)$/.exec(plain) ?? []
  const isKnown = known.includes(ending.toLowerCase())
  const kept = trimmed(shortened(isKnown ? stem : plain))
  const isReserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(kept) // devices of Windows
  return `${isReserved ? `_${kept}` : kept || otherwise}.${isKnown ? ending.toLowerCase() : known[0]}`
}

const trimmed = (text: string) => text.replace(/^[\s.]+|[\s.]+$/g, '')

/** By whole characters as a person sees them. */
function shortened(text: string): string {
  const letters = [...new Intl.Segmenter('vi', { granularity: 'grapheme' }).segment(text)].slice(0, longest).map(({ segment }) => segment)
  while (Buffer.byteLength(letters.join('')) > mostBytes) letters.pop()
  return letters.join('')
}
