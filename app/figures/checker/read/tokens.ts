/**
 * A piece of text as the checker reads it. Offsets are UTF-16 units of the NFC text. `low` is the word in small letters with
 * one spelling of the tone marks, or the mark itself; `glued` says that no white space stands before it.
 */
export type Token = {
  kind: 'word' | 'number' | 'mark' | 'break'
  start: number
  end: number
  text: string
  low: string
  glued: boolean
  sentence: number
  block: number // a paragraph, or a list with the line that announces it
  bullet: string // the mark its line begins with, '' for none
  opensLine: boolean
  depth: number // of parentheses
  cell: number // how many tabs and bars stand before it on its line
}

const groupingSpaces = new Set([0xa0, 0x2009, 0x202f])

/** Words, numerals, marks and line ends, in one pass; sentences and blocks are laid later. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  let lastEnd = -1
  let cell = 0
  const push = (kind: Token['kind'], end: number, low?: string) => {
    const piece = text.slice(at, end)
    tokens.push({ kind, start: at, end, text: piece, low: low ?? piece, glued: lastEnd === at, sentence: 0, block: 0, bullet: '', opensLine: false, depth: 0, cell })
    at = end
    lastEnd = kind === 'break' ? -1 : end
    if (kind === 'break') cell = 0
  }
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === 10 || code === 13) push('break', endOfBreak(text, at), countLines(text, at) > 1 ? '\n\n' : '\n')
    else if (code === 9) [at, cell] = [at + 1, cell + 1]
    else if (code <= 32 || groupingSpaces.has(code) || code === 0x200b || code === 0xfeff) at++
    else if (isDigit(code)) push('number', endOfNumeral(text, at))
    else if (isLetter(code)) {
      const end = endOfWord(text, at)
      push('word', end, oneSpelling(text.slice(at, end).toLowerCase()))
    } else {
      push('mark', at + 1, dashes.has(code) ? '-' : text[at])
      if (code === 0x7c) cell++
    }
  }
  return tokens
}

const dashes = new Set([0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212])

function endOfBreak(text: string, from: number): number {
  let end = from
  for (let at = from; at < text.length && text.charCodeAt(at) <= 32; at++) if (text[at] === '\n' || text[at] === '\r') end = at + 1
  return end
}

function countLines(text: string, from: number): number {
  let lines = 0
  for (let at = from; at < text.length && text.charCodeAt(at) <= 32; at++) if (text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n')) lines++
  return lines
}

/** Digits, with a point, a comma or a narrow space between digits; a space groups by exactly three. */
function endOfNumeral(text: string, from: number): number {
  let end = from
  while (end < text.length) {
    const code = text.charCodeAt(end)
    if (isDigit(code)) end++
    else if ((code === 0x2e || code === 0x2c) && isDigit(text.charCodeAt(end + 1))) end++
    else if (groupingSpaces.has(code) && end - from <= 11 && isGroup(text, end + 1)) end++
    else break
  }
  return end
}

function isGroup(text: string, at: number): boolean {
  return [0, 1, 2].every((step) => isDigit(text.charCodeAt(at + step))) && !isDigit(text.charCodeAt(at + 3))
}

function endOfWord(text: string, from: number): number {
  let end = from
  while (end < text.length && isLetter(text.charCodeAt(end))) end++
  return end
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isLetter(code: number): boolean {
  if (code < 0xc0) return (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
  if (code === 0xd7 || code === 0xf7 || code === 0xfeff) return false
  return !(code >= 0x2000 && code <= 0x2bff) && !(code >= 0x3000 && code <= 0x303f) && !(code >= 0xff00 && code <= 0xff20)
}

// Both tone placements and i/y occur in official texts; the checker's own words use the first spelling.
const spellings: [string, string][] = [
  ['tỷ', 'tỉ'], ['kỳ', 'kì'], ['ủy', 'uỷ'], ['khóa', 'khoá'], ['quý', 'quí'], ['hóa', 'hoá'], ['thủy', 'thuỷ'], ['lý', 'lí'], ['kỷ', 'kỉ'], ['sĩ', 'sỹ'], ['nghìn', 'ngàn'], ['bảy', 'bẩy'],
]
const oneOf = new Map(spellings.map(([kept, other]) => [other, kept]))

function oneSpelling(word: string): string {
  return oneOf.get(word) ?? word
}

/** Whether the token is written with a capital first letter. */
export function isCapitalised(token: Token | undefined): boolean {
  if (token?.kind !== 'word') return false
  const first = token.text[0]!
  return first !== first.toLowerCase()
}

/** Whether one of these phrases of one or two words stands among the tokens. */
export function hasPhrase(words: Token[], phrases: Set<string>): boolean {
  return words.some((token, at) => phrases.has(token.low) || phrases.has(`${token.low} ${words[at + 1]?.low ?? ''}`))
}
