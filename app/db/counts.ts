import { sql } from 'kysely'
import type { Day } from '../platform/clock.ts'
import type { Tx } from './open.ts'

type Step = { indicator: string; dimension: string; unit_id: string; on_day: Day; delta: number }

/**
 * Makes a change that counts, and keeps the counts with it in the same transaction: what the people and units touched
 * are counted as by definition before and after, and the difference is appended. Every change of a mark, a roster row,
 * a head count or a declaration goes through here. Concurrent changes of one person wait for each other.
 */
export async function keepCounts<Result>(
  tx: Tx,
  campaignId: string,
  touched: { people?: string[]; units?: string[] },
  change: () => Promise<Result>,
): Promise<Result> {
  const units = touched.units ?? null
  const locked = await sql<{ people: string[] }>`select lock_counted(${campaignId}, ${touched.people ?? []}::uuid[], ${units}::uuid[]) as people`.execute(tx)
  const people = locked.rows[0]!.people
  const before = await stepsOf(tx, campaignId, people, units)
  const result = await change()
  const after = await stepsOf(tx, campaignId, people, units)
  await append(tx, campaignId, difference(before, after))
  return result
}

async function stepsOf(tx: Tx, campaignId: string, people: string[], units: string[] | null): Promise<Step[]> {
  const { rows } = await sql<Step>`
    select indicator, dimension, unit_id, on_day, delta
    from count_steps(${campaignId}, ${people}::uuid[], ${units}::uuid[])`.execute(tx)
  return rows
}

function difference(before: Step[], after: Step[]): Step[] {
  const net = new Map<string, Step>()
  const add = (step: Step, sign: 1 | -1) => {
    const key = `${step.indicator} ${step.dimension} ${step.unit_id} ${step.on_day}`
    net.set(key, { ...step, delta: (net.get(key)?.delta ?? 0) + sign * step.delta })
  }
  for (const step of before) add(step, -1)
  for (const step of after) add(step, 1)
  return [...net.values()].filter((step) => step.delta !== 0)
}

async function append(tx: Tx, campaignId: string, steps: Step[]): Promise<void> {
  if (steps.length === 0) return
  const rows = steps.map((step) => ({ campaign_id: campaignId, ...step }))
  await sql`
    insert into count_increment (campaign_id, indicator, dimension, unit_id, on_day, delta)
    select campaign_id, indicator, dimension, unit_id, on_day, delta
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as step (campaign_id uuid, indicator text, dimension text, unit_id uuid, on_day date, delta bigint)`.execute(tx)
}
