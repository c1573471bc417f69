import { sql } from 'kysely'
import type { Tx } from '../../../db/open.ts'
import type { Ctx } from '../../../permissions/permissions.ts'
import type { Day } from '../../../platform/clock.ts'
import { NotFound } from '../../../platform/errors.ts'
import type { DocumentType, IssuedBy } from '../typesetting/official-document.ts'

/** What decides in which series a unit's own document is numbered: the term or year follows from its day. */
export type SeriesOf = { unitId: string; grammar: IssuedBy; type: DocumentType; symbol: string | null; issuedOn: Day }

/** Where a series stands. `gaps`: numbers between the first and the last that no document bears, the first hundred; `termName` null: the unit told no term for that day. */
export type SeriesState = { series: string; number: number; last: number; gaps: number[]; termId: string | null; termName: string | null; year: number | null }

type Identity = { series: string; termId: string | null; termName: string | null; year: number | null }

/** The number a document of that series would get, and which ones were left out; proposed, not taken: `issueDocument` takes it. */
export async function nextNumber({ tx }: Pick<Ctx, 'tx'>, of: SeriesOf): Promise<SeriesState> {
  const identity = await identityOf(tx, of)
  const { rows } = await sql<{ last: number; gaps: number[] }>`
    with used as (
      select document.number
      from document
      where document.unit_id = ${of.unitId} and document.issuer_id = document.unit_id and document.state <> 'draft' and document.number is not null
        and document.series = ${identity.series} and document.term_id is not distinct from ${identity.termId}::uuid
        and document.series_year is not distinct from ${identity.year}::smallint
    )
    select coalesce((select max(used.number) from used), 0) as last,
           array(
             select missing from generate_series((select min(used.number) from used), (select max(used.number) from used)) as missing
             where not exists (select from used where used.number = missing)
             order by missing limit 100) as gaps`.execute(tx)
  const { last, gaps } = rows[0]!
  return { ...identity, last, number: last + 1, gaps }
}

/** The same with the series held until the transaction ends: whoever else would number in it waits, and gets the next. */
export async function lockedNumber(ctx: Pick<Ctx, 'tx'>, of: SeriesOf): Promise<SeriesState> {
  const { series, termId, year } = await identityOf(ctx.tx, of)
  await sql`select pg_advisory_xact_lock(hashtextextended(${`document number ${of.unitId} ${series} ${termId ?? year ?? ''}`}, 0))`.execute(ctx.tx)
  return nextNumber(ctx, of)
}

async function identityOf(tx: Tx, { unitId, grammar, type, symbol, issuedOn }: SeriesOf): Promise<Identity> {
  const { rows } = await sql<Identity>`
    select document_series(${grammar}, ${type}, ${symbol}) as series,
           term.id as "termId", term.name as "termName",
           case when ${grammar} = 'state' then extract(year from ${issuedOn}::date)::int end as year
    from (select) as nothing
    left join committee_term as term on ${grammar} = 'party' and term.unit_id = ${unitId} and term.during @> ${issuedOn}::date`.execute(tx)
  if (!rows[0]) throw new NotFound()
  return rows[0]
}
