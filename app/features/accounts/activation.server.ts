import { sql } from 'kysely'
import type { z } from 'zod'
import { asSystem } from '../../db/open.ts'
import type { Knock, SignInAnswer } from '../../web/auth.server.ts'
import type { App } from '../../web/context.ts'
import { ownWordsOf } from '../../web/accounts.server.ts'
import { hashPassword } from '../../web/password.server.ts'
import { demandGoodPassword } from '../../web/password-strength.server.ts'
import type { Activation } from './accounts.schema.ts'
import { codePurpose } from './codes.server.ts'

export type ActivationAnswer = SignInAnswer & { username?: string }

/**
 * Takes the code of a slip, sets the password that its holder chose, and lets them in. Unknown, used, void and expired codes and those
 * of an account that was shut get one answer, after the same work. Of two who send one code at once, one is taken.
 * Throws Refused('newPassword') for one that is easily guessed.
 */
export async function activate({ db, log, auth }: App, { code, newPassword }: z.output<typeof Activation>, knock: Knock): Promise<ActivationAnswer> {
  // Each wrong code counts once for its address: forty people may mistype in one hall, guessing takes billions.
  const attempt = await auth.attempts.begin({ at: `activation ${code}`, address: knock.address })
  if (!('failed' in attempt)) return { step: 'out', secondsToWait: attempt.secondsToWait }
  const hash = await auth.keys.slowMac(codePurpose, code)
  const password = await hashPassword(newPassword)
  const account = await asSystem(db, log, 'an account is activated by its code', async (tx) => {
    const { rows } = await sql<{ id: string; personId: string; username: string }>`
      update account_code set used_at = now()
      from account
      where account.id = account_code.account_id and not account.is_disabled
        and account_code.hash = ${hash} and account_code.used_at is null and account_code.voided_at is null and account_code.expires_at > now()
      returning account.id, account.person_id as "personId", account.display_username as username`.execute(tx)
    const [taken] = rows
    if (!taken) return null
    await demandGoodPassword('newPassword', newPassword, await ownWordsOf(tx, taken.personId, taken.username)) // the code stays good
    await tx.updateTable('account_credential').set({ password, updated_at: new Date() }).where('account_id', '=', taken.id).where('provider', '=', 'credential').execute()
    await sql`select end_sessions(array[${taken.id}]::uuid[])`.execute(tx)
    await tx
      .insertInto('audit_entry')
      .values({ actor_id: taken.personId, action: 'account.activated', unit_id: null, subject_type: 'account', subject_id: taken.personId, detail: '{}' })
      .execute()
    return taken
  })
  if (!account) {
    await attempt.failed()
    return { step: 'out', secondsToWait: 0 }
  }
  await attempt.succeeded()
  return { ...(await auth.admit(account.id, knock)), username: account.username }
}
