import { sql } from 'kysely'
import { constraintOf, type Tx } from '../db/open.ts'
import type { Ctx, LookedUp } from '../permissions/permissions.ts'
import { Refused } from '../platform/errors.ts'
import { webWords } from './web.messages.ts'

/**
 * Asks by an exact number for people or units that the viewer may not see. The database counts what it tells, by person and day; `asPerson`
 * counts it too where the request is refused afterwards. Throws Refused('form') when it was too much for one day.
 */
export async function lookUp<Row extends { id: string; isHidden: boolean }>({ lookedUp }: Ctx, of: keyof LookedUp, ask: () => Promise<{ rows: Row[] }>): Promise<Row[]> {
  const { rows } = await ask().catch((error: unknown) => {
    throw constraintOf(error) === 'look_ups_a_day_are_limited' ? new Refused('form', webWords.say('tooManyLookUps')) : error
  })
  lookedUp?.[of].push(...rows.filter((row) => row.isHidden).map((row) => row.id))
  return rows
}

/** Counts what was told before a refusal undid the counting. */
export async function countLookUps(tx: Tx, { people, units }: LookedUp): Promise<void> {
  await sql`select count_look_ups(${people}::uuid[], ${units}::uuid[])`.execute(tx)
}
