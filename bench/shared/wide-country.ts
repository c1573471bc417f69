import pg from 'pg'
import { v7 } from 'uuid'
import { asSystem, closeDatabase, openDatabase } from '../../app/db/open.ts'
import { openLog } from '../../app/platform/log.ts'
import { createAccount } from '../../app/web/accounts.server.ts'

// A country as wide as a search has to reach: 300,000 units and 100,000 people, named as units and people are, and who looks at it.

const [provinces, communes] = [60, 6000]
const units = 300_000
const people = 100_000

/** Plants it into an empty database; users are `administrator`, `district` (administrator of one province), `officer`, `clerk` and `secretary`. */
export async function plantWideCountry(connectionString: string): Promise<void> {
  const { db, pool } = openDatabase({ connectionString }, openLog('warn'), 2)
  const client = new pg.Client({ connectionString }) // without the limits of a served one
  await client.connect()
  const run = (statement: string, values: unknown[] = []) => client.query(statement, values)
  await run(`create table planted (number integer primary key, id uuid not null default gen_random_uuid())`)
  await run(`insert into planted (number) select number from generate_series(0, ${units - 1}) as number`)
  // The top, its provinces, their communes, and beneath those the cells.
  await run(`
    insert into unit (id, code, kind, name)
    select id, 'u-' || number,
           case when number = 0 then 'city_committee' when number <= ${provinces} then 'district_committee' when number <= ${communes} then 'commune_committee' else 'cell' end,
           case when number = 0 then 'Trung ương' when number <= ${provinces} then 'Tỉnh ủy ' || place.name
                when number <= ${communes} then 'Đảng ủy xã ' || place.name else 'Chi bộ ' || (array['ấp', 'khu vực', 'trường tiểu học', 'thôn', 'khối cơ quan'])[1 + number % 5] || ' ' || place.name end
    from planted
    cross join lateral (select
      (array['Tân', 'Vĩnh', 'Thạnh', 'Phú', 'An', 'Long', 'Bình', 'Thanh', 'Mỹ', 'Trường', 'Đông', 'Hòa'])[1 + abs(hashint4(number)) % 12] || ' ' ||
      (array['Lộc', 'Hưng', 'Thành', 'Xuân', 'Lợi', 'Khánh', 'Phước', 'Thuận', 'Quới', 'An', 'Mỹ'])[1 + abs(hashint4(number + 1000000)) % 11] || ' ' || abs(hashint4(number + 2000000)) % 97 as name) as place`)
  await run(`
    insert into unit_parent (unit_id, parent_id)
    select under.id, above.id
    from planted as under
    join planted as above on above.number = case when under.number <= ${provinces} then 0 when under.number <= ${communes} then 1 + under.number % ${provinces}
      else ${provinces + 1} + under.number % ${communes - provinces} end
    where under.number > 0`)
  await run('analyze planted; analyze unit_parent')
  await run('select lay_ancestors()')
  await run(`
    insert into person (id, name, card_number, born_on, phone)
    select gen_random_uuid(),
           (array['Nguyễn', 'Nguyễn', 'Nguyễn', 'Trần', 'Lê', 'Phạm', 'Huỳnh', 'Võ', 'Đặng', 'Bùi', 'Đỗ', 'Hồ'])[1 + abs(hashint4(number)) % 12] || ' ' ||
           (array['Văn', 'Thị', 'Hữu', 'Ngọc', 'Đức', 'Thanh', 'Mỹ', 'Quốc', 'Hoàng'])[1 + abs(hashint4(number + 1000000)) % 9] || ' ' ||
           (array['An', 'Bình', 'Chi', 'Dũng', 'Hạnh', 'Hoa', 'Khoa', 'Lan', 'Minh', 'Ngọc', 'Phúc', 'Quân', 'Thảo', 'Út', 'Uyên', 'Vân', 'Xuân', 'Yến'])[1 + abs(hashint4(number + 2000000)) % 18],
           lpad((number % 64)::text, 2, '0') || '.' || lpad(number::text, 6, '0'), date '1940-01-01' + abs(hashint4(number + 3000000)) % 23000, '09' || lpad(number::text, 8, '0')
    from generate_series(1, ${people}) as number`)
  await run(`
    insert into membership (id, person_id, unit_id, during)
    select gen_random_uuid(), each_one.id, planted.id, '[2020-01-01,)'
    from (select id, row_number() over (order by card_number) as number from person) as each_one
    join planted on planted.number = case when each_one.number % 20 = 0 then ${provinces + 1} + abs(hashint4(each_one.number::int)) % ${communes - provinces} else ${communes + 1} + abs(hashint4(each_one.number::int)) % ${units - communes - 1} end`)
  const viewers = [['administrator', 'administrator', 0], ['district', 'administrator', 7], ['officer', 'city_officer', 0], ['clerk', 'clerk', provinces + 5], ['secretary', 'secretary', communes + 9]] as const
  for (const [username, role, number] of viewers) {
    const personId = v7()
    await run(`insert into person (id, name) values ($1, $2)`, [personId, `Người Xem ${username}`])
    await run(`insert into membership (id, person_id, unit_id, during) select $1, $2, id, '[2020-01-01,)' from planted where number = $3`, [v7(), personId, number])
    await run(`insert into office (id, person_id, unit_id, role, during) select $1, $2, id, $3, '[2020-01-01,)' from planted where number = $4`, [v7(), personId, role, number])
    await asSystem(db, openLog('warn'), 'accounts of a bench', (tx) => createAccount(tx, { personId, username, password: 'thong-suot' }))
  }
  await run('drop table planted')
  await run('vacuum analyze')
  await client.end()
  await closeDatabase({ db, pool })
}
