import { sql } from 'kysely'
import type { Tx } from './open.ts'

/**
 * Makes a change that counts, and keeps the counts with it in the same transaction: what the people and units touched
 * are counted as by definition before and after, and the difference is appended. Every change of a mark, a roster row,
 * a head count or a declaration goes through here, and reads what it changes only inside `change`: by then concurrent
 * changes of the same people have ended.
 */
export async function keepCounts<Result>(
  tx: Tx,
  campaignId: string,
  touched: { people?: string[]; units?: string[] },
  change: () => Promise<Result>,
): Promise<Result> {
  await sql`select begin_counts(${campaignId}, ${touched.people ?? []}::uuid[], ${touched.units ?? null}::uuid[])`.execute(tx)
  const result = await change()
  await sql`select finish_counts(${campaignId})`.execute(tx)
  return result
}

/** Makes other changes of these people wait until this transaction has ended: for what must be read before it is changed. */
export async function lockPeople(tx: Tx, people: string[]): Promise<void> {
  await sql`select lock_people(${people}::uuid[])`.execute(tx)
}
