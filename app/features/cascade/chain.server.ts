import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Day } from '../../platform/clock.ts'
import { documentRows, headOf, type DocumentHead } from '../documents/document-rows.server.ts'
import { chainOf, type ChainNode, type Relation } from './chain.ts'
import { daysBetween } from './matrix.ts'

export type ChainDocument = DocumentHead & { day: Day | null }
export type Chain = { documents: ChainDocument[]; tree: ChainNode<ChainDocument>[]; timeline: TimelineRow[]; isCut: boolean }
/** A document in the order of days; `after` is the one it follows most closely, `days` how long after it. */
export type TimelineRow = { document: ChainDocument; after: ChainDocument | null; days: number | null }

const mostDocuments = 1500

/**
 * The issued documents of a campaign around a unit, as of a day: its own, those above it and those of the units directly beneath. Personal
 * plans stay out; drafts too, also one's own.
 */
export async function chainOfCampaign(tx: Tx, { campaignId, unitId, asOf }: { campaignId: string; unitId: string; asOf: Day }): Promise<Chain> {
  const near = sql`
    select unit_ancestor.ancestor_id from unit_ancestor where unit_ancestor.unit_id = ${unitId} and unit_ancestor.standing @> ${asOf}::date
    union
    select unit_ancestor.unit_id from unit_ancestor where unit_ancestor.ancestor_id = ${unitId} and unit_ancestor.depth = 1 and unit_ancestor.standing @> ${asOf}::date`
  const rows = await documentRows(tx)
    .where('document.campaign_id', '=', campaignId)
    .where('document.state', '=', 'issued')
    .where('document.issued_on', '<=', asOf)
    .where('document.author_id', 'is', null)
    .where(sql<boolean>`document.unit_id in (${near})`)
    .orderBy('document.issued_on')
    .orderBy('document.id')
    .limit(mostDocuments + 1)
    .execute()
  const documents = rows.slice(0, mostDocuments).map((row) => ({ ...headOf(row), day: row.issuedOn }))
  const ids = documents.map(({ id }) => id)
  const { rows: relations } = await sql<Relation>`
    select document_relation.from_id as "from", document_relation.kind, document_relation.to_id as "to"
    from document_relation
    where document_relation.from_id = any (${ids}::uuid[]) and document_relation.to_id = any (${ids}::uuid[])`.execute(tx)
  const tree = chainOf(documents, relations)
  return { documents, tree, timeline: timelineOf(tree), isCut: rows.length > mostDocuments }
}

function timelineOf(tree: ChainNode<ChainDocument>[]): TimelineRow[] {
  const rows: TimelineRow[] = []
  const walk = ({ document, beneath }: ChainNode<ChainDocument>, parent: ChainDocument | null): void => {
    rows.push({ document, after: parent, days: parent?.day && document.day ? daysBetween(parent.day, document.day) : null })
    for (const node of beneath) walk(node, document)
  }
  for (const root of tree) walk(root, null)
  return rows.toSorted((a, b) => (a.document.day ?? '').localeCompare(b.document.day ?? '') || (a.document.written ?? '').localeCompare(b.document.written ?? '', 'vi', { numeric: true }))
}

/** How many clauses these documents name; those without any are left out. */
export async function clauseCounts(tx: Tx, documents: { id: string }[]): Promise<Map<string, number>> {
  if (documents.length === 0) return new Map()
  const rows = await tx.selectFrom('document_clause').select(['document_id as documentId', sql<number>`count(*)::int`.as('clauses')]).where('document_id', 'in', documents.map(({ id }) => id)).groupBy('document_id').execute()
  return new Map(rows.map((row) => [row.documentId, row.clauses]))
}
