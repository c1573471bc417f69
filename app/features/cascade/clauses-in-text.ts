import { depthOf, keyOf, pointLetters, readKey, type ClausePlace } from './clause-key.schema.ts'

/** A clause as it was found in a text: its key, its heading or first sentence, how deep it stands. */
export type FoundClause = { key: string; text: string; depth: number }

const longestLine = 300
const mostFound = 300

/**
 * Reads the clauses out of a document's text, a line each: `I. Mục đích`, `1. Tổ chức`, `2.1. Thời gian`, `a) Hội nghị`, `Điều 3.`.
 * A number counts only where it goes on from the one before (or begins again at 1 beneath a new heading), so that a date or a sum at the
 * head of a line is no clause. What it finds is a suggestion that somebody confirms.
 */
export function clausesIn(text: string): FoundClause[] {
  const found: FoundClause[] = []
  let at: ClausePlace = { part: null, numbers: [], letter: null }
  for (const line of text.normalize('NFC').split(/\r?\n/)) {
    const read = readLine(line.trim())
    const place = read && follow(at, read)
    if (!place || found.length === mostFound) continue
    at = place
    found.push({ key: keyOf(place), text: shorten(read.words), depth: depthOf(place) })
  }
  return found
}

type Line = { words: string } & ({ part: number } | { numbers: number[] } | { letter: number })

function readLine(line: string): Line | null {
  const part = /^(?:phần\s+(?:thứ\s+)?)?([IVXL]{1,6})\s*[.\-–:)]\s*(\p{L}.*)$/u.exec(line)
  const partPlace = part && readKey(part[1]!)
  if (partPlace?.part) return { part: partPlace.part, words: part![2]! }
  const number = /^(?:điều\s+)?(\d{1,3}(?:\.\d{1,3}){0,2})\s*[.\-–:)]\s*(\p{L}.*)$/iu.exec(line) ?? /^điều\s+(\d{1,3})\s+(\p{L}.*)$/iu.exec(line)
  if (number) return { numbers: number[1]!.split('.').map(Number), words: number[2]! }
  const letter = /^(\p{Ll})\s*[).]\s*(\p{L}.*)$/u.exec(line)
  const index = letter ? pointLetters.indexOf(letter[1]!) : -1
  return index >= 0 ? { letter: index + 1, words: letter![2]! } : null
}

/** Where the line stands, going on from the place before; null when it does not go on from there. */
function follow(at: ClausePlace, line: Line): ClausePlace | null {
  if ('part' in line) return line.part === (at.part ?? 0) + 1 ? { part: line.part, numbers: [], letter: null } : null
  if ('numbers' in line) {
    const { numbers } = line
    const level = numbers.length - 1
    const isBeneath = numbers.slice(0, level).every((number, index) => at.numbers[index] === number)
    return isBeneath && numbers[level] === (at.numbers[level] ?? 0) + 1 ? { part: at.part, numbers, letter: null } : null
  }
  return (at.part !== null || at.numbers.length > 0) && line.letter === (at.letter ?? 0) + 1 ? { ...at, letter: line.letter } : null
}

/** The first sentence, cut at a word where it is long. */
function shorten(words: string): string {
  const line = words.replace(/\s+/g, ' ').trim()
  if (line.length <= longestLine) return line
  return `${line.slice(0, line.lastIndexOf(' ', longestLine - 1)).replace(/[,;:]$/, '')}…`
}
