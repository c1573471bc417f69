import { z } from 'zod'
import { Code, DayInput, Id, Line, optional, Version } from '../../../web/inputs.ts'

/** A committee's term; without a last day it lasts. */
export const CommitteeTerm = z.object({ id: optional(Id), version: optional(Version), unitCode: Code, name: Line, fromDay: DayInput, untilDay: optional(DayInput) })
export type CommitteeTerm = z.output<typeof CommitteeTerm>
