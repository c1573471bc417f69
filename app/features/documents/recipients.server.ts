import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
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

/** Puts these in the place of a draft's recipients: units of the tree, "the units directly beneath", and free lines. */
export async function keepRecipients({ tx }: Ctx, documentId: string, unitId: string, { recipientUnits, toAllBeneath, recipientLines }: Asked): Promise<void> {
  const units = recipientUnits.length > 0 ? await tx.selectFrom('unit').select(['id', 'code', 'name']).where('code', 'in', recipientUnits).execute() : []
  const missing = recipientUnits.find((code) => !units.some((unit) => unit.code === code))
  if (missing) throw new Refused('recipientUnits', documentsWords.say('recipientNotThere', { code: missing }))
  if (units.some((unit) => unit.id === unitId)) throw new Refused('recipientUnits', documentsWords.say('recipientItself'))
  const rows = [
    ...(toAllBeneath ? [{ unit_id: null, name: allBeneath, is_beneath: true }] : []),
    ...recipientUnits.map((code) => units.find((unit) => unit.code === code)!).map((unit) => ({ unit_id: unit.id, name: unit.name, is_beneath: false })),
    ...recipientLines.map((name) => ({ unit_id: null, name, is_beneath: false })),
  ]
  await tx.deleteFrom('document_recipient').where('document_id', '=', documentId).execute()
  if (rows.length > 0) await tx.insertInto('document_recipient').values(rows.map((row, position) => ({ ...row, document_id: documentId, position }))).execute()
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

/** Tells the offices of the units that a document goes to; a head's own plan they could not open. */
export async function tellRecipients({ tx }: Ctx, document: DocumentHead): Promise<void> {
  const unitIds = document.authorId === null ? await unitsOf(tx, document.id) : []
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
