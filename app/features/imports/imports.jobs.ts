import { sql } from 'kysely'
import { asSystem } from '../../db/open.ts'
import type { App } from '../../web/context.ts'
import { importWords } from './imports.messages.ts'
import { limits } from './reading/limits.ts'
import { runImport } from './run.server.ts'

type Running = Pick<App, 'db' | 'pool' | 'log' | 'config'>

/** Takes up imports that wait for their turn or were left when a server stopped; returns how many it ran. */
export async function resumeImports(app: Running): Promise<number> {
  const interrupted = importWords.say('interrupted')
  const waiting = await asSystem(app.db, app.log, 'imports that wait are looked for', async (tx) => {
    await sql`
      update import
      set state = case task when 'read' then 'waiting' else 'checked' end,
          refusal = case task when 'import' then ${JSON.stringify({ vi: interrupted('vi'), en: interrupted('en') })}::jsonb end
      where state = 'working' and beat_at < clock_timestamp() - interval '1 minute'`.execute(tx)
    const { rows } = await sql<{ importId: string; personId: string }>`
      select import.id as "importId", import.person_id as "personId" from import where import.state = 'waiting' and import.created_at < clock_timestamp() - interval '3 seconds'
      order by import.created_at limit 2`.execute(tx)
    return rows
  })
  await Promise.all(waiting.map((one) => runImport(app, one)))
  return waiting.length
}

/** Files and what was understood of them, some days after they came. */
export function sweepImports({ db, log }: Pick<App, 'db' | 'log'>): Promise<number> {
  return asSystem(db, log, 'files that were imported some days ago are removed', async (tx) => {
    const { rows } = await sql<{ id: string }>`
      update import set content = null, state = case when state = 'imported' then state else 'cancelled' end, ended_at = coalesce(ended_at, clock_timestamp())
      where content is not null and created_at < clock_timestamp() - make_interval(days => ${limits.keptDays}) and state not in ('waiting', 'working')
      returning id`.execute(tx)
    await sql`delete from import_row where import_id = any (${rows.map(({ id }) => id)}::uuid[])`.execute(tx)
    // a day longer than any comparison counts for: what changed while a comparison began is still there when it is asked about
    await sql`delete from import_basis where seen_at < clock_timestamp() - make_interval(days => ${limits.keptDays})`.execute(tx)
    await sql`delete from organisation_change where recorded_at < clock_timestamp() - make_interval(days => ${limits.keptDays + 1})`.execute(tx)
    return rows.length
  })
}
