import { isSyllable, isVietnameseLetters } from './syllable.ts'

/** Old code pages that put Vietnamese on the places of Western letters: .VnTime fonts (TCVN 5712) and VNI-Times fonts. */
export type OldEncoding = 'tcvn3' | 'vni'
export type Encoding = 'unicode' | OldEncoding

const pairs = (from: string, to: string[]) => to.map((letter, index) => [from[index]!, letter] as const)

// TCVN 5712-3: one byte a letter. Capitals with a tone exist only as small letters in the fonts whose names end in H.
const tcvn3 = new Map<string, string>([
  ...pairs('µ¸¶·¹', Array.from('àáảãạ')), ...pairs('¨»¾¼½Æ', Array.from('ăằắẳẵặ')), ...pairs('©ÇÊÈÉË', Array.from('âầấẩẫậ')),
  ...pairs('ÌÐÎÏÑ', Array.from('èéẻẽẹ')), ...pairs('ªÒÕÓÔÖ', Array.from('êềếểễệ')), ...pairs('×ÝØÜÞ', Array.from('ìíỉĩị')),
  ...pairs('ßãáâä', Array.from('òóỏõọ')), ...pairs('«åèæçé', Array.from('ôồốổỗộ')), ...pairs('¬êíëìî', Array.from('ơờớởỡợ')),
  ...pairs('ïóñòô', Array.from('ùúủũụ')), ...pairs('\u00adõøö÷ù', Array.from('ưừứửữự')), ...pairs('úýûüþ', Array.from('ỳýỷỹỵ')),
  ...pairs('®¡¢£¤¥¦§', Array.from('đĂÂÊÔƠƯĐ')),
])

// VNI: a vowel, then a letter that stands for its mark and tone; some letters stand alone.
const vniAlone = new Map<string, string>([...pairs('ìíæóòîñôö', Array.from('ìíỉĩịỵđơư')), ...pairs('ÌÍÆÓÒÎÑÔÖ', Array.from('ÌÍỈĨỊỴĐƠƯ'))])
const toneLetters = 'øùûõï' // grave, acute, hook, tilde, dot
const vniPairs = new Map<string, string>([
  ...vowels('a', 'àáảãạ'), ...vowels('e', 'èéẻẽẹ'), ...vowels('o', 'òóỏõọ'), ...vowels('u', 'ùúủũụ'), ...vowels('ô', 'ờớởỡợ'), ...vowels('ö', 'ừứửữự'),
  ...pairs('øùûõ', Array.from('ỳýỷỹ')).map(([mark, letter]) => [`y${mark}`, letter] as const),
  ...marked('a', 'âàáåãä', 'âầấẩẫậ'), ...marked('a', 'êèéúüë', 'ăằắẳẵặ'), ...marked('e', 'âàáåãä', 'êềếểễệ'), ...marked('o', 'âàáåãä', 'ôồốổỗộ'),
])

function vowels(vowel: string, letters: string) {
  return marked(vowel, toneLetters, letters)
}
function marked(vowel: string, marks: string, letters: string) {
  return Array.from(marks).map((mark, index) => [vowel + mark, Array.from(letters)[index]!] as const)
}

/** Reads text of an old code page as Unicode. What that page does not hold stays as it is. */
export function decodeOld(text: string, encoding: OldEncoding): string {
  return encoding === 'tcvn3' ? Array.from(text).map((letter) => tcvn3.get(letter) ?? letter).join('') : decodeVni(text)
}

function decodeVni(text: string): string {
  let read = ''
  for (let at = 0; at < text.length; at++) {
    const [letter, next] = [text[at]!, text[at + 1]]
    const pair = next === undefined ? undefined : vniPairs.get(letter.toLowerCase() + next.toLowerCase())
    if (pair) {
      read += letter === letter.toLowerCase() ? pair : pair.toUpperCase()
      at++
    } else read += vniAlone.get(letter) ?? letter
  }
  return read
}

const alphabets: Record<OldEncoding, Set<string>> = {
  tcvn3: new Set(tcvn3.keys()),
  vni: new Set([...[...vniPairs.keys()].flatMap((pair) => [pair[0]!, pair[1]!]), ...vniAlone.keys()].flatMap((letter) => [letter, letter.toUpperCase()])),
}
const toTcvn3 = new Map([...tcvn3].map(([old, letter]) => [letter, old]))
const toVni = new Map([...[...vniPairs].map(([old, letter]) => [letter, old] as const), ...[...vniAlone].map(([old, letter]) => [letter, old] as const)])

/** Writes Unicode in an old code page, for tests and samples. TCVN3 has no capitals with a tone: they come out small. */
export function encodeOld(text: string, encoding: OldEncoding): string {
  return Array.from(text.normalize('NFC'))
    .map((letter) => {
      const small = letter.toLowerCase()
      if (encoding === 'tcvn3') return toTcvn3.get(letter) ?? toTcvn3.get(small) ?? letter
      const old = toVni.get(letter) ?? toVni.get(small)
      return old === undefined ? letter : letter === small ? old : old.toUpperCase()
    })
    .join('')
}

const words = (text: string) => text.split(/[^\p{L}\p{M}\u00a1-\u00ff]+/u).filter((word) => word !== '')

/** How this text can be read so that every word with a foreign letter is a Vietnamese syllable; empty when it cannot, all when it has none. */
export function readings(text: string): Set<Encoding> {
  const composed = text.normalize('NFC')
  const found = new Set<Encoding>()
  const isPlain = (word: string) => /^[\x21-\x7e]*$/.test(word)
  const asUnicode = words(composed).filter((word) => !isPlain(word))
  if (asUnicode.length === 0) return new Set(['unicode', 'tcvn3', 'vni'])
  if (asUnicode.every(isSyllable)) found.add('unicode')
  // letters beyond Latin-1 stand in no old code page
  if (!/[\u0100-\uffff]/.test(composed)) {
    for (const encoding of ['tcvn3', 'vni'] as const) {
      if (!Array.from(text).every((letter) => letter <= '~' || letter === '\u00a0' || alphabets[encoding].has(letter))) continue
      const odd = words(text).filter((word) => !isPlain(word)).flatMap((word) => words(decodeOld(word, encoding)))
      if (odd.every(isSyllable) && encodeOld(decodeOld(text, encoding), encoding) === text.normalize('NFC')) found.add(encoding)
    }
  }
  if (found.size === 0 && asUnicode.every(isVietnameseLetters)) found.add('unicode') // a name of another people, in Vietnamese letters
  return found
}

/** Whether a text has letters that stand in no old code page: đ, ơ, ư, ă and everything with two marks. */
const isModern = (text: string) => /[\u0100-\u01b0\u1ea0-\u1ef9]|\p{L}[\u0300-\u0323]/u.test(text)

/** How a whole column is written: one encoding, or mixed when cells of it can only be read in different ways. */
export type Writing = { only: Encoding | null; isMixed: boolean }

/** Judges a column by the cells that can be read in one way alone. */
export function writingOf(cells: Iterable<string>): Writing {
  const certain = new Map<Encoding, number>()
  for (const cell of cells) {
    const isCertain = isModern(cell)
    if (isCertain && certain.has('unicode')) continue
    const ways = isCertain ? new Set<Encoding>(['unicode']) : readings(cell)
    if (ways.size === 1) for (const way of ways) certain.set(way, (certain.get(way) ?? 0) + 1)
  }
  const [first, ...more] = [...certain.keys()]
  return { only: more.length === 0 ? (first ?? null) : null, isMixed: more.length > 0 }
}

/** A cell's text as Unicode: what it says, and how it was written. Null when that cannot be told for certain. */
export function decodeCell(text: string, column: Writing): { text: string; from: Encoding } | null {
  if (/^[\x20-\x7e]*$/.test(text)) return { text, from: 'unicode' }
  if (isModern(text)) return strange.test(text) ? null : { text, from: 'unicode' }
  const way = wayOf(text, readings(text), column)
  if (way === null) return null
  return { text: way === 'unicode' ? text : decodeOld(text, way), from: way }
}

function wayOf(text: string, ways: Set<Encoding>, { only, isMixed }: Writing): Encoding | null {
  if (ways.size === 1) return [...ways][0]!
  if (ways.size === 0) return strange.test(text) ? null : 'unicode' // a foreigner's name; signs amid letters are a text gone wrong
  if (only !== null) return ways.has(only) ? only : null
  return isMixed || !ways.has('unicode') ? null : 'unicode'
}

const strange = /[\p{L}][\u0080-\u009f\u00a1-\u00bf\u00d7\u00f7\u201a-\u2122\ufffd]|[\u0080-\u009f\u00a1-\u00bf\ufffd][\p{L}]|[\p{Ll}][\u00c0-\u00de]/u
