import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { z } from 'zod'
import type { Ctx } from '../../permissions/permissions.ts'
import { today, type Day } from '../../platform/clock.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { note } from '../../web/audit.server.ts'
import type { App } from '../../web/context.ts'
import { accountOf, demandHandingOut, keptUnit } from './account-list.server.ts'
import { accountWords as words } from './accounts.messages.ts'
import { mostSlips, type CodesInput } from './accounts.schema.ts'
import { usernameCandidates } from './free-username.ts'

/** What is printed for one person, this once: `code` is kept nowhere but as a hash. `bornYear` tells two of one name apart, for who sees it. */
export type Slip = { personId: string; name: string; bornYear: number | null; unitName: string; username: string; code: string; expiresOn: Day }

/** Key under which codes are hashed; slow, since twelve digits could be guessed from a stolen backup otherwise. */
export const codePurpose = 'activation code'

type Someone = { personId: string; name: string; bornYear: number | null; phone: string | null; unitId: string; accountId: string | null; username: string | null; isDisabled: boolean; isActive: boolean }

/**
 * Hands out one-time codes, with an account to each who has none. An earlier code is void; the password of an account in use, and
 * its sessions, end at once (decision 0014). Who gives a code and who gets it both stand in the audit. Answers in the Vietnamese
 * order of names. Throws Forbidden, NotFound, Refused('personIds').
 */
export async function handOutCodes(ctx: Ctx, { keys, config }: { keys: App['auth']['keys']; config: App['config'] }, input: z.output<typeof CodesInput>): Promise<{ slips: Slip[]; left: number }> {
  const { people, left } = await peopleOf(ctx, input)
  for (const person of people) {
    if (person.isDisabled) throw new Refused('personIds', words.say('is_shut', { name: person.name }))
    if (person.isActive && !input.mayReset) throw new Refused('personIds', words.say('is_active', { name: person.name }))
  }
  for (const [unitId, theirs] of Map.groupBy(people, (person) => person.unitId)) {
    await demandHandingOut(ctx, 'give activation codes', unitId)
    if (theirs.some((person) => person.isActive)) await demandHandingOut(ctx, 'reset passwords', unitId)
  }
  await makeAccounts(ctx, people.filter((person) => person.accountId === null))
  const codes = await Promise.all(people.map(async (person) => ({ ...person, ...(await newCode(keys)) })))
  const { rows: given } = await sql<{ person_id: string; expires_at: Date }>`
    select person_id, expires_at from give_account_codes(${JSON.stringify(codes.map((one) => ({ id: v7(), account_id: one.accountId, hash: one.hash })))}::jsonb, ${config.timeZone})`.execute(ctx.tx)
  if (given.length !== people.length) throw new NotFound() // somebody's office changed meanwhile
  const expiresOn = today(config.timeZone, new Date(given[0]!.expires_at.getTime() - 1)) // the last day it opens
  for (const person of codes) {
    const action = person.isActive ? 'account.password_reset' : 'account.code_given'
    await note(ctx, { action, unitId: person.unitId, subjectType: 'account', subjectId: person.personId, detail: { expiresOn } })
  }
  return { slips: codes.map(({ personId, name, bornYear, unitName, username, code }) => ({ personId, name, bornYear, unitName, username: username!, code, expiresOn })), left }
}

/** Those chosen; or those of the unit who have no account in use, as many as are printed at once. */
async function peopleOf(ctx: Ctx, { unit: code, personIds }: z.output<typeof CodesInput>): Promise<{ people: (Someone & { unitName: string })[]; left: number }> {
  const chosen = personIds.length > 0 ? personIds : await idsOfUnit(ctx, code!)
  if (chosen.length === 0) throw new Refused('personIds', words.say('nobody_left'))
  const { rows } = await sql<Someone & { unitName: string }>`
    select parts.person_id as "personId", parts.name, parts.born_year as "bornYear", parts.phone, parts.unit_id as "unitId", unit.name as "unitName", parts.account_id as "accountId",
           parts.username, parts.is_disabled as "isDisabled", parts.is_active as "isActive"
    from account_name_parts(${chosen.slice(0, mostSlips)}::uuid[]) as parts
    join unit on unit.id = parts.unit_id
    order by parts.place`.execute(ctx.tx)
  if (personIds.length > 0) await refuseOthers(ctx, personIds, rows)
  return { people: rows, left: Math.max(0, chosen.length - mostSlips) }
}

async function idsOfUnit(ctx: Ctx, code: string): Promise<string[]> {
  const unit = await keptUnit(ctx, code)
  const { rows } = await sql<{ id: string }>`
    select someone.person_id as id from account_people(${unit.id}, null) as someone
    where someone.depth = 0 and someone.state in ('none', 'waiting', 'lapsed') and reason_against_code(someone.person_id) is null`.execute(ctx.tx)
  return rows.map((row) => row.id)
}

async function refuseOthers(ctx: Ctx, asked: string[], may: Someone[]): Promise<void> {
  for (const personId of asked) {
    if (may.some((one) => one.personId === personId)) continue
    const { reason, name } = await accountOf(ctx, personId)
    throw new Forbidden(words.say(reason === 'self' ? 'not_oneself' : 'higher_office', { name }))
  }
}

/** An account for each; names that somebody else took meanwhile are made anew. */
async function makeAccounts(ctx: Ctx, people: (Someone & { unitName: string })[]): Promise<void> {
  let waiting = people
  for (let attempt = 0; waiting.length > 0; attempt++) {
    if (attempt === 3) throw new Refused('personIds', words.say('no_username'))
    const candidates = waiting.map((person) => usernameCandidates(person, attempt === 0 ? 20 : 2000))
    const { rows: taken } = await sql<{ name: string }>`select name from taken_usernames(${candidates.flat()}::text[]) as taken (name)`.execute(ctx.tx)
    const used = new Set(taken.map((row) => row.name))
    for (const [index, person] of waiting.entries()) {
      const free = candidates[index]!.find((name) => !used.has(name))
      if (free) used.add(free)
      Object.assign(person, { accountId: v7(), username: free ?? null })
    }
    const { rows: made } = await sql<{ id: string }>`
      select id from make_accounts(${JSON.stringify(waiting.filter((one) => one.username).map((one) => ({ id: one.accountId, person_id: one.personId, username: one.username })))}::jsonb) as made (id)`.execute(ctx.tx)
    waiting = waiting.filter((person) => !made.some((row) => row.id === person.personId))
  }
  for (const person of people) await note(ctx, { action: 'account.created', unitId: person.unitId, subjectType: 'account', subjectId: person.personId })
}

/** Twelve digits: a telephone's keys are enough. */
async function newCode(keys: App['auth']['keys']): Promise<{ code: string; hash: string }> {
  const code = String(randomInt(10 ** 12)).padStart(12, '0')
  return { code, hash: (await keys.slowMac(codePurpose, code)).toString('hex') }
}
