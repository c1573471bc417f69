import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { Tx } from '../../db/open.ts'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import { safeFileName } from '../../platform/files/file-name.ts'
import { useFile } from '../../platform/files/files.ts'
import { documentKinds } from '../../platform/files/media-types.ts'
import type { Attached } from '../../platform/files/serve.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { oneFile } from '../../web/upload.server.ts'
import { documentById } from './document-rows.server.ts'
import { documentsWords } from './documents.messages.ts'
import type { FileAttached, FileKind, FileTakenOut } from './documents.schema.ts'

/** A file of a document; superseded ones are seen by the unit that keeps it. */
export type DocumentFile = { id: string; name: string; kind: FileKind; mediaType: string; sizeBytes: number; recordedAt: Date; supersededAt: Date | null; supersededBy: string | null }

const mostFiles = 30 // of one document, superseded ones included
/** The one file that a form or call about a document may bring; scans of many pages are large. */
export const documentUpload = oneFile('file', { allowed: documentKinds, most: 100 * 1024 * 1024 })

/** Attaches a file, in the place of another when `replacesId` names it. Throws NotFound, Forbidden, Refused('file'). */
export async function attachFile(ctx: Ctx, { documentId, kind, file, replacesId }: FileAttached): Promise<{ fileId: string; receipt: Receipt }> {
  await useFile(ctx.tx, file)
  return attach(ctx, { documentId, kind, name: safeFileName(file.name, file.kind, 'van-ban'), sha256: file.sha256, replacesId })
}

/** Attaches what the viewer brought before and confirms now; it is no upload any more. */
export async function attachUpload(ctx: Ctx, { documentId, uploadId, kind }: { documentId: string; uploadId: string; kind: FileKind }): Promise<void> {
  const { tx } = ctx
  const upload = await tx.deleteFrom('document_upload').where('id', '=', uploadId).returning(['file_sha256', 'name']).executeTakeFirst()
  if (!upload) throw new Refused('uploadId', documentsWords.say('uploadGone'))
  await attach(ctx, { documentId, kind, name: upload.name, sha256: upload.file_sha256 })
}

async function attach(ctx: Ctx, { documentId, kind, name, sha256, replacesId }: { documentId: string; kind: FileKind; name: string; sha256: Buffer; replacesId?: string | undefined }) {
  const { tx, viewer, source } = ctx
  const document = await documentById(tx, documentId)
  demand(viewer, 'keep documents', await chainOf(tx, document.unitId, viewer.today))
  const { files } = await tx.selectFrom('document_file').select(({ fn }) => fn.countAll<number>().as('files')).where('document_id', '=', documentId).executeTakeFirstOrThrow()
  if (files >= mostFiles) throw new Refused('file', documentsWords.say('tooManyFiles', { count: mostFiles }))
  const fileId = v7()
  await tx.insertInto('document_file').values({ id: fileId, document_id: documentId, file_sha256: sha256, name, kind, recorded_by: viewer.personId, source }).execute()
  if (replacesId) await supersede(tx, documentId, replacesId, fileId)
  const receipt = await note(ctx, { action: replacesId ? 'document.file replaced' : 'document.file added', unitId: document.unitId, subjectType: 'document', subjectId: documentId, detail: { file: fileId, kind } })
  return { fileId, receipt }
}

/** Takes a file out; it stays on record. Throws NotFound, Forbidden. */
export async function takeFileOut(ctx: Ctx, { documentId, fileId }: FileTakenOut): Promise<Receipt> {
  const { tx, viewer } = ctx
  const document = await documentById(tx, documentId)
  demand(viewer, 'keep documents', await chainOf(tx, document.unitId, viewer.today))
  await supersede(tx, documentId, fileId, null)
  return note(ctx, { action: 'document.file taken out', unitId: document.unitId, subjectType: 'document', subjectId: documentId, detail: { file: fileId } })
}

async function supersede(tx: Tx, documentId: string, fileId: string, by: string | null): Promise<void> {
  const superseded = await tx
    .updateTable('document_file')
    .set({ superseded_at: sql`clock_timestamp()`, superseded_by: by })
    .where('id', '=', fileId)
    .where('document_id', '=', documentId)
    .where('superseded_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (!superseded) throw new NotFound()
}

/** Files of a document, the current ones first. */
export async function filesOf(tx: Tx, documentId: string): Promise<DocumentFile[]> {
  return tx
    .selectFrom('document_file')
    .innerJoin('file', 'file.sha256', 'document_file.file_sha256')
    .select([
      'document_file.id',
      'document_file.name',
      'document_file.kind',
      'file.media_type as mediaType',
      'file.size_bytes as sizeBytes',
      'document_file.recorded_at as recordedAt',
      'document_file.superseded_at as supersededAt',
      'document_file.superseded_by as supersededBy',
    ])
    .where('document_file.document_id', '=', documentId)
    .orderBy(sql`document_file.superseded_at is not null`)
    .orderBy('document_file.id')
    .$castTo<DocumentFile>()
    .execute()
}

/** One file of a document, for serveFile. NotFound when it is not of that document or not the viewer's to see. */
export async function documentFile(tx: Tx, documentId: string, fileId: string): Promise<Attached> {
  const file = await tx
    .selectFrom('document_file')
    .innerJoin('file', 'file.sha256', 'document_file.file_sha256')
    .select(['file.sha256', 'document_file.name', 'file.media_type as mediaType', 'file.size_bytes as size'])
    .where('document_file.document_id', '=', documentId)
    .where('document_file.id', '=', fileId)
    .executeTakeFirst()
  if (!file) throw new NotFound()
  return file
}
