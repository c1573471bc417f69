import { allows, chainOf, levelsOf, permissions, reasonAgainst, whoCould, type Action, type Ctx } from '../../permissions/permissions.ts'
import { holdersNear, type Holder } from '../../permissions/who-could.server.ts'
import { officesOf, type Rights } from './rights.server.ts'

/** What one office lets its holder do, on units as far beneath as `levels` says. */
export type May = { role: string; unit: string | null; levels: number; actions: Action[] }
/** What none of one's offices lets one do in one's own unit, and who could. */
export type MayNot = { action: Action; holders: Holder[] }

const actions = Object.keys(permissions) as Action[]

/** What the table of permissions gives the holder of these offices, and for the rest who could do it in the own unit. */
export async function doingOf({ tx, viewer }: Ctx, rights: Rights): Promise<{ may: May[]; mayNot: MayNot[] }> {
  const offices = officesOf(rights.grounds)
  const may = offices.flatMap((office) => {
    const own = actions.filter((action) => !reasonAgainst({ ...viewer, offices: [{ ...office, unitName: '' }] }, action, [office.unitId]))
    return [...Map.groupBy(own, (action) => levelsOf(action, office.role))]
      .sort(([one], [other]) => one - other)
      .map(([levels, allowed]) => ({ role: office.role, unit: office.unit, levels, actions: allowed }))
  })
  const home = rights.grounds.find((one) => one.kind === 'membership') ?? rights.grounds[0]
  const chain = home ? await chainOf(tx, home.unitId, viewer.today) : []
  const near = await holdersNear(tx, chain, rights.personId)
  const mayNot = actions
    .filter((action) => !may.some((one) => one.actions.includes(action)))
    .map((action) => {
      const could = whoCould(action, chain)
      return { action, holders: near.filter((one) => allows(could, [one])).slice(0, 3) }
    })
  return { may, mayNot }
}
