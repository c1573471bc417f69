/**
 * Where a clause stands in its document: a part in Roman numbers, numbers beneath it, a letter beneath those. `I.2` is
 * { part: 1, numbers: [2], letter: null }, `III.1a` ends in a letter, `2.1` has no part, `IV` is a part alone.
 */
export type ClausePlace = { part: number | null; numbers: number[]; letter: number | null }

/** The letters of points in their order: Vietnamese has đ, and leaves out f, j, w and z. */
export const pointLetters = Array.from('abcdđeghiklmnopqrstuvxy')

const romans: [string, number][] = [['XL', 40], ['X', 10], ['IX', 9], ['V', 5], ['IV', 4], ['I', 1]]
const mostParts = 49
const mostNumber = 999
const deepestNumbers = 3

/** Reads a key as people type it, `iii.1A` or `III 1 a`; null when it is none. */
export function readKey(typed: string): ClausePlace | null {
  const text = typed.normalize('NFC').trim().replace(/[.)\s]+$/, '')
  const found = /^(?:([ivxl]+)(?=[.\s]|$))?[.\s]*(\d+(?:[.\s]+\d+)*)?[.\s]*(?:(?<=[\d.\s])(\p{L}))?$/iu.exec(text)
  if (!found) return null
  const part = found[1] === undefined ? null : fromRoman(found[1].toUpperCase())
  const numbers = found[2] === undefined ? [] : found[2].split(/[.\s]+/).map(Number)
  const letter = found[3] === undefined ? null : pointLetters.indexOf(found[3].toLocaleLowerCase('vi')) + 1
  if (part === 0 || letter === 0 || numbers.length > deepestNumbers || numbers.some((number) => number < 1 || number > mostNumber)) return null
  if (part === null && numbers.length === 0) return null
  return { part, numbers, letter }
}

/** The key as it is kept and shown: `I.2`, `III.1a`, `2.1`, `IV`, `IV.a`. */
export function keyOf({ part, numbers, letter }: ClausePlace): string {
  const head = [...(part === null ? [] : [toRoman(part)]), ...numbers].join('.')
  return `${head}${letter === null ? '' : `${numbers.length === 0 ? '.' : ''}${pointLetters[letter - 1]}`}`
}

/** How deep the clause stands: a part or a lone number is 1, what is beneath it 2, and so on. */
export const depthOf = ({ part, numbers, letter }: ClausePlace): number => (part === null ? 0 : 1) + numbers.length + (letter === null ? 0 : 1)

/** Orders clauses as they stand in a document: a clause before what is beneath it, then by number and letter. */
export function comparePlaces(a: ClausePlace, b: ClausePlace): number {
  const [one, other] = [stepsOf(a), stepsOf(b)]
  for (let at = 0; at < Math.max(one.length, other.length); at++) {
    const difference = (one[at] ?? -1) - (other[at] ?? -1)
    if (difference !== 0) return difference
  }
  return 0
}

// A place without a part stands before all parts; numbers and letters of one level never meet, since letters stand after numbers.
const stepsOf = ({ part, numbers, letter }: ClausePlace): number[] => [part ?? 0, ...Array.from({ length: deepestNumbers }, (_, at) => numbers[at] ?? 0), letter ?? 0]

export function toRoman(number: number): string {
  if (!Number.isInteger(number) || number < 1 || number > mostParts) throw new RangeError(`${number} is no part of a document`)
  let rest = number
  return romans.reduce((text, [sign, value]) => {
    const times = Math.floor(rest / value)
    rest -= times * value
    return text + sign.repeat(times)
  }, '')
}

/** 0 for what is no Roman number as it is properly written. */
function fromRoman(text: string): number {
  const number = Array.from({ length: mostParts }, (_, index) => index + 1).find((one) => toRoman(one) === text)
  return number ?? 0
}
