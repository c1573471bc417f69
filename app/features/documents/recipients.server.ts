import { sql } from 'kysely'
import { constraintOf, type Tx } from '../../db/open.ts'
import { chainOf, reasonAgainst, type Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { notify } from '../notices/notices.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { documentById, type DocumentHead } from './document-rows.server.ts'
import { documentsWords } from './documents.messages.ts'
import type { DocumentDraft, DocumentReceived } from './documents.schema.ts'
import { typeName } from './numbers/type-rules.server.ts'

/** One line under "Nơi nhận", or a unit that a line stands for. `unitId` null: nobody of the tree. */
export type Recipient = { id: string; unitId: string | null; unitCode: string | null; name: string; isBeneath: boolean; isOneOfThem: boolean; receivedAt: Date | null; receivedBy: string | null }

type Asked = Pick<DocumentDraft, 'recipientUnits' | 'toAllBeneath' | 'recipientLines'>

type Wanted = { unit_id: string | null; name: string; is_beneath: boolean }

/** Puts these in the place of a draft's recipients: units of the tree, "the units directly beneath", and free lines. */
export async function keepRecipients(ctx: Ctx, documentId: string, unitId: string, asked: Asked): Promise<void> {
  const { tx } = ctx
  const rows = await wantedRows(ctx, unitId, asked)
  await tx.deleteFrom('document_recipient').where('document_id', '=', documentId).execute()
  if (rows.length > 0) await tx.insertInto('document_recipient').values(rows.map((row, position) => ({ ...row, document_id: documentId, position }))).execute()
}

async function wantedRows({ tx }: Ctx, unitId: string, { recipientUnits, toAllBeneath, recipientLines }: Asked): Promise<Wanted[]> {
  const units = recipientUnits.length > 0 ? await tx.selectFrom('unit').select(['id', 'code', 'name']).where('code', 'in', recipientUnits).execute() : []
  const missing = recipientUnits.find((code) => !units.some((unit) => unit.code === code))
  if (missing) throw new Refused('recipientUnits', documentsWords.say('recipientNotThere', { code: missing }))
  if (units.some((unit) => unit.id === unitId)) throw new Refused('recipientUnits', documentsWords.say('recipientItself'))
  return [
    ...(toAllBeneath ? [{ unit_id: null, name: allBeneath, is_beneath: true }] : []),
    ...recipientUnits.map((code) => units.find((unit) => unit.code === code)!).map((unit) => ({ unit_id: unit.id, name: unit.name, is_beneath: false })),
    ...recipientLines.map((name) => ({ unit_id: null, name, is_beneath: false })),
  ]
}

/** The same as lines alone: units could not open a head's own plan, so they are named on it and nobody waits for their word. */
export async function asPrinted(ctx: Ctx, unitId: string, asked: Asked): Promise<Asked> {
  const rows = await wantedRows(ctx, unitId, asked)
  return { recipientUnits: [], toAllBeneath: false, recipientLines: rows.map((row) => row.name) }
}

/**
 * Brings the recipients of a document that is out to these: who stays keeps what it said, who said that it received the document cannot
 * be left out. Returns the units that are new. Throws Refused('recipientUnits').
 */
export async function correctRecipients(ctx: Ctx, document: Pick<DocumentHead, 'id' | 'unitId'>, day: Day, asked: Asked): Promise<string[]> {
  const { tx } = ctx
  const before = await recipientsOf(tx, document.id)
  const rows = await wantedRows(ctx, document.unitId, asked)
  const wanted = new Map(rows.map((row, position) => [keyOf(row.unit_id, row.is_beneath, row.name), { ...row, position }]))
  const isKept = (one: Recipient) => wanted.has(keyOf(one.unitId, one.isBeneath, one.name)) || (one.isOneOfThem && asked.toAllBeneath)
  const gone = before.filter((one) => !isKept(one))
  const received = gone.find((one) => one.receivedAt !== null)
  if (received) throw new Refused('recipientUnits', documentsWords.say('recipientReceived', { unit: received.name }))
  if (gone.length > 0) await tx.deleteFrom('document_recipient').where('id', 'in', gone.map((one) => one.id)).execute().catch(sayReceived)
  for (const one of before.filter(isKept)) {
    const row = wanted.get(keyOf(one.unitId, one.isBeneath, one.name))
    if (row) await tx.updateTable('document_recipient').set({ position: row.position, is_one_of_them: one.isOneOfThem && asked.toAllBeneath }).where('id', '=', one.id).execute()
  }
  const known = new Set(before.map((one) => keyOf(one.unitId, one.isBeneath, one.name)))
  const added = [...wanted].filter(([key]) => !known.has(key)).map(([, row]) => ({ ...row, document_id: document.id }))
  if (added.length > 0) await tx.insertInto('document_recipient').values(added).execute()
  if (added.some((row) => row.is_beneath)) await expandRecipients(ctx, document.id, document.unitId, day)
  const had = new Set(before.map((one) => one.unitId))
  return (await unitsOf(tx, document.id)).filter((id) => !had.has(id))
}

const keyOf = (unitId: string | null, isBeneath: boolean, name: string) => unitId ?? (isBeneath ? 'beneath' : `line ${name}`)

/** The word of receiving came in between. */
function sayReceived(error: unknown): never {
  if (constraintOf(error) === 'received_copy_stays') throw new Refused('recipientUnits', documentsWords.say('recipientReceivedNow'))
  throw error
}

// As it is printed, whichever language the page is read in.
const allBeneath = 'Các đơn vị trực thuộc'

/** "The units directly beneath" become those of that day, each of which will say that it received the document. */
export async function expandRecipients({ tx }: Ctx, documentId: string, unitId: string, day: Day): Promise<void> {
  await sql`
    insert into document_recipient (document_id, unit_id, name, position, is_one_of_them)
    select line.document_id, unit.id, unit.name, line.position, true
    from document_recipient as line
    join unit_ancestor on unit_ancestor.ancestor_id = ${unitId} and unit_ancestor.depth = 1 and unit_ancestor.during @> ${day}::date
    join unit on unit.id = unit_ancestor.unit_id
    where line.document_id = ${documentId} and line.is_beneath
    on conflict (document_id, unit_id) where unit_id is not null do nothing`.execute(tx)
}

/** Tells the offices of the units that a document goes to, or of those of them that are named; a head's own plan they could not open. */
export async function tellRecipients({ tx }: Ctx, document: DocumentHead, among?: string[]): Promise<void> {
  const unitIds = document.authorId === null ? (among ?? (await unitsOf(tx, document.id))) : []
  if (unitIds.length === 0) return
  await notify(tx, {
    kind: 'document-received',
    to: { unitIds, roles: ['secretary', 'deputy', 'clerk'] },
    about: { type: 'document', id: document.id },
    unitId: document.unitId,
    values: { document: titleOf(document), issuer: document.issuerName },
    path: `/documents/${document.id}`,
  })
}

/** Tells those who have a document, apart from who is just told of it, that what it is called by was wrong. */
export async function tellCorrected({ tx }: Ctx, document: DocumentHead, apartFrom: string[]): Promise<void> {
  const unitIds = document.authorId === null ? (await unitsOf(tx, document.id)).filter((id) => !apartFrom.includes(id)) : []
  if (unitIds.length === 0) return
  await notify(tx, {
    kind: 'document-corrected',
    to: { unitIds, roles: ['secretary', 'deputy', 'clerk'] },
    about: { type: 'document', id: document.id },
    unitId: document.unitId,
    values: { document: titleOf(document) },
    path: `/documents/${document.id}#corrections`,
    mergeKey: `corrected ${document.id}`,
  })
}

/** Tells those who received a document that it was taken back. */
export async function tellWithdrawn({ tx }: Ctx, document: DocumentHead): Promise<void> {
  const unitIds = document.authorId === null ? await unitsOf(tx, document.id) : []
  if (unitIds.length === 0) return
  await notify(tx, {
    kind: 'document-withdrawn',
    to: { unitIds, roles: ['secretary', 'deputy', 'clerk'] },
    about: { type: 'document', id: document.id },
    unitId: document.unitId,
    values: { document: titleOf(document) },
    path: `/documents/${document.id}`,
  })
}

const titleOf = ({ type, written }: DocumentHead) => [typeName(type, 'vi'), written].filter(Boolean).join(' ')

async function unitsOf(tx: Tx, documentId: string): Promise<string[]> {
  const rows = await tx.selectFrom('document_recipient').select('unit_id').where('document_id', '=', documentId).where('unit_id', 'is not', null).execute()
  return rows.map((row) => row.unit_id!)
}

/** A unit says that it received a document, or takes that back. Throws NotFound, Forbidden, Refused('form'). */
export async function confirmReceived(ctx: Ctx, { documentId, unitCode, isReceived }: DocumentReceived): Promise<Receipt> {
  const { tx, viewer } = ctx
  const document = await documentById(tx, documentId)
  const unit = unitCode ? await unitByCode(tx, unitCode) : null
  const addressed = (await recipientsOf(tx, documentId)).filter((one) => one.unitId !== null && (unit === null || one.unitId === unit.id))
  if (document.state === 'draft') throw new NotFound()
  if (addressed.length === 0) throw new Refused('form', documentsWords.say('notAddressed'))
  let reason: ReturnType<typeof reasonAgainst> = null
  for (const { id, unitId } of addressed) {
    reason = reasonAgainst(viewer, 'keep documents', await chainOf(tx, unitId!, viewer.today))
    if (reason) continue
    await tx
      .updateTable('document_recipient')
      .set(isReceived ? { received_at: sql`now()`, received_by: viewer.personId } : { received_at: null, received_by: null })
      .where('id', '=', id)
      .where('received_at', isReceived ? 'is' : 'is not', null)
      .execute()
    return note(ctx, { action: isReceived ? 'document.received' : 'document.received back', unitId, subjectType: 'document', subjectId: documentId, detail: { recipient: unitId } })
  }
  throw new Forbidden(reason!)
}

/** In the order they are printed; units that a line stands for after it. */
export async function recipientsOf(tx: Tx, documentId: string): Promise<Recipient[]> {
  return tx
    .selectFrom('document_recipient')
    .leftJoin('unit', 'unit.id', 'document_recipient.unit_id')
    .select([
      'document_recipient.id',
      'document_recipient.unit_id as unitId',
      'unit.code as unitCode',
      'document_recipient.name',
      'document_recipient.is_beneath as isBeneath',
      'document_recipient.is_one_of_them as isOneOfThem',
      'document_recipient.received_at as receivedAt',
      sql<string | null>`office_holder_name(document_recipient.received_by)`.as('receivedBy'),
    ])
    .where('document_recipient.document_id', '=', documentId)
    .orderBy('document_recipient.position')
    .orderBy('document_recipient.is_one_of_them')
    .orderBy(sql`document_recipient.name collate "vi-x-icu"`)
    .orderBy('document_recipient.id')
    .execute()
}
