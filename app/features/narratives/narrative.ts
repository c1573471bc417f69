import type { Day } from '../../platform/clock.ts'
import type { Report } from '../reports/report.ts'
import type { PartKey, SentenceKey } from './sentences.ts'

/** Where a number of the narrative comes from: the figure of a unit, perhaps a part of it; `isMissing` those it still lacks. */
export type FigureRef = { key: string; unit: string; part: string | null; isMissing: boolean }

/** What a placeholder stands for: its words, and the figure it opens where it is one; `rowsOf` the table of the report whose rows it counts. */
export type Value = { text: string; figure: FigureRef | null; rowsOf?: 'units' | 'kinds' }
export type Values = Record<string, Value>

/** A sentence as it is told: its words in order, numbers with their figures. */
export type Told = { key: SentenceKey; pieces: Value[]; values: Values }

/** `isLine`: one of a list, told with a dash. `said`: words of a filing, told as they were written. */
export type Paragraph = { told: Told[]; isLine: boolean; isLast: boolean; said: { unitName: string | null; text: string } | null }
export type Part = { key: PartKey; heading: string | null; level: number; paragraphs: Paragraph[] }

/** The report of a whole campaign in sentences; `report` is what they were made from. */
export type Narrative = { report: Report; subject: string; asOf: Day; parts: Part[] }
