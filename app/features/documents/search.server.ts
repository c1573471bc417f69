import { sql, type RawBuilder } from 'kysely'
import type { Ctx } from '../../permissions/permissions.ts'
import { unitByCode } from '../units/units.server.ts'
import { documentRows, headOf, type DocumentHead } from './document-rows.server.ts'
import type { DocumentSearch } from './documents.schema.ts'
import { plainOf } from './numbers/plain-text.server.ts'
import { daysNamed } from './numbers/read-day.server.ts'
import { readDocumentNumber } from './numbers/read-number.server.ts'

export const documentsOnAPage = 50

/** A row of the list; `received` of `recipients` units of the tree have said that they received it. */
export type DocumentLine = DocumentHead & { recipients: number; received: number; files: number }

/**
 * What the viewer may see of the register, the latest first and drafts before it; Marks do not matter;
 * what reads as a number finds that number and shows it first, and a day or month finds what was issued in it.
 */
export async function searchDocuments(ctx: Ctx, asked: Partial<DocumentSearch>): Promise<{ total: number; documents: DocumentLine[] }> {
  const { tx } = ctx
  let query = documentRows(tx)
  if (asked.unit) {
    const unit = await unitByCode(tx, asked.unit)
    const units = sql`select unit_ancestor.unit_id from unit_ancestor where unit_ancestor.ancestor_id = ${unit.id} and unit_ancestor.standing @> ${ctx.viewer.today}::date`
    query = asked.beneath ? query.where(sql<boolean>`document.unit_id in (${units})`) : query.where(sql<boolean>`(document.unit_id = ${unit.id} or document.issuer_id = ${unit.id})`)
  }
  if (asked.type) query = query.where('document.type', '=', asked.type)
  if (asked.state) query = query.where('document.state', '=', asked.state)
  if (asked.from) query = query.where('document.issued_on', '>=', asked.from)
  if (asked.until) query = query.where('document.issued_on', '<=', asked.until)
  if (asked.campaign) query = query.where('campaign.code', '=', asked.campaign)
  if (asked.whose === 'issued') query = query.where(sql<boolean>`document.unit_id in (select viewer_office_units()) and document.issuer_id = document.unit_id`)
  if (asked.whose === 'incoming') query = query.where(sql<boolean>`document.unit_id in (select viewer_office_units()) and document.issuer_id is distinct from document.unit_id`)
  if (asked.whose === 'received') query = query.where(sql<boolean>`document.state <> 'draft' and document.id in (select viewer_received_documents())`)
  if (asked.words) query = query.where(matching(asked.words))
  const { total } = await query.clearSelect().select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await query
    .$if(!!asked.words, (found) => found.orderBy(isNamed(asked.words!), 'desc'))
    .orderBy(sql`document.state = 'draft'`, 'desc')
    .orderBy(sql`document.issued_on`, (order) => order.desc().nullsFirst())
    .orderBy('document.id', 'desc')
    .limit(documentsOnAPage)
    .offset(((asked.page ?? 1) - 1) * documentsOnAPage)
    .execute()
  return { total, documents: await withCounts(ctx, rows.map(headOf)) }
}

/** Words anywhere, or the number that they read as, or the days that they name with the words beside; the issuer's own name too, which may have changed since. */
function matching(words: string): RawBuilder<boolean> {
  const { number, symbol, unsure } = readDocumentNumber(words)
  const byWords = sql<boolean>`document.id in (select found.id from documents_with_words(${words}) as found)`
  const days = daysNamed(words)
  const byDays = days && sql<boolean>`(document.issued_on between ${days.from}::date and ${days.until}::date ${days.rest ? sql`and ${matching(days.rest)}` : sql``})`
  const byNumber = number !== null && !unsure.includes('number') && sql<boolean>`(document.number = ${number} and (${symbol}::text is null or fold(document.symbol) = fold(${symbol}::text)))`
  // the day of a number is its own; without one, words may stand anywhere
  if (byDays) return sql<boolean>`(${byWords} or ${byDays})`
  return byNumber ? sql<boolean>`(${byWords} or ${byNumber})` : byWords
}

/** Whether its number and symbol are among the words, in whatever order and grammar: "17 kh tu" names 17-KH/TU before what only has such words. */
function isNamed(words: string) {
  const typed = (plainOf(words).match(/\d+|[a-z]+/g) ?? []).map((word) => word.replace(/^0+(?=\d)/, ''))
  return sql<boolean>`coalesce(document.number::text = any (${typed}::text[]) and string_to_array(btrim(plain_words(document.symbol)), ' ') <@ ${typed}::text[], false)`
}

async function withCounts({ tx }: Ctx, heads: DocumentHead[]): Promise<DocumentLine[]> {
  if (heads.length === 0) return []
  const { rows } = await sql<{ id: string; recipients: number; received: number; files: number }>`
    select shown.id, sent.recipients, sent.received, (select count(*) from document_file where document_file.document_id = shown.id and document_file.superseded_at is null) as files
    from unnest(${heads.map((head) => head.id)}::uuid[]) as shown (id)
    cross join lateral (
      select count(document_recipient.unit_id) as recipients, count(document_recipient.received_at) as received
      from document_recipient where document_recipient.document_id = shown.id
    ) as sent`.execute(tx)
  const counts = new Map(rows.map(({ id, ...count }) => [id, count]))
  return heads.map((head) => ({ ...head, ...counts.get(head.id)! }))
}

/** How many documents one's own units were sent and have not said that they received. */
export async function waitingFor({ tx }: Pick<Ctx, 'tx'>): Promise<number> {
  const { waiting } = await tx
    .selectFrom('document_recipient')
    .innerJoin('document', 'document.id', 'document_recipient.document_id')
    .select(({ fn }) => fn.count<number>('document.id').distinct().as('waiting'))
    .where('document.state', '=', 'issued')
    .where('document_recipient.received_at', 'is', null)
    .where(sql<boolean>`document_recipient.unit_id in (select viewer_office_units())`)
    .executeTakeFirstOrThrow()
  return waiting
}
