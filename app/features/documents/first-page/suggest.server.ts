import { buffer } from 'node:stream/consumers'
import { sql } from 'kysely'
import { v7 } from 'uuid'
import { asSystem, type Tx } from '../../../db/open.ts'
import { chainOf, demand, type Ctx } from '../../../permissions/permissions.ts'
import { Refused } from '../../../platform/errors.ts'
import { safeFileName } from '../../../platform/files/file-name.ts'
import { openFile, useFile, type Files } from '../../../platform/files/files.ts'
import { readApart } from '../../../platform/reading/apart.server.ts'
import { largestFile } from '../../../platform/reading/limits.ts'
import { readingWords } from '../../../platform/reading/reading.messages.ts'
import type { App } from '../../../web/context.ts'
import { unitByCode } from '../../units/units.server.ts'
import type { FileBrought } from '../documents.schema.ts'
import type { Suggestion } from './first-page.ts'

type Kept = FileBrought['file']

/** A file on its way in, with what its first page seems to say. */
export type Brought = { id: string; name: string } & Suggestion

const none = (note: Suggestion['note']): Suggestion => ({ values: {}, doubts: {}, note })
const readable = new Set(['pdf', 'docx', 'txt'])

/**
 * Reads the first page of a file that has come, before any transaction: other people's files may take their time. Pictures, scans and
 * what cannot be read give no values, and say which it is.
 */
export async function suggestFrom(files: Files, kept: Kept): Promise<Suggestion> {
  if (kept.kind === 'jpg' || kept.kind === 'png') return none('scan')
  if (!readable.has(kept.kind) || kept.size > largestFile) return none('unread')
  await kept.place()
  const bytes = await buffer(await openFile(files, kept.sha256))
  try {
    return await readApart<Suggestion>('#first-page-worker', new Uint8Array(bytes))
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return none(error.sentence('vi') === readingWords.in('vi')('fileScan') ? 'scan' : 'unread')
  }
}

/** Keeps a file that was brought until it is confirmed or a day old. Throws NotFound, Forbidden. */
export async function bringFile({ tx, viewer }: Ctx, { unitCode, file }: FileBrought, suggestion: Suggestion): Promise<{ uploadId: string }> {
  const unit = await unitByCode(tx, unitCode)
  demand(viewer, 'keep documents', await chainOf(tx, unit.id, viewer.today))
  await useFile(tx, file)
  const uploadId = v7()
  const row = { id: uploadId, person_id: viewer.personId, file_sha256: file.sha256, name: safeFileName(file.name, file.kind, 'van-ban'), suggested: JSON.stringify(suggestion) }
  await tx.insertInto('document_upload').values(row).execute()
  return { uploadId }
}

/** What the viewer brought under that id; null when it is gone or another's. */
export async function broughtFile(tx: Tx, id: string): Promise<Brought | null> {
  const upload = await tx.selectFrom('document_upload').select(['id', 'name', 'suggested']).where('id', '=', id).executeTakeFirst()
  return upload ? { id: upload.id, name: upload.name, ...(upload.suggested as unknown as Suggestion) } : null
}

/** Forgets files that nobody confirmed within a day; the sweep of files takes their contents. */
export function forgetBroughtFiles({ db, log }: App): Promise<unknown> {
  return asSystem(db, log, 'forgetting files that no document was made of', (tx) => tx.deleteFrom('document_upload').where('brought_at', '<', sql<Date>`now() - interval '1 day'`).execute())
}
