import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { FilingHead } from './filing-head.server.ts'
import type { SubmittedFigure } from './filings.schema.ts'

/** What one unit gave to a sum: its accepted report's figure. */
export type Contribution = { filingId: string; unitCode: string; unitName: string; figure: SubmittedFigure }

const accepted = (roundId: string) => sql`
  select distinct on (filing.id) filing.id as "filingId", unit.code as "unitCode", unit.name as "unitName", submission.content
  from filing
  join unit on unit.id = filing.unit_id
  join submission on submission.filing_id = filing.id
  where filing.round_id = ${roundId} and not filing.is_consolidated and filing.state = 'accepted'
  order by filing.id, submission.number desc`

/** The reports that a figure of a consolidated one was summed from, the largest first. */
export async function contributionsOf(tx: Tx, roundId: string, key: string): Promise<Contribution[]> {
  const { rows } = await sql<Contribution>`
    select latest."filingId", latest."unitCode", latest."unitName", figure.value as figure
    from (${accepted(roundId)}) as latest
    cross join lateral jsonb_array_elements(latest.content -> 'figures') as figure (value)
    where figure.value ->> 'key' = ${key}
    order by (figure.value ->> 'numerator')::bigint desc, latest."unitName" collate "vi-x-icu"`.execute(tx)
  return rows
}

/** What the accepted reports of a round say in words, by the part of the form. */
export async function textsBeneath(tx: Tx, roundId: string): Promise<Map<string, { unitName: string; text: string }[]>> {
  const { rows } = await sql<{ sectionId: string; unitName: string; text: string }>`
    select written.value ->> 'sectionId' as "sectionId", latest."unitName", written.value ->> 'text' as text
    from (${accepted(roundId)}) as latest
    cross join lateral jsonb_array_elements(latest.content -> 'texts') as written (value)
    where btrim(written.value ->> 'text') <> ''
    order by latest."unitName" collate "vi-x-icu"`.execute(tx)
  return Map.groupBy(rows, (row) => row.sectionId)
}

/** The report of the same round that has waited longest to be read; null when none does. */
export async function nextWaiting(tx: Tx, head: FilingHead): Promise<{ id: string; unitName: string } | null> {
  const { rows } = await sql<{ id: string; unitName: string }>`
    select filing.id, unit.name as "unitName"
    from filing
    join unit on unit.id = filing.unit_id
    where filing.round_id = ${head.roundId} and filing.state = 'submitted' and not filing.is_consolidated and filing.id <> ${head.id}
    order by filing.submitted_at, filing.id
    limit 1`.execute(tx)
  return rows[0] ?? null
}

/** The code of the seal on a consolidated report; null while it is not sealed. */
export async function sealCode(tx: Tx, filingId: string): Promise<string | null> {
  const seal = await tx.selectFrom('report_seal').select('code').where('filing_id', '=', filingId).executeTakeFirst()
  return seal?.code ?? null
}
