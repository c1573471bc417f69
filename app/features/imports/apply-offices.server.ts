import { sql } from 'kysely'
import type { Ctx } from '../../permissions/permissions.ts'
import { addDays } from '../../platform/clock.ts'
import type { Applying } from './applying.ts'

/** Gives offices, all at once, as appointing leaves them. */
export async function applyOffices({ tx, viewer }: Ctx, { rows, effectiveOn }: Applying): Promise<void> {
  const given = rows
    .filter(({ verdict }) => verdict === 'new')
    .map(({ fields, plan }) => ({ id: plan!.id, person_id: plan!.personId, unit_id: plan!.unitId, role: fields.role, title: fields.title ?? null, from_day: plan!.since ?? effectiveOn, until_day: fields.until ? addDays(fields.until, 1) : null }))
  const listed = sql`jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as row (id uuid, person_id uuid, unit_id uuid, role text, title text, from_day date, until_day date)`
  await sql`
    insert into office (id, person_id, unit_id, role, title, during)
    select row.id, row.person_id, row.unit_id, row.role, row.title, daterange(row.from_day, row.until_day) from ${listed}`.execute(tx)
  await sql`
    insert into audit_entry (actor_id, action, unit_id, subject_type, subject_id, detail)
    select ${viewer.personId}::uuid, 'office.given', row.unit_id, 'person', row.person_id::text, jsonb_build_object('role', row.role, 'fromDay', row.from_day, 'office', row.id) from ${listed}`.execute(tx)
}
