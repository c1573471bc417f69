import { z } from 'zod'
import { Code, DayInput, Id } from '../../web/inputs.ts'

/** Seals the consolidated report of a round. */
export const FilingSeal = z.object({ filingId: Id })

/** Seals a unit's report of a campaign as of a day, where no round was asked for. */
export const CampaignReportSeal = z.object({ campaignCode: Code, unitCode: Code, asOf: DayInput })

const Count = z.preprocess(
  (value) => (typeof value === 'string' ? (value.trim() === '' ? undefined : value.replace(/[.\s]/g, '')) : value),
  z.coerce.number().int().min(0).max(1_000_000_000),
)

/** A dated correction that stands beside a sealed figure; a count has no denominator. */
export const SealCorrection = z.object({
  code: z.string().trim().min(1).max(30),
  indicator: z.string().trim().min(1).max(64),
  numerator: Count,
  denominator: z.preprocess((value) => (value === '' ? undefined : value), Count.optional()),
  reason: z.string().trim().min(1).max(1000),
})

export type FilingSeal = z.infer<typeof FilingSeal>
export type CampaignReportSeal = z.infer<typeof CampaignReportSeal>
export type SealCorrection = z.infer<typeof SealCorrection>
