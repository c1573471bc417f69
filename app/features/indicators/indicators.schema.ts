import { z } from 'zod'
import { Code, listOf, optional } from '../campaigns/campaigns.schema.ts'

export const UnitOfCount = z.enum(['people', 'attendances', 'papers', 'classes', 'meetings', 'items', 'documents', 'units', 'other'])

/**
 * A figure that a unit adds for itself and those beneath; it is declared, not counted. With `base` it is a share of that other
 * figure; `partOf` and `notMoreThan` name figures it may not exceed.
 */
export const IndicatorInput = z.object({
  unitCode: Code,
  key: Code,
  name: z.string().trim().min(1).max(300),
  unitOfCount: UnitOfCount,
  base: optional(Code),
  partOf: listOf(Code),
  notMoreThan: listOf(Code),
})

export type UnitOfCount = z.infer<typeof UnitOfCount>
export type IndicatorInput = z.infer<typeof IndicatorInput>
