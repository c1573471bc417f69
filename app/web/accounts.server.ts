import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { Json } from '../db/types.ts'
import type { Db, Tx } from '../db/open.ts'
import { asSystem } from '../db/open.ts'
import { NotFound, Refused } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import { hashPassword } from './password.server.ts'
import { demandGoodPassword } from './password-strength.server.ts'
import type { Setup } from './setup.schema.ts'
import { setupWords as words } from './setup.messages.ts'
import { plainUsername } from './username.ts'

// Accounts belong to the owner of the database, so these run in a transaction of asSystem; who asked is the actor.
type By = { actorId: string | null }

/** Gives a person an account; returns its id. Throws NotFound, Refused('username') when it is taken or the person has one. */
export async function createAccount(tx: Tx, account: { personId: string; username: string; password: string } & Partial<By>): Promise<string> {
  const person = await tx.selectFrom('person').select('name').where('id', '=', account.personId).executeTakeFirst()
  if (!person) throw new NotFound()
  const id = v7()
  const username = plainUsername(account.username)
  const made = await tx
    .insertInto('account')
    .values({ id, person_id: account.personId, username, display_username: account.username.trim(), name: person.name, email: `${id}@account.invalid` })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!made) {
    const other = await tx.selectFrom('account').select('username').where('person_id', '=', account.personId).executeTakeFirst()
    throw new Refused('username', other ? words.say('has_account', { username: other.username }) : words.say('username_taken'))
  }
  await tx
    .insertInto('account_credential')
    .values({ id: v7(), account_id: id, provider: 'credential', provider_account_id: id, password: await hashPassword(account.password) })
    .execute()
  await record(tx, account.actorId ?? null, 'account.created', account.personId)
  return id
}

/** Gives an account another password, ends its sessions everywhere and voids its code. Throws NotFound. */
export async function setPassword(tx: Tx, change: { username: string; password: string } & Partial<By>): Promise<void> {
  const account = await find(tx, change.username)
  await tx
    .updateTable('account_credential')
    .set({ password: await hashPassword(change.password), updated_at: new Date() })
    .where('account_id', '=', account.id)
    .where('provider', '=', 'credential')
    .execute()
  await endEverything(tx, account.id)
  await record(tx, change.actorId ?? null, 'account.password_set', account.person_id)
}

/** Shuts an account, or opens it again; shutting ends its sessions everywhere and voids its code. Throws NotFound. */
export async function disableAccount(tx: Tx, change: { username: string; isDisabled?: boolean } & Partial<By>): Promise<void> {
  const account = await find(tx, change.username)
  const isDisabled = change.isDisabled ?? true
  await tx.updateTable('account').set({ is_disabled: isDisabled, updated_at: new Date() }).where('id', '=', account.id).execute()
  if (isDisabled) await endEverything(tx, account.id)
  await record(tx, change.actorId ?? null, isDisabled ? 'account.disabled' : 'account.enabled', account.person_id)
}

/** Takes away the second factor of an account, as an administrator does for others who cannot do so for themselves. Throws NotFound. */
export async function removeSecondFactor(tx: Tx, change: { username: string } & Partial<By>): Promise<void> {
  const account = await find(tx, change.username)
  await sql`select end_sessions(array[${account.id}]::uuid[])`.execute(tx)
  await tx.deleteFrom('account_recovery_code').where('account_id', '=', account.id).execute()
  await tx.deleteFrom('account_second_factor').where('account_id', '=', account.id).execute()
  await record(tx, change.actorId ?? null, 'account.second_factor_reset', account.person_id)
}

/** What an account's password may not be made of: user name, name, and the units its person belongs to or holds an office in. */
export async function ownWordsOf(tx: Tx, personId: string, username: string): Promise<string[]> {
  const { rows } = await sql<{ word: string }>`
    select person.name as word from person where person.id = ${personId}
    union
    select own.word
    from (
      select membership.unit_id from membership where membership.person_id = ${personId}
      union
      select office.unit_id from office where office.person_id = ${personId}
    ) as place
    join unit on unit.id = place.unit_id
    cross join lateral (values (unit.name), (unit.code)) as own (word)`.execute(tx)
  return [username, ...rows.map(({ word }) => word)]
}

async function endEverything(tx: Tx, accountId: string): Promise<void> {
  await sql`select end_sessions(array[${accountId}]::uuid[])`.execute(tx)
  await tx.updateTable('account_code').set({ voided_at: sql`now()` }).where('account_id', '=', accountId).where('used_at', 'is', null).where('voided_at', 'is', null).execute()
}

/** Whether nobody can sign in yet. */
export async function isEmpty(db: Db | Tx): Promise<boolean> {
  const { rows } = await sql<{ empty: boolean }>`select not exists (select from account) as empty`.execute(db)
  return rows[0]?.empty ?? false
}

/**
 * Sets up an empty database: the unit at the top, a person, the office of administrator and an account.
 * Of two at once one wins; throws Refused('form') when somebody has an account already, Refused('password') for one that is easily guessed.
 */
export function firstAdministrator(db: Db, log: Log, setup: Setup): Promise<{ unitId: string; personId: string; receipt: number }> {
  return asSystem(db, log, 'setting up an empty database', async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('setup'))`.execute(tx)
    if (!(await isEmpty(tx))) throw new Refused('form', words.say('already_set_up'))
    await demandGoodPassword('password', setup.password, [setup.username, setup.person.name, setup.unit.name])
    const unitId = await topUnit(tx, setup.unit)
    const personId = v7()
    await tx.insertInto('person').values({ id: personId, name: setup.person.name.replace(/\s+/g, ' ').trim() }).execute()
    await tx
      .insertInto('office')
      .values({ id: v7(), person_id: personId, unit_id: unitId, role: 'administrator', during: sql`daterange(current_date - 1, null)` }) // a day early: the deployment's day may lag behind
      .execute()
    await createAccount(tx, { personId, username: setup.username, password: setup.password, actorId: personId })
    const receipt = await record(tx, personId, 'deployment.set_up', personId, unitId, { kind: setup.unit.kind })
    return { unitId, personId, receipt }
  })
}

async function topUnit(tx: Tx, unit: Setup['unit']): Promise<string> {
  const id = v7()
  await tx
    .insertInto('unit')
    .values({
      id,
      code: unit.code ?? (await plainCode(tx, unit.place ?? unit.name)),
      kind: unit.kind,
      name: unit.name,
      organisation_name: unit.organisationName,
      symbol: unit.symbol,
      place: unit.place,
    })
    .execute()
  await sql`select lay_ancestors(array[${id}]::uuid[])`.execute(tx)
  return id
}

/** "Cần Thơ" is `can-tho`. */
async function plainCode(tx: Tx, name: string): Promise<string> {
  const { rows } = await sql<{ code: string }>`select trim(both '-' from regexp_replace(fold(${name}), '[^a-z0-9]+', '-', 'g')) as code`.execute(tx)
  return rows[0]?.code || 'top'
}

async function find(tx: Tx, username: string): Promise<{ id: string; person_id: string }> {
  const account = await tx.selectFrom('account').select(['id', 'person_id']).where('username', '=', plainUsername(username)).executeTakeFirst()
  if (!account) throw new NotFound()
  return account
}

async function record(tx: Tx, actorId: string | null, action: string, personId: string, unitId: string | null = null, detail: Json = {}): Promise<number> {
  const entry = await tx
    .insertInto('audit_entry')
    .values({ actor_id: actorId, action, unit_id: unitId, subject_type: 'account', subject_id: personId, detail: JSON.stringify(detail) })
    .returning('id')
    .executeTakeFirstOrThrow()
  return entry.id
}
