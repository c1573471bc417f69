import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Role } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import { kinds, type NoticeKind, type Subject } from './kinds.ts'

/**
 * One thing to tell. `to` names people, or the holders of offices in units: who tells it is left out of the latter. `about` is what
 * the reader must still see for the notice to say more than that it is there; `unitId` whose work it concerns. `values` are the facts
 * of its sentence: counts, days (`YYYY-MM-DD`), names of units and papers, never what only some may read. `path` is the page it opens.
 */
export type Telling = {
  kind: NoticeKind
  to: { personIds: string[] } | { unitIds: string[]; roles: readonly Role[] }
  about: { type: Subject; id: string }
  unitId: string
  values: Record<string, string | number>
  path: string
  /** Whether duty asks for it; as the kind says, unless told otherwise. */
  required?: boolean
  /** What is still unread under the same key says the new facts, and is no second notice. */
  mergeKey?: string
  /** On which day offices are asked; the viewer's, unless told otherwise. */
  onDay?: Day
}

/**
 * Tells it, one notice a person, in the transaction that causes it: rolled back with it, and out at its commit. Works in a viewer's
 * transaction and in the system's. Returns how many people were told.
 */
export async function notify(tx: Tx, { kind, to, about, unitId, values, path, required, mergeKey, onDay }: Telling): Promise<number> {
  const { isRequired, isUrgent } = kinds[kind]
  const people = 'personIds' in to ? to.personIds : []
  const [units, roles] = 'unitIds' in to ? [to.unitIds, [...to.roles]] : [[], []]
  const { rows } = await sql<{ told: number }>`
    select make_notices(${kind}, ${people}::uuid[], ${units}::uuid[], ${roles}::text[], ${about.type}, ${about.id}::uuid, ${unitId}::uuid, ${JSON.stringify(values)}::jsonb,
      ${path}, ${required ?? isRequired}, ${isUrgent}, ${mergeKey ?? null}::text, ${onDay ?? null}::date) as told`.execute(tx)
  return rows[0]!.told
}

/**
 * One thing that concerns many units, each with facts and a page of its own. `onceKey`: whoever had a notice of that key, read or not,
 * is told no more. `isOffices`: it came to the office, so that no helper of its holder sees it.
 */
export type TellingOfUnits = Pick<Telling, 'kind' | 'about'> & {
  units: { unitId: string; values: Telling['values']; path: string }[]
  roles: readonly Role[]
  isOffices: boolean
  onceKey: string
  /** Who caused it and is not told. */
  butPerson: string | null
  onDay: Day
}

/**
 * Tells the holders of offices in those units, in the system's transaction: one notice a person, of the first of the units whose
 * office one holds. Returns how many people were told.
 */
export async function notifyUnits(tx: Tx, { kind, about, units, roles, isOffices, onceKey, butPerson, onDay }: TellingOfUnits): Promise<number> {
  if (units.length === 0) return 0
  const { isRequired, isUrgent } = kinds[kind]
  const told = JSON.stringify(units.map(({ unitId, values, path }) => ({ unit: unitId, facts: values, path })))
  const { rows } = await sql<{ told: number }>`
    select make_notices_of_units(${kind}, ${told}::jsonb, ${[...roles]}::text[], ${about.type}, ${about.id}::uuid, ${isRequired}, ${isUrgent},
      ${isOffices}, ${onceKey}, ${butPerson}::uuid, ${onDay}::date) as told`.execute(tx)
  return rows[0]!.told
}
