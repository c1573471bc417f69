/**
 * The text letter for letter without marks, in small letters, with one kind of dash and slash, so that a place in one is the same
 * place in the other. What was typed in parts (NFD) is put together first.
 */
export function aligned(typed: string): { text: string; plain: string } {
  const text = Array.from(typed.normalize('NFC'), (letter) => (letter.length === 1 ? letter : ' ')).join('')
  return { text, plain: Array.from(text, plainLetter).join('') }
}

/** Without marks, in small letters. */
export const plainOf = (text: string) => aligned(text).plain

/** Whether anybody typing it had Vietnamese letters at hand. */
export const hasMarks = (text: string) => /[^\p{ASCII}]/u.test(text.normalize('NFC').replace(/[^\p{L}]/gu, ''))

function plainLetter(letter: string): string {
  if (/[‐‑‒–—―−_]/.test(letter)) return '-'
  if (/[⁄∕／]/.test(letter)) return '/'
  if (/\s/.test(letter)) return ' '
  const plain = letter.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace('đ', 'd')
  return plain.length === 1 ? plain : letter
}
