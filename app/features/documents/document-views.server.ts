import { sql } from 'kysely'
import { chainOf, reasonAgainst, type Ctx } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import type { Language } from '../../platform/i18n.ts'
import { documentById, type DocumentHead } from './document-rows.server.ts'
import { filesOf, type DocumentFile } from './files.server.ts'
import { nextNumber, type SeriesState } from './numbers/series.server.ts'
import { recipientsOf, type Recipient } from './recipients.server.ts'
import { relationsOf, type Related } from './relations.server.ts'

/** A document with all that its page shows. */
export type DocumentWhole = DocumentHead & {
  text: string | null
  relations: { to: Related[]; from: Related[] }
  recipients: Recipient[]
  files: DocumentFile[]
  /** The one that replaces it, when the viewer sees it. */
  replacedBy: DocumentHead | null
}

export async function documentWhole({ tx }: Pick<Ctx, 'tx'>, id: string): Promise<DocumentWhole> {
  const head = await documentById(tx, id)
  const { text } = await tx.selectFrom('document').select('text').where('id', '=', id).executeTakeFirstOrThrow()
  const relations = await relationsOf(tx, id)
  const replacedBy = relations.from.find(({ kind, document }) => kind === 'replaces' && document.state === 'issued')?.document ?? null
  return { ...head, text, relations, recipients: await recipientsOf(tx, id), files: await filesOf(tx, id), replacedBy }
}

/** What the viewer may do to it, or why not; null reasons mean yes. `addressed`: own units among the recipients, with whether they said so. */
export async function mayDo(ctx: Ctx, document: DocumentWhole, language: Language): Promise<{ keep: string | null; withdraw: string | null; addressed: { code: string; name: string; isReceived: boolean }[] }> {
  const { tx, viewer } = ctx
  const chain = await chainOf(tx, document.unitId, viewer.today)
  const { rows: own } = await sql<{ unit_id: string }>`select unit_id from viewer_office_units() as own (unit_id)`.execute(tx)
  const mine = new Set(own.map((row) => row.unit_id))
  return {
    keep: await whyNot(tx, reasonAgainst(viewer, 'keep documents', chain), language),
    withdraw: await whyNot(tx, reasonAgainst(viewer, 'withdraw documents', chain), language),
    addressed: document.state === 'draft' ? [] : document.recipients.flatMap((one) => (one.unitId && mine.has(one.unitId) && one.unitCode ? [{ code: one.unitCode, name: one.name, isReceived: one.receivedAt !== null }] : [])),
  }
}

/** The number a draft would get today; null without a symbol and for a personal plan, which has none. */
export async function proposedNumber(ctx: Ctx, draft: DocumentHead): Promise<SeriesState | null> {
  if (draft.state !== 'draft' || !draft.symbol || draft.authorId) return null
  return nextNumber(ctx, { unitId: draft.unitId, grammar: draft.grammar, type: draft.type, symbol: draft.symbol, issuedOn: ctx.viewer.today })
}
