import { parseCsv } from 'hucre/csv'
import { readXlsx } from 'hucre/xlsx'
import { EncryptedFileError } from 'hucre'
import { Refused } from '../../../platform/errors.ts'
import { importWords } from '../imports.messages.ts'
import { csvText } from './csv-text.ts'
import { limits } from './limits.ts'
import { unpackedSize } from './unpacked-size.ts'
import { plain, type Cell } from './values.ts'

/** One sheet: its rows as they stand, from the first; `merges` are the cells that stand as one, all numbers from 0. */
export type Sheet = { name: string; rows: Cell[][]; merges: Merge[] }
export type Merge = { startRow: number; endRow: number; startCol: number; endCol: number }
/** `hidden` names the sheets that were left unread because the workbook hides them. */
export type Book = { kind: 'xlsx' | 'csv'; sheets: Sheet[]; hidden: string[] }

/** Sheets of our own templates that are no list. */
const own = /^(?:vi du|huong dan|example|notes)$/

const refused = (key: Parameters<typeof importWords.say>[0], values: Record<string, number> = {}) => new Refused('file', importWords.say(key, values))

/**
 * Reads an XLSX workbook or a CSV of any usual encoding; which of the two it is, its bytes say.
 * Throws Refused('file') with a sentence for one that is too large, locked, broken, of another kind.
 */
export async function readBook(file: Uint8Array): Promise<Book> {
  if (file.byteLength === 0) throw refused('fileEmpty')
  if (file.byteLength > limits.fileBytes) throw refused('fileTooLarge', { megabytes: limits.fileBytes / 1024 / 1024 })
  const head = Buffer.from(file.subarray(0, 8)).toString('latin1')
  const book = head.startsWith('PK') ? await readWorkbook(file) : head.startsWith('\xd0\xcf\x11\xe0') ? refuseOld(file) : readCsv(file)
  const rows = book.sheets.reduce((sum, sheet) => sum + sheet.rows.length, 0)
  if (rows > limits.rows) throw refused('fileTooManyRows', { most: limits.rows })
  return book
}

async function readWorkbook(file: Uint8Array): Promise<Book> {
  const unpacked = unpackedSize(file)
  if (unpacked === null) throw refused('fileBroken')
  if (unpacked > limits.unpackedBytes) throw refused('fileBomb')
  try {
    const hidden: string[] = []
    const { sheets } = await readXlsx(file, {
      maxRows: limits.rows + 1,
      sheets: (about) => {
        const isHidden = Boolean(about.hidden || about.veryHidden) || own.test(plain(about.name))
        if (isHidden) hidden.push(about.name)
        return !isHidden
      },
    })
    return { kind: 'xlsx', hidden, sheets: sheets.map(({ name, rows, merges = [] }) => ({ name, rows: rows.map((row) => row.map(cellOf)), merges })) }
  } catch (error) {
    // the reader's own errors, and whatever a file that lies about itself makes it trip over
    throw error instanceof EncryptedFileError ? refused('fileLocked') : refused('fileBroken')
  }
}

/** Excel keeps a locked workbook in a file of its old kind. */
function refuseOld(file: Uint8Array): never {
  throw refused(Buffer.from(file.buffer, file.byteOffset, file.byteLength).includes(Buffer.from('EncryptedPackage', 'utf16le')) ? 'fileLocked' : 'fileOld')
}

function readCsv(file: Uint8Array): Book {
  const text = csvText(file)
  if (text === null) throw refused('fileKind')
  const delimiter = delimiterOf(text)
  const rows = parseCsv(text, { delimiter, maxRows: limits.rows + 1, typeInference: false, unescapeFormulae: true })
  return { kind: 'csv', hidden: [], sheets: [{ name: '', rows: rows.map((row) => row.map(cellOf)), merges: [] }] }
}

/** The sign that stands on most of the first lines the same number of times, outside of quotes. */
function delimiterOf(text: string): string {
  const named = /^sep=(.)\r?\n/.exec(text)
  if (named) return named[1]!
  const lines = text.slice(0, 20_000).replace(/"(?:[^"]|"")*"/g, '').split(/\r?\n/).filter((line) => line.trim() !== '').slice(0, 40)
  const score = (sign: string) => Math.max(0, ...[...Map.groupBy(lines.map((line) => line.split(sign).length - 1).filter((count) => count > 0), (count) => count).entries()].map(([count, same]) => same.length * 10 + count))
  return ['\t', ';', ',', '|'].map((sign) => ({ sign, score: score(sign) })).sort((one, other) => other.score - one.score)[0]!.sign
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined || value === '') return null
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : { day: value.toISOString().slice(0, 10) }
  if (typeof value === 'boolean') return value ? 'x' : null
  return typeof value === 'string' ? (value.length > limits.cellLength ? value.slice(0, limits.cellLength) : value) : null
}
