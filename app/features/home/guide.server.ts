import { sql } from 'kysely'
import type { Ctx, Role } from '../../permissions/permissions.ts'
import { addressOf } from '../../web/addresses.ts'
import type { Unit } from '../units/units.server.ts'
import type { GuideHiding } from './guide.schema.ts'

export type GuideKind = 'administrator' | 'officer' | 'superior' | 'cell' | 'inspector' | 'member'
type StepKey = 'units' | 'people' | 'accounts' | 'campaign' | 'session' | 'round' | 'report' | 'behind' | 'filing' | 'list' | 'roll' | 'codes' | 'assigned' | 'figures' | 'ask' | 'when' | 'held' | 'phone'
/** `isDone` null: nothing in the records shows whether somebody has done it. */
export type Step = { key: StepKey; href: string; isDone: boolean | null }
export type Guide = { kind: GuideKind; steps: Step[]; isDone: boolean }

type Facts = Record<'units' | 'people' | 'accounts' | 'campaign' | 'session' | 'roll' | 'round' | 'submission', boolean>

/** The first steps of the person who looks, with those done that the records show as done. */
export async function guideOf(ctx: Ctx, unit: Pick<Unit, 'code'> | null, hasUnitsBeneath: boolean): Promise<Guide> {
  const kind = kindOf(ctx.viewer.offices.map((office) => office.role), hasUnitsBeneath)
  const steps = stepsOf(kind, unit?.code ?? null, kind === 'inspector' || kind === 'member' ? null : await factsOf(ctx))
  return { kind, steps, isDone: steps.some((step) => step.isDone !== null) && steps.every((step) => step.isDone !== false) }
}

/** The first steps for the home page: null once they are put away or done. */
export async function guideAtHome(ctx: Ctx, unit: Pick<Unit, 'code'> | null, hasUnitsBeneath: boolean): Promise<Guide | null> {
  if (ctx.viewer.actedBy || (await isGuideHidden(ctx))) return null // first steps are one's own, not a helper's
  const guide = await guideOf(ctx, unit, hasUnitsBeneath)
  return guide.isDone ? null : guide
}

/** Whether the person put the steps away from home. */
export async function isGuideHidden({ tx, viewer }: Ctx): Promise<boolean> {
  return (await tx.selectFrom('guide_hidden').select('person_id').where('person_id', '=', viewer.personId).executeTakeFirst()) !== undefined
}

async function factsOf({ tx }: Ctx): Promise<Facts> {
  const { rows } = await sql<Facts>`
    select has_units as units, has_people as people, has_accounts as accounts, has_campaign as campaign, has_session as session,
           has_roll as roll, has_round as round, has_submission as submission
    from viewer_first_steps()`.execute(tx)
  return rows[0]!
}

/** Puts the steps away from home, or brings them back. */
export async function hideGuide({ tx, viewer }: Ctx, { hidden }: GuideHiding): Promise<void> {
  if (hidden === 'no') await tx.deleteFrom('guide_hidden').where('person_id', '=', viewer.personId).execute()
  else await tx.insertInto('guide_hidden').values({ person_id: viewer.personId }).onConflict((conflict) => conflict.doNothing()).execute()
}

function kindOf(roles: Role[], hasUnitsBeneath: boolean): GuideKind {
  if (roles.includes('administrator')) return 'administrator'
  if (roles.includes('city_officer')) return 'officer'
  if (roles.some((role) => role === 'secretary' || role === 'deputy' || role === 'clerk')) return hasUnitsBeneath ? 'superior' : 'cell'
  return roles.includes('inspector') ? 'inspector' : 'member'
}

function stepsOf(kind: GuideKind, unit: string | null, has: Facts | null): Step[] {
  const step = (key: StepKey, href: string, isDone?: boolean): Step => ({ key, href, isDone: isDone ?? null })
  switch (kind) {
    case 'administrator':
      return [step('units', addressOf('/imports', { kind: 'units' }), has?.units), step('people', addressOf('/imports', { kind: 'members' }), has?.people), step('accounts', '/accounts', has?.accounts)]
    case 'officer':
      return [step('campaign', '/campaigns', has?.campaign), step('session', addressOf('/sessions/new', { unit }), has?.session), step('round', '/rounds', has?.round), step('report', '/report')]
    case 'superior':
      return [step('people', addressOf('/imports', { kind: 'members' }), has?.people), step('codes', '/accounts', has?.accounts), step('session', addressOf('/sessions/new', { unit }), has?.session), step('behind', '/report'), step('filing', '/rounds', has?.submission)]
    case 'cell':
      return [step('list', unit ? `/units/${unit}/people` : '/units'), step('session', addressOf('/sessions/new', { unit }), has?.session), step('roll', '/sessions', has?.roll), step('codes', '/accounts', has?.accounts)]
    case 'inspector':
      return [step('assigned', '/'), step('figures', '/report'), step('ask', '/questions')]
    case 'member':
      return [step('when', '/'), step('held', '/me/held'), step('phone', '/me/security')]
  }
}
