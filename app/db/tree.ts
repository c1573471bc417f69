import { sql } from 'kysely'
import type { Tx } from './open.ts'

/**
 * Makes a change of the tree, and keeps with it who stands above whom and the counts of every unit above, in the same transaction.
 * Every insert and update of unit_parent, and every change of a unit's days, goes through here; `units` are those whose own row or
 * parents change, everything beneath them follows. A unit that would stand above itself breaks the constraint `tree_has_no_cycle`.
 */
export async function keepTree<Result>(tx: Tx, units: string[], change: () => Promise<Result>): Promise<Result> {
  await sql`select begin_tree(${units}::uuid[])`.execute(tx)
  const result = await change()
  await sql`select finish_tree()`.execute(tx)
  return result
}
