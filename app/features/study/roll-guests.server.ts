import { sql } from 'kysely'
import { chainOf, reasonAgainst, type Ctx } from '../../permissions/permissions.ts'
import { sheetLines, type SheetLine, type SittingHead } from './rolls.server.ts'

const most = 10

/**
 * People who may come though the session is not for them: on the campaign's roster that day, of units whose roll the viewer
 * may take, and not on the sheet that is shown. Found by words of their name without marks, or named by id; at most ten.
 */
export async function guestsOf(ctx: Ctx, sitting: SittingHead, wanted: { name: string } | { ids: string[] }, shown: string[]): Promise<SheetLine[]> {
  const byName = 'name' in wanted
  const words = byName ? wanted.name.trim().split(/\s+/).filter(Boolean).slice(0, 8) : []
  if (byName ? words.length === 0 : wanted.ids.length === 0) return []
  const matches = words.map((word) => sql<boolean>`and person.search like '%' || replace(replace(replace(fold(${word}), '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'`)
  const { rows } = await sql<SheetLine>`
    ${sheetLines(sitting, [])}
      and not (roster.person_id = any (${shown}::uuid[]))
      ${byName ? sql.join(matches, sql` `) : sql`and roster.person_id = any (${wanted.ids}::uuid[])`}
    order by person.given_name collate "vi-x-icu", person.middle_name collate "vi-x-icu", person.family_name collate "vi-x-icu", person.born_on, person.id
    limit ${byName ? most : 100}`.execute(ctx.tx)
  const refused = new Set<string>()
  for (const unitId of new Set(rows.map((row) => row.unitId))) {
    if (reasonAgainst(ctx.viewer, 'take the roll', await chainOf(ctx.tx, unitId, ctx.viewer.today))) refused.add(unitId)
  }
  return rows.filter((row) => !refused.has(row.unitId))
}
