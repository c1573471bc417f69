import { sql } from 'kysely'
import type { z } from 'zod'
import type { Ctx } from '../../permissions/permissions.ts'
import { addDays, type Day } from '../../platform/clock.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { note } from '../../web/audit.server.ts'
import { newSecret, type TokenScope } from '../../web/token.server.ts'
import { tokenWords as words } from './tokens.messages.ts'
import type { NewToken, TokenChoice } from './tokens.schema.ts'

export type Token = { id: string; name: string; prefix: string; scope: TokenScope; endsOn: Day; madeAt: Date; lastUsedOn: Day | null; revokedAt: Date | null }
export type AdministeredToken = Omit<Token, 'revokedAt'> & { personId: string; personName: string }

/** A token lasts a year at most. */
const longestDays = 366
const most = 20

/** One's own tokens, the newest first, with those that have ended. Throws Forbidden for who acts for another. */
export async function ownTokens(ctx: Ctx): Promise<Token[]> {
  demandOneself(ctx)
  const { rows } = await sql<Token>`
    select id, name, prefix, scope, ends_on as "endsOn", made_at as "madeAt", last_used_on as "lastUsedOn", revoked_at as "revokedAt" from own_tokens()`.execute(ctx.tx)
  return rows
}

/** Makes a token; the secret is given back this once, and kept nowhere. Throws Forbidden, Refused('endsOn' | 'form'). */
export async function makeToken(ctx: Ctx, input: z.output<typeof NewToken>): Promise<{ secret: string }> {
  demandOneself(ctx)
  const { today } = ctx.viewer
  if (input.endsOn < today) throw new Refused('endsOn', words.say('ends_before_today'))
  if (input.endsOn > addDays(today, longestDays)) throw new Refused('endsOn', words.say('ends_too_late'))
  const open = (await ownTokens(ctx)).filter((token) => isOpen(token, today))
  if (open.length >= most) throw new Refused('form', words.say('too_many', { most }))
  const { secret, prefix, hash } = newSecret()
  const { rows } = await sql<{ made: boolean }>`select make_own_token(${input.id}, ${input.name}, ${prefix}, ${hash}, ${input.scope}, ${input.endsOn}::date) as made`.execute(ctx.tx)
  if (!rows[0]?.made) throw new Refused('form', words.say('made_before'))
  await note(ctx, { action: 'token.made', unitId: null, subjectType: 'account', subjectId: ctx.viewer.personId, detail: { tokenId: input.id, name: input.name, scope: input.scope, endsOn: input.endsOn } })
  return { secret }
}

/** Ends a token at once: one's own or, for an administrator, that of an account in keeping. Throws NotFound. */
export async function revokeToken(ctx: Ctx, { tokenId }: z.output<typeof TokenChoice>): Promise<{ name: string }> {
  demandOneself(ctx)
  const { rows } = await sql<{ personId: string; name: string }>`select person_id as "personId", name from revoke_token(${tokenId})`.execute(ctx.tx)
  const [revoked] = rows
  if (!revoked) throw new NotFound()
  await note(ctx, { action: 'token.revoked', unitId: null, subjectType: 'account', subjectId: revoked.personId, detail: { tokenId, name: revoked.name } })
  return { name: revoked.name }
}

/** Open tokens of the accounts that an administrator keeps, without their secrets. Throws Forbidden for everybody else. */
export async function administeredTokens({ tx, viewer }: Ctx): Promise<AdministeredToken[]> {
  if (!viewer.offices.some((office) => office.role === 'administrator')) throw new Forbidden(words.say('administrators_only'))
  const { rows } = await sql<AdministeredToken>`
    select id, person_id as "personId", person_name as "personName", name, prefix, scope, ends_on as "endsOn", made_at as "madeAt", last_used_on as "lastUsedOn"
    from administered_tokens()`.execute(tx)
  return rows
}

/** Whether it opens anything on that day. */
export function isOpen(token: Pick<Token, 'revokedAt' | 'endsOn'>, today: Day): boolean {
  return token.revokedAt === null && token.endsOn >= today
}

/** Throws Forbidden for somebody who acts for this person: an account is its owner's own. */
export function demandOneself({ viewer }: Ctx): void {
  if (viewer.actedBy) throw new Forbidden(words.say('not_for_another'))
}
