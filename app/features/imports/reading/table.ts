import { Refused } from '../../../platform/errors.ts'
import type { ImportKind } from '../imports.schema.ts'
import { importWords } from '../imports.messages.ts'
import type { Book, Sheet } from './book.ts'
import { decodeCell, decodeOld, writingOf, type Encoding, type Writing } from './encodings.ts'
import { fieldOf, keyFields, type Field } from './headings.ts'
import { plain, readSheetDay, showCell, tidy, type Cell } from './values.ts'

/** One column of a table: its letter, the heading as it stands, what it is taken for. */
export type Column = { letter: string; heading: string; field: Field | null }
/** One row of people or units as it was found, cells by field; `group` is the text of the heading row it stands beneath. */
export type FoundRow = { sheet: string; number: number; cells: Partial<Record<Field, Found>>; raw: Cell[]; group: string | null }
/** A cell as text; `cell` as the sheet holds it; `from` null when its code page cannot be told. */
export type Found = { letter: string; text: string; cell: Cell; from: Encoding | null }
/** A row that is no record, and why it was left out. */
export type Skipped = { sheet: string; number: number; text: string; why: 'total' | 'foot' | 'group' | 'unclear' }
export type Table = { sheet: string; headRow: number; columns: Column[]; rows: FoundRow[]; skipped: Skipped[] }

const searched = 60 // rows from the top in which headings are looked for
const most = 80 // columns

/** Finds the table of each sheet. Throws Refused('file') when no sheet has one, saying which headings are needed. */
export function findTables(book: Book, kind: ImportKind): { tables: Table[]; without: string[] } {
  const tables: Table[] = []
  const without: string[] = []
  for (const sheet of book.sheets) {
    const head = findHead(sheet, kind)
    if (head) tables.push(readTable(sheet, head, kind !== 'units'))
    else if (sheet.rows.some((row) => row.some((cell) => cell !== null))) without.push(sheet.name)
  }
  if (tables.length === 0) throw new Refused('file', importWords.say(book.sheets.every((sheet) => sheet.rows.flat().every((cell) => cell === null)) ? 'fileEmpty' : `noTable.${kind}`))
  return { tables, without }
}

type Head = { first: number; last: number; columns: { index: number; heading: string; field: Field | null }[] }

/** The row, or the two rows, whose headings name most fields; of equals the first. */
function findHead(sheet: Sheet, kind: ImportKind): Head | null {
  let best: { head: Head; score: number } | null = null
  for (let row = 0; row < Math.min(searched, sheet.rows.length); row++) {
    for (const depth of [1, 2]) {
      const head = headAt(sheet, kind, row, depth)
      const fields = new Set<Field>(head.columns.flatMap(({ field }) => (field && field !== 'order' ? [field] : [])))
      if (!keyFields[kind].some((keys) => keys.every((key) => fields.has(key)))) continue
      // a lone "Họ và tên" in a sentence or above a signature is no table; a list of names alone is
      const alone = head.columns.filter(({ heading }) => heading !== '').length
      const score = fields.size * 10 - (depth - 1) - (alone === 1 ? 5 : 0)
      if (!best || score > best.score) best = { head, score }
    }
  }
  return best?.head ?? null
}

function headAt(sheet: Sheet, kind: ImportKind, row: number, depth: number): Head {
  const width = Math.min(most, Math.max(sheet.rows[row]?.length ?? 0, depth === 2 ? (sheet.rows[row + 1]?.length ?? 0) : 0))
  const taken = new Set<Field>()
  const columns = Array.from({ length: width }, (_, index) => {
    const top = headText(sheet, row, index, row)
    const below = depth === 2 ? headText(sheet, row + 1, index, row) : ''
    const above = depth === 2 && below !== '' && top === '' ? spanning(sheet, row, index) : top
    const isSub = depth === 2 && below !== '' && below !== above
    const fieldIn = (read: (text: string) => string) => (isSub ? fieldOf(kind, read(below), read(above)) : fieldOf(kind, read(top), ''))
    // a short heading may read as a word in several code pages: the one that names a field is meant
    const read = ways.find((way) => fieldIn(way) !== null) ?? ways[0]!
    const field = fieldIn(read)
    const heading = [...new Set([above, below].map(read))].filter(Boolean).join(' / ')
    const own = field && !taken.has(field) ? field : null // of two columns that say the same the first counts
    if (own) taken.add(own)
    return { index, heading, field: own }
  })
  return { first: row, last: row + depth - 1, columns }
}

/** What stands in a heading cell, through merged cells. */
function headText(sheet: Sheet, row: number, index: number, first = 0): string {
  const merge = sheet.merges.find((one) => row >= one.startRow && row <= one.endRow && index >= one.startCol && index <= one.endCol)
  if (merge && merge.startRow < first) return '' // it belongs to a row above
  return tidy(showCell(merge ? sheet.rows[merge.startRow]?.[merge.startCol] : sheet.rows[row]?.[index]))
}

const ways = [
  (text: string) => decodeCell(text, { only: null, isMixed: false })?.text.normalize('NFC') ?? text,
  (text: string) => decodeOld(text, 'tcvn3'),
  (text: string) => decodeOld(text, 'vni'),
]

/** In files without merged cells a heading over several columns stands in the first alone. */
function spanning(sheet: Sheet, row: number, index: number): string {
  for (let at = index; at >= 0; at--) {
    const text = headText(sheet, row, at)
    if (text !== '') return at === index || headText(sheet, row + 1, at) !== '' ? text : ''
  }
  return ''
}

function readTable(sheet: Sheet, { first, last, columns }: Head, hasGroups: boolean): Table {
  const mapped = columns.filter((column): column is { index: number; heading: string; field: Field } => column.field !== null && column.field !== 'other')
  const writings = new Map(mapped.map(({ index }) => [index, columnWriting(sheet, last + 1, index)]))
  const heads = columns.filter(({ field }) => field && field !== 'order').map(({ index }) => ({ index, text: headText(sheet, first, index) })).filter(({ text }) => text !== '')
  const rows: FoundRow[] = []
  const skipped: Skipped[] = []
  let group: string | null = null
  let isFoot = false
  for (let at = last + 1; at < sheet.rows.length; at++) {
    const raw = sheet.rows[at]!
    const filled = raw.filter((cell) => cell !== null && (typeof cell !== 'string' || /[^\s\u00a0]/.test(cell)))
    if (filled.length === 0) continue
    if (isNumbering(filled, at - last) || isRepeated(raw, heads)) continue
    const cells = cellsOf(raw, mapped, writings)
    if (isRecord(cells) && cells.card && cells.born) {
      // most rows: whoever has a name, a card and a day of birth is no total and no signature
      isFoot = false
      rows.push({ sheet: sheet.name, number: at + 1, cells, raw: raw.slice(0, most), group })
      continue
    }
    const known = Object.keys(cells).filter((field) => field !== 'order').length
    const words = textOf(raw, writings)
    const skip = (why: Skipped['why']) => void skipped.push({ sheet: sheet.name, number: at + 1, text: words.slice(0, 160), why })
    if (isTotal(words) && (known <= 2 || !isRecord(cells))) skip('total')
    else if (hasGroups && groupOf(raw, writings)) {
      group = groupOf(raw, writings)
      skip('group')
      isFoot = false
    } else if (isSignature(words) && known <= 2 && !isRecord(cells)) {
      isFoot = true
      skip('foot')
    } else if (isFoot && known <= 2) skip('foot')
    else if (known === 0) skip('unclear')
    else {
      isFoot = false
      rows.push({ sheet: sheet.name, number: at + 1, cells, raw: raw.slice(0, most), group })
    }
  }
  return { sheet: sheet.name, headRow: last + 1, columns: columns.filter(({ heading }) => heading !== '').map(({ index, heading, field }) => ({ letter: letterOf(index), heading, field })), rows, skipped }
}

function columnWriting(sheet: Sheet, from: number, index: number): Writing {
  const texts = new Set<string>()
  for (let at = from; at < sheet.rows.length; at++) {
    const cell = sheet.rows[at]![index]
    if (typeof cell === 'string' && /[^\x20-\x7e]/.test(cell)) texts.add(cell)
  }
  return texts.size === 0 ? { only: null, isMixed: false } : writingOf(texts)
}

function cellsOf(raw: Cell[], columns: { index: number; field: Field }[], writings: Map<number, Writing>): FoundRow['cells'] {
  const cells: FoundRow['cells'] = {}
  for (const { index, field } of columns) {
    const cell = raw[index] ?? null
    const shown = showCell(cell)
    const decoded = typeof cell === 'string' ? decodeCell(cell, writings.get(index)!) : { text: shown, from: 'unicode' as const }
    const text = tidy(decoded?.text ?? shown)
    if (text !== '' && !/^[-–—.…/]+$/.test(text)) cells[field] = { letter: letterOf(index), text, cell: typeof cell === 'string' ? text : cell, from: decoded?.from ?? null }
  }
  return cells
}

const textOf = (raw: Cell[], writings: Map<number, Writing>) =>
  tidy(raw.map((cell, index) => (typeof cell === 'string' ? (decodeCell(tidy(cell), writings.get(index) ?? { only: null, isMixed: false })?.text ?? cell) : showCell(cell))).join(' '))

/** A name with a card or a day of birth beside it, whatever words the name is made of. */
const isRecord = (cells: FoundRow['cells']) => Boolean((cells.name ?? cells.given ?? cells.unitName) && ((cells.card && /\d/.test(cells.card.text)) || (cells.born && readSheetDay(cells.born.cell) !== null)))
const isTotal = (words: string) => /^(?:tong(?: cong| so)?|cong|danh sach (?:nay )?(?:gom|co)|tong hop|total|grand total)(?: |$)/.test(plain(words))
const isSignature = (words: string) =>
  /^(?:nguoi lap|lap bieu|t ?m|tm|kt|bi thu|pho bi thu|xac nhan|noi nhan|ghi chu|luu y|nhu tren|luu|chi uy|thu truong|ky ten|nguoi (?:ky|kiem tra|tong hop)|ky (?:va )?ghi ro)(?: |$)/.test(plain(words)) ||
  /ngay .{0,8}thang .{0,8}nam/.test(plain(words))
/** "I. Chi bộ ấp 3 (12 đảng viên)": a line of its own, beside an ordinal at most, that names the unit of the rows beneath; null for any other. */
function groupOf(raw: Cell[], writings: Map<number, Writing>): string | null {
  const texts = raw.map((_, index) => textOf(raw.slice(0, index + 1).fill(null, 0, index), writings)).filter((text) => text !== '' && !/^(?:[IVXLC]+|\d+|[A-Ha-h])[.)/]?$/.test(text))
  const name = texts.length === 1 ? texts[0]!.replace(/^(?:[IVXLC]+|\d+|[A-H])\s*[.)/:-]+\s*/, '').replace(/\s*[:(].*$/, '').trim() : ''
  return /^(?:chi bo|dang bo|dang uy|dbbp|cb) ./.test(plain(name)) ? name : null
}
/** "(1) (2) (3)" or "A B 1 2" right beneath the headings. */
const isNumbering = (filled: Cell[], below: number) => below <= 2 && filled.length >= 3 && filled.every((cell) => /^\(?(?:\d{1,2}|[a-h])\)?(?:=.*)?$/i.test(tidy(showCell(cell)))) && /^\(?(?:1|a)\)?$/i.test(tidy(showCell(filled[0]!)))

/** Headings printed again on the next page. */
function isRepeated(raw: Cell[], heads: { index: number; text: string }[]): boolean {
  let same = 0
  for (const { index, text } of heads) if (typeof raw[index] === 'string' && tidy(raw[index]) === text) same++
  return same >= 2 || (same === 1 && heads.length === 1)
}

/** A, B, …, Z, AA, … */
function letterOf(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : letterOf(Math.floor(index / 26) - 1) + letterOf(index % 26)
}

/** Whether any cell of the tables was read out of an old code page, and how many. */
export function convertedCells(tables: Table[]): Record<'tcvn3' | 'vni', number> {
  const counts = { tcvn3: 0, vni: 0 }
  for (const { rows } of tables) for (const { cells } of rows) for (const found of Object.values(cells)) if (found.from === 'tcvn3' || found.from === 'vni') counts[found.from]++
  return counts
}
