import { sql } from 'kysely'
import type { z } from 'zod'
import { reasonAgainst, chainOf, type Ctx, type Role } from '../../permissions/permissions.ts'
import { Forbidden, NotFound } from '../../platform/errors.ts'
import { unitByCode, type Unit } from '../units/units.server.ts'
import { accountWords as words } from './accounts.messages.ts'
import type { AccountFilter, AccountState } from './accounts.schema.ts'

/** One person and the account they have, or have not. `reason` says why the viewer may hand no code: null when the viewer may. */
export type AccountRow = {
  personId: string
  name: string
  bornYear: number | null
  unitCode: string
  unitName: string
  offices: Role[]
  accountId: string | null
  username: string | null
  state: AccountState
  codeExpiresAt: Date | null
  hasSecondFactor: boolean
  reason: 'self' | 'higher' | null
}
export type AccountList = { unit: Unit; counts: Record<AccountState, number>; rows: AccountRow[]; found: number; page: number; pages: number }

const keepers: readonly Role[] = ['administrator', 'secretary', 'deputy', 'clerk']
const perPage = 50

/** The unit whose accounts are shown: the one asked for, or the highest the viewer keeps. Throws Forbidden for who keeps none, NotFound. */
export async function keptUnit({ tx, viewer }: Ctx, code: string | null): Promise<Unit> {
  const own = viewer.offices.find((office) => keepers.includes(office.role))
  if (!own) throw new Forbidden(words.say('keepers_only'))
  if (!code) {
    const unit = await tx.selectFrom('unit').select('code').where('id', '=', own.unitId).executeTakeFirst()
    if (!unit) throw new NotFound()
    code = unit.code
  }
  const unit = await unitByCode(tx, code)
  if (!unit) throw new NotFound()
  const { rows } = await sql<{ kept: boolean }>`select keeps_accounts_of(${unit.id}) as kept`.execute(tx)
  if (!rows[0]!.kept) throw new Forbidden(words.say('not_kept'))
  return unit
}

/** Accounts of a unit and those directly beneath, fifty a page in the Vietnamese order of names. Throws Forbidden, NotFound. */
export async function listAccounts(ctx: Ctx, { unit: code, q, state, page = 1 }: z.output<typeof AccountFilter>): Promise<AccountList> {
  const unit = await keptUnit(ctx, code ?? null)
  const needle = q ?? null
  const { rows: counted } = await sql<{ state: AccountState; people: number }>`
    select state, count(*) as people from account_people(${unit.id}, ${needle}) group by state`.execute(ctx.tx)
  const counts = { none: 0, waiting: 0, lapsed: 0, active: 0, shut: 0 }
  for (const row of counted) counts[row.state] = row.people
  const found = state ? counts[state] : Object.values(counts).reduce((sum, count) => sum + count, 0)
  const pages = Math.max(1, Math.ceil(found / perPage))
  const shown = Math.min(page, pages)
  const rows = await rowsOf(ctx, sql`account_people(${unit.id}, ${needle}) as someone where ${state ?? null}::text is null or someone.state = ${state ?? null}`, {
    limit: perPage,
    offset: (shown - 1) * perPage,
  })
  return { unit, counts, rows, found, page: shown, pages }
}

/** One person's account, among those the viewer keeps. Throws Forbidden, NotFound. */
export async function accountOf(ctx: Ctx, personId: string): Promise<AccountRow> {
  if (!ctx.viewer.offices.some((office) => keepers.includes(office.role))) throw new Forbidden(words.say('keepers_only'))
  const [row] = await rowsOf(ctx, sql`account_of(${personId}) as someone`, { limit: 1, offset: 0 })
  if (!row) throw new NotFound()
  return row
}

/** Throws Forbidden unless the viewer administers this account. */
export async function demandAdministration({ tx }: Ctx, personId: string): Promise<void> {
  const { rows } = await sql<{ may: boolean; keeps: boolean }>`
    select administers_account(${personId}) as may, reason_against_code(${personId}) is distinct from 'hidden' as keeps`.execute(tx)
  if (rows[0]!.may) return
  throw rows[0]!.keeps ? new Forbidden(words.say('administrators_only')) : new NotFound()
}

/** Whether the viewer administers this account. */
export async function isAdministered({ tx }: Ctx, personId: string): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`select administers_account(${personId}) as may`.execute(tx)
  return rows[0]!.may
}

/** Throws Forbidden unless the viewer may hand codes, for a first password or a new one, to people of this unit. */
export async function demandHandingOut({ tx, viewer }: Ctx, action: 'give activation codes' | 'reset passwords', unitId: string): Promise<void> {
  const chain = await chainOf(tx, unitId, viewer.today)
  if (reasonAgainst(viewer, 'manage accounts', chain) === null) return
  const reason = reasonAgainst(viewer, action, chain)
  if (reason) throw new Forbidden(reason)
}

async function rowsOf({ tx }: Ctx, from: ReturnType<typeof sql>, { limit, offset }: { limit: number; offset: number }): Promise<AccountRow[]> {
  const { rows } = await sql<AccountRow>`
    select page.*, reason_against_code(page."personId") as reason
    from (
      select someone.person_id as "personId", someone.name, someone.born_year as "bornYear", someone.unit_code as "unitCode", someone.unit_name as "unitName",
             someone.offices, someone.account_id as "accountId", someone.username, someone.state, someone.code_expires_at as "codeExpiresAt",
             someone.has_second_factor as "hasSecondFactor", row_number() over (
               order by someone.depth, someone.unit_name collate "vi-x-icu", someone.given_name collate "vi-x-icu", someone.middle_name collate "vi-x-icu",
                        someone.family_name collate "vi-x-icu", someone.person_id) as place
      from ${from}
      order by place
      limit ${limit} offset ${offset}
    ) as page
    order by page.place`.execute(tx)
  return rows.map(({ place: _, ...row }: AccountRow & { place?: number }) => row)
}
