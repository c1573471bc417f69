import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { asSystem } from '../db/open.ts'
import { today } from '../platform/clock.ts'
import type { App } from './context.ts'

export type TokenScope = 'read' | 'write'

const form = /^ts_[A-Za-z0-9_-]{43}$/

/** A new secret and what is kept of it. */
export function newSecret(): { secret: string; prefix: string; hash: Buffer } {
  const secret = `ts_${randomBytes(32).toString('base64url')}`
  return { secret, prefix: secret.slice(0, 9), hash: hashOf(secret) }
}

/** What stands after "Bearer" in a call's head, '' included; null when it comes without. */
export function bearerOf(headers: Headers): string | null {
  const head = headers.get('authorization')
  return head !== null && /^bearer(\s|$)/i.test(head) ? head.slice(6).trim() : null
}

/** Whose token it is and what it opens; null for one that is unknown, past its last day, revoked, or of a shut account. */
export async function tokenInForce({ db, log, config }: App, secret: string): Promise<{ personId: string; name: string; scope: TokenScope } | null> {
  if (!form.test(secret)) return null
  const day = today(config.timeZone)
  return asSystem(db, log, 'a token is looked up', async (tx) => {
    const { rows } = await sql<{ id: string; personId: string; name: string; scope: TokenScope; isFirstToday: boolean }>`
      select account_token.id, account.person_id as "personId", account_token.name, account_token.scope,
             account_token.last_used_on is distinct from ${day}::date as "isFirstToday"
      from account_token
      join account on account.id = account_token.account_id and not account.is_disabled
      where account_token.hash = ${hashOf(secret)} and account_token.revoked_at is null and account_token.ends_on >= ${day}::date`.execute(tx)
    const [token] = rows
    if (!token) return null
    if (token.isFirstToday) await tx.updateTable('account_token').set({ last_used_on: day }).where('id', '=', token.id).execute()
    return { personId: token.personId, name: token.name, scope: token.scope }
  })
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
