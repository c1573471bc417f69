import { writeCsv } from 'hucre/csv'
import { writeXlsx, type Cell, type DataValidation, type WriteSheet } from 'hucre/xlsx'
import { apart } from '../../platform/apart.ts'
import type { Day } from '../../platform/clock.ts'
import { showDay } from '../../platform/clock.ts'
import { mediaTypes } from '../../platform/files/media-types.ts'
import type { FileFormat } from './imports.schema.ts'
import { limits } from './reading/limits.ts'

/** What a cell of ours holds; a day stays one, so that Excel sorts by it. */
export type Value = string | number | { day: Day } | null
export type Grid = {
  name: string
  columns: { head: string; width: number; choices?: string[]; isNeeded?: boolean }[]
  rows: Value[][]
  above?: string | undefined
  /** A page of sentences without headings of a table. */
  isText?: boolean
}

const fewRows = 1500 // more are written by a process of its own, so that the server stays quick

/** A workbook, or the first table of it as CSV with the marks by which Vietnamese Excel opens it as it is. */
export async function fileOf(grids: Grid[], format: FileFormat, name: string): Promise<{ bytes: Uint8Array; contentType: string; fileName: string }> {
  const rows = grids.reduce((sum, grid) => sum + grid.rows.length, 0)
  const bytes = rows > fewRows ? await writtenApart(grids, format) : await written(grids, format)
  return { bytes, contentType: mediaTypes[format], fileName: `${name}.${format}` }
}

/** Writes in this process. */
export async function written(grids: Grid[], format: FileFormat): Promise<Uint8Array> {
  if (format === 'csv') return new TextEncoder().encode(writeCsv([grids[0]!.columns.map(({ head }) => head), ...grids[0]!.rows.map((row) => row.map(plainOf))], { delimiter: ';', bom: true, escapeFormulae: true }))
  return writeXlsx({ sheets: grids.map(sheetOf), defaultFont: { name: 'Times New Roman', size: 12 } })
}

const plainOf = (value: Value) => (value !== null && typeof value === 'object' ? showDay(value.day) : value)
const bold = { name: 'Times New Roman', size: 12, bold: true }

function sheetOf({ name, columns, rows, above, isText }: Grid): WriteSheet {
  const first = above ? 1 : 0
  const cells = new Map<string, Partial<Cell>>()
  if (above) cells.set('0,0', { value: above, type: 'string', style: { font: { name: 'Times New Roman', size: 12, italic: true } } })
  if (!isText) columns.forEach(({ head, isNeeded }, at) => cells.set(`${first},${at}`, { value: head, type: 'string', style: { font: isNeeded ? { ...bold, color: { rgb: '9C1C1C' } } : bold, alignment: { wrapText: true, vertical: 'center' } } }))
  rows.forEach((row, index) =>
    row.forEach((value, at) => {
      if (value !== null && typeof value === 'object') cells.set(`${first + 1 + index},${at}`, { value: new Date(`${value.day}T00:00:00Z`), type: 'date', style: { numFmt: 'd/m/yyyy' } })
    }),
  )
  const lists = columns.flatMap(({ choices }, at): DataValidation[] => {
    const letter = String.fromCharCode(65 + at)
    return choices ? [{ type: 'list', values: choices, allowBlank: true, showErrorMessage: false, range: `${letter}${first + 2}:${letter}${first + 2001}` }] : []
  })
  const grid = rows.map((row) => row.map((value) => (value === null ? null : typeof value === 'object' ? new Date(`${value.day}T00:00:00Z`) : typeof value === 'string' ? clean(value) : value)))
  return {
    name,
    columns: columns.map(({ width }) => ({ width })),
    rows: [...(above ? [[above]] : []), ...(isText ? [] : [columns.map(({ head }) => head)]), ...grid],
    cells,
    ...(lists.length > 0 && { dataValidations: lists }),
    ...(!isText && { freezePane: { rows: first + 1 } }),
  }
}

// Sheets are XML: control characters would make the whole workbook unreadable.
const clean = (text: string) => text.normalize('NFC').toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')

async function writtenApart(grids: Grid[], format: FileFormat): Promise<Uint8Array> {
  const ended = await apart<Uint8Array>('#file-worker', { grids, format }, limits.writing)
  if ('answer' in ended) return ended.answer
  throw new Error(`A list could not be written: ${ended.ended}\n${ended.places}`)
}
