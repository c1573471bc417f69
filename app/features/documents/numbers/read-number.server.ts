import type { Day } from '../../../platform/clock.ts'
import { documentTypes, type DocumentType } from '../typesetting/document-types.schema.ts'
import type { IssuedBy } from '../typesetting/official-document.ts'
import { aligned, hasMarks, plainOf } from './plain-text.server.ts'
import { dayIn } from './read-day.server.ts'

/**
 * What a text says of a document's number. A part that is not said is null; one that could be read in two ways, or is no such thing, is
 * null too and stands in `unsure`. `types` are those that the abbreviation and the words before the number leave.
 */
export type ReadNumber = {
  type: DocumentType | null
  types: DocumentType[]
  number: number | null
  symbol: string | null
  grammar: IssuedBy | null
  day: Day | null
  unsure: Unsure[]
}
export type Unsure = 'type' | 'number' | 'symbol' | 'grammar' | 'day'

/**
 * Reads type, number, symbol, grammar and day out of what people type ("Ke hoach 17 KH/TU ngay 22-3-21") or scanners see. The Party
 * writes 17-KH/TU, the State 156/QĐ-UBND and its letters 12/UBND-VX; where only dashes or spaces are left, a body that is known decides.
 */
export function readDocumentNumber(typed: string): ReadNumber {
  const { text, plain } = aligned(typed.replace(/\.(pdf|docx?|xlsx?|odt|txt|jpe?g|png)\s*$/i, ''))
  const found = foundIn(text, plain)
  const rest = found.reduce((left, one) => left.slice(0, one.from) + ' '.repeat(one.to - one.from) + left.slice(one.to), plain)
  const { day, isUnsure } = dayIn(rest)
  const unsure: Unsure[] = isUnsure ? ['day'] : []
  const distinct = new Map(found.map((one) => [JSON.stringify({ ...one, from: 0, to: 0 }), one]))
  if (distinct.size > 1) return { ...nothing, day, unsure: ['type', 'number', 'symbol', 'grammar', ...unsure] }
  const only = found[0]
  if (!only) return { ...nothing, day, unsure }
  const type = only.types.length === 1 ? only.types[0]! : null
  return { type, types: only.types, number: only.number, symbol: only.symbol, grammar: only.grammar, day, unsure: [...new Set([...only.unsure, ...unsure])] }
}

/** Types that what was read leaves open: one when it is sure, none when nothing was said of it or the number contradicts the words. */
export const typesOf = (read: ReadNumber): DocumentType[] => read.types

const nothing = { type: null, types: [], number: null, symbol: null, grammar: null }

type Found = { from: number; to: number; number: number | null; types: DocumentType[]; symbol: string | null; grammar: IssuedBy | null; unsure: Unsure[] }

const entries = Object.entries(documentTypes) as [DocumentType, { abbreviation: string; state?: string; name: string }][]
const abbreviations = [...new Set(entries.flatMap(([, { abbreviation, state }]) => [abbreviation, state ?? '']).filter(Boolean).map(plainOf))].sort((one, other) => other.length - one.length)
const names = entries.map(([type, { name }]) => ({ type, name: plainOf(name) })).sort((one, other) => other.name.length - one.name.length)

// Bodies by how their symbol begins, without marks; a scanner's or typist's lost đ is put back where the body is known.
const partyBodies: [begins: RegExp, written: string][] = [
  [/^tw/, 'TW'],
  [/^tu/, 'TU'],
  [/^qu/, 'QU'],
  [/^hu/, 'HU'],
  [/^du/, 'ĐU'],
  [/^cb/, 'CB'],
  [/^vp/, 'VP'],
  [/^btg/, 'BTG'],
  [/^btc/, 'BTC'],
  [/^bdv/, 'BDV'],
  [/^bnc/, 'BNC'],
  [/^ubkt/, 'UBKT'],
  [/^bcsd/, 'BCSĐ'],
  [/^dh/, 'ĐH'],
  [/^dd/, 'ĐĐ'],
]
const stateBodies: [begins: RegExp, written: string][] = [
  [/^ubnd/, 'UBND'],
  [/^hdnd/, 'HĐND'],
  [/^mttq/, 'MTTQ'],
  [/^cp(?!\w)/, 'CP'],
  [/^ttg(?!\w)/, 'TTg'],
]

const spaced = (letters: string) => letters.split('').join(' ?')
const digits = String.raw`\d(?: ?\d)*`
const blank = String.raw`…+|\.{3,}`
const letters = String.raw`[a-z][a-z\d]*(?: ?- ?(?!ngay\b)[a-z][a-z\d]*)*`
const apart = String.raw`[a-z](?: [a-z](?![a-z\d]))+` // a scanner's "T U"
const before = String.raw`(?<![\p{L}\d]|\d[.,/-])`
const after = String.raw`(?![\p{L}\d])`
const abbreviation = abbreviations.map(spaced).join('|')
const whole = new RegExp(`${before}(?<number>${digits}|${blank}) ?(?<first>[-/]?) ?(?:(?<year>\\d{4}) ?/ ?)?(?<kind>${abbreviation}) ?(?<second>[-/]) ?(?<symbol>${apart}${after}|${letters}${after}|${blank})`, 'gu')
const letter = new RegExp(`${before}(?<number>${digits}|${blank}) ?/ ?(?!(?:${abbreviation})${after})(?<symbol>${letters}${after}|${blank})`, 'gu')
const short = new RegExp(`${before}(?<number>${digits}) ?(?<first>[-/]?) ?(?<kind>${abbreviation})${after}`, 'gu')
const called = new RegExp(`\\bso ?:? ?(?<number>${digits})(?! ?[-/] ?[a-z\\d])${after}`, 'gu')

/** What looks like a number, by the fullest form that is there. */
function foundIn(text: string, plain: string): Found[] {
  const full = [...plain.matchAll(whole)].map((match) => readWhole(text, plain, match))
  const letters = [...plain.matchAll(letter)].filter((match) => !full.some((one) => match.index < one.to && match.index + match[0].length > one.from)).map((match) => readLetter(text, plain, match))
  if (full.length + letters.length > 0) return [...full, ...letters]
  const brief = [...plain.matchAll(short)].filter((match) => match.groups!['first'] !== '' || isCapital(text, match)).map((match) => readShort(plain, match))
  if (brief.length > 0) return brief
  const numbered = [...plain.matchAll(called)].map((match) => readCalled(plain, match))
  return numbered.length > 0 ? numbered : afterName(plain)
}

type Match = RegExpMatchArray & { index: number; groups?: Record<string, string | undefined> }

function readWhole(text: string, plain: string, match: Match): Found {
  const { number, first, second, year, kind, symbol } = match.groups!
  const grammar = grammarBy(first!, second!, year, symbol!)
  const said = symbolIn(text, match, symbol!, grammar)
  const counted = numberIn(plain, match, number!)
  const { types, unsure } = typeIn(plain, match, kind!.replaceAll(' ', ''), grammar)
  return { ...placeOf(match), number: counted.number, types, symbol: said.symbol, grammar, unsure: [...counted.unsure, ...unsure, ...said.unsure, ...(grammar ? [] : (['grammar'] as const))] }
}

/** A dash before the type and a slash behind it is the Party's, the other way round the State's; what lost them goes by the body. */
function grammarBy(first: string, second: string, year: string | undefined, symbol: string): IssuedBy | null {
  if (year !== undefined || (first === '/' && second === '-')) return 'state'
  if (second === '/' && first !== '/') return 'party'
  const plain = symbol.replaceAll(' ', '')
  if (partyBodies.some(([begins]) => begins.test(plain))) return 'party'
  return stateBodies.some(([begins]) => begins.test(plain)) ? 'state' : null
}

/** The State's letter bears no type; a body that is not known might as well be a type that is not. */
function readLetter(text: string, plain: string, match: Match): Found {
  const { number, symbol } = match.groups!
  const said = symbolIn(text, match, symbol!, 'state')
  const isLetter = nameBefore(plain, match.index) === 'official_letter' || stateBodies.some(([begins]) => begins.test(symbol!)) || said.symbol === null
  const isParty = partyBodies.some(([begins]) => begins.test(symbol!)) && !stateBodies.some(([begins]) => begins.test(symbol!))
  const counted = numberIn(plain, match, number!)
  return { ...placeOf(match), number: counted.number, symbol: said.symbol, types: isLetter ? ['official_letter'] : [], grammar: isParty ? null : 'state', unsure: [...counted.unsure, ...said.unsure, ...(isLetter ? [] : (['type'] as const)), ...(isParty ? (['grammar'] as const) : [])] }
}

function readShort(plain: string, match: Match): Found {
  const { number, first, kind } = match.groups!
  const counted = numberIn(plain, match, number!)
  const grammar = first === '-' ? 'party' : first === '/' ? 'state' : null
  const type = typeIn(plain, match, kind!.replaceAll(' ', ''), grammar)
  return { ...placeOf(match), number: counted.number, types: type.types, symbol: null, grammar, unsure: [...counted.unsure, ...type.unsure, 'symbol', ...(grammar ? [] : (['number', 'grammar'] as const))] }
}

function readCalled(plain: string, match: Match): Found {
  const { number, unsure } = numberIn(plain, match, match.groups!['number']!)
  const name = nameBefore(plain, match.index)
  return { ...placeOf(match), number, types: name ? [name] : [], symbol: null, grammar: null, unsure: [...unsure, ...(name ? [] : (['type'] as const)), 'symbol', 'grammar'] }
}

/** "Kế hoạch 17 ngày …": a number, unless it is "kế hoạch 5 năm". */
function afterName(plain: string): Found[] {
  const named = new RegExp(`\\b(?<name>${names.map(({ name }) => name).join('|')}) (?<number>\\d{1,5})(?= *(?:$|[,;.)]|ngay\\b|cua\\b))`, 'gu')
  return [...plain.matchAll(named)].map((match) => {
    const { name, number } = match.groups!
    return { ...placeOf(match as Match), number: countOf(number!), types: [names.find((one) => one.name === name)!.type], symbol: null, grammar: null, unsure: ['number', 'symbol', 'grammar'] }
  })
}

const placeOf = (match: Match) => ({ from: match.index, to: match.index + match[0].length })
const countOf = (written: string) => (Number(written) >= 1 && Number(written) <= 99_999 ? Number(written) : null)

/** Figures that came apart are one number only behind "số", and even then somebody should look. */
function numberIn(plain: string, match: Match, written: string): { number: number | null; unsure: Unsure[] } {
  if (!/\d/.test(written)) return { number: null, unsure: [] }
  const isApart = written.includes(' ')
  if (isApart && !/\bso ?:? ?$/.test(plain.slice(0, match.index))) return { number: null, unsure: ['number'] }
  const number = countOf(written.replaceAll(' ', ''))
  return { number, unsure: isApart || number === null ? ['number'] : [] }
}

/** As it was typed; in capitals where none was, and with the đ of a body that is known where nobody had one at hand. */
function symbolIn(text: string, match: Match, symbol: string, grammar: IssuedBy | null): { symbol: string | null; unsure: Unsure[] } {
  if (!/[a-z]/.test(symbol)) return { symbol: null, unsure: [] }
  const to = match.index + match[0].length
  const typed = text.slice(to - symbol.length, to).replace(/\s/g, '').replace(/[‐‑‒–—―−_]/g, '-')
  const cased = typed === typed.toLowerCase() ? typed.toUpperCase() : typed
  if (hasMarks(text)) return { symbol: cased, unsure: [] }
  const plain = symbol.replaceAll(' ', '')
  const bodies = grammar === 'state' ? stateBodies : grammar === 'party' ? partyBodies : [...partyBodies, ...stateBodies]
  const known = bodies.find(([begins]) => begins.test(plain))
  const written = known ? known[1] + cased.slice(known[1].length) : cased
  return { symbol: written, unsure: /d/i.test(known ? cased.slice(known[1].length) : cased) && !plain.startsWith('btgdv') ? ['symbol'] : [] }
}

/** Types of an abbreviation, narrowed by the name before the number: QĐ is a decision or a regulation. */
function typeIn(plain: string, match: Match, kind: string, grammar: IssuedBy | null): { types: DocumentType[]; unsure: Unsure[] } {
  const isOf = ({ abbreviation: party, state = party }: { abbreviation: string; state?: string }) =>
    (grammar !== 'state' && plainOf(party) === kind) || (grammar !== 'party' && (plainOf(state) === kind || (state === '' && plainOf(party) === kind)))
  const types = entries.filter(([, names]) => isOf(names)).map(([type]) => type)
  const name = nameBefore(plain, match.index)
  const left = name ? types.filter((type) => type === name) : types
  return { types: left, unsure: left.length === 1 ? [] : ['type'] }
}

/** The type named right before a place: "quy định số ", "quy định ". */
function nameBefore(plain: string, place: number): DocumentType | null {
  const said = plain.slice(0, place).replace(/(\bso)? ?:? ?$/, '').trimEnd()
  return names.find(({ name }) => said.endsWith(name) && !/[a-z\d]/.test(said.at(-name.length - 1) ?? ' '))?.type ?? null
}

/** "17 KH" in capitals is a number; "17 kh" or "10 đã" may be any words. */
function isCapital(text: string, match: Match): boolean {
  const kind = text.slice(match.index, match.index + match[0].length).replace(/[^\p{L}]/gu, '')
  return kind[0] === kind[0]?.toUpperCase() && kind.length > 1 && kind[1] === kind[1]?.toUpperCase()
}
