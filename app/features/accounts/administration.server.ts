import { sql } from 'kysely'
import type { z } from 'zod'
import type { Ctx } from '../../permissions/permissions.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { accountOf, demandAdministration } from './account-list.server.ts'
import { accountWords as words } from './accounts.messages.ts'
import { rolesWithSecondFactor, type AccountChoice, type AccountSettings, type ShuttingInput } from './accounts.schema.ts'

/** Shuts an account, or opens it again; shutting ends its sessions and voids its code. Throws Forbidden, NotFound, Refused('form'). */
export async function shutAccount(ctx: Ctx, { personId, isShut }: z.output<typeof ShuttingInput>): Promise<Receipt> {
  const row = await demanded(ctx, personId)
  const { rows } = await sql<{ changed: boolean | null }>`select shut_account(${personId}, ${isShut}) as changed`.execute(ctx.tx)
  if (!rows[0]!.changed) throw new Refused('form', words.say(row.accountId ? (isShut ? 'already_shut' : 'already_open') : 'no_account'))
  return noted(ctx, isShut ? 'account.disabled' : 'account.enabled', personId)
}

/** Ends every session of an account, without seeing any. Throws Forbidden, NotFound. */
export async function endSessionsOf(ctx: Ctx, { personId }: z.output<typeof AccountChoice>): Promise<{ ended: number }> {
  await demanded(ctx, personId)
  const { rows } = await sql<{ ended: number | null }>`select end_account_sessions(${personId}) as ended`.execute(ctx.tx)
  const ended = rows[0]?.ended
  if (ended === null || ended === undefined) throw new NotFound()
  await noted(ctx, 'account.sessions_ended', personId)
  return { ended }
}

/** Takes away the second factor of somebody who has lost it; their sessions end, the password stays. Throws Forbidden, NotFound, Refused('form'). */
export async function resetSecondFactor(ctx: Ctx, { personId }: z.output<typeof AccountChoice>): Promise<Receipt> {
  await demanded(ctx, personId)
  const { rows } = await sql<{ dropped: boolean | null }>`select drop_second_factor(${personId}) as dropped`.execute(ctx.tx)
  if (!rows[0]!.dropped) throw new Refused('form', words.say('no_second_factor'))
  return noted(ctx, 'account.second_factor_reset', personId)
}

export type Settings = { codeDays: number; secondFactorRoles: string[] }

export async function accountSettings({ tx }: Pick<Ctx, 'tx'>): Promise<Settings> {
  const rows = await tx.selectFrom('setting').select(['key', 'value']).where('key', 'in', ['activation_code_days', 'second_factor_required']).execute()
  const valueOf = (key: string) => rows.find((row) => row.key === key)?.value
  return { codeDays: Number(valueOf('activation_code_days') ?? 30), secondFactorRoles: (valueOf('second_factor_required') as { roles?: string[] } | undefined)?.roles ?? [] }
}

/** How long codes last and whose office asks for a second factor; an administrator of the top decides for all. Throws Forbidden. */
export async function saveAccountSettings(ctx: Ctx, { codeDays, secondFactorRoles }: z.output<typeof AccountSettings>): Promise<Receipt> {
  const roles = rolesWithSecondFactor.filter((role) => secondFactorRoles.includes(role))
  const { rows } = await sql<{ saved: boolean }>`select set_account_settings(${codeDays}, ${roles}::text[]) as saved`.execute(ctx.tx)
  if (!rows[0]!.saved) throw new Forbidden(words.say('top_only'))
  return note(ctx, { action: 'account.settings_saved', unitId: null, subjectType: 'setting', subjectId: 'accounts', detail: { codeDays, roles } })
}

/** Whether the viewer decides on the settings of all accounts. */
export async function decidesSettings({ tx, viewer }: Ctx): Promise<boolean> {
  const units = viewer.offices.filter((office) => office.role === 'administrator').map((office) => office.unitId)
  const { rows } = await sql<{ top: boolean }>`
    select exists (
      select from unnest(${units}::uuid[]) as held (unit_id)
      where not exists (
        select from unit_ancestor
        where unit_ancestor.unit_id = held.unit_id and unit_ancestor.depth > 0 and unit_ancestor.standing @> ${viewer.today}::date)) as top`.execute(tx)
  return rows[0]!.top
}

async function demanded(ctx: Ctx, personId: string) {
  await demandAdministration(ctx, personId)
  if (personId === ctx.viewer.personId) throw new Forbidden(words.say('not_own_account'))
  return accountOf(ctx, personId)
}

function noted(ctx: Ctx, action: string, personId: string): Promise<Receipt> {
  return note(ctx, { action, unitId: null, subjectType: 'account', subjectId: personId })
}
