import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Day } from '../../platform/clock.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import { figureUnits } from '../indicators/figures.server.ts'
import type { Report, Tally } from '../reports/report.ts'
import { canonical, readCode, sha256, type SealContent } from './seal-content.ts'
import { sealWords } from './seals.messages.ts'

/** A sealed report as this viewer may see it. */
export type Seal = {
  id: string
  code: string
  hash: string
  unit: { id: string; code: string; name: string }
  campaign: { id: string; code: string; name: string }
  filingId: string | null
  asOf: Day
  sealedAt: Date
  sealedBy: string | null // null: a name this viewer does not see
  content: SealContent
  /** False where units are folded into "other units" and texts left out, since they are not this viewer's to see. */
  isWhole: boolean
  corrections: Correction[] // the earliest first
}

export type Correction = { indicator: string; numerator: number; denominator: number | null; reason: string; recordedAt: Date; recordedBy: string | null }

/**
 * The sealed report of a code. Throws NotFound for a code that is not there or not the viewer's, and Refused('code') where
 * the content kept is no longer the one that was sealed.
 */
export async function sealByCode(tx: Tx, typed: string): Promise<Seal> {
  const code = readCode(typed)
  const row = code && (await seals(tx).select('report_seal.content').where('report_seal.code', '=', code).executeTakeFirst())
  if (!row) throw new NotFound()
  const content = row.content as unknown as SealContent
  const hash = row.hash.toString('hex')
  if (sha256(canonical(content)) !== hash) throw new Refused('code', sealWords.say('contentChanged', { code }))
  const isWhole = await leads(tx, row.unitId)
  return {
    id: row.id,
    code,
    hash,
    unit: { id: row.unitId, code: row.unitCode, name: row.unitName },
    campaign: { id: row.campaignId, code: row.campaignCode, name: row.campaignName },
    filingId: row.filingId,
    asOf: row.asOf,
    sealedAt: row.sealedAt,
    sealedBy: row.sealedBy,
    content: isWhole ? content : await narrowed(tx, content),
    isWhole,
    corrections: (await correctionsOf(tx, [row.id])).map(({ sealId: _, ...correction }) => correction),
  }
}

/** The code as it is written, where it is that of a sealed report the viewer may see; null otherwise. */
export async function findSeal(tx: Tx, typed: string): Promise<string | null> {
  const code = readCode(typed)
  const found = code && (await tx.selectFrom('report_seal').select('code').where('code', '=', code).executeTakeFirst())
  return found ? found.code : null
}

/** One line of a list of sealed reports: its answer, what that was last corrected to, and how many corrections there are in all. */
export type SealLine = { code: string; campaignName: string; round: string | null; asOf: Day; sealedAt: Date; sealedBy: string | null; studied: number; expected: number; corrections: number; corrected: { numerator: number; denominator: number } | null }

/** The sealed reports of a unit, the latest day first. */
export async function sealsOf(tx: Tx, unitId: string): Promise<SealLine[]> {
  const rows = await seals(tx)
    .select([
      sql<string | null>`report_seal.content #>> '{filing,round}'`.as('round'),
      sql<number>`(report_seal.content #>> '{report,total,studied}')::bigint`.as('studied'),
      sql<number>`(report_seal.content #>> '{report,total,expected}')::bigint`.as('expected'),
      ({ selectFrom }) =>
        selectFrom('seal_correction')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .whereRef('seal_correction.seal_id', '=', 'report_seal.id')
          .as('corrections'),
      sql<SealLine['corrected']>`(
        select jsonb_build_object('numerator', last.numerator, 'denominator', last.denominator)
        from seal_correction as last
        where last.seal_id = report_seal.id and last.indicator = 'studied'
        order by last.recorded_at desc, last.id desc
        limit 1)`.as('corrected'),
    ])
    .where('report_seal.unit_id', '=', unitId)
    .orderBy('report_seal.as_of', 'desc')
    .orderBy('report_seal.sealed_at', 'desc')
    .limit(200)
    .execute()
  return rows.map(({ code, campaignName, round, asOf, sealedAt, sealedBy, studied, expected, corrections, corrected }) => ({
    code,
    campaignName,
    round,
    asOf,
    sealedAt,
    sealedBy,
    studied,
    expected,
    corrections: corrections ?? 0,
    corrected,
  }))
}

const seals = (tx: Tx) =>
  tx
    .selectFrom('report_seal')
    .innerJoin('unit', 'unit.id', 'report_seal.unit_id')
    .innerJoin('campaign', 'campaign.id', 'report_seal.campaign_id')
    .select([
      'report_seal.id',
      'report_seal.code',
      'report_seal.hash',
      'report_seal.filing_id as filingId',
      'report_seal.unit_id as unitId',
      'unit.code as unitCode',
      'unit.name as unitName',
      'report_seal.campaign_id as campaignId',
      'campaign.code as campaignCode',
      'campaign.name as campaignName',
      'report_seal.as_of as asOf',
      'report_seal.sealed_at as sealedAt',
      sql<string | null>`office_holder_name(report_seal.sealed_by)`.as('sealedBy'),
    ])

async function correctionsOf(tx: Tx, sealIds: string[]): Promise<(Correction & { sealId: string })[]> {
  return tx
    .selectFrom('seal_correction')
    .select(['seal_id as sealId', 'indicator', 'numerator', 'denominator', 'reason', 'recorded_at as recordedAt', sql<string | null>`office_holder_name(recorded_by)`.as('recordedBy')])
    .where('seal_id', 'in', sealIds)
    .orderBy('recorded_at')
    .orderBy('id')
    .execute()
}

/** Whether the unit's work is the viewer's to lead or to check; the system's always. */
async function leads(tx: Tx, unitId: string): Promise<boolean> {
  const { rows } = await sql<{ leads: boolean }>`select current_setting('role') <> 'app' or ${unitId}::uuid in (select viewer_led_units()) as leads`.execute(tx)
  return rows[0]!.leads
}

/** The content for whoever sees the unit's figures but does not lead it: as the report that is not sealed shows them. */
async function narrowed(tx: Tx, content: SealContent): Promise<SealContent> {
  const { report, filing } = content
  const seen = await figureUnits(tx, report.units.map((unit) => unit.id))
  const hidden = report.units.filter((unit) => !seen.has(unit.id))
  return {
    ...content,
    report: { ...report, exemptReasons: [], units: report.units.filter((unit) => seen.has(unit.id)), otherUnits: folded(report.otherUnits, hidden) },
    filing: filing && { ...filing, texts: [], missing: [] },
  }
}

function folded(others: Report['otherUnits'], hidden: Tally[]): Tally | null {
  const tallies = [...(others ? [others] : []), ...hidden]
  if (tallies.length === 0) return null
  const sum = (key: keyof Tally) => tallies.reduce((total, tally) => total + tally[key], 0)
  return { expected: sum('expected'), studied: sum('studied'), exempt: sum('exempt'), declared: sum('declared') }
}
