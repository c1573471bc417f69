import { sql } from 'kysely'
import { writeXlsx } from 'hucre/xlsx'
import { asViewer, type Db } from '../../db/open.ts'
import type { Viewer } from '../../permissions/permissions.ts'
import { askForImport, bringFile, importById, rowsOf, type ImportHead } from './imports.server.ts'
import type { ImportAsked } from './imports.schema.ts'
import { workOn, type StoredRow } from './work.server.ts'

type Value = string | number | Date | null
export type Grid = Value[][]

/** A workbook of one sheet, or of several by name. */
export async function workbook(sheets: Grid | Record<string, Grid>, merges: { startRow: number; endRow: number; startCol: number; endCol: number }[] = []): Promise<Uint8Array> {
  const named: Record<string, Grid> = Array.isArray(sheets) ? { Sheet1: sheets } : sheets
  return writeXlsx({ sheets: Object.entries(named).map(([name, rows]) => ({ name, rows, merges })) })
}

/** What became of a file that somebody brought: its header and all rows. */
export type Brought = { head: ImportHead; rows: StoredRow[]; bad: string[] }

/** Brings a file and has it read, as the page does, in this process. */
export async function bring(db: Db, viewer: Viewer, asked: ImportAsked, bytes: Uint8Array, name = 'danh-sach.xlsx'): Promise<Brought> {
  const id = await asViewer(db, viewer, (tx) => bringFile({ tx, viewer, source: 'import' }, asked, { name, bytes }))
  return work(db, viewer, id)
}

/** Presses "Nhập". */
export async function carryOut(db: Db, viewer: Viewer, { head }: Brought): Promise<Brought> {
  await asViewer(db, viewer, (tx) => askForImport({ tx, viewer, source: 'import' }, { id: head.id }))
  return work(db, viewer, head.id)
}

/** Has the work done here. */
export async function work(db: Db, viewer: Viewer, id: string): Promise<Brought> {
  const attempt = await asViewer(db, viewer, async (tx) => (await sql<{ attempt: number | null }>`select take_import(${id}, 2) as attempt`.execute(tx)).rows[0]!.attempt)
  if (attempt === null) throw new Error('the import is not free to be taken')
  await workOn(db, { importId: id, attempt, personId: viewer.personId, today: viewer.today })
  return look(db, viewer, id)
}

export async function look(db: Db, viewer: Viewer, id: string): Promise<Brought> {
  return asViewer(db, viewer, async (tx) => {
    const head = await importById({ tx }, id)
    const rows = await rowsOf({ tx }, id, { most: 1_000_000 })
    return { head, rows, bad: rows.flatMap((row) => row.problems.map((problem) => `${row.number}${problem.column ?? ''} ${problem.key}`)) }
  })
}
