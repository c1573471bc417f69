import { z } from 'zod'
import { Code } from '../../web/inputs.ts'

const Key = z.string().trim().max(64)
/** What the page showed; 0 for the product's wording. */
const Version = z.coerce.number().int().min(0)

/** One sentence worded a unit's own way, on one line: `{studied}` and the like stand for figures. */
export const WordingInput = z.object({
  unitCode: Code,
  key: Key,
  text: z.string().transform((text) => text.replace(/\s+/g, ' ').trim()).pipe(z.string().min(1).max(2000)),
  version: Version,
})

/** Back to the product's wording. */
export const WordingReset = z.object({ unitCode: Code, key: Key, version: Version })

export type WordingInput = z.infer<typeof WordingInput>
export type WordingReset = z.infer<typeof WordingReset>
