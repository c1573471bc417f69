import type { Day } from '../../platform/clock.ts'
import type { Verdict } from './imports.schema.ts'
import type { Plan } from './judging.ts'
import type { RowFields } from './reading/rows.ts'

/** What is to be carried out, as it was announced. */
export type Applying = {
  importId: string
  rows: { number: number; fields: RowFields; verdict: Verdict; plan: Plan | null }[]
  effectiveOn: Day
  fileName: string
  tell: (done: number, total: number) => void
}
