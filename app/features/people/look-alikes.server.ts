import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Day } from '../../platform/clock.ts'
import type { Particulars } from './people.schema.ts'

/** Somebody on record who may be the same person, and by what: the number of the card, the phone, or name and day of birth. */
export type LookAlike = { personId: string; name: string; bornOn: Day | null; cardNumber: string | null; unitName: string | null; by: 'card' | 'phone' | 'birth' }

/** People the viewer sees who look like this one; `except` is that person's own entry. At most ten, the likeliest first. */
export async function lookAlikesOf(tx: Tx, person: Pick<Particulars, 'name' | 'bornOn' | 'cardNumber' | 'phone'>, except: string | null = null): Promise<LookAlike[]> {
  const { rows } = await sql<LookAlike>`
    select "personId", name, "bornOn", "cardNumber", "unitName", by
    from (
      select alike.person_id as "personId", person.name, person.born_on as "bornOn", person.card_number as "cardNumber", alike.by,
             (select unit.name from membership join unit on unit.id = membership.unit_id
              where membership.person_id = person.id order by lower(membership.during) desc limit 1) as "unitName"
      from look_alikes(${person.name}, ${person.bornOn ?? null}, ${person.cardNumber ?? null}, ${person.phone ?? null}) as alike
      join person on person.id = alike.person_id
      where person.id is distinct from ${except}::uuid
    ) as found
    order by array_position(array['card', 'birth', 'phone'], by), name
    limit 10`.execute(tx)
  return rows
}
