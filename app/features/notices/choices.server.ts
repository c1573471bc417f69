import { sql } from 'kysely'
import type { z } from 'zod'
import { asSystem, constraintOf } from '../../db/open.ts'
import type { Ctx } from '../../permissions/permissions.ts'
import { Forbidden, Refused } from '../../platform/errors.ts'
import type { Language } from '../../platform/i18n.ts'
import { note } from '../../web/audit.server.ts'
import type { App } from '../../web/context.ts'
import { choiceWords as words } from './choices.messages.ts'
import { kinds, noticeKinds } from './kinds.ts'
import type { Address, Choices } from './notices.schema.ts'

type Mode = 'now' | 'digest' | 'none'

export type OwnChoices = {
  address: { id: string; address: string; isConfirmed: boolean; lastProblem: string | null } | null
  scope: 'all' | 'required'
  digestHour: number
  quietFrom: number
  quietTo: number
  kinds: { kind: (typeof noticeKinds)[number]; mode: Mode; isRequired: boolean }[]
  version: number | null // null: nothing was chosen yet
}

/** How the viewer is told by e-mail. Throws Forbidden for who acts for this person. */
export async function ownChoices(ctx: Ctx): Promise<OwnChoices> {
  demandOneself(ctx)
  const { rows: addresses } = await sql<{ id: string; address: string; isConfirmed: boolean; lastProblem: string | null }>`
    select notice_address.id, notice_address.address, notice_address.confirmed_at is not null as "isConfirmed",
      (select case when latest.state = 'sent' then null else latest.problem end
       from notice_delivery as latest
       where latest.webhook_id is null and latest.person_id = notice_address.person_id and latest.state in ('sent', 'dead')
       order by latest.since desc limit 1) as "lastProblem"
    from notice_address`.execute(ctx.tx)
  const { rows: chosen } = await sql<{ scope: 'all' | 'required'; digestHour: number; quietFrom: number; quietTo: number; kinds: Record<string, Mode>; version: number }>`
    select scope, digest_hour as "digestHour", quiet_from as "quietFrom", quiet_to as "quietTo", kinds, version from notice_choice`.execute(ctx.tx)
  const choice = chosen[0] ?? { scope: 'all', digestHour: 7, quietFrom: 22, quietTo: 6, kinds: {} as Record<string, Mode>, version: null }
  return {
    ...choice,
    address: addresses[0] ?? null,
    kinds: noticeKinds.map((kind) => ({ kind, isRequired: kinds[kind].isRequired, mode: choice.kinds[kind] ?? (kinds[kind].isUrgent ? 'now' : 'digest') })),
  }
}

/** Keeps what the viewer chose. What duty asks for is not switched off. Throws Forbidden, Refused('kinds.KIND' | 'version'). */
export async function choose(ctx: Ctx, input: z.output<typeof Choices>): Promise<void> {
  demandOneself(ctx)
  for (const kind of noticeKinds) if (kinds[kind].isRequired && input.kinds[kind] === 'none') throw new Refused(`kinds.${kind}`, words.say('required_stays'))
  const { numAffectedRows } = await sql`
    insert into notice_choice as earlier (person_id, scope, digest_hour, quiet_from, quiet_to, kinds)
    values (${ctx.viewer.personId}, ${input.scope}, ${input.digestHour}, ${input.quietFrom}, ${input.quietTo}, ${JSON.stringify(input.kinds)}::jsonb)
    on conflict (person_id) do update
    set scope = excluded.scope, digest_hour = excluded.digest_hour, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,
        kinds = excluded.kinds, version = earlier.version + 1
    where earlier.version = coalesce(${input.version ?? null}::integer, earlier.version)`.execute(ctx.tx)
  if (numAffectedRows === 0n) throw new Refused('version', words.say('chosen_meanwhile'))
  await note(ctx, { action: 'notices.chosen', unitId: null, subjectType: 'person', subjectId: ctx.viewer.personId, detail: { scope: input.scope } })
}

/** Asks for letters at that address: it gets one with a link, and no other until that was followed. An earlier address ends. Throws Forbidden, Refused('address'). */
export async function giveAddress(ctx: Ctx, { id, address }: z.output<typeof Address>, language: Language): Promise<void> {
  demandOneself(ctx)
  try {
    await sql`delete from notice_address where notice_address.person_id = ${ctx.viewer.personId}`.execute(ctx.tx)
    await sql`insert into notice_address (id, person_id, address, language) values (${id}, ${ctx.viewer.personId}, ${address}, ${language})`.execute(ctx.tx)
  } catch (error) {
    if (constraintOf(error) === 'address_is_confirmed_five_times_a_day') throw new Refused('address', words.say('too_many_letters'))
    throw error
  }
  await note(ctx, { action: 'notices.address-given', unitId: null, subjectType: 'person', subjectId: ctx.viewer.personId })
}

/** Forgets the viewer's address: no letter goes out any more, whatever it is about; the page shows everything all the same. */
export async function removeAddress(ctx: Ctx): Promise<void> {
  demandOneself(ctx)
  await sql`delete from notice_address where notice_address.person_id = ${ctx.viewer.personId}`.execute(ctx.tx)
  await note(ctx, { action: 'notices.address-removed', unitId: null, subjectType: 'person', subjectId: ctx.viewer.personId })
}

/** Whether such an address waits to be confirmed, is in use, or is not there any more. */
export function stateOfAddress({ db, log }: Pick<App, 'db' | 'log'>, addressId: string | null): Promise<'waiting' | 'confirmed' | 'gone'> {
  return asSystem(db, log, 'who follows the link of a letter is answered', async (tx) => {
    if (!addressId) return 'gone'
    const { rows } = await sql<{ isConfirmed: boolean }>`select confirmed_at is not null as "isConfirmed" from notice_address where id = ${addressId}`.execute(tx)
    return rows[0] ? (rows[0].isConfirmed ? 'confirmed' : 'waiting') : 'gone'
  })
}

/** Confirms the address whose link was followed, once. False when it was confirmed before, is gone, or the link is older than three days. */
export function confirmAddress({ db, log }: Pick<App, 'db' | 'log'>, addressId: string): Promise<boolean> {
  return asSystem(db, log, 'an address is confirmed by the link that was sent there', async (tx) => {
    const { rows } = await sql<{ personId: string }>`
      update notice_address set confirmed_at = now()
      where id = ${addressId} and confirmed_at is null and asked_at > now() - interval '3 days'
      returning person_id as "personId"`.execute(tx)
    if (rows[0]) await sql`insert into audit_entry (actor_id, action, subject_type, subject_id) values (${rows[0].personId}, 'notices.address-confirmed', 'person', ${rows[0].personId})`.execute(tx)
    return rows.length > 0
  })
}

/** From now on only letters that duty asks for go to this address. False when it is gone. */
export function unsubscribe({ db, log }: Pick<App, 'db' | 'log'>, addressId: string): Promise<boolean> {
  return asSystem(db, log, 'fewer letters were asked for by the link of one', async (tx) => {
    const { rows } = await sql<{ personId: string }>`
      insert into notice_choice as earlier (person_id, scope)
      select notice_address.person_id, 'required' from notice_address where notice_address.id = ${addressId}
      on conflict (person_id) do update set scope = 'required', version = earlier.version + 1
      returning person_id as "personId"`.execute(tx)
    if (rows[0]) await sql`insert into audit_entry (actor_id, action, subject_type, subject_id) values (${rows[0].personId}, 'notices.unsubscribed', 'person', ${rows[0].personId})`.execute(tx)
    return rows.length > 0
  })
}

/** Throws Forbidden for somebody who acts for this person: where somebody is reached is their own. */
function demandOneself({ viewer }: Ctx): void {
  if (viewer.actedBy) throw new Forbidden(words.say('not_for_another'))
}
