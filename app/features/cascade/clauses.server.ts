import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { Tx } from '../../db/open.ts'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { documentById, writtenNumber, type DocumentHead } from '../documents/document-rows.server.ts'
import { cascadeWords } from './cascade.messages.ts'
import type { AnswerKeeping, ClauseNaming } from './cascade.schema.ts'
import { depthOf } from './clause-key.schema.ts'

export type Clause = { id: string; key: string; text: string; depth: number }

/** The clauses of a document in its order. */
export function clausesOf(tx: Tx, documentId: string): Promise<Clause[]> {
  return tx.selectFrom('document_clause').select(['id', 'key', 'text', 'depth']).where('document_id', '=', documentId).orderBy('position').execute()
}

/**
 * Names the clauses of a document. A key that was there stays the same clause, with what answers it; one that is left out must not be
 * answered by another unit's document. Throws NotFound, Forbidden, Refused('clauses').
 */
export async function nameClauses(ctx: Ctx, { documentId, clauses }: ClauseNaming): Promise<Receipt> {
  const { tx, viewer } = ctx
  const document = await documentById(tx, documentId)
  demand(viewer, 'name clauses', await chainOf(tx, document.unitId, viewer.today))
  await tx.selectFrom('document').select('id').where('id', '=', documentId).forUpdate().execute()
  const before = await clausesOf(tx, documentId)
  const gone = before.filter((one) => !clauses.some((other) => other.key === one.key))
  const answered = gone.length === 0 ? [] : await answersTo(tx, gone.map((one) => one.id))
  if (answered.length > 0) throw new Refused('clauses', cascadeWords.say('clauseAnswered', { key: answered[0]!.key, unit: answered[0]!.unitName }))
  await layClauses(ctx, document, clauses.map((clause) => ({ ...clause, depth: depthOf(clause.place) })))
  return note(ctx, { action: 'clauses.named', unitId: document.unitId, subjectType: 'document', subjectId: documentId, detail: { clauses: clauses.length } })
}

/** Makes these, in this order, the clauses of the document; whoever calls has asked for the right. Gives back their ids by key. */
export async function layClauses({ tx, viewer, source }: Ctx, document: Pick<DocumentHead, 'id' | 'unitId'>, clauses: { key: string; text: string; depth: number }[]): Promise<Map<string, string>> {
  const keys = clauses.map(({ key }) => key)
  await sql`delete from document_clause where document_id = ${document.id} and key <> all (${keys}::text[])`.execute(tx)
  if (clauses.length === 0) return new Map()
  const { rows } = await sql<{ id: string; key: string }>`
    insert into document_clause (id, document_id, unit_id, key, text, position, depth, recorded_by, source)
    select laid.id, ${document.id}, ${document.unitId}, laid.key, laid.text, laid.position, laid.depth, ${viewer.personId}, ${source}
    from jsonb_to_recordset(${JSON.stringify(clauses.map(({ key, text, depth }, position) => ({ id: v7(), key, text, depth, position })))}::jsonb)
      as laid (id uuid, key text, text text, position integer, depth smallint)
    on conflict on constraint clause_is_named_once_a_document
    do update set text = excluded.text, position = excluded.position, depth = excluded.depth
    returning id, key`.execute(tx)
  return new Map(rows.map((row) => [row.key, row.id]))
}

/**
 * Keeps what one's own document answers in another: each of the other's clauses by some of one's own, or by the whole document.
 * Throws NotFound, Forbidden, Refused('answers').
 */
export async function keepAnswers(ctx: Ctx, { documentId, toDocumentId, answers }: AnswerKeeping): Promise<Receipt> {
  const { tx, viewer } = ctx
  const document = await documentById(tx, documentId)
  demand(viewer, 'answer clauses', await chainOf(tx, document.unitId, viewer.today))
  const asked = new Set((await clausesOf(tx, (await documentById(tx, toDocumentId)).id)).map((one) => one.id))
  const own = new Set((await clausesOf(tx, documentId)).map((one) => one.id))
  const given = answers.flatMap(({ clauseId, by }) => (by ? [{ clauseId, byClauseId: by === 'document' ? null : by }] : []))
  if (documentId === toDocumentId || given.some(({ clauseId, byClauseId }) => !asked.has(clauseId) || (byClauseId !== null && !own.has(byClauseId)))) throw new Refused('answers', cascadeWords.say('answerElsewhere'))
  await sql`delete from clause_answer using document_clause where document_clause.id = clause_answer.clause_id and document_clause.document_id = ${toDocumentId} and clause_answer.by_document_id = ${documentId}`.execute(tx)
  await addAnswers(ctx, document, given)
  return note(ctx, { action: 'clauses.answered', unitId: document.unitId, subjectType: 'document', subjectId: documentId, detail: { to: toDocumentId, answers: given.length } })
}

/** Adds answers of one's own document; those that are there, and those to clauses that are no more, are passed over. */
export async function addAnswers({ tx, viewer, source }: Ctx, document: Pick<DocumentHead, 'id' | 'unitId'>, answers: { clauseId: string; byClauseId: string | null }[]): Promise<void> {
  if (answers.length === 0) return
  await sql`
    insert into clause_answer (id, clause_id, by_document_id, by_clause_id, unit_id, recorded_by, source)
    select given.id, document_clause.id, ${document.id}, given.by_clause_id, ${document.unitId}, ${viewer.personId}, ${source}
    from jsonb_to_recordset(${JSON.stringify(answers.map(({ clauseId, byClauseId }) => ({ id: v7(), clause_id: clauseId, by_clause_id: byClauseId })))}::jsonb)
      as given (id uuid, clause_id uuid, by_clause_id uuid)
    join document_clause on document_clause.id = given.clause_id
    on conflict on constraint clause_is_answered_once_by_each do nothing`.execute(tx)
}

export type ClauseAnswer = { clauseId: string; key: string; unitId: string; unitName: string; unitCode: string; documentId: string; written: string | null; issuedOn: Day | null; byKey: string | null; state: string }

/** What answers these clauses, as far as the viewer sees the documents that do. */
async function answersTo(tx: Tx, clauseIds: string[]): Promise<ClauseAnswer[]> {
  if (clauseIds.length === 0) return []
  const { rows } = await sql<Omit<ClauseAnswer, 'written'> & Pick<DocumentHead, 'type' | 'grammar' | 'number' | 'symbol'>>`
    select clause_answer.clause_id as "clauseId", asked.key, unit.id as "unitId", unit.name as "unitName", unit.code as "unitCode",
           document.id as "documentId", document.type, document.grammar, document.number, document.symbol, document.issued_on as "issuedOn",
           document.state, answering.key as "byKey"
    from clause_answer
    join document_clause as asked on asked.id = clause_answer.clause_id
    join document on document.id = clause_answer.by_document_id and document.state <> 'withdrawn'
    join unit on unit.id = clause_answer.unit_id
    left join document_clause as answering on answering.id = clause_answer.by_clause_id
    where clause_answer.clause_id = any (${clauseIds}::uuid[])
    order by document.issued_on, unit.name collate "vi-x-icu", answering.position`.execute(tx)
  return rows.map(({ type, grammar, number, symbol, ...row }) => ({ ...row, written: writtenNumber({ type, grammar, number, symbol }) }))
}

export type AnsweredClause = Clause & { answers: ClauseAnswer[]; without: { code: string; name: string }[] }

/**
 * Each clause of a document with what answers it, and which of the units directly beneath its unit that have members do not yet. Drafts
 * count for nobody but their unit. Throws NotFound.
 */
export async function answeredClauses({ tx, viewer }: Ctx, documentId: string): Promise<{ document: DocumentHead; units: number; clauses: AnsweredClause[] }> {
  const document = await documentById(tx, documentId)
  const clauses = await clausesOf(tx, documentId)
  const answers = Map.groupBy(await answersTo(tx, clauses.map((one) => one.id)), (one) => one.clauseId)
  const { rows: units } = await sql<{ id: string; code: string; name: string }>`
    select unit.id, unit.code, unit.name
    from unit_ancestor
    join unit on unit.id = unit_ancestor.unit_id
    join unit_kind on unit_kind.key = unit.kind and unit_kind.has_members
    where unit_ancestor.ancestor_id = ${document.unitId} and unit_ancestor.depth = 1 and unit_ancestor.during @> ${viewer.today}::date
    order by unit.name collate "vi-x-icu", unit.code`.execute(tx)
  return {
    document,
    units: units.length,
    clauses: clauses.map((clause) => {
      const given = answers.get(clause.id) ?? []
      const done = new Set(given.filter((one) => one.state === 'issued').map((one) => one.unitId))
      return { ...clause, answers: given, without: units.filter((unit) => !done.has(unit.id)).map(({ code, name }) => ({ code, name })) }
    }),
  }
}

export type Answerable = { document: DocumentHead; clauses: (Clause & { by: string[] })[] }

/** Documents that this one answers, carries out or rests on, each with its clauses and what of this one answers them. */
export async function answerableBy(tx: Tx, documentId: string): Promise<Answerable[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct document_relation.to_id as id
    from document_relation
    where document_relation.from_id = ${documentId} and document_relation.kind in ('answers', 'carries_out', 'based_on')`.execute(tx)
  const whole = await Promise.all(rows.map(async ({ id }): Promise<Answerable | null> => {
    const clauses = await clausesOf(tx, id)
    if (clauses.length === 0) return null
    const given = await tx.selectFrom('clause_answer').select(['clause_id', 'by_clause_id']).where('by_document_id', '=', documentId).where('clause_id', 'in', clauses.map((one) => one.id)).execute()
    const by = Map.groupBy(given, (one) => one.clause_id)
    return { document: await documentById(tx, id), clauses: clauses.map((clause) => ({ ...clause, by: (by.get(clause.id) ?? []).map((one) => one.by_clause_id ?? 'document') })) }
  }))
  return whole.filter((one) => one !== null).toSorted((a, b) => (b.document.issuedOn ?? '').localeCompare(a.document.issuedOn ?? ''))
}

/** The text of a document to read clauses from. Throws NotFound. */
export async function textOf(tx: Tx, documentId: string): Promise<string> {
  const row = await tx.selectFrom('document').select('text').where('id', '=', documentId).executeTakeFirst()
  if (!row) throw new NotFound()
  return row.text ?? ''
}
