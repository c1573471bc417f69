import { sql } from 'kysely'
import { constraintOf, type Tx } from '../../db/open.ts'
import type { Ctx } from '../../permissions/permissions.ts'
import { Refused } from '../../platform/errors.ts'
import { documentRows, headOf, type DocumentHead } from './document-rows.server.ts'
import { documentsWords } from './documents.messages.ts'
import type { RelationKind } from './documents.schema.ts'

/** How a document stands to another: `to` says which one it answers, `from` which one answers it. */
export type Related = { kind: RelationKind; document: DocumentHead }

/** Puts these in the place of a document's own relations. Throws Refused('relations') for a draft, for itself, for a circle. */
export async function keepRelations({ tx }: Ctx, documentId: string, relations: { kind: RelationKind; toId: string }[]): Promise<void> {
  const told = await tx.selectFrom('document_relation').select(['kind', 'to_id']).where('from_id', '=', documentId).execute()
  const keyOf = (kind: string, toId: string) => `${kind} ${toId}`
  const wanted = new Map(relations.map(({ kind, toId }) => [keyOf(kind, toId), { kind, toId }]))
  const had = new Set(told.map((one) => keyOf(one.kind, one.to_id)))
  for (const { kind, to_id } of told) {
    if (!wanted.has(keyOf(kind, to_id))) await tx.deleteFrom('document_relation').where('from_id', '=', documentId).where('kind', '=', kind).where('to_id', '=', to_id).execute()
  }
  const added = [...wanted].filter(([key]) => !had.has(key)).map(([, relation]) => relation)
  if (added.length === 0) return
  await demandTargets(tx, documentId, added.map(({ toId }) => toId))
  for (const { kind, toId } of added) await tx.insertInto('document_relation').values({ from_id: documentId, kind, to_id: toId }).execute().catch(sayCircle)
}

async function demandTargets(tx: Tx, documentId: string, ids: string[]): Promise<void> {
  if (ids.includes(documentId)) throw new Refused('relations', documentsWords.say('relationToItself'))
  const found = await tx.selectFrom('document').select(['id', 'state']).where('id', 'in', ids).execute()
  if (found.length < new Set(ids).size) throw new Refused('relations', documentsWords.say('relationNotThere'))
  if (found.some((one) => one.state === 'draft')) throw new Refused('relations', documentsWords.say('relationToDraft'))
}

function sayCircle(error: unknown): never {
  if (constraintOf(error) === 'document_relations_have_no_circle') throw new Refused('relations', documentsWords.say('relationCircle'))
  throw error
}

/** Both ways: what the document stands on, and what stands on it, as far as the viewer sees. */
export async function relationsOf(tx: Tx, documentId: string): Promise<{ to: Related[]; from: Related[] }> {
  const order = sql`document.issued_on nulls last, document.id`
  const to = await documentRows(tx).innerJoin('document_relation', 'document_relation.to_id', 'document.id').select('document_relation.kind').where('document_relation.from_id', '=', documentId).orderBy(order).execute()
  const from = await documentRows(tx).innerJoin('document_relation', 'document_relation.from_id', 'document.id').select('document_relation.kind').where('document_relation.to_id', '=', documentId).orderBy(order).execute()
  const shown = ({ kind, ...row }: (typeof to)[number]): Related => ({ kind: kind as RelationKind, document: headOf(row) })
  return { to: to.map(shown), from: from.map(shown) }
}
