import { sql } from 'kysely'
import { v7 } from 'uuid'
import { constraintOf, type Tx } from '../../db/open.ts'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import { showDay, type Day } from '../../platform/clock.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { campaignByCode } from '../campaigns/campaigns.server.ts'
import { settleDuties } from '../duties/duties.server.ts'
import { unitByCode, type Unit } from '../units/units.server.ts'
import { documentById, writtenNumber, type DocumentHead } from './document-rows.server.ts'
import { documentsWords } from './documents.messages.ts'
import type { DocumentDraft, DocumentIssue, DocumentWithdrawal, DraftDiscard } from './documents.schema.ts'
import { demandWritten } from './empty-parts.server.ts'
import { attachUpload } from './files.server.ts'
import { lockedNumber, type SeriesOf } from './numbers/series.server.ts'
import { demandType } from './numbers/type-rules.server.ts'
import { asPrinted, expandRecipients, keepRecipients, tellRecipients, tellWithdrawn } from './recipients.server.ts'
import { keepRelations } from './relations.server.ts'

/** What a write answers with: which document, and the number under which the change is on record. */
export type Saved = { documentId: string; receipt: Receipt }

/**
 * Begins a unit's own document, or gives a draft new content. Seen by the unit alone until it is issued.
 * Throws NotFound, Forbidden, Refused('type' | 'relations' | 'recipientUnits' | 'version' | 'form' …).
 */
export async function draftDocument(ctx: Ctx, input: DocumentDraft): Promise<Saved> {
  const { tx, viewer } = ctx
  const unit = await unitByCode(tx, input.unitCode)
  demand(viewer, 'keep documents', await chainOf(tx, unit.id, viewer.today))
  const grammar = input.grammar ?? grammarOf(unit)
  await demandType(tx, unit, { grammar, type: input.type, day: viewer.today })
  const known = input.documentId ? await lockedDraft(ctx, input.documentId, input.version) : null
  if (known && known.unitId !== unit.id) throw new Refused('unitCode', documentsWords.say('draftStays'))
  const columns = {
    ...(await contentColumns(ctx, input)),
    grammar,
    type: input.type,
    symbol: input.symbol ?? unit.symbol,
    place: input.place ?? unit.place,
    author_id: authorOf(ctx, unit, known, input.isPersonalPlan),
  }
  const documentId = known?.id ?? input.newId ?? v7()
  if (known) {
    await tx.updateTable('document').set({ ...columns, version: sql`version + 1` }).where('id', '=', known.id).execute()
  } else if (!(await insertOnce(ctx, { id: documentId, unit_id: unit.id, issuer_id: unit.id, ...columns }))) {
    return { documentId, receipt: await receiptOf(tx, documentId) }
  }
  await keepRelations(ctx, documentId, input.relations)
  await keepRecipients(ctx, documentId, unit.id, columns.author_id === null ? input : await asPrinted(ctx, unit.id, input))
  if (input.uploadId) await attachUpload(ctx, { documentId, uploadId: input.uploadId, kind: 'text' })
  return { documentId, receipt: await note(ctx, { action: known ? 'document.edited' : 'document.drafted', unitId: unit.id, subjectType: 'document', subjectId: documentId, detail: { type: input.type } }) }
}

/** Throws a draft away, with what hangs on it. Throws NotFound, Forbidden, Refused('form' | 'version'). */
export async function discardDraft(ctx: Ctx, { documentId, version }: DraftDiscard): Promise<Receipt> {
  const draft = await lockedDraft(ctx, documentId, version)
  const receipt = await note(ctx, { action: 'document.discarded', unitId: draft.unitId, subjectType: 'document', subjectId: draft.id, detail: { type: draft.type } })
  await ctx.tx.deleteFrom('document').where('id', '=', draft.id).execute()
  return receipt
}

/**
 * Issues a draft: gives it its number and day, turns "the units directly beneath" into those of that day, settles the duties it fulfils
 * and tells the recipients. Without a number it takes the next of its series; one that is taken is refused with the next. Parts that nobody has
 * written are refused until `isKnownEmpty` says that this is known. Throws NotFound, Forbidden, Refused('isKnownEmpty' | 'number' | 'issuedOn' | 'type' | 'version' | 'form').
 */
export async function issueDocument(ctx: Ctx, { documentId, version, number: wanted, issuedOn, isKnownEmpty = false }: DocumentIssue): Promise<Saved & { number: number | null; written: string | null }> {
  const { tx, viewer } = ctx
  const draft = await lockedDraft(ctx, documentId, version)
  demandPast(issuedOn, viewer.today, 'issuedOn')
  await demandType(tx, { kind: draft.unitKind, name: draft.unitName }, { grammar: draft.grammar, type: draft.type, day: issuedOn })
  await demandWritten(ctx, draft, isKnownEmpty)
  const isNumbered = draft.authorId === null || wanted !== undefined
  if (isNumbered && !draft.symbol) throw new Refused('form', documentsWords.say('symbolMissing', { unit: draft.unitName }))
  const number = isNumbered ? await takeNumber(ctx, draft, issuedOn, wanted) : null
  await tx
    .updateTable('document')
    .set({ state: 'issued', number, issued_on: issuedOn, issued_at: sql`clock_timestamp()`, issued_by: viewer.personId, version: sql`version + 1` })
    .where('id', '=', draft.id)
    .execute()
    .catch(sayNumber)
  if (draft.authorId === null) await expandRecipients(ctx, draft.id, draft.unitId, issuedOn)
  const receipt = await note(ctx, { action: 'document.issued', unitId: draft.unitId, subjectType: 'document', subjectId: draft.id, detail: { type: draft.type, number, issuedOn } })
  await settleDuties(ctx, { unitId: draft.unitId, campaignId: draft.campaignId, kinds: ['document', 'personal_plan'] })
  const written = writtenNumber({ ...draft, number })
  await tellRecipients(ctx, { ...draft, number, written, issuedOn })
  return { documentId: draft.id, number, written, receipt }
}

/** Takes an issued document back, with the reason; its number stays used. Throws NotFound, Forbidden, Refused('form' | 'version'). */
export async function withdrawDocument(ctx: Ctx, { documentId, version, reason }: DocumentWithdrawal): Promise<Receipt> {
  const { tx, viewer } = ctx
  const document = await lockedDocument(tx, documentId)
  const chain = await chainOf(tx, document.unitId, viewer.today)
  demand(viewer, 'withdraw documents', chain)
  demandVersion(document, version)
  if (document.state !== 'issued') throw new Refused('form', documentsWords.say(document.state === 'draft' ? 'notIssuedYet' : 'withdrawnAlready'))
  await tx
    .updateTable('document')
    .set({ state: 'withdrawn', withdrawn_at: sql`clock_timestamp()`, withdrawn_by: viewer.personId, withdrawn_reason: reason, version: sql`version + 1` })
    .where('id', '=', document.id)
    .execute()
  const receipt = await note(ctx, { action: 'document.withdrawn', unitId: document.unitId, subjectType: 'document', subjectId: document.id, detail: { type: document.type } })
  await settleDuties(ctx, { unitId: document.unitId, campaignId: document.campaignId, kinds: ['document', 'personal_plan'] })
  await tellWithdrawn(ctx, document)
  return receipt
}

/** Whose grammar of numbers such a unit writes: the Front and the press number as the State does. */
export const grammarOf = (unit: Pick<Unit, 'kind'>) => (unit.kind === 'partner' ? 'state' : 'party')

/** A document held until the transaction ends; NotFound when the viewer does not see it or it is no unit's of the viewer's. */
export async function lockedDocument(tx: Tx, id: string): Promise<DocumentHead> {
  const document = await documentById(tx, id)
  // only what one may change can be locked under row-level security: another's document is seen and not to be changed
  const held = await tx.selectFrom('document').select('id').where('id', '=', id).forUpdate().executeTakeFirst()
  return held ? documentById(tx, id) : document
}

async function lockedDraft(ctx: Ctx, id: string, version: number | undefined): Promise<DocumentHead> {
  const { tx, viewer } = ctx
  const document = await lockedDocument(tx, id)
  demand(viewer, 'keep documents', await chainOf(tx, document.unitId, viewer.today))
  if (document.state !== 'draft') throw new Refused('form', documentsWords.say('issuedAlready', { written: document.written ?? '', day: showDay(document.issuedOn!) }))
  demandVersion(document, version)
  return document
}

export function demandVersion(document: DocumentHead, version: number | undefined): void {
  if (version !== undefined && version !== document.version) throw new Refused('version', documentsWords.say('changedMeanwhile'))
}

/** Throws Refused(field) for a day that lies ahead. */
export function demandPast(day: Day, today: Day, field: string): void {
  if (day > today) throw new Refused(field, documentsWords.say('dayAhead', { day: showDay(day) }))
}

/** Whose own plan it is: its author alone makes it the unit's again. */
function authorOf(ctx: Ctx, unit: Unit, known: DocumentHead | null, isPersonalPlan: boolean): string | null {
  if (known?.authorId && (isPersonalPlan || known.authorId !== ctx.viewer.personId)) return known.authorId
  return isPersonalPlan ? demandHead(ctx, unit) : null
}

/** A personal plan is that of a head: whoever leads the unit. */
function demandHead({ viewer }: Ctx, unit: Unit): string {
  if (!viewer.offices.some((office) => office.unitId === unit.id && (office.role === 'secretary' || office.role === 'deputy'))) throw new Forbidden(documentsWords.say('headAlone', { unit: unit.name }))
  return viewer.personId
}

type Numbered = Pick<DocumentHead, 'id' | 'unitId' | 'grammar' | 'type' | 'symbol'>

/** The number wanted, or the next of the series, which is held until the transaction ends. Throws Refused('number') for another document's. */
export async function takeNumber(ctx: Ctx, draft: Numbered, issuedOn: Day, wanted: number | undefined): Promise<number> {
  const of: SeriesOf = { unitId: draft.unitId, grammar: draft.grammar, type: draft.type, symbol: draft.symbol, issuedOn }
  const { number: next, series, termId, year } = await lockedNumber(ctx, of)
  if (wanted === undefined || wanted === next) return next
  const taken = await ctx.tx
    .selectFrom('document')
    .select('issued_on as issuedOn')
    .where('unit_id', '=', draft.unitId)
    .whereRef('issuer_id', '=', 'unit_id')
    .where('series', '=', series)
    .where('number', '=', wanted)
    .where(sql<boolean>`term_id is not distinct from ${termId}::uuid and series_year is not distinct from ${year}::smallint`)
    .where('state', '<>', 'draft')
    .where('id', '<>', draft.id)
    .executeTakeFirst()
  if (taken) throw new Refused('number', documentsWords.say('numberTaken', { written: writtenNumber({ ...draft, number: wanted })!, day: showDay(taken.issuedOn!), next: writtenNumber({ ...draft, number: next })! }))
  return wanted
}

/** What the database itself refuses, said to whoever typed it. */
export function sayNumber(error: unknown): never {
  if (constraintOf(error) === 'document_number_is_used_once') throw new Refused('number', documentsWords.say('numberUsed'))
  if (constraintOf(error) === 'document_is_registered_once') throw new Refused('written', documentsWords.say('registeredAlready'))
  throw error
}

type Content = Pick<DocumentDraft, 'campaignCode' | 'abstract' | 'urgency' | 'signerName' | 'signerPosition' | 'signedAs' | 'text'>

/** What a draft and a registered document have in common. */
export async function contentColumns({ tx }: Ctx, input: Content) {
  return {
    campaign_id: input.campaignCode ? (await campaignByCode(tx, input.campaignCode)).id : null,
    abstract: input.abstract,
    urgency: input.urgency,
    signer_name: input.signerName ?? null,
    signer_position: input.signerPosition ?? null,
    signed_as: input.signedAs ?? null,
    text: input.text || null,
  }
}

type NewDocument = Awaited<ReturnType<typeof contentColumns>> & Record<'id' | 'unit_id' | 'grammar' | 'type', string> & { issuer_id: string | null; symbol: string | null }

/** False when the same form was sent before and this document is there. */
export async function insertOnce({ tx, viewer, source }: Ctx, row: NewDocument & Record<string, unknown>): Promise<boolean> {
  const inserted = await tx
    .insertInto('document')
    .values({ ...row, source, recorded_by: viewer.personId })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
    .catch(sayNumber)
  if (inserted) return true
  if ((await documentById(tx, row.id)).unitId !== row.unit_id) throw new NotFound()
  return false
}

/** Number of the entry that told of the document's beginning. */
export async function receiptOf(tx: Tx, documentId: string): Promise<Receipt> {
  const entry = await tx.selectFrom('audit_entry').select('id').where('subject_type', '=', 'document').where('subject_id', '=', documentId).orderBy('id').limit(1).executeTakeFirstOrThrow()
  return entry.id
}
