import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Day } from '../../platform/clock.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import { consolidationOf } from '../filings/workflow.server.ts'
import type { SealedFiling } from './seal-content.ts'
import { sealWords } from './seals.messages.ts'

/** The report of a unit in a round, as far as sealing needs it. */
export type FilingToSeal = {
  id: string
  roundId: string
  state: string
  isConsolidated: boolean
  form: string
  round: string
  asOf: Day
  unitId: string
  unitCode: string
  unitName: string
  campaignId: string
  campaignCode: string
}

/** The filing of that id; `isLocked` holds it until the transaction ends. Throws NotFound where it is not the viewer's to lead. */
export async function filingToSeal(tx: Tx, id: string, { isLocked }: { isLocked: boolean }): Promise<FilingToSeal> {
  const { rows } = await sql<FilingToSeal>`
    select filing.id, filing.round_id as "roundId", filing.state, filing.is_consolidated as "isConsolidated", report_form.name as form,
           report_round.name as round, report_round.as_of as "asOf", filing.unit_id as "unitId", unit.code as "unitCode", unit.name as "unitName",
           report_round.campaign_id as "campaignId", campaign.code as "campaignCode"
    from filing
    join report_round on report_round.id = filing.round_id
    join report_form on report_form.id = report_round.form_id
    join campaign on campaign.id = report_round.campaign_id
    join unit on unit.id = filing.unit_id
    where filing.id = ${id}
    ${isLocked ? sql`for update of filing` : sql``}`.execute(tx)
  if (!rows[0]) throw new NotFound()
  return rows[0]
}

/**
 * What was consolidated last, as it is frozen. Throws Refused('filingId') before it was consolidated, and where a report
 * beneath was accepted or returned since, or the unit's own part changed.
 */
export async function sealedFiling(tx: Tx, filing: FilingToSeal): Promise<SealedFiling> {
  const last = await consolidationOf(tx, filing.id)
  if (!last) throw new Refused('filingId', sealWords.say('notConsolidated'))
  if (last.isStale) throw new Refused('filingId', sealWords.say('acceptedSince'))
  const { figures, texts, missing } = last.content
  return {
    form: filing.form,
    round: filing.round,
    figures: figures.map(({ key, name, unitOfCount, numerator, denominator, share, base, origin, declared, evidence }) => ({
      key,
      name,
      unitOfCount,
      numerator,
      denominator,
      share,
      base,
      origin,
      declared,
      evidence: evidence && { sha256: evidence.sha256, sizeBytes: evidence.sizeBytes }, // the name of a file may be a person's
    })),
    texts: texts.filter(({ text }) => text.trim() !== '').map(({ title, kind, text }) => ({ title, kind, text })),
    missing: missing.map(({ unitCode, unitName }) => ({ code: unitCode, name: unitName })),
  }
}
