import { sql } from 'kysely'
import type { Tx } from '../../../db/open.ts'
import type { Day } from '../../../platform/clock.ts'
import type { DocumentType, IssuedBy } from '../typesetting/official-document.ts'

/** One series of a unit's own numbers. `gaps` are the first hundred numbers between the first and the last that no document bears: what came before the first was numbered on paper. */
export type SeriesLine = { series: string; grammar: IssuedBy; type: DocumentType; symbol: string | null; termName: string | null; year: number | null; documents: number; last: number; gaps: number[]; lastOn: Day }

/** Every series in which the unit numbered, those numbered last first. */
export async function seriesOfUnit(tx: Tx, unitId: string): Promise<SeriesLine[]> {
  const { rows } = await sql<SeriesLine>`
    select own.series, own.grammar, own.type, own.symbol, committee_term.name as "termName", own.series_year as year, own.documents, own.last, own."lastOn",
           array(
             select missing from generate_series(own.first, own.last) as missing
             where missing <> all (own.numbers)
             order by missing limit 100) as gaps
    from (
      select document.series, document.term_id, document.series_year, min(document.grammar) as grammar, min(document.type) as type, min(document.symbol) as symbol,
             count(*) as documents, min(document.number) as first, max(document.number) as last, max(document.issued_on) as "lastOn", array_agg(document.number) as numbers
      from document
      where document.unit_id = ${unitId} and document.issuer_id = document.unit_id and document.state <> 'draft' and document.number is not null
      group by document.series, document.term_id, document.series_year
    ) as own
    left join committee_term on committee_term.id = own.term_id
    order by own."lastOn" desc, own.series`.execute(tx)
  return rows
}

/** Documents that bear one number of one issuer within a year, in whichever registers the viewer sees: one of them is wrong. */
export type UsedTwice = { issuer: string; series: string; number: number; ids: string[]; days: Day[] }

/** Numbers used twice as the unit's register and those that the viewer sees tell them. */
export async function numbersUsedTwice(tx: Tx, unitId: string): Promise<UsedTwice[]> {
  const { rows } = await sql<UsedTwice>`
    select min(coalesce(document.issuer_name, unit.name)) as issuer, document.series, document.number,
           array_agg(document.id order by document.issued_on, document.id) as ids, array_agg(document.issued_on::text order by document.issued_on, document.id) as days
    from document
    left join unit on unit.id = document.issuer_id
    where document.state = 'issued' and document.number is not null and (document.unit_id = ${unitId} or document.issuer_id = ${unitId})
    group by coalesce(document.issuer_id::text, fold(document.issuer_name)), document.series, document.number, coalesce(document.term_id::text, extract(year from document.issued_on)::text)
    having count(distinct (document.type, document.issued_on)) > 1
    order by max(document.issued_on) desc
    limit 100`.execute(tx)
  return rows
}
