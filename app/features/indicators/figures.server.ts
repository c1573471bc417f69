import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import { count, rate, type Figure } from '../../figures/figure.ts'
import type { Day } from '../../platform/clock.ts'
import { NotFound } from '../../platform/errors.ts'

/** Counts of one unit as of a day, by indicator and dimension: `whole` with everything beneath, `own` without. */
export type Counts = { whole: (indicator: string, dimension?: string) => number; own: (indicator: string, dimension?: string) => number; dimensions: (indicator: string, prefix: string) => string[] }

export type Asked = { campaignId: string; asOf: Day; knownAt?: Date | undefined }

/**
 * Counts of several units at once, by unit id; whoever asks, everything beneath is counted.
 * `knownAt` counts from the records as they were known at that instant, which is slower.
 */
export async function countsOf(tx: Tx, asked: Asked, unitIds: string[]): Promise<Map<string, Counts>> {
  const source = asked.knownAt
    ? sql`count_values_known(${asked.campaignId}, ${unitIds}::uuid[], ${asked.asOf}, ${asked.knownAt})`
    : sql`count_values(${asked.campaignId}, ${unitIds}::uuid[], ${asked.asOf})`
  const { rows } = await sql<{ unit_id: string; indicator: string; dimension: string; own: number; whole: number }>`
    select unit_id, indicator, dimension, own, whole from ${source}`.execute(tx)
  const cells = new Map(unitIds.map((id) => [id, new Map<string, { own: number; whole: number }>()]))
  for (const row of rows) cells.get(row.unit_id)!.set(`${row.indicator} ${row.dimension}`, row)
  return new Map([...cells].map(([id, cell]) => [id, asCounts(cell)]))
}

function asCounts(cell: Map<string, { own: number; whole: number }>): Counts {
  return {
    whole: (indicator, dimension = '') => cell.get(`${indicator} ${dimension}`)?.whole ?? 0,
    own: (indicator, dimension = '') => cell.get(`${indicator} ${dimension}`)?.own ?? 0,
    dimensions: (indicator, prefix) =>
      [...cell.keys()].filter((key) => key.startsWith(`${indicator} ${prefix}`)).map((key) => key.slice(indicator.length + 1)),
  }
}

type Indicator = { key: string; kind: string; base: string | null; unit_of_count: string }

/** Every indicator that is counted from records of the campaign, in its order; what units declare for themselves is in the register alone. */
export function indicators(tx: Tx, campaignId: string): Promise<Indicator[]> {
  return tx
    .selectFrom('indicator')
    .select(['key', 'kind', 'base', 'unit_of_count'])
    .where(sql<boolean>`indicator.key in (select counted_indicators(${campaignId}))`)
    .orderBy('position')
    .execute()
}

/** Every figure of one unit as of a day. */
export async function figuresOf(tx: Tx, asked: Asked, unitId: string): Promise<Figure[]> {
  const counts = (await countsOf(tx, asked, [unitId])).get(unitId)!
  return (await indicators(tx, asked.campaignId)).map((indicator) => figureOf(indicator, counts))
}

/** One figure out of a unit's counts; `dimension` narrows numerator and base alike. */
export function figureOf(indicator: Indicator, counts: Counts, dimension = ''): Figure {
  const numerator = counts.whole(indicator.key, dimension)
  if (!indicator.base) return count(indicator.key, numerator)
  return rate(indicator.key, numerator, counts.whole(indicator.base, dimension), indicator.base)
}

/** The register's row of a counted indicator with what it is taken apart by; NotFound when there is none of that key. */
export async function indicatorByKey(tx: Tx, key: string): Promise<Indicator & { dimensions: string[] }> {
  const indicator = await tx.selectFrom('indicator').select(['key', 'kind', 'base', 'unit_of_count', 'dimensions']).where('key', '=', key).where('is_declared', '=', false).executeTakeFirst()
  if (!indicator) throw new NotFound()
  return indicator
}

/** A person behind a figure, as the unit's roster says on that day. Days are null where it did not happen by then. */
export type RosterPerson = {
  personId: string
  name: string
  bornOn: Day | null
  categoryKey: string
  mustStudy: boolean
  exemptReason: string | null
  studiedOn: Day | null
  kind: string | null
  nationalOn: Day | null
}

/** The people on a unit's own roster as of a day, in Vietnamese order of names; empty for whoever may not see names. */
export async function rosterPeople(tx: Tx, asked: Asked, unitId: string): Promise<RosterPerson[]> {
  const { rows } = await sql<RosterPerson>`
    select person_id as "personId", name, born_on as "bornOn", category_key as "categoryKey", must_study as "mustStudy",
           exempt_reason as "exemptReason", studied_on as "studiedOn", kind, national_on as "nationalOn"
    from roster_people(${asked.campaignId}, ${unitId}, ${asked.asOf})
    order by given_name collate "vi-x-icu", middle_name collate "vi-x-icu", family_name collate "vi-x-icu", born_on, person_id`.execute(tx)
  return rows
}

/** Whether the viewer sees the people of that unit by name. */
export async function seesPeopleOf(tx: Tx, unitId: string): Promise<boolean> {
  const { rows } = await sql<{ sees: boolean }>`select ${unitId}::uuid in (select viewer_people_units()) as sees`.execute(tx)
  return rows[0]!.sees
}

/**
 * Whether the viewer leads or inspects a unit; `chain` is the unit and those above it. Why people are exempt is told to levels
 * above, not to members and not to units beneath: in a small cell a reason tells of a person.
 */
export async function leadsOneOf(tx: Tx, chain: string[]): Promise<boolean> {
  const { rows } = await sql<{ leads: boolean }>`
    select current_setting('role') <> 'app' or exists (select from viewer_tops() as top (id) where top.id = any (${chain}::uuid[])) as leads`.execute(tx)
  return rows[0]!.leads
}

/** Those of the units whose figures the viewer sees; of others at most the name. The system sees all. */
export async function figureUnits(tx: Tx, unitIds: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select unit.id from unnest(${unitIds}::uuid[]) as unit (id)
    where current_setting('role') <> 'app' or unit.id in (select viewer_figure_units_among(${unitIds}::uuid[]))`.execute(tx)
  return new Set(rows.map((row) => row.id))
}

/** How many questions about a figure of a unit the viewer sees; of a part of it where one is named. */
export async function questionsAbout(tx: Tx, { campaignId, unitId, key, part }: { campaignId: string; unitId: string; key: string; part: string | null }): Promise<number> {
  const { rows } = await sql<{ count: number }>`select questions_about(${campaignId}, ${unitId}, ${key}, ${part ?? ''}) as count`.execute(tx)
  return rows[0]!.count
}

/** Changes of the whole counts of a unit, day by day, for the indicators and dimensions named. */
export async function countDays(tx: Tx, campaignId: string, unitId: string, wanted: { indicator: string; dimension: string }[]) {
  const { rows } = await sql<{ indicator: string; dimension: string; on_day: Day; delta: number }>`
    select indicator, dimension, on_day, delta
    from count_days(${campaignId}, ${unitId}, ${wanted.map((one) => one.indicator)}::text[], ${wanted.map((one) => one.dimension)}::text[])
    order by on_day`.execute(tx)
  return rows
}
