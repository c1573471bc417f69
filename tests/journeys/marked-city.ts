import type pg from 'pg'

// The demonstration city with a number in everything that tells of somebody: whatever a page shows can be traced to its row.

export type MarkedUnit = { id: string; number: number; code: string; formerCode: string; kind: string; parent: string | null }
export type MarkedPerson = { id: string; number: number }
export type MarkedCity = {
  units: MarkedUnit[]
  people: MarkedPerson[]
  sessions: { id: string; number: number; unitId: string; kind: string; isCancelled: boolean }[]
  sittings: { id: string; sessionId: string; unitId: string; heldOn: string }[]
  /** Reasons of absence, by number. */
  reasons: { number: number; personId: string; unitId: string }[]
  /** Reasons of exemption, by number: one each for some of the exempt. */
  exemptions: { number: number; personId: string; unitId: string }[]
  /** What people said in their own words, by number; laid by who asks about them. */
  sentences: { number: number; personId: string; unitId: string }[]
}

const numbered = (table: string) => `select id, row_number() over (order by id)::int - 1 as number from ${table}`
const padded = (number: string) => `lpad((${number})::text, 5, '0')`

/** Renames everything, counts anew, and returns what carries which number. */
export async function markCity(pool: pg.Pool): Promise<MarkedCity> {
  const rows = async <Row>(statement: string) => (await pool.query(statement)).rows as Row[]
  const former = new Map((await rows<{ id: string; code: string }>('select id, code from unit')).map(({ id, code }) => [id, code]))
  await pool.query(`update unit set code = 'uq-' || ${padded('each_one.number')}, name = 'Đơn vị Uq' || ${padded('each_one.number')}, organisation_name = 'Đảng bộ Uq' || ${padded('each_one.number')}, place = 'Nơi Uq' || ${padded('each_one.number')}
    from (${numbered('unit')}) as each_one where each_one.id = unit.id`)
  const [search] = await rows<{ index: string }>(`select pg_get_indexdef('person_search'::regclass) as index`)
  await pool.query('drop index person_search') // laid once for all the new names rather than fifty thousand times
  await pool.query(`update person set name = 'Nguyễn Văn Zq' || ${padded('each_one.number')}, card_number = 'Kq' || ${padded('each_one.number')}, born_on = date '1500-01-01' + each_one.number, phone = 'Tq' || ${padded('each_one.number')}
    from (${numbered('person')}) as each_one where each_one.id = person.id`)
  await pool.query(`update study_session set name = 'Lớp Sq' || ${padded('each_one.number')}, place = 'Hội trường Sq' || ${padded('each_one.number')} from (${numbered('study_session')}) as each_one where each_one.id = study_session.id`)
  await pool.query(`update mark set reason = 'Lý do Rq' || ${padded('each_one.number')} from (${numbered('mark where reason is not null')}) as each_one where each_one.id = mark.id`)
  await pool.query(`update roster set exempt_reason = 'Lý do Eq' || ${padded('each_one.number')}
    from (select id, row_number() over (order by id)::int - 1 as number from roster where exempt_reason is not null) as each_one where each_one.id = roster.id and each_one.number % 8 = 0`)
  await pool.query(search!.index)
  await pool.query('select recount(campaign.id) from campaign')
  await pool.query('vacuum analyze unit, person, study_session, mark, roster, count_kept') // every row was written twice

  const numberIn = `substring(%s from '[0-9]{5}$')::int as number`
  const number = (column: string) => numberIn.replace('%s', column)
  return {
    units: (await rows<Omit<MarkedUnit, 'formerCode'>>(`select unit.id, ${number('unit.code')}, unit.code, unit.kind, unit_parent.parent_id as parent from unit left join unit_parent on unit_parent.unit_id = unit.id`)).map((unit) => ({
      ...unit,
      formerCode: former.get(unit.id)!,
    })),
    people: await rows(`select id, ${number('name')} from person`),
    sessions: await rows(`select id, ${number('name')}, unit_id as "unitId", kind, cancelled_at is not null as "isCancelled" from study_session`),
    sittings: await rows(`select id, session_id as "sessionId", unit_id as "unitId", held_on as "heldOn" from sitting order by held_on, id`),
    reasons: await rows(`select ${number('reason')}, person_id as "personId", unit_id as "unitId" from mark where reason like 'Lý do Rq%'`),
    exemptions: await rows(`select ${number('exempt_reason')}, person_id as "personId", unit_id as "unitId" from roster where exempt_reason like 'Lý do Eq%'`),
    sentences: [],
  }
}
