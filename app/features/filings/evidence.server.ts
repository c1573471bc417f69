import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { Tx } from '../../db/open.ts'
import type { Ctx } from '../../permissions/permissions.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { nameOf } from '../indicators/register.server.ts'
import { demandDeclared, lockForFilling } from './filing.server.ts'
import { touchFiling } from './filing-head.server.ts'
import { filingsWords } from './filings.messages.ts'
import type { EvidenceInput } from './filings.schema.ts'
import { sectionsOf } from './forms.server.ts'

const mostBytes = 10 * 1024 * 1024
const mostFiles = 40 // of one report: what a draft can cost is bounded
/** What a request with one proof may weigh: the file and the form around it. */
export const evidenceRequestBytes = mostBytes + 64 * 1024

/**
 * Attaches a file to the declared figure it proves. What kind it is is read from its first bytes, whatever its name says.
 * Throws NotFound, Forbidden, Refused('form' | 'indicator' | 'file').
 */
export async function attachEvidence(ctx: Ctx, { filingId, indicator: key, file }: EvidenceInput): Promise<{ evidenceId: string; receipt: Receipt }> {
  const { tx, viewer, source } = ctx
  const filing = await lockForFilling(ctx, filingId)
  const asked = new Map((await sectionsOf(tx, filing.formId)).flatMap((section) => section.indicators).map((one) => [one.key, one]))
  const indicator = demandDeclared(asked, key, 'indicator')
  if (file.size === 0) throw new Refused('file', filingsWords.say('evidenceEmpty'))
  if (file.size > mostBytes) throw new Refused('file', filingsWords.say('evidenceTooLarge'))
  const content = Buffer.from(await file.arrayBuffer())
  const kind = kindOf(content)
  if (!kind) throw new Refused('file', filingsWords.say('evidenceKind'))
  const { files } = await tx.selectFrom('evidence').select(({ fn }) => fn.countAll<number>().as('files')).where('filing_id', '=', filing.id).executeTakeFirstOrThrow()
  if (files >= mostFiles) throw new Refused('file', filingsWords.say('evidenceTooMany', { count: mostFiles }))

  const value = await tx.selectFrom('filing_value').select(['id', 'value']).where('filing_id', '=', filing.id).where('indicator', '=', key).where('superseded_at', 'is', null).executeTakeFirst()
  if (!value) throw new Refused('indicator', (language) => filingsWords.in(language)('evidenceWithoutValue', { name: nameOf(indicator)(language) }))
  const evidenceId = v7()
  await tx
    .insertInto('evidence')
    .values({ id: evidenceId, filing_id: filing.id, name: safeName(file.name, kind), content_type: kind.type, sha256: createHash('sha256').update(content).digest(), size_bytes: content.length, content, recorded_by: viewer.personId })
    .execute()
  await tx.updateTable('filing_value').set({ superseded_at: sql`clock_timestamp()` }).where('id', '=', value.id).execute()
  await tx.insertInto('filing_value').values({ filing_id: filing.id, indicator: key, value: value.value, evidence_id: evidenceId, recorded_by: viewer.personId, source }).execute()
  await touchFiling(tx, filing.id)
  const receipt = await note(ctx, { action: 'filing.evidence attached', unitId: filing.unitId, subjectType: 'evidence', subjectId: evidenceId, detail: { filing: filing.id, indicator: key, sizeBytes: content.length } })
  return { evidenceId, receipt }
}

/** The file as it was attached; to be sent as a download, never shown in the page's own origin. NotFound when not the viewer's to see. */
export async function evidenceFile(tx: Tx, id: string): Promise<{ name: string; contentType: string; content: Buffer }> {
  const file = await tx.selectFrom('evidence').select(['name', 'content_type as contentType', 'content']).where('id', '=', id).executeTakeFirst()
  if (!file) throw new NotFound()
  return file
}

type Kind = { type: string; extensions: string[]; starts: number[] }
const kinds: Kind[] = [
  { type: 'application/pdf', extensions: ['pdf'], starts: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { type: 'image/jpeg', extensions: ['jpg', 'jpeg'], starts: [0xff, 0xd8, 0xff] },
  { type: 'image/png', extensions: ['png'], starts: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
]

const kindOf = (content: Buffer): Kind | undefined => kinds.find(({ starts }) => starts.every((byte, place) => content[place] === byte))

/** The last step of the name without what a file system or a reader's eye could trip over, and with the ending of what it is. */
function safeName(given: string, { extensions }: Kind): string {
  const last = given.normalize('NFC').split(/[/\\]/).at(-1)!
  const plain = last.replace(/[\p{C}<>:"|?*]/gu, '').replace(/^[\s.]+|[\s.]+$/g, '')
  const [, stem = plain, ending = ''] = /^(.*)\.([^.]*)$/.exec(plain) ?? []
  const kept = extensions.includes(ending.toLowerCase()) ? stem : plain
  return `${Array.from(kept).slice(0, 120).join('') || 'minh-chung'}.${extensions.includes(ending.toLowerCase()) ? ending.toLowerCase() : extensions[0]}`
}
