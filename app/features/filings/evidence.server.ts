import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { Tx } from '../../db/open.ts'
import type { Ctx } from '../../permissions/permissions.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import { safeFileName } from '../../platform/files/file-name.ts'
import { useFile } from '../../platform/files/files.ts'
import { scanKinds } from '../../platform/files/media-types.ts'
import type { Attached } from '../../platform/files/serve.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import type { Uploads } from '../../web/upload.server.ts'
import { nameOf } from '../indicators/register.server.ts'
import { demandDeclared, lockForFilling } from './filing.server.ts'
import { touchFiling } from './filing-head.server.ts'
import { filingsWords } from './filings.messages.ts'
import type { EvidenceInput } from './filings.schema.ts'
import { sectionsOf } from './forms.server.ts'

const mostBytes = 10 * 1024 * 1024
const mostFiles = 40 // of one report: what a draft can cost is bounded
const mostAtATime = 5
const takesScan = { allowed: scanKinds, most: mostBytes }

/** The proofs that the form of a report may bring, each as `files.<figure>`; and the one of a call. */
export const sheetUploads: Uploads = { takes: (field) => (field.startsWith('files.') ? takesScan : null), files: mostAtATime, bytes: mostAtATime * mostBytes }
export const evidenceUpload: Uploads = { takes: (field) => (field === 'file' ? takesScan : null), bytes: mostBytes }

/**
 * Attaches a file to the declared figure it proves. Throws NotFound, Forbidden, Refused('form' | 'indicator' | 'file').
 */
export async function attachEvidence(ctx: Ctx, { filingId, indicator: key, file }: EvidenceInput): Promise<{ evidenceId: string; receipt: Receipt }> {
  const { tx, viewer, source } = ctx
  const filing = await lockForFilling(ctx, filingId)
  const asked = new Map((await sectionsOf(tx, filing.formId)).flatMap((section) => section.indicators).map((one) => [one.key, one]))
  const indicator = demandDeclared(asked, key, 'indicator')
  const { files } = await tx.selectFrom('evidence').select(({ fn }) => fn.countAll<number>().as('files')).where('filing_id', '=', filing.id).executeTakeFirstOrThrow()
  if (files >= mostFiles) throw new Refused('file', filingsWords.say('evidenceTooMany', { count: mostFiles }))

  const value = await tx.selectFrom('filing_value').select(['id', 'value']).where('filing_id', '=', filing.id).where('indicator', '=', key).where('superseded_at', 'is', null).executeTakeFirst()
  if (!value) throw new Refused('indicator', (language) => filingsWords.in(language)('evidenceWithoutValue', { name: nameOf(indicator)(language) }))
  await useFile(tx, file)
  const evidenceId = v7()
  await tx
    .insertInto('evidence')
    .values({ id: evidenceId, filing_id: filing.id, name: safeFileName(file.name, file.kind, 'minh-chung'), content_type: file.mediaType, sha256: file.sha256, file_sha256: file.sha256, size_bytes: file.size, recorded_by: viewer.personId })
    .execute()
  await tx.updateTable('filing_value').set({ superseded_at: sql`clock_timestamp()` }).where('id', '=', value.id).execute()
  await tx.insertInto('filing_value').values({ filing_id: filing.id, indicator: key, value: value.value, evidence_id: evidenceId, recorded_by: viewer.personId, source }).execute()
  await touchFiling(tx, filing.id)
  const receipt = await note(ctx, { action: 'filing.evidence attached', unitId: filing.unitId, subjectType: 'evidence', subjectId: evidenceId, detail: { filing: filing.id, indicator: key, sizeBytes: file.size } })
  return { evidenceId, receipt }
}

/** The file as it was attached, for serveFile. NotFound when not the viewer's to see. */
export async function evidenceFile(tx: Tx, id: string): Promise<Attached> {
  const file = await tx.selectFrom('evidence').select(['name', 'content_type as mediaType', 'size_bytes as size', 'file_sha256 as sha256']).where('id', '=', id).executeTakeFirst()
  if (!file?.sha256) throw new NotFound()
  return { ...file, sha256: file.sha256 }
}
