import { sql } from 'kysely'
import { asSystem } from '../../db/open.ts'
import { today } from '../../platform/clock.ts'
import { usualSessions } from '../../platform/config.ts'
import type { App } from '../../web/context.ts'

/** Deletes sessions, codes, attempts and counts of look-ups that have run out (docs/security.md, "What is deleted when"); how many. */
export function sweepAccounts({ db, log, config }: Pick<App, 'db' | 'log' | 'config'>): Promise<number> {
  const { officeHours, officeIdleMinutes, memberDays } = { ...usualSessions, ...config.sessions }
  return asSystem(db, log, 'what has run out of accounts is swept', async (tx) => {
    const { rows } = await sql<{ swept: number }>`select sweep_accounts() + end_stale_sessions(null, ${today(config.timeZone)}, ${officeHours}, ${officeIdleMinutes}, ${memberDays * 24}) as swept`.execute(tx)
    return rows[0]!.swept
  })
}
