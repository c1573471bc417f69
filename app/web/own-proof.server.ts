import { asSystem } from '../db/open.ts'
import { Refused } from '../platform/errors.ts'
import type { App, Session } from './context.ts'
import { isNoPassword, isPassword } from './password.server.ts'
import { passwordWords as words } from './password.messages.ts'

/** A session left open proves little: what outlives it asks for the password anew. Throws Refused('password'). */
export async function proveOneself({ db, log, auth }: App, { accountId }: Session, password: string): Promise<void> {
  const attempt = await auth.attempts.begin({ at: `own password ${accountId}`, address: null })
  if (!('failed' in attempt)) throw new Refused('password', words.say('wait', { minutes: Math.ceil(attempt.secondsToWait / 60) }))
  const credential = await asSystem(db, log, 'the password is typed anew', (tx) =>
    tx.selectFrom('account_credential').select('password').where('account_id', '=', accountId).where('provider', '=', 'credential').executeTakeFirst(),
  )
  const isRight = await (credential?.password ? isPassword(credential.password, password) : isNoPassword(password))
  if (!isRight) {
    await attempt.failed()
    throw new Refused('password', words.say('wrong_password'))
  }
  await attempt.succeeded()
}
