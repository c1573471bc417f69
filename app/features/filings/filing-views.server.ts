import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { FilingHead } from './filing-head.server.ts'
import type { SubmissionContent, SubmittedFigure } from './filings.schema.ts'

/** One handing up of a report; numbered from 1. */
export type SubmissionShown = { number: number; submittedAt: Date; submittedBy: string | null }

/** How often a report was handed up, the latest first. */
export async function submissionsOf(tx: Tx, filingId: string): Promise<SubmissionShown[]> {
  const { rows } = await sql<SubmissionShown>`
    select submission.number, submission.submitted_at as "submittedAt", office_holder_name(submission.submitted_by) as "submittedBy"
    from submission
    where submission.filing_id = ${filingId}
    order by submission.number desc`.execute(tx)
  return rows
}

/** What was handed up under that number; null when there is none. */
export async function contentOfSubmission(tx: Tx, filingId: string, number: number): Promise<SubmissionContent | null> {
  const row = await tx.selectFrom('submission').select('content').where('filing_id', '=', filingId).where('number', '=', number).executeTakeFirst()
  return row ? (row.content as unknown as SubmissionContent) : null
}

export type EventKind = 'submitted' | 'returned' | 'accepted' | 'extended' | 'consolidated' | 'sealed' | 'reminded'
export type FilingEvent = { kind: EventKind; comment: string | null; at: Date; who: string | null; isOwn: boolean; hasActor: boolean }

/** What happened to a report, the latest first. */
export async function eventsOf(tx: Tx, filingId: string, viewerId: string): Promise<FilingEvent[]> {
  const { rows } = await sql<FilingEvent>`
    select filing_event.kind, filing_event.comment, filing_event.at, office_holder_name(filing_event.actor_id) as who,
           filing_event.actor_id is not distinct from ${viewerId}::uuid as "isOwn", filing_event.actor_id is not null as "hasActor"
    from filing_event
    where filing_event.filing_id = ${filingId}
    order by filing_event.at desc, filing_event.id
    limit 100`.execute(tx)
  return rows
}

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

/** Whether a report of the round was accepted after it was last consolidated, so that the sum is not the latest. */
export async function hasNewerReports(tx: Tx, head: FilingHead, since: Date): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (
      select from filing_event
      join filing on filing.id = filing_event.filing_id
      where filing.round_id = ${head.roundId} and filing_event.kind in ('accepted', 'returned') and filing_event.at > ${since}) as found`.execute(tx)
  return rows[0]!.found
}

/** The code of the seal on a consolidated report; null while it is not sealed. */
export async function sealCode(tx: Tx, filingId: string): Promise<string | null> {
  const seal = await tx.selectFrom('report_seal').select('code').where('filing_id', '=', filingId).executeTakeFirst()
  return seal?.code ?? null
}

/** Every file kept with a report that the viewer may open, the latest first. */
export async function evidenceOf(tx: Tx, filingId: string): Promise<{ id: string; name: string; contentType: string; sizeBytes: number }[]> {
  return tx
    .selectFrom('evidence')
    .select(['id', 'name', 'content_type as contentType', 'size_bytes as sizeBytes'])
    .where('filing_id', '=', filingId)
    .orderBy('recorded_at', 'desc')
    .execute()
}
