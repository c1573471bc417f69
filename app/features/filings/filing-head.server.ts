import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Day } from '../../platform/clock.ts'
import { NotFound } from '../../platform/errors.ts'
import type { FormKind } from './filings.schema.ts'

export type FilingState = 'draft' | 'submitted' | 'returned' | 'accepted' | 'sealed'

/** A filing with the round it answers. `isOwn`: the viewer is an officer of the unit, and so sees its draft. */
export type FilingHead = {
  id: string
  version: number
  state: FilingState
  isConsolidated: boolean
  dueAt: Date
  submittedAt: Date | null
  unitId: string
  unitCode: string
  unitName: string
  unitKind: string
  roundId: string
  roundName: string
  asOf: Day
  formId: string
  formName: string
  formKind: FormKind
  campaignId: string
  campaignCode: string
  campaignName: string
  askerId: string
  askerCode: string
  askerName: string
  isOwn: boolean
}

/** The filing; NotFound when there is none or the viewer does not see it. */
export async function filingHead(tx: Tx, id: string): Promise<FilingHead> {
  const { rows } = await sql<FilingHead>`
    select filing.id, filing.version, filing.state, filing.is_consolidated as "isConsolidated", filing.due_at as "dueAt", filing.submitted_at as "submittedAt",
           unit.id as "unitId", unit.code as "unitCode", unit.name as "unitName", unit.kind as "unitKind",
           report_round.id as "roundId", report_round.name as "roundName", report_round.as_of as "asOf",
           report_form.id as "formId", report_form.name as "formName", report_form.kind as "formKind",
           campaign.id as "campaignId", campaign.code as "campaignCode", campaign.name as "campaignName",
           asker.id as "askerId", asker.code as "askerCode", asker.name as "askerName",
           filing.id in (select viewer_draft_filings()) as "isOwn"
    from filing
    join unit on unit.id = filing.unit_id
    join report_round on report_round.id = filing.round_id
    join report_form on report_form.id = report_round.form_id
    join campaign on campaign.id = report_round.campaign_id
    join unit as asker on asker.id = report_round.unit_id
    where filing.id = ${id}`.execute(tx)
  if (!rows[0]) throw new NotFound()
  return rows[0]
}

/** The same, and until the transaction ends nobody else changes it. */
export async function lockFiling(tx: Tx, id: string): Promise<FilingHead> {
  await tx.selectFrom('filing').select('id').where('id', '=', id).forUpdate().execute()
  return filingHead(tx, id)
}

/** Marks the filing changed, so that whoever looked before is told. */
export async function touchFiling(tx: Tx, id: string): Promise<void> {
  await tx.updateTable('filing').set({ version: sql`version + 1` }).where('id', '=', id).execute()
}
