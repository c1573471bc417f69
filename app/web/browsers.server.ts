import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from '../db/open.ts'
import type { Keys } from './keys.server.ts'
import { cookieOf } from './language.ts'

const name = 'thong-suot.browser'
const daysKnown = 400 // as long as browsers keep a cookie
const daysTrusted = 30

/** Browsers in which an account signed in before; a family may share one. */
export function openBrowsers({ db, keys, isSecure }: { db: Db; keys: Keys; isSecure: boolean }) {
  const hashOf = (token: string) => keys.mac('browser', token)
  const tokenOf = (headers: Headers) => cookieOf({ headers }, name)

  /** The browser as a text, where this account signed in with it before; null otherwise. */
  async function known(accountId: string | null, headers: Headers): Promise<string | null> {
    const token = tokenOf(headers)
    if (!token) return null
    const found = await rowOf(accountId, token) // asked for nobody too, so that it takes as long
    return found ? hashOf(token).toString('hex') : null
  }

  async function isTrusted(accountId: string, headers: Headers): Promise<boolean> {
    const token = tokenOf(headers)
    const found = token ? await rowOf(accountId, token) : undefined
    return Boolean(found?.trusted_until && found.trusted_until > new Date())
  }

  function rowOf(accountId: string | null, token: string) {
    return db
      .selectFrom('account_browser')
      .select('trusted_until')
      .where('hash', '=', hashOf(token))
      .where('account_id', '=', accountId ?? '00000000-0000-0000-0000-000000000000')
      .executeTakeFirst()
  }

  /**
   * Knows this browser from now on; returns its cookie. The cookie is a new one every time: whoever planted or copied the
   * earlier one is left with nothing.
   */
  async function remember(accountId: string, headers: Headers, trust: boolean): Promise<string> {
    const token = randomBytes(24).toString('base64url')
    const hash = hashOf(token)
    const before = tokenOf(headers)
    const until = trust ? sql<Date>`now() + make_interval(days => ${daysTrusted})` : null
    await db.transaction().execute(async (tx) => {
      if (before) await tx.updateTable('account_browser').set({ hash }).where('hash', '=', hashOf(before)).execute()
      await tx
        .insertInto('account_browser')
        .values({ hash, account_id: accountId, trusted_until: until })
        .onConflict((conflict) =>
          conflict.columns(['hash', 'account_id']).doUpdateSet({ seen_at: sql`now()`, ...(trust ? { trusted_until: until } : {}) }),
        )
        .execute()
      await tx.deleteFrom('account_browser').where('account_id', '=', accountId).where('seen_at', '<', sql<Date>`now() - make_interval(days => ${daysKnown})`).execute()
    })
    return `${name}=${token}; Max-Age=${daysKnown * 86_400}; Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
  }

  return { known, isTrusted, remember }
}
