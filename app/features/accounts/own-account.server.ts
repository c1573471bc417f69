import { sql } from 'kysely'
import type { z } from 'zod'
import type { Ctx } from '../../permissions/permissions.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import type { App, Session } from '../../web/context.ts'
import { ownWordsOf } from '../../web/accounts.server.ts'
import { hashPassword } from '../../web/password.server.ts'
import { demandGoodPassword } from '../../web/password-strength.server.ts'
import { recoveryHash, secretPurpose } from '../../web/second-step.server.ts'
import { addressOfSecret, newRecoveryCode, newSecret, stepOf } from '../../web/totp.ts'
import { accountWords as words } from './accounts.messages.ts'
import type { OwnCode, PasswordChange, SessionEnd } from './accounts.schema.ts'

/** One's own account as its page shows it; `pending` is a second factor that is shown and not yet confirmed. */
export type OwnAccount = { username: string; hasPassword: boolean; passwordAt: Date | null; secondFactor: { since: Date; recoveryLeft: number } | null; pending: { secret: string; address: string } | null }
export type OwnSession = { id: string; isThis: boolean; createdAt: Date; usedAt: Date; address: string | null; userAgent: string | null }

type Keys = App['auth']['keys']
type Row = { accountId: string; username: string; hasPassword: boolean; passwordAt: Date | null; secret: string | null; confirmedAt: Date | null; recoveryLeft: number }

const recoveryCodes = 10

/** Throws Forbidden for who acts for another or comes by a token: an account is its owner's own. */
export async function ownAccount(ctx: Ctx, keys: Keys): Promise<OwnAccount> {
  const { username, hasPassword, passwordAt, secret, confirmedAt, recoveryLeft } = await rowOf(ctx)
  const opened = secret && !confirmedAt ? keys.open(secretPurpose, secret) : null
  return {
    username,
    hasPassword,
    passwordAt,
    secondFactor: confirmedAt ? { since: confirmedAt, recoveryLeft } : null,
    pending: opened ? { secret: opened, address: addressOfSecret(opened, username) } : null,
  }
}

/** Sets another password and ends every other session. The old one was proved before (`proveOneself`). */
export async function changePassword(ctx: Ctx, { password, newPassword }: z.output<typeof PasswordChange>, { sessionId }: Pick<Session, 'sessionId'>): Promise<Receipt> {
  const { username } = await rowOf(ctx)
  if (password === newPassword) throw new Refused('newPassword', words.say('same_password'))
  await demandGoodPassword('newPassword', newPassword, await ownWordsOf(ctx.tx, ctx.viewer.personId, username))
  const hashed = await hashPassword(newPassword)
  const { rows } = await sql<{ ended: number }>`select set_own_password(${hashed}, ${sessionId}) as ended`.execute(ctx.tx)
  return noteOwn(ctx, 'account.password_changed', { sessions: rows[0]!.ended })
}

/** Where one is signed in, the last used first. */
export async function ownSessions(ctx: Ctx, { sessionId }: Pick<Session, 'sessionId'>): Promise<OwnSession[]> {
  await rowOf(ctx)
  const { rows } = await sql<OwnSession>`
    select id, id = ${sessionId} as "isThis", created_at as "createdAt", used_at as "usedAt", address, user_agent as "userAgent" from own_sessions()`.execute(ctx.tx)
  return rows
}

/** Ends one of one's own sessions, or all but this one. Throws NotFound when there is none of that id. */
export async function endOwnSessions(ctx: Ctx, { sessionId: ending }: z.output<typeof SessionEnd>, { sessionId }: Pick<Session, 'sessionId'>): Promise<{ ended: number }> {
  await rowOf(ctx)
  const { rows } = await sql<{ ended: number }>`select end_own_sessions(${ending ?? null}, ${sessionId}) as ended`.execute(ctx.tx)
  const { ended } = rows[0]!
  if (ending && ended === 0) throw new NotFound()
  await noteOwn(ctx, 'account.sessions_ended', { sessions: ended })
  return { ended }
}

/** Makes the secret of a second factor; it counts once a code made with it was typed. Throws Refused('form') where there is one already. */
export async function beginSecondFactor(ctx: Ctx, keys: Keys): Promise<{ secret: string; address: string }> {
  const { username } = await rowOf(ctx)
  const secret = newSecret()
  const { rows } = await sql<{ begun: boolean }>`select begin_own_second_factor(${keys.seal(secretPurpose, secret)}) as begun`.execute(ctx.tx)
  if (!rows[0]!.begun) throw new Refused('form', words.say('has_second_factor'))
  return { secret, address: addressOfSecret(secret, username) }
}

/** Confirms it by its first code; answers with ten recovery codes, this once. Throws Refused('code' | 'form'). */
export async function confirmSecondFactor(ctx: Ctx, keys: Keys, { code }: z.output<typeof OwnCode>): Promise<{ recovery: string[] }> {
  const { accountId, secret, confirmedAt } = await rowOf(ctx)
  if (!secret || confirmedAt) throw new Refused('form', words.say(confirmedAt ? 'has_second_factor' : 'not_begun'))
  const step = stepOf(keys.open(secretPurpose, secret), code)
  if (step === null) throw new Refused('code', words.say('code_not_right'))
  const recovery = Array.from({ length: recoveryCodes }, newRecoveryCode)
  const { rows } = await sql<{ done: boolean }>`select confirm_own_second_factor(${step}, ${hashesOf(keys, accountId, recovery)}::text[]) as done`.execute(ctx.tx)
  if (!rows[0]!.done) throw new Refused('form', words.say('has_second_factor'))
  await noteOwn(ctx, 'account.second_factor_set', {})
  return { recovery }
}

/** Ten new recovery codes; the earlier ones no longer open. A code was proved before (`proveCode`). */
export async function renewRecoveryCodes(ctx: Ctx, keys: Keys): Promise<{ recovery: string[] }> {
  const { accountId, confirmedAt } = await rowOf(ctx)
  if (!confirmedAt) throw new Refused('form', words.say('no_second_factor'))
  const recovery = Array.from({ length: recoveryCodes }, newRecoveryCode)
  await sql`select set_own_recovery(${hashesOf(keys, accountId, recovery)}::text[])`.execute(ctx.tx)
  await noteOwn(ctx, 'account.recovery_renewed', {})
  return { recovery }
}

/** Takes one's own second factor away. A code was proved before (`proveCode`). */
export async function removeSecondFactor(ctx: Ctx): Promise<Receipt> {
  await rowOf(ctx)
  const { rows } = await sql<{ done: boolean }>`select drop_own_second_factor() as done`.execute(ctx.tx)
  if (!rows[0]!.done) throw new Refused('form', words.say('no_second_factor'))
  return noteOwn(ctx, 'account.second_factor_removed', {})
}

/** A code of one's second factor, typed anew for what weakens it; taken once. Throws Refused('code'). */
export async function proveCode({ auth }: App, { accountId }: Session, code: string): Promise<void> {
  const wrong = await auth.takeCode(accountId, code)
  if (!wrong) return
  const minutes = Math.ceil(wrong.secondsToWait / 60)
  throw new Refused('code', minutes > 0 ? words.say('wait', { minutes }) : words.say('code_not_right'))
}

export type HistoryEntry = { at: Date; action: string; isOwn: boolean; actor: string | null }

/** What was done to one's own account, the latest first, and by whom. */
export async function ownHistory({ tx }: Ctx, most = 20): Promise<HistoryEntry[]> {
  const { rows } = await sql<HistoryEntry>`select at, action, is_own as "isOwn", actor from own_account_history(${most})`.execute(tx)
  return rows
}

async function rowOf({ tx, viewer }: Ctx): Promise<Row> {
  if (viewer.actedBy) throw new Forbidden(words.say('not_for_another'))
  const { rows } = await sql<Row>`
    select account_id as "accountId", username, has_password as "hasPassword", password_at as "passwordAt", secret, confirmed_at as "confirmedAt", recovery_left as "recoveryLeft"
    from own_account()`.execute(tx)
  if (!rows[0]) throw new Forbidden(words.say('by_session_only'))
  return rows[0]
}

function noteOwn(ctx: Ctx, action: string, detail: { sessions?: number }): Promise<Receipt> {
  return note(ctx, { action, unitId: null, subjectType: 'account', subjectId: ctx.viewer.personId, detail })
}

const hashesOf = (keys: Keys, accountId: string, codes: string[]) => codes.map((code) => recoveryHash(keys, accountId, code).toString('hex'))
