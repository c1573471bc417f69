import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Day } from '../../platform/clock.ts'
import { NotFound } from '../../platform/errors.ts'
import { numberAndSymbol } from '../documents/typesetting/document-number.server.ts'
import type { DocumentType, IssuedBy } from '../documents/typesetting/official-document.ts'

/** What the cascade says of a document: its number as written, `…-KH/QU` while it has none. */
export type DocumentHead = { id: string; unitId: string; unitCode: string | null; unitName: string; unitKind: string; issuer: string; isOutside: boolean; campaignId: string | null; type: DocumentType; number: string; abstract: string; issuedOn: Day | null; state: 'draft' | 'issued' | 'withdrawn' }

type Row = Omit<DocumentHead, 'number'> & { grammar: IssuedBy; numberAlone: number | null; symbol: string | null }

/** One document. Throws NotFound, also for one that the viewer may not see. */
export async function documentHead(tx: Tx, id: string): Promise<DocumentHead> {
  const [head] = await documentHeads(tx, sql`document.id = ${id}`)
  if (!head) throw new NotFound()
  return head
}

/** Those of the documents that the viewer sees, the earliest first. */
export async function documentHeads(tx: Tx, where: RawBuilder<unknown>, limit = 5000): Promise<DocumentHead[]> {
  const { rows } = await sql<Row>`
    select document.id, document.unit_id as "unitId", unit.code as "unitCode", coalesce(unit.name, document.symbol, '…') as "unitName",
           coalesce(unit.kind, '') as "unitKind", coalesce(document.issuer_name, issuer.name, unit.name, document.symbol, '…') as issuer,
           document.issuer_id is null as "isOutside", document.campaign_id as "campaignId", document.type, document.grammar, document.number as "numberAlone", document.symbol,
           document.abstract, document.issued_on as "issuedOn", document.state
    from document
    left join unit on unit.id = document.unit_id -- one may receive a document of a unit that one does not see
    left join unit as issuer on issuer.id = document.issuer_id
    where ${where}
    order by document.issued_on nulls last, document.id
    limit ${limit}`.execute(tx)
  return rows.map(({ grammar, numberAlone, symbol, ...row }) => ({ ...row, number: numberShown({ type: row.type, grammar, numberAlone, symbol }) }))
}

/** `17-KH/TU` as people say it, without the word before it. */
export function numberShown({ type, grammar, numberAlone, symbol }: { type: DocumentType; grammar: IssuedBy; numberAlone: number | null; symbol: string | null }): string {
  return numberAndSymbol({ issuedBy: grammar, number: numberAlone, type, issuerSymbol: symbol }).replace(/^Số:? /, '')
}
