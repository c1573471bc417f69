import { sql } from 'kysely'
import type { Tx } from '../db/open.ts'
import type { Day } from '../platform/clock.ts'
import { Forbidden } from '../platform/errors.ts'
import type { Sentence } from '../platform/i18n.ts'
import { permissionWords } from './permissions.messages.ts'

export type Role = 'city_officer' | 'secretary' | 'deputy' | 'clerk' | 'inspector' | 'administrator'

/** The person at the keyboard, with the offices held today. */
export type Viewer = {
  personId: string
  name: string
  today: Day
  offices: { role: Role; unitId: string; unitName: string }[]
  /** Who acts for this person, when somebody does: then there are no offices, and every fact keeps both names. */
  actedBy?: { personId: string; name: string }
}

/** How a fact came in: kept with it. */
export type Source = 'page' | 'api' | 'import' | 'offline' | 'cli'

/** What every operation gets first: the transaction that sees as the viewer, and who that is. */
export type Ctx = { tx: Tx; viewer: Viewer; source: Source; lookedUp?: LookedUp }

/** Ids of what exact numbers told in this request of people and units that the viewer does not see: counted also when it is refused. */
export type LookedUp = { people: string[]; units: string[] }

/**
 * Who may do what. `levels` is how far above the unit the office may stand: 0 its own, 1 also the unit directly above,
 * Infinity anywhere above. Roles in `anywhereAbove` may whatever the level.
 */
export const permissions = {
  'prepare a campaign': { roles: ['city_officer', 'secretary', 'deputy', 'clerk'], levels: 0 },
  'open a campaign': { roles: ['city_officer', 'secretary', 'deputy'], levels: 0 },
  'change the roster': { roles: ['secretary', 'deputy', 'clerk'], levels: 1 },
  'hold a session': { roles: ['city_officer', 'secretary', 'deputy', 'clerk'], levels: 1 },
  'take the roll': { roles: ['secretary', 'deputy', 'clerk'], levels: 1 },
  'declare totals': { roles: ['secretary', 'deputy', 'clerk'], levels: 1 },
  'make report forms': { roles: ['city_officer', 'secretary', 'deputy', 'clerk'], levels: 0 },
  'open a round': { roles: ['city_officer', 'secretary', 'deputy', 'clerk'], levels: 0 },
  'fill in the report': { roles: ['city_officer', 'secretary', 'deputy', 'clerk'], levels: 0 },
  'submit the report': { roles: ['secretary', 'deputy', 'clerk'], levels: 0 },
  'accept reports': { roles: ['city_officer', 'secretary', 'deputy', 'clerk'], levels: 0 }, // of the unit that asked
  'seal the report': { roles: ['city_officer', 'secretary', 'deputy'], levels: 0 },
  'ask about figures': { roles: ['city_officer', 'secretary', 'deputy', 'clerk'], levels: Infinity }, // of units above the figure's
  'answer questions': { roles: ['secretary', 'deputy', 'clerk'], levels: 0 },
  'close questions': { roles: ['city_officer', 'secretary', 'deputy', 'clerk'], levels: 0 }, // of the unit that asked
  'word the narrative': { roles: ['city_officer', 'secretary', 'deputy', 'clerk'], levels: 0 },
  'keep documents': { roles: ['city_officer', 'secretary', 'deputy', 'clerk'], levels: 0 }, // drafts, numbers, files, what came in
  'withdraw documents': { roles: ['city_officer', 'secretary', 'deputy'], levels: 0 },
  'publish materials': { roles: ['city_officer', 'secretary', 'deputy', 'clerk'], levels: 0 },
  'hand out copies': { roles: ['city_officer', 'secretary', 'deputy', 'clerk'], levels: 0 }, // of the unit that sends
  'confirm copies': { roles: ['secretary', 'deputy', 'clerk'], levels: 1 },
  'ask for acknowledgement': { roles: ['city_officer', 'secretary', 'deputy', 'clerk'], levels: 0 },
  'key in acknowledgements': { roles: ['secretary', 'deputy', 'clerk'], levels: 0 },
  'name clauses': { roles: ['city_officer', 'secretary', 'deputy', 'clerk'], levels: 0 }, // of the unit whose document it is
  'answer clauses': { roles: ['city_officer', 'secretary', 'deputy', 'clerk'], levels: 0 }, // of the unit whose document answers
  'order duties': { roles: ['city_officer', 'secretary', 'deputy', 'clerk'], levels: 0 }, // of the unit whose rule it is
  'waive duties': { roles: ['city_officer', 'secretary', 'deputy'], levels: Infinity }, // asked of the level above, up to whoever ordered it
  'urge units': { roles: ['city_officer', 'secretary', 'deputy', 'clerk'], levels: Infinity }, // of units above the one urged
  'answer amendments': { roles: ['secretary', 'deputy', 'clerk'], levels: 1 },
  'name a helper': { roles: ['secretary', 'deputy', 'clerk'], levels: 1 },
  'give activation codes': { roles: ['secretary', 'deputy', 'clerk'], levels: 1 }, // and whoever may manage accounts
  'reset passwords': { roles: ['secretary', 'deputy', 'clerk'], levels: 1 }, // likewise
  'manage accounts': { roles: ['administrator'], levels: Infinity },
  'keep webhooks': { roles: ['administrator'], levels: Infinity },
  'keep units': { roles: ['secretary', 'deputy', 'clerk'], levels: 0, anywhereAbove: ['city_officer', 'administrator'] }, // asked of the unit above
  'keep members': { roles: ['secretary', 'deputy', 'clerk'], levels: 1, anywhereAbove: ['administrator'] },
  'exempt a member': { roles: ['secretary', 'deputy'], levels: 0 }, // of the cell, which decides it
  'merge people': { roles: ['secretary', 'deputy'], levels: 1, anywhereAbove: ['administrator'] },
  'appoint to offices': { roles: ['secretary', 'city_officer'], levels: 0, anywhereAbove: ['administrator'] }, // asked of the unit above
} as const satisfies Record<string, Rule>

type Rule = { roles: readonly Role[]; levels: number; anywhereAbove?: readonly Role[] }

export type Action = keyof typeof permissions

/** The unit and those above it, nearest first, as of a day; empty when the viewer does not see the unit. */
export async function chainOf(tx: Tx, unitId: string, day: Day): Promise<string[]> {
  const rows = await tx
    .selectFrom('unit_ancestor')
    .select('unit_ancestor.ancestor_id')
    .where('unit_ancestor.unit_id', '=', unitId)
    // an abolished unit stands where it stood on its last day
    .where(sql<boolean>`unit_ancestor.standing @> ${day}::date`)
    .orderBy('unit_ancestor.depth')
    .execute()
  return rows.map((row) => row.ancestor_id)
}

/** A sentence against doing something that knows which offices could: `whyNot` adds who holds them. */
export type Reason = Sentence & { could?: Could }
export type Could = { roles: readonly Role[]; unitIds: string[]; above?: { roles: readonly Role[]; unitIds: string[] } }

/**
 * Why this viewer may not do it to the unit at the head of the chain; null when the viewer may.
 * Pages disable the button with this sentence, said by `whyNot`; operations demand the same.
 */
export function reasonAgainst(viewer: Viewer, action: Action, chain: string[]): Reason | null {
  const could = whoCould(action, chain)
  return allows(could, viewer.offices) ? null : Object.assign(permissionWords.say(action), { could })
}

/** Whose office allows it: one of these roles in one of these units, nearest first; or one of those above. */
export function whoCould(action: Action, chain: string[]): Could {
  const { roles, levels, anywhereAbove }: Rule = permissions[action]
  return { roles, unitIds: chain.slice(0, levels + 1), ...(anywhereAbove && { above: { roles: anywhereAbove, unitIds: chain } }) }
}

/** Whether one of these offices is among those that could. */
export function allows(could: Could, offices: { role: Role; unitId: string }[]): boolean {
  return [could, ...(could.above ? [could.above] : [])].some(({ roles, unitIds }) => offices.some((office) => roles.includes(office.role) && unitIds.includes(office.unitId)))
}

/** How far above a unit an office of that role may stand to do it. */
export function levelsOf(action: Action, role: Role): number {
  const { levels, anywhereAbove }: Rule = permissions[action]
  return anywhereAbove?.includes(role) ? Infinity : levels
}

/** Throws Forbidden with the reason unless the viewer may. */
export function demand(viewer: Viewer, action: Action, chain: string[]): void {
  const reason = reasonAgainst(viewer, action, chain)
  if (reason) throw new Forbidden(reason)
}
