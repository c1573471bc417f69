import { sql } from 'kysely'
import type { Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'

/** Who may act for the viewer today, and for whom the viewer may. `until` is the first day that no longer counts. */
export type ActingNow = { isHelper: boolean; who: string | null; since: Day; until: Day }

export async function actingOf({ tx, viewer }: Ctx): Promise<ActingNow[]> {
  const { rows } = await sql<ActingNow>`
    select acting.helper_id = ${viewer.personId} as "isHelper", lower(acting.during) as since, upper(acting.during) as until,
           acting_name(case when acting.helper_id = ${viewer.personId} then acting.helped_id else acting.helper_id end) as who
    from acting
    where (acting.helper_id = ${viewer.personId} or acting.helped_id = ${viewer.personId})
      and acting.during @> ${viewer.today}::date and acting.ended_at is null
    order by lower(acting.during), acting.id`.execute(tx)
  return rows
}
