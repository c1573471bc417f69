import { sql } from 'kysely'
import type { Tx } from '../db/open.ts'
import { Forbidden } from '../platform/errors.ts'
import type { Language, Sentence } from '../platform/i18n.ts'
import { permissionWords } from './permissions.messages.ts'
import { allows, type Could, type Reason, type Role } from './permissions.ts'

/** Somebody who could, as far as the viewer may see the name. */
export type Holder = { role: Role; unit: string; name: string }

const namedAtMost = 3

/** The reason as a page says it: with the names of those who could, as far as the viewer may see them; null when there is none. */
export async function whyNot(tx: Tx, reason: Reason | null, language: Language): Promise<string | null> {
  return reason && (await withHolders(tx, reason))(language)
}

/** The same refusal, with the names of those who could. */
export async function forbiddenWithHolders(tx: Tx, refusal: Forbidden): Promise<Forbidden> {
  return new Forbidden(await withHolders(tx, refusal.sentence))
}

async function withHolders(tx: Tx, reason: Reason): Promise<Sentence> {
  const holders = reason.could ? await holdersWhoCould(tx, reason.could, namedAtMost) : []
  if (holders.length === 0) return reason
  return (language) => permissionWords.in(language)('could', { reason: reason(language), holders: holders.map((one) => holderShown(one, language)).join('; ') })
}

/** "Bí thư Chi bộ khu vực 1: Lê Thanh Bình". */
export function holderShown({ role, unit, name }: Holder, language: Language): string {
  const t = permissionWords.in(language)
  return t('holder', { role: t(`role.${role}`), unit, name })
}

/** Who holds such an office today, the viewer apart, the nearest unit first. */
async function holdersWhoCould(tx: Tx, could: Could, limit: number): Promise<Holder[]> {
  const holders = await holdersNear(tx, could.above?.unitIds ?? could.unitIds, null)
  return holders.filter((one) => allows(could, [one])).slice(0, limit)
}

/**
 * Who holds an office in these units today, the person who is told apart (null: the viewer), in the order of the units; of a unit that
 * was abolished those who took it over. Read as the viewer: an office of a unit that is not the viewer's to see is not there.
 */
export async function holdersNear(tx: Tx, unitIds: string[], told: string | null): Promise<(Holder & { unitId: string })[]> {
  const { rows } = await sql<Holder & { unitId: string }>`
    with recursive keeping (unit_id, asked, place) as (
      select asked.unit_id, asked.unit_id, asked.place
      from unnest(${unitIds}::uuid[]) with ordinality as asked (unit_id, place)
      union
      select succession.to_unit_id, keeping.asked, keeping.place
      from keeping
      join succession on succession.from_unit_id = keeping.unit_id and succession.on_date <= viewer_today()
    ), holding as (
      select distinct on (office.id) office.id, office.role, unit.name as unit, office_holder_name(office.person_id) as name, keeping.asked, keeping.place
      from keeping
      join unit on unit.id = keeping.unit_id
      join office on office.unit_id = unit.id and office.during @> viewer_today()
      where office.person_id <> coalesce(${told}::uuid, viewer_person())
      order by office.id, keeping.place
    )
    select holding.role, holding.unit, holding.name, holding.asked as "unitId"
    from holding
    where holding.name is not null
    order by holding.place, array_position(array['secretary', 'deputy', 'city_officer', 'clerk', 'inspector', 'administrator'], holding.role), holding.id
    limit 100`.execute(tx)
  return rows
}
