import type { Day } from '../../platform/clock.ts'

export type RelationKind = 'answers' | 'carries_out' | 'amends' | 'replaces' | 'based_on'

/** What the chain needs to know of a document; `day` null: not dated. */
export type Linked = { id: string; day: Day | null }
export type Relation = { from: string; kind: RelationKind; to: string }

/** One document in the tree, under the one it follows most closely; `also` are the others it points to, by relation. */
export type ChainNode<Document extends Linked> = { document: Document; relation: RelationKind | null; also: { kind: RelationKind; document: Document }[]; beneath: ChainNode<Document>[] }

// What a document carries out leads to it more than what it merely rests on.
const closest: RelationKind[] = ['carries_out', 'answers', 'based_on', 'amends', 'replaces']

/**
 * The documents as a tree from the directive down. Each stands once: under the document it carries out, else answers, else rests on, the
 * latest of several; what else it points to is listed with it. One that points only to documents not among these is a root, and where
 * documents point at each other in a ring the earliest is.
 */
export function chainOf<Document extends Linked>(documents: Document[], relations: Relation[]): ChainNode<Document>[] {
  const byId = new Map(documents.map((document) => [document.id, document]))
  const known = relations.filter(({ from, to }) => from !== to && byId.has(from) && byId.has(to))
  const parents = Map.groupBy(known, ({ from }) => from)
  const parentOf = new Map<string, Relation>()
  const inOrder = documents.toSorted(byDay)
  for (const { id } of inOrder) {
    const best = (parents.get(id) ?? []).toSorted((a, b) => closest.indexOf(a.kind) - closest.indexOf(b.kind) || byDay(byId.get(b.to)!, byId.get(a.to)!))
    const one = best.find(({ to }) => !reaches(parentOf, to, id))
    if (one) parentOf.set(id, one)
  }
  const beneath = Map.groupBy(inOrder.filter(({ id }) => parentOf.has(id)), ({ id }) => parentOf.get(id)!.to)
  const nodeOf = (document: Document): ChainNode<Document> => {
    const parent = parentOf.get(document.id)
    const also = (parents.get(document.id) ?? []).filter((relation) => relation.to !== parent?.to)
    return { document, relation: parent?.kind ?? null, also: also.map(({ kind, to }) => ({ kind, document: byId.get(to)! })), beneath: (beneath.get(document.id) ?? []).map(nodeOf) }
  }
  return inOrder.filter(({ id }) => !parentOf.has(id)).map(nodeOf)
}

/** Whether going up from one document comes to the other. */
function reaches(parentOf: Map<string, Relation>, from: string, to: string): boolean {
  for (let at: string | undefined = from; at !== undefined; at = parentOf.get(at)?.to) if (at === to) return true
  return false
}

const byDay = (a: Linked, b: Linked) => (a.day ?? '9999').localeCompare(b.day ?? '9999') || a.id.localeCompare(b.id)
