import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { Tx } from '../../db/open.ts'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import { Refused } from '../../platform/errors.ts'
import { note } from '../../web/audit.server.ts'
import { settleDuties } from '../duties/duties.server.ts'
import { documentById, documentRows, headOf, writtenNumber, type DocumentHead } from './document-rows.server.ts'
import { contentColumns, demandPast, demandVersion, lockedDocument, sayNumber, takeNumber, type Saved } from './documents.server.ts'
import { documentsWords } from './documents.messages.ts'
import type { DocumentCorrection, RelationKind } from './documents.schema.ts'
import { demandReceived, numberOf } from './incoming.server.ts'
import { demandType } from './numbers/type-rules.server.ts'
import { asPrinted, correctRecipients, recipientsOf, tellCorrected, tellRecipients } from './recipients.server.ts'
import { keepRelations, relationsOf } from './relations.server.ts'

type Relation = { kind: RelationKind; toId: string }
/** From what to what one thing was corrected. Relations go by ids, so that nobody learns here of a document which they may not see. */
export type Change = { field: Plain; from: string | null; to: string | null } | { field: 'relations'; from: Relation[]; to: Relation[] } | { field: 'recipients'; from: string[]; to: string[] }

const calledBy = ['type', 'written', 'issuerName', 'issuedOn', 'abstract'] as const
const plain = [...calledBy, 'receivedOn', 'campaignCode', 'urgency', 'place', 'signedAs', 'signerPosition', 'signerName', 'text'] as const
type Plain = (typeof plain)[number]
type Told = Pick<DocumentHead, Exclude<Plain, 'text'>> & { text: string | null; relations: Relation[]; recipients: string[] }

/**
 * Puts right what the register says of a document that is out; what stood there is kept with who corrected it and when. Its number is
 * taken anew in its series, new recipients are told, the duties it fulfils are settled again. The signed file is not touched.
 * Throws NotFound, Forbidden, Refused('number' | 'written' | 'type' | 'issuedOn' | 'relations' | 'recipientUnits' | 'version' | 'form' …).
 */
export async function correctDocument(ctx: Ctx, input: DocumentCorrection): Promise<Saved> {
  const { tx, viewer, source } = ctx
  const before = await lockedDocument(tx, input.documentId)
  demand(viewer, 'keep documents', await chainOf(tx, before.unitId, viewer.today))
  if (before.state !== 'issued') throw new Refused('form', documentsWords.say(before.state === 'draft' ? 'draftIsEdited' : 'withdrawnStays'))
  demandVersion(before, input.version)
  const { text } = await tx.selectFrom('document').select('text').where('id', '=', before.id).executeTakeFirstOrThrow()
  const was: Told = { ...before, text, ...(await aroundOf(tx, before.id)) }
  const numbered = before.isIncoming ? incomingNumber(before, input) : await ownNumber(ctx, before, input)
  const columns = {
    ...(await contentColumns(ctx, { ...input, text: input.text ?? text ?? undefined })),
    ...numbered,
    ...(!before.isIncoming || input.issuerName === undefined || input.issuerName === before.issuerName ? {} : { issuer_id: null, issuer_name: input.issuerName }),
    place: input.place ?? null,
    issued_on: input.issuedOn,
    received_on: before.isIncoming ? (input.receivedOn ?? null) : null,
  }
  demandPast(input.issuedOn, viewer.today, 'issuedOn')
  if (columns.received_on) demandReceived(columns.received_on, input.issuedOn, viewer.today)
  await keepRelations(ctx, before.id, input.relations)
  const recipients = before.authorId === null ? input : await asPrinted(ctx, before.unitId, input)
  const added = await correctRecipients(ctx, before, before.isIncoming ? viewer.today : input.issuedOn, recipients)
  const is: Told = {
    ...numbered,
    written: writtenNumber(numbered),
    issuerName: columns.issuer_name ?? before.issuerName,
    issuedOn: columns.issued_on,
    abstract: columns.abstract,
    receivedOn: columns.received_on,
    campaignCode: columns.campaign_id ? (input.campaignCode ?? null) : null,
    urgency: columns.urgency,
    place: columns.place,
    signedAs: columns.signed_as,
    signerPosition: columns.signer_position,
    signerName: columns.signer_name,
    text: columns.text,
    ...(await aroundOf(tx, before.id)),
  }
  const changes = changesBetween(was, is)
  if (changes.length === 0) throw new Refused('form', documentsWords.say('nothingCorrected'))
  // before the change itself: without this row nothing of what is out is changed by anybody
  await tx
    .insertInto('document_correction')
    .values({ id: v7(), document_id: before.id, unit_id: before.unitId, of_version: before.version, changes: JSON.stringify(changes), reason: input.reason ?? null, recorded_by: viewer.personId, source })
    .execute()
  await tx.updateTable('document').set({ ...columns, version: sql`version + 1` }).where('id', '=', before.id).execute().catch(sayNumber)
  const receipt = await note(ctx, { action: 'document.corrected', unitId: before.unitId, subjectType: 'document', subjectId: before.id, detail: { fields: changes.map(({ field }) => field) } })
  for (const campaignId of new Set([before.campaignId, columns.campaign_id])) await settleDuties(ctx, { unitId: before.unitId, campaignId, kinds: ['document', 'personal_plan'] })
  const after = await documentById(tx, before.id)
  await tellRecipients(ctx, after, added)
  if (changes.some(({ field }) => calledBy.some((one) => one === field))) await tellCorrected(ctx, after, added)
  return { documentId: before.id, receipt }
}

/** As it is written on a document from elsewhere; what is typed as it stood reads as it was read then. */
function incomingNumber(before: DocumentHead, input: DocumentCorrection) {
  const type = input.type ?? before.type
  const isAsBefore = (input.written ?? null) === before.written && type === before.type && input.number === undefined
  if (isAsBefore) return { type, grammar: before.grammar, number: before.number, symbol: before.symbol }
  return numberOf({ ...input, type: input.type })
}

async function ownNumber(ctx: Ctx, before: DocumentHead, input: DocumentCorrection) {
  const numbered = { type: input.type ?? before.type, grammar: before.grammar, symbol: input.symbol ?? before.symbol, number: input.number ?? null }
  if (numbered.type !== before.type || input.issuedOn !== before.issuedOn) await demandType(ctx.tx, { kind: before.unitKind, name: before.unitName }, { ...numbered, day: input.issuedOn })
  if (numbered.number === null) {
    if (before.authorId === null) throw new Refused('number', documentsWords.say('numberMissing'))
    return numbered
  }
  await takeNumber(ctx, { ...before, ...numbered }, input.issuedOn, numbered.number)
  return numbered
}

async function aroundOf(tx: Tx, documentId: string): Promise<Pick<Told, 'relations' | 'recipients'>> {
  const { to } = await relationsOf(tx, documentId)
  const recipients = await recipientsOf(tx, documentId)
  return { relations: to.map(({ kind, document }) => ({ kind, toId: document.id })), recipients: recipients.filter((one) => !one.isOneOfThem).map((one) => one.name) }
}

function changesBetween(was: Told, is: Told): Change[] {
  const changes: Change[] = plain.filter((field) => (was[field] ?? '') !== (is[field] ?? '')).map((field) => ({ field, from: was[field], to: is[field] }))
  const keys = (all: Relation[]) => all.map(({ kind, toId }) => `${kind} ${toId}`).toSorted().join()
  if (keys(was.relations) !== keys(is.relations)) changes.push({ field: 'relations', from: was.relations, to: is.relations })
  if (was.recipients.join('\n') !== is.recipients.join('\n')) changes.push({ field: 'recipients', from: was.recipients, to: is.recipients })
  return changes
}

/** One correction as it is shown; `by` null where the name is not the viewer's to see. */
export type Correction = { id: string; at: Date; by: string | null; reason: string | null; changes: Change[] }

/** What was corrected of a document, the latest first, with the documents that its relations led or lead to, as far as the viewer sees them. */
export async function correctionsOf(tx: Tx, documentId: string): Promise<{ corrections: Correction[]; related: DocumentHead[] }> {
  const rows = await tx
    .selectFrom('document_correction')
    .select(['id', 'recorded_at as at', sql<string | null>`office_holder_name(recorded_by)`.as('by'), 'reason', 'changes'])
    .where('document_id', '=', documentId)
    .orderBy('of_version', 'desc')
    .$castTo<Correction>()
    .execute()
  const ids = rows.flatMap(({ changes }) => changes.flatMap((one) => (one.field === 'relations' ? [...one.from, ...one.to].map(({ toId }) => toId) : [])))
  const related = ids.length > 0 ? await documentRows(tx).where('document.id', 'in', [...new Set(ids)]).execute() : []
  return { corrections: rows, related: related.map(headOf) }
}
