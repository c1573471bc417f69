import { z } from 'zod'
import { Code, Line, listOf, optional } from '../../web/inputs.ts'
import { indicatorWords } from './indicators.messages.ts'

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

/** Forms post the parts a line each; other callers send a list. */
const Parts = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(/\r?\n/).filter((line) => line.trim() !== '') : value),
  z.array(Line.pipe(z.string().max(120))).max(20).refine((parts) => parts.length > 1, { params: { sentence: indicatorWords.say('breakdownTooFew') } }),
)

/**
 * A figure taken apart: each part is declared beside the whole and is a share of it. `isComplete`: the parts make the whole, which
 * is checked before a report goes up; else they may overlap or leave a rest.
 */
export const BreakdownInput = z.object({
  unitCode: Code,
  indicator: Code,
  title: Line,
  parts: Parts,
  isComplete: z.union([z.boolean(), z.literal('on').transform(() => true)]).default(false),
})

/** A key out of a name: "Lớp tuyên truyền" is `lop-tuyen-truyen`. */
export function keyFrom(name: string): string {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase()
  return plain.replace(/[^a-z0-9]+/g, '-').slice(0, 60).replace(/^-+|-+$/g, '')
}

export type UnitOfCount = z.infer<typeof UnitOfCount>
export type IndicatorInput = z.infer<typeof IndicatorInput>
export type BreakdownInput = z.infer<typeof BreakdownInput>
