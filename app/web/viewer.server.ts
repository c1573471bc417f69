import { sql } from 'kysely'
import type { Tx } from '../db/open.ts'
import type { Day } from '../platform/clock.ts'
import { NotFound } from '../platform/errors.ts'
import type { Role, Viewer } from '../permissions/permissions.ts'

/** Whom this naming lets the viewer act for today, and the viewer's own name; null when it is in force no longer. */
export async function actingInForce(tx: Tx, actingId: string): Promise<{ helpedId: string; helperName: string } | null> {
  const { rows } = await sql<{ helpedId: string; helperName: string }>`select helped_id as "helpedId", helper_name as "helperName" from acting_in_force(${actingId})`.execute(tx)
  return rows[0] ?? null
}

type Row = { name: string; role: Role | null; unit_id: string; unit_name: string }

/** The person whose transaction this is (asViewer), with the offices held that day, highest unit first. Throws NotFound. */
export async function loadViewer(tx: Tx, personId: string, today: Day): Promise<Viewer> {
  const { rows } = await sql<Row>`select name, role, unit_id, unit_name from viewer_profile()`.execute(tx)
  if (!rows[0]) throw new NotFound()
  const offices = rows.flatMap(({ role, unit_id, unit_name }) => (role ? [{ role, unitId: unit_id, unitName: unit_name }] : []))
  return { personId, name: rows[0].name, today, offices }
}
