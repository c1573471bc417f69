import { sql } from 'kysely'
import { allows, chainOf, levelsOf, permissions, reasonAgainst, whoCould, type Action, type Ctx } from '../../permissions/permissions.ts'
import { holdersNear, type Holder } from '../../permissions/who-could.server.ts'
import { officesOf, type Rights } from './rights.server.ts'

/** What one office lets its holder do, on units as far beneath as `levels` says; `isLowest` where there are none. */
export type May = { role: string; unitId: string; unit: string | null; isLowest: boolean; levels: number; actions: Action[] }
/** What none of one's offices lets one do in one's own unit, and who could. */
export type MayNot = { action: Action; holders: Holder[] }

const actions = Object.keys(permissions) as Action[]

/** What the table of permissions gives the holder of these offices, and for the rest who could do it in the own unit. */
export async function doingOf({ tx, viewer }: Ctx, rights: Rights): Promise<{ may: May[]; mayNot: MayNot[]; isLowest: boolean }> {
  const offices = officesOf(rights.grounds)
  const home = rights.grounds.find((one) => one.kind === 'membership') ?? rights.grounds[0]
  const withUnits = await unitsWithUnits({ tx, viewer }, [...offices.map((office) => office.unitId), ...(home ? [home.unitId] : [])])
  const may = offices.flatMap((office) => {
    const own = actions.filter((action) => !reasonAgainst({ ...viewer, offices: [{ ...office, unitName: '' }] }, action, [office.unitId]))
    return [...Map.groupBy(own, (action) => levelsOf(action, office.role))]
      .sort(([one], [other]) => one - other)
      .map(([levels, allowed]) => ({ role: office.role, unitId: office.unitId, unit: office.unit, isLowest: !withUnits.has(office.unitId), levels, actions: allowed }))
  })
  const chain = home ? await chainOf(tx, home.unitId, viewer.today) : []
  const near = await holdersNear(tx, chain, rights.personId)
  const mayNot = actions
    .filter((action) => !may.some((one) => one.actions.includes(action)))
    .map((action) => {
      const could = whoCould(action, chain)
      return { action, holders: near.filter((one) => allows(could, [one])).slice(0, 3) }
    })
  return { may, mayNot, isLowest: !home || !withUnits.has(home.unitId) }
}

/** Those of the units that have others beneath today. */
async function unitsWithUnits({ tx, viewer }: Pick<Ctx, 'tx' | 'viewer'>, unitIds: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select distinct unit_ancestor.ancestor_id as id
    from unit_ancestor
    where unit_ancestor.ancestor_id = any (${unitIds}::uuid[]) and unit_ancestor.depth = 1 and unit_ancestor.standing @> ${viewer.today}::date`.execute(tx)
  return new Set(rows.map((row) => row.id))
}
