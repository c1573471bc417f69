import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Day } from '../../platform/clock.ts'

const kinds = ['difficulties', 'lessons', 'proposals'] as const
type Kind = (typeof kinds)[number]

/** What accepted reports say in words, by kind; `unitName` null where it is the unit's own report. */
export type Said = Record<Kind, { unitName: string | null; text: string }[]>

export const nothingSaid: Said = { difficulties: [], lessons: [], proposals: [] }

type Asked = { campaignId: string; unitId: string; asOf: Day }

/**
 * The words of the unit's own latest report by that day; where it has none of a kind, those of the reports it accepted in its
 * latest round.
 */
export async function saidInFilings(tx: Tx, asked: Asked): Promise<Said> {
  const { rows } = await sql<{ kind: Kind; unitName: string; isOwn: boolean; text: string }>`
    with latest as (
      select distinct on (filing.id) filing.id, filing.round_id, filing.unit_id, filing.unit_id = ${asked.unitId} as is_own, report_round.as_of, submission.submitted_at, submission.content
      from filing
      join report_round on report_round.id = filing.round_id and report_round.campaign_id = ${asked.campaignId} and report_round.as_of <= ${asked.asOf}::date
      join submission on submission.filing_id = filing.id
      where (filing.unit_id = ${asked.unitId} and (filing.is_consolidated or filing.state = 'accepted'))
         or (report_round.unit_id = ${asked.unitId} and not filing.is_consolidated and filing.state = 'accepted')
      order by filing.id, submission.number desc
    ), said as (
      select written.value ->> 'kind' as kind, latest.is_own, latest.unit_id, latest.round_id, latest.as_of, latest.submitted_at, btrim(written.value ->> 'text') as text
      from latest
      cross join lateral jsonb_array_elements(latest.content -> 'texts') as written (value)
      where written.value ->> 'kind' = any (${[...kinds]}) and btrim(written.value ->> 'text') <> ''
    ), chosen as (
      select said.*, first_value(said.round_id) over (partition by said.kind order by said.is_own desc, said.as_of desc, said.submitted_at desc) as last_round,
             bool_or(said.is_own) over (partition by said.kind) as has_own
      from said
    )
    select chosen.kind, unit.name as "unitName", chosen.is_own as "isOwn", chosen.text
    from chosen
    join unit on unit.id = chosen.unit_id
    where chosen.round_id = chosen.last_round and chosen.is_own = chosen.has_own
    order by unit.name collate "vi-x-icu", unit.id`.execute(tx)
  // units that say the same are named together
  const of = (kind: Kind) =>
    [...Map.groupBy(rows.filter((row) => row.kind === kind), (row) => row.text)].map(([text, alike]) => ({ unitName: alike[0]!.isOwn ? null : alike.map((row) => row.unitName).join('; '), text }))
  return { difficulties: of('difficulties'), lessons: of('lessons'), proposals: of('proposals') }
}
