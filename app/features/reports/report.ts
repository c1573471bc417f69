import type { Figure } from '../../figures/figure.ts'
import type { Day } from '../../platform/clock.ts'

/** Counts of one part of the report: who was expected there, who studied, who was exempt, what of it was declared. */
export type Tally = { expected: number; studied: number; exempt: number; declared: number }

/** A unit as the report names it. */
export type ReportUnit = { id: string; code: string; name: string; kind: string }

/** One report: a unit, a campaign, a day, and perhaps one of its resolutions. The same on page, DOCX, XLSX and JSON. */
export type Report = {
  campaign: { code: string; name: string; studyFrom: Day; studyTo: Day; openedOn: Day; exemptExpected: boolean }
  unit: ReportUnit & { organisationName: string | null; symbol: string | null; place: string | null }
  superior: { name: string; organisationName: string | null } | null // null at the root of the tree
  asOf: Day
  resolution: { code: string; name: string } | null // null: the whole campaign
  figures: Figure[]
  total: Tally
  /** Units directly beneath that have members, and the unit's own people when it has both; worst share first. */
  units: (ReportUnit & Tally)[]
  /** The rest of the total where the viewer does not see every unit beneath, so that the table still adds up; null where all are shown. */
  otherUnits: Tally | null
  categories: ({ key: string; name: string } & Pick<Tally, 'expected' | 'studied'>)[]
  /** By the session that completed each person's study: people, and how many sessions and venues of that kind were held. */
  kinds: { kind: SessionKind | 'declared'; studied: number; sessions: number; venues: number }[]
  resolutions: { code: string; name: string; studied: number }[]
  /** Why people are exempt; sums to total.exempt. Empty for whoever neither leads nor inspects the unit. */
  exemptReasons: { reason: string; people: number }[]
  /** Cumulated to the end of each day shown, first to last. */
  curve: { day: Day; studied: number; expected: number }[]
}

/** What a report carries once it is sealed, with names and texts in the language of the file. */
export type SealMark = {
  code: string
  hash: string // SHA-256 of the sealed content
  sealedAt: string // instant, ISO 8601 in UTC
  sealedOn: string // the same as people read it, `16:48, 30/6/2021`
  form: SealedForm | null // null: sealed where no round was asked for
  corrections: MarkedCorrection[] // the earliest first
}

/** What a unit consolidated on a form: figures in its order, and the parts it wrote. */
export type SealedForm = { name: string; figures: (Figure & { name: string; baseName: string | null; declared: number })[]; texts: { title: string; text: string }[]; missing: string[] }

/** What a figure was corrected to after it was sealed; `sealed` is what it was sealed as. */
export type MarkedCorrection = { key: string; name: string; sealed: Value; corrected: Value; correctedOn: Day; reason: string }
type Value = { numerator: number; denominator: number | null }

export type SessionKind = 'national_conference' | 'conference' | 'class' | 'make_up_class'
