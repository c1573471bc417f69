import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from '../db/open.ts'
import type { Keys } from './keys.server.ts'
import { cookieOf } from './language.ts'
import { isAppCode, plainCode, stepOf } from './totp.ts'

const name = 'thong-suot.second_step'
const minutes = 10

/** Purposes of keys, shared with where a second factor is set up. */
export const secretPurpose = 'second factor'
export const recoveryHash = (keys: Keys, accountId: string, code: string): Buffer => keys.mac('recovery code', `${accountId} ${plainCode(code)}`)

/** Between the password and the code: who has shown the one waits, for ten minutes, for the other. */
export function openSecondStep({ db, keys, isSecure }: { db: Db; keys: Keys; isSecure: boolean }) {
  const cookie = (value: string, seconds: number) => `${name}=${value}; Max-Age=${seconds}; Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
  const hashOf = (token: string) => keys.mac('second step', token)

  /** Whether this account has a second factor. */
  async function isAsked(accountId: string): Promise<boolean> {
    return Boolean(await db.selectFrom('account_second_factor').select('account_id').where('account_id', '=', accountId).where('confirmed_at', 'is not', null).executeTakeFirst())
  }

  /** Has the browser wait for its code; returns the cookie by which it is known again. */
  async function awaitCode(accountId: string): Promise<string> {
    const token = randomBytes(24).toString('base64url')
    await db.deleteFrom('account_pending_sign_in').where('expires_at', '<', sql<Date>`now()`).execute()
    await db
      .insertInto('account_pending_sign_in')
      .values({ hash: hashOf(token), account_id: accountId, expires_at: sql`now() + make_interval(mins => ${minutes})` })
      .execute()
    return cookie(token, minutes * 60)
  }

  /** Whose code is waited for in this browser; null for nobody's. */
  async function awaited(headers: Headers): Promise<string | null> {
    const token = cookieOf({ headers }, name)
    if (!token) return null
    const found = await db
      .selectFrom('account_pending_sign_in')
      .select('account_id')
      .where('hash', '=', hashOf(token))
      .where('expires_at', '>', sql<Date>`now()`)
      .executeTakeFirst()
    return found?.account_id ?? null
  }

  /** Takes the code, and never the same one again. */
  async function take(accountId: string, code: string): Promise<boolean> {
    if (isAppCode(code)) {
      const factor = await db.selectFrom('account_second_factor').select('secret').where('account_id', '=', accountId).executeTakeFirst()
      const step = factor && stepOf(keys.open(secretPurpose, factor.secret), code)
      if (!step) return false
      const { numUpdatedRows } = await db
        .updateTable('account_second_factor')
        .set({ last_step: step })
        .where('account_id', '=', accountId)
        .where('confirmed_at', 'is not', null)
        .where('last_step', '<', step)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    }
    const { numUpdatedRows } = await db
      .updateTable('account_recovery_code')
      .set({ used_at: sql`now()` })
      .where('account_id', '=', accountId)
      .where('hash', '=', recoveryHash(keys, accountId, code))
      .where('used_at', 'is', null)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  }

  /** The code was right: nobody is waited for any more. */
  async function end(headers: Headers): Promise<string> {
    const token = cookieOf({ headers }, name)
    if (token) await db.deleteFrom('account_pending_sign_in').where('hash', '=', hashOf(token)).execute()
    return cookie('', 0)
  }

  return { isAsked, await: awaitCode, awaited, take, end }
}
