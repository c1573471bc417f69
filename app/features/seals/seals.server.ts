import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { Tx } from '../../db/open.ts'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import { Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { openCampaignByCode } from '../campaigns/campaigns.server.ts'
import type { Report } from '../reports/report.ts'
import { buildReport } from '../reports/reports.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { definitionsOf } from './definitions.server.ts'
import { canonical, codeOf, sha256, type SealContent, type SealedFiling } from './seal-content.ts'
import { filingToSeal, sealedFiling, type FilingToSeal } from './sealed-filing.server.ts'
import { sealWords } from './seals.messages.ts'
import type { CampaignReportSeal, FilingSeal } from './seals.schema.ts'

export type Sealed = { code: string; receipt: Receipt }

/**
 * Seals the consolidated report of a round: freezes report, figures, texts and definitions under a hash and a code.
 * Throws NotFound, Forbidden, Refused('filingId').
 */
export async function sealReport(ctx: Ctx, { filingId }: FilingSeal): Promise<Sealed> {
  const { tx, viewer } = ctx
  const filing = await filingToSeal(tx, filingId, { isLocked: true })
  demand(viewer, 'seal the report', await chainOf(tx, filing.unitId, viewer.today))
  if (!filing.isConsolidated) throw new Refused('filingId', sealWords.say('onlyConsolidated'))
  if (filing.state === 'sealed') throw new Refused('filingId', sealWords.say('alreadySealed', { name: filing.round }))
  if (filing.asOf > viewer.today) throw new Refused('filingId', sealWords.say('dayAhead'))
  const sealed = await freeze(ctx, { ...filing, filing }, 'filingId')
  await tx
    .updateTable('filing')
    .set(({ eb }) => ({ state: 'sealed', version: eb('version', '+', 1) }))
    .where('id', '=', filingId)
    .execute()
  await tx.insertInto('filing_event').values({ filing_id: filingId, unit_id: filing.unitId, kind: 'sealed', actor_id: viewer.personId }).execute()
  return sealed
}

/**
 * Seals a unit's report of a campaign as of a day, where no round was asked for. A day is sealed once.
 * Throws NotFound, Forbidden, Refused('asOf').
 */
export async function sealCampaignReport(ctx: Ctx, input: CampaignReportSeal): Promise<Sealed> {
  const { tx, viewer } = ctx
  const campaign = await openCampaignByCode(tx, input.campaignCode)
  const unit = await unitByCode(tx, input.unitCode)
  demand(viewer, 'seal the report', await chainOf(tx, unit.id, viewer.today))
  if (input.asOf > viewer.today) throw new Refused('asOf', sealWords.say('dayAhead'))
  if (input.asOf < campaign.openedOn) throw new Refused('asOf', sealWords.say('dayBeforeOpening'))
  return freeze(ctx, { campaignId: campaign.id, campaignCode: campaign.code, unitId: unit.id, unitCode: unit.code, asOf: input.asOf, filing: null }, 'asOf')
}

type ToFreeze = { campaignId: string; campaignCode: string; unitId: string; unitCode: string; asOf: Day; filing: FilingToSeal | null }

async function freeze(ctx: Ctx, what: ToFreeze, field: string): Promise<Sealed> {
  const { tx, viewer } = ctx
  const { report, filing } = await settled(field, async () => ({
    report: await buildReport(tx, what),
    filing: what.filing && (await sealedFiling(tx, what.filing)),
  }))
  demandAgreement(report, filing)
  const definitions = await definitionsOf(tx, report, filing)
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const sealedAt = await instantOf(tx)
    const content: SealContent = { version: 1, report, filing, definitions, sealedAt: sealedAt.toISOString() }
    const text = canonical(content)
    const hash = sha256(text)
    const id = v7()
    const inserted = await tx
      .insertInto('report_seal')
      .values({
        id,
        code: codeOf(hash),
        filing_id: what.filing?.id ?? null,
        unit_id: what.unitId,
        campaign_id: what.campaignId,
        as_of: what.asOf,
        content: text,
        hash: Buffer.from(hash, 'hex'),
        sealed_at: sealedAt,
        sealed_by: viewer.personId,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('code')
      .executeTakeFirst()
    if (inserted) {
      const receipt = await note(ctx, { action: 'seal.made', unitId: what.unitId, subjectType: 'seal', subjectId: id, detail: { code: inserted.code, asOf: what.asOf, campaign: what.campaignCode } })
      return { code: inserted.code, receipt }
    }
    if (await isSealed(tx, what)) throw new Refused(field, sealWords.say('alreadySealedDay'))
  }
  throw new Error(`No free code was found in ${mostAttempts} attempts`)
}

const mostAttempts = 5 // another instant makes another hash, and so another code

/** Reads until two readings are alike, so that nothing that is being recorded stands in one part of the content and not in another. */
async function settled<Result>(field: string, build: () => Promise<Result>): Promise<Result> {
  let last = await build()
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const again = await build()
    if (canonical(again) === canonical(last)) return again
    last = again
  }
  throw new Refused(field, sealWords.say('stillChanging'))
}

// A sealed report tells every figure once: what is counted anew must be what was consolidated.
function demandAgreement(report: Report, filing: SealedFiling | null): void {
  for (const figure of filing?.figures ?? []) {
    const counted = figure.origin === 'counted' && report.figures.find((one) => one.key === figure.key)
    if (!counted || (counted.numerator === figure.numerator && counted.denominator === figure.denominator)) continue
    throw new Refused('filingId', sealWords.say('countedSince'))
  }
}

async function instantOf(tx: Tx): Promise<Date> {
  const { rows } = await sql<{ at: Date }>`select clock_timestamp() as at`.execute(tx)
  return rows[0]!.at
}

async function isSealed(tx: Tx, { filing, unitId, campaignId, asOf }: ToFreeze): Promise<boolean> {
  const seals = tx.selectFrom('report_seal').select('id')
  const found = filing
    ? seals.where('filing_id', '=', filing.id)
    : seals.where('filing_id', 'is', null).where('unit_id', '=', unitId).where('campaign_id', '=', campaignId).where('as_of', '=', asOf)
  return (await found.executeTakeFirst()) !== undefined
}

/** The code of the seal of a filing, or of a unit's day; null while it is not sealed. */
export async function sealCodeOf(tx: Tx, what: { filingId: string } | { campaignId: string; unitId: string; asOf: Day }): Promise<string | null> {
  const seals = tx.selectFrom('report_seal').select('code')
  const found =
    'filingId' in what
      ? seals.where('filing_id', '=', what.filingId)
      : seals.where('filing_id', 'is', null).where('unit_id', '=', what.unitId).where('campaign_id', '=', what.campaignId).where('as_of', '=', what.asOf)
  return (await found.executeTakeFirst())?.code ?? null
}
