import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Day } from '../../platform/clock.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Urgency } from './documents.schema.ts'
import { numberAndSymbol } from './typesetting/document-number.server.ts'
import type { DocumentType, IssuedBy } from './typesetting/official-document.ts'

/** One document of the register as the viewer sees it, without its text. */
export type DocumentHead = {
  id: string
  unitId: string // whose register holds it
  unitCode: string
  unitName: string
  unitKind: string
  issuerId: string | null // null: an issuer outside the tree
  issuerCode: string | null
  issuerName: string
  isIncoming: boolean
  campaignId: string | null
  campaignCode: string | null
  campaignName: string | null
  type: DocumentType
  grammar: IssuedBy
  number: number | null
  symbol: string | null
  /** "17-KH/TU"; null without a number. */
  written: string | null
  abstract: string
  urgency: Urgency
  issuedOn: Day | null
  receivedOn: Day | null
  place: string | null
  signerName: string | null
  signerPosition: string | null
  signedAs: string | null
  state: 'draft' | 'issued' | 'withdrawn'
  authorId: string | null
  version: number
  issuedAt: Date | null
  withdrawnAt: Date | null
  withdrawnReason: string | null
}

type Row = Omit<DocumentHead, 'written'>

/** Documents that the viewer sees, to be narrowed further; give what comes out to `headOf`. */
export const documentRows = (tx: Tx) =>
  tx
    .selectFrom('document')
    .leftJoin('unit as keeper', 'keeper.id', 'document.unit_id')
    .leftJoin('unit as issuer', 'issuer.id', 'document.issuer_id')
    .leftJoin('campaign', 'campaign.id', 'document.campaign_id')
    .select([
      'document.id',
      'document.unit_id as unitId',
      // a recipient in another branch of the tree need not see the unit itself: the document names it
      sql<string>`coalesce(keeper.code, '')`.as('unitCode'),
      sql<string>`coalesce(keeper.name, document_unit_name(document.id, document.unit_id), '')`.as('unitName'),
      sql<string>`coalesce(keeper.kind, '')`.as('unitKind'),
      'document.issuer_id as issuerId',
      'issuer.code as issuerCode',
      sql<string>`coalesce(document.issuer_name, issuer.name, document_unit_name(document.id, document.issuer_id), '')`.as('issuerName'),
      sql<boolean>`document.issuer_id is distinct from document.unit_id`.as('isIncoming'),
      'campaign.id as campaignId',
      'campaign.code as campaignCode',
      'campaign.name as campaignName',
      'document.type',
      'document.grammar',
      'document.number',
      'document.symbol',
      'document.abstract',
      'document.urgency',
      'document.issued_on as issuedOn',
      'document.received_on as receivedOn',
      'document.place',
      'document.signer_name as signerName',
      'document.signer_position as signerPosition',
      'document.signed_as as signedAs',
      'document.state',
      'document.author_id as authorId',
      'document.version',
      'document.issued_at as issuedAt',
      'document.withdrawn_at as withdrawnAt',
      'document.withdrawn_reason as withdrawnReason',
    ])
    .$castTo<Row>()

/** The row with its number as it is written. */
export function headOf(row: Row): DocumentHead {
  return { ...row, written: writtenNumber(row) }
}

/** "17-KH/TU", "156/QĐ-UBND"; null without a number. */
export function writtenNumber({ grammar, number, type, symbol }: Pick<Row, 'grammar' | 'number' | 'type' | 'symbol'>): string | null {
  if (number === null) return null
  if (!symbol) return String(number).padStart(2, '0')
  return numberAndSymbol({ issuedBy: grammar, number, type, issuerSymbol: symbol }).replace(/^Số:? /, '')
}

/** One document; NotFound when there is none or the viewer does not see it. */
export async function documentById(tx: Tx, id: string): Promise<DocumentHead> {
  const row = await documentRows(tx).where('document.id', '=', id).executeTakeFirst()
  if (!row) throw new NotFound()
  return headOf(row)
}
