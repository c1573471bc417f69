import { z } from 'zod'
import { Code, DayInput, Id, Line, optional, Version } from '../../web/inputs.ts'

const unitKinds = ['city_committee', 'district_committee', 'attached_committee', 'commune_committee', 'base_organisation', 'cell', 'caucus', 'commission', 'partner'] as const
const UnitKind = z.enum(unitKinds)

const Symbol = z.string().trim().min(1).max(20)
const named = {
  kind: UnitKind,
  name: Line,
  organisationName: optional(Line), // as letterheads of units beneath call it
  symbol: optional(Symbol), // issuer in document numbers
  place: optional(Line), // before the date of a document
}

/** A unit under another. Without a code one is made of its name; without a day it stands since ever. */
export const NewUnit = z.object({ code: optional(Code), ...named, parentCode: Code, fromDay: optional(DayInput) })

/** What a unit is called; `version` is that of the page it was typed on. */
export const UnitEdit = z.object({ unitCode: Code, version: optional(Version), ...named })

/** Under another unit from a day on; where it stood before stays as it was. */
export const UnitMove = z.object({ unitCode: Code, version: optional(Version), parentCode: Code, fromDay: DayInput, reason: Line })

/** The end of a unit. Its members, the units beneath it and the rosters of campaigns under way go to the successor from that day on. */
export const UnitEnd = z.object({ unitCode: Code, version: optional(Version), fromDay: DayInput, successorCode: optional(Code), reason: Line })

/** Takes back the end of a unit, by the id that ending it answered with. */
export const UnitEndUndo = z.object({ unitCode: Code, endingId: Id })

/** On a page a unit is ended by typing its name. */
export const UnitEndByName = UnitEnd.extend({ name: Line })

export type NewUnit = z.infer<typeof NewUnit>
export type UnitEdit = z.infer<typeof UnitEdit>
export type UnitMove = z.infer<typeof UnitMove>
export type UnitEnd = z.infer<typeof UnitEnd>
export type UnitEndUndo = z.infer<typeof UnitEndUndo>
export type UnitEndByName = z.infer<typeof UnitEndByName>
