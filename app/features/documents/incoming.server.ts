import { sql } from 'kysely'
import { v7 } from 'uuid'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import { showDay, type Day } from '../../platform/clock.ts'
import { Refused } from '../../platform/errors.ts'
import { note } from '../../web/audit.server.ts'
import { noSuchDay } from '../../web/inputs.ts'
import { unitByCode } from '../units/units.server.ts'
import { documentRows, headOf, type DocumentHead } from './document-rows.server.ts'
import { contentColumns, demandPast, insertOnce, receiptOf, type Saved } from './documents.server.ts'
import { documentsWords } from './documents.messages.ts'
import type { IncomingDocument } from './documents.schema.ts'
import { attachUpload } from './files.server.ts'
import { impossibleIn } from './numbers/read-day.server.ts'
import { readDocumentNumber, typesOf } from './numbers/read-number.server.ts'
import { expandRecipients, keepRecipients, tellRecipients } from './recipients.server.ts'
import { keepRelations } from './relations.server.ts'
import type { DocumentType, IssuedBy } from './typesetting/official-document.ts'

/**
 * Enters a document from elsewhere in a unit's register, as it stands on it. The same document in the same register is refused; one
 * that another unit registered already, or that its issuer has in its own register, is refused until `isKnownTwice` says it may be.
 * Throws NotFound, Forbidden, Refused('written' | 'type' | 'issuerName' | 'issuedOn' | 'receivedOn' | 'isKnownTwice' …).
 */
export async function registerIncoming(ctx: Ctx, input: IncomingDocument): Promise<Saved> {
  const { tx, viewer } = ctx
  const unit = await unitByCode(tx, input.unitCode)
  demand(viewer, 'keep documents', await chainOf(tx, unit.id, viewer.today))
  const issuer = input.issuerCode ? await unitByCode(tx, input.issuerCode) : null
  if (issuer?.id === unit.id) throw new Refused('issuerCode', documentsWords.say('issuerItself'))
  if (!issuer && !input.issuerName) throw new Refused('issuerName', documentsWords.say('issuerMissing'))
  demandPast(input.issuedOn, viewer.today, 'issuedOn')
  if (input.receivedOn) demandReceived(input.receivedOn, input.issuedOn, viewer.today)
  const numbered = numberOf(input)
  const documentId = input.newId ?? v7()
  const row = { id: documentId, unit_id: unit.id, issuer_id: issuer?.id ?? null, issuer_name: issuer ? null : input.issuerName!, ...(await contentColumns(ctx, input)), ...numbered }
  const known = input.isKnownTwice || numbered.number === null ? [] : await elsewhere(ctx, { ...row, number: numbered.number, issued_on: input.issuedOn })
  if (known.length > 0) throw new Refused('isKnownTwice', documentsWords.say('knownElsewhere', { written: known[0]!.written!, unit: known[0]!.unitName }))
  const isNew = await insertOnce(ctx, { ...row, place: input.place ?? null, issued_on: input.issuedOn, received_on: input.receivedOn ?? null, state: 'issued', issued_at: sql`clock_timestamp()`, issued_by: viewer.personId })
  if (!isNew) return { documentId, receipt: await receiptOf(tx, documentId) }
  await keepRelations(ctx, documentId, input.relations)
  await keepRecipients(ctx, documentId, unit.id, input)
  await expandRecipients(ctx, documentId, unit.id, viewer.today)
  if (input.uploadId) await attachUpload(ctx, { documentId, uploadId: input.uploadId, kind: 'scan' })
  const receipt = await note(ctx, { action: 'document.registered', unitId: unit.id, subjectType: 'document', subjectId: documentId, detail: { type: numbered.type, number: numbered.number, issuedOn: input.issuedOn } })
  await tellRecipients(ctx, headOf(await documentRows(tx).where('document.id', '=', documentId).executeTakeFirstOrThrow()))
  return { documentId, receipt }
}

/** Throws Refused('receivedOn') for a day ahead, or before the document was issued. */
export function demandReceived(day: Day, issuedOn: Day, today: Day): void {
  demandPast(day, today, 'receivedOn')
  if (day < issuedOn) throw new Refused('receivedOn', documentsWords.say('receivedBeforeIssued', { day: showDay(issuedOn) }))
}

type Numbered = { type: DocumentType; grammar: IssuedBy; number: number | null; symbol: string | null }

/** From what was typed as a whole, or apart. What reads in two ways is asked back, never guessed. */
export function numberOf(input: Pick<IncomingDocument, 'written' | 'type' | 'grammar' | 'number' | 'symbol' | 'issuedOn'>): Numbered {
  if (!input.written) {
    if (!input.type) throw new Refused('type', documentsWords.say('typeMissing'))
    return { type: input.type, grammar: input.grammar ?? 'party', number: input.number ?? null, symbol: input.symbol ?? null }
  }
  const impossible = impossibleIn(input.written)
  if (impossible) throw new Refused('written', noSuchDay(impossible)!)
  const read = readDocumentNumber(input.written)
  if (read.number === null || read.grammar === null || read.unsure.includes('number')) throw new Refused('written', documentsWords.say('numberUnread', { typed: input.written }))
  const types = typesOf(read)
  if (input.type && types.length > 0 && !types.includes(input.type)) throw new Refused('type', documentsWords.say('typeAgainstNumber', { typed: input.written }))
  if (read.day && read.day !== input.issuedOn) throw new Refused('issuedOn', documentsWords.say('dayAgainstNumber', { typed: showDay(read.day) }))
  const type = input.type ?? read.type
  if (!type) throw new Refused('type', documentsWords.say(types.length > 1 ? 'typeUnsure' : 'typeMissing', { typed: input.written }))
  return { type, grammar: read.grammar, number: read.number, symbol: read.symbol }
}

/** The same document in registers of others that the viewer sees. */
async function elsewhere({ tx }: Ctx, row: { issuer_id: string | null; issuer_name: string | null; type: DocumentType; number: number; symbol: string | null; issued_on: Day; unit_id: string }): Promise<DocumentHead[]> {
  const rows = await documentRows(tx)
    .where('document.unit_id', '<>', row.unit_id)
    .where('document.state', '=', 'issued')
    .where('document.type', '=', row.type)
    .where('document.number', '=', row.number)
    .where('document.issued_on', '=', row.issued_on)
    .where(sql<boolean>`(document.issuer_id = ${row.issuer_id}::uuid or fold(document.issuer_name) = fold(${row.issuer_name}::text) or fold(issuer.name) = fold(${row.issuer_name}::text))`)
    .where(sql<boolean>`document.symbol is not distinct from ${row.symbol}::text`)
    .limit(1)
    .execute()
  return rows.map(headOf)
}
