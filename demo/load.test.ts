import { beforeAll, describe, expect, test } from 'vitest'
import { openLog } from '../app/platform/log.ts'
import { isPassword } from '../app/web/password.server.ts'
import { testDatabase } from '../tests/database.ts'
import { demoDatabase } from '../tests/demo.ts'
import { canTho } from './can-tho.ts'
import { isLoaded, loadDemo } from './load.ts'

const { pool: empty } = await testDatabase()
const { pool } = await demoDatabase() // a copy of what loadDemo made of such an empty one
const rows = async <Row extends object>(text: string, values: unknown[] = [], on = pool): Promise<Row[]> => (await on.query<Row>(text, values)).rows
const one = async <Value>(text: string, values: unknown[] = []): Promise<Value> =>
  Object.values((await rows<Record<string, Value>>(text, values))[0]!)[0]!
let campaign = ''

const schema = (on = pool) =>
  rows(`
    select format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as what from pg_constraint where connamespace = 'public'::regnamespace
    union all
    select indexdef from pg_indexes where schemaname = 'public'
    order by 1`, [], on)

beforeAll(async () => {
  campaign = await one<string>(`select id from campaign where code = 'nq-dai-hoi-xiii'`)
})

/** Whole counts of a unit as of a day, by indicator and dimension joined by a blank. */
async function figures(unit: string, day: string): Promise<Record<string, number>> {
  const found = await rows<{ key: string; whole: number }>(
    `select rtrim(indicator || ' ' || dimension) as key, whole from count_values($1, array[(select id from unit where code = $2)], $3)`,
    [campaign, unit, day],
  )
  return Object.fromEntries(found.map(({ key, whole }) => [key, whole]))
}

test('an empty database is not loaded, and loading twice changes nothing', async () => {
  expect([await isLoaded(empty), await isLoaded(pool)]).toEqual([false, true])
  const people = await one('select count(*) from person')
  await loadDemo({ pool, log: openLog('silent') })
  expect(await one('select count(*) from person')).toBe(people)
})

describe('as of 30/6/2021', () => {
  test('49,901 of 50,424 have studied, 1,207 are exempt, and 10,806 were at the national conference', async () => {
    expect(await figures('can-tho', '2021-06-30')).toMatchObject({
      expected: 50_424,
      studied: 49_901,
      exempt: 1_207,
      'on-roster': 51_631,
      'must-write': 48_610,
      'studied-at-national-conference': 10_806,
    })
  })

  test('by category', async () => {
    const city = await figures('can-tho', '2021-06-30')
    const table = canTho.categories.map(({ key }) => [
      key,
      city[`expected category:${key}`],
      city[`studied category:${key}`],
      city[`studied-at-national-conference category:${key}`],
    ])
    expect(table).toEqual([
      ['key-cadre', 1_248, 1_248, 1_219],
      ['retired-cadre', 1_041, 1_026, 702],
      ['artist-intellectual', 2_889, 2_873, 1_204],
      ['reporter-editor', 684, 684, 655],
      ['base-key-cadre', 5_322, 5_317, 4_786],
      ['other', 39_240, 38_753, 2_240],
    ])
  })

  test('by where they studied', async () => {
    const city = await figures('can-tho', '2021-06-30')
    const kinds = Object.entries(city).filter(([key]) => key.startsWith('studied kind:'))
    expect(Object.fromEntries(kinds)).toEqual({
      'studied kind:national_conference': 10_806,
      'studied kind:conference': 12_418,
      'studied kind:class': 24_710,
      'studied kind:make_up_class': 1_772,
      'studied kind:declared': 195,
    })
  })

  test('every district and attached committee has its numbers', async () => {
    const found: Record<string, [number?, number?]> = {}
    for (const { code } of [...canTho.districts, ...canTho.attached]) {
      const { studied, expected } = await figures(code, '2021-06-30')
      found[code] = [studied, expected]
    }
    expect(found).toEqual({
      'ninh-kieu': [9_346, 9_412],
      'binh-thuy': [4_160, 4_186],
      'cai-rang': [3_529, 3_574],
      'o-mon': [3_996, 4_028],
      'thot-not': [4_249, 4_317],
      'phong-dien': [3_172, 3_215],
      'co-do': [3_445, 3_462],
      'vinh-thanh': [2_929, 2_934],
      'thoi-lai': [3_344, 3_391],
      'quan-su': [1_486, 1_486],
      'cong-an': [1_972, 1_972],
      'dai-hoc-y-duoc': [609, 612],
      'dai-hoc-can-tho': [1_067, 1_084],
      'khoi-co-quan': [4_067, 4_127],
      'khoi-doanh-nghiep': [2_530, 2_624],
    })
    const above = Object.entries(found)
      .filter(([, [studied, expected]]) => studied! / expected! > 0.99)
      .map(([code]) => code)
    expect(above.sort()).toEqual(['binh-thuy', 'co-do', 'cong-an', 'dai-hoc-y-duoc', 'ninh-kieu', 'o-mon', 'quan-su', 'vinh-thanh'])
  })

  test('the records say the same without the counting functions', async () => {
    const studied = await one<number>(
      `with attended as (
         select mark.person_id
         from mark
         join sitting on sitting.id = mark.sitting_id and sitting.held_on <= '2021-06-30'
         join sitting_topic on sitting_topic.sitting_id = sitting.id
         where mark.superseded_at is null and mark.status in ('present', 'late')
         group by mark.person_id
         having count(distinct sitting_topic.topic_id) = 4
       )
       select (select count(*) from roster
               where must_study and superseded_at is null and during @> date '2021-06-30'
                 and person_id in (select person_id from attended)
                 and unit_id not in (select unit_id from declaration))
            + (select sum(studied) from declaration join declaration_part on declaration_id = declaration.id where declared_on = '2021-06-30')`,
    )
    expect(Number(studied)).toBe(49_901)
  })
})

describe('over time', () => {
  test('28/3: 10,806 of 50,424 had studied, all of them at the national conference', async () => {
    expect(await figures('can-tho', '2021-03-28')).toMatchObject({
      studied: 10_806,
      expected: 50_424,
      'studied-at-national-conference': 10_806,
      'studied kind:national_conference': 10_806,
    })
    expect((await figures('can-tho', '2021-03-27'))['studied']).toBeUndefined()
  })

  test('half by the end of April, 78 % by the end of May, 49,962 after the make-up classes of July', async () => {
    const share = async (day: string) => {
      const { studied, expected } = await figures('can-tho', day)
      return studied! / expected!
    }
    expect(await share('2021-04-30')).toBeCloseTo(0.5, 1)
    expect(await share('2021-05-31')).toBeCloseTo(0.78, 2)
    expect((await figures('can-tho', '2021-07-10'))['studied']).toBe(49_962)
  })

  test('fewer were known to have studied on the evening of 30/6 than have', async () => {
    const known = await one<number>(
      `select whole from count_values_known($1, array[(select id from unit where code = 'can-tho')], '2021-06-30', '2021-06-30 23:59+07') where indicator = 'studied' and dimension = ''`,
      [campaign],
    )
    expect(known).toBeLessThan(49_901)
    expect(known).toBeGreaterThan(49_500)
  })

  test.each(['2021-03-28', '2021-05-17', '2021-06-30', '2021-07-10'])(
    'on %s every unit is the sum of the units beneath it, for every figure and part',
    async (day) => {
      const wrong = await rows(
        `with value as (select * from count_values($1, (select array_agg(id) from unit), $2)),
       beneath as (
         select unit_parent.parent_id as unit_id, value.indicator, value.dimension, sum(value.whole) as whole
         from value join unit_parent on unit_parent.unit_id = value.unit_id
         group by unit_parent.parent_id, value.indicator, value.dimension)
       select * from value left join beneath using (unit_id, indicator, dimension)
       where value.whole <> value.own + coalesce(beneath.whole, 0)`,
        [campaign, day],
      )
      expect(wrong).toEqual([])
    },
  )
})

describe('what the operations would have left', () => {
  test('the roster as it was opened is what freezing it would have made of the memberships', async () => {
    const client = await pool.connect()
    await client.query('begin')
    await client.query(`create temporary table loaded on commit drop as select * from roster where lower(during) = '2021-03-22' and reason is null`)
    await client.query('delete from roster')
    await client.query(`select freeze_roster($1, '2021-03-22', (select person_id from office where role = 'city_officer'), 'page')`, [campaign])
    const columns = 'person_id, unit_id, category_key, must_study, must_write, exempt_reason, during, recorded_by, source'
    const { rows: differences } = await client.query(
      `(select ${columns} from loaded except select ${columns} from roster) union all (select ${columns} from roster except select ${columns} from loaded)`,
    )
    await client.query('rollback')
    client.release()
    expect(differences).toEqual([])
  })

  test('who is on the roster belongs to that unit on every day of it', async () => {
    expect(
      await rows(`
        select roster.id from roster
        where roster.superseded_at is null and not exists (
          select from membership
          where membership.person_id = roster.person_id and membership.unit_id = roster.unit_id and membership.during @> lower(roster.during)
            and (membership.status = 'exempt') = (not roster.must_study))`),
    ).toEqual([])
  })

  test('nobody belongs to two units on one day', async () => {
    expect(
      await rows(
        'select one.id from membership as one join membership as other on other.person_id = one.person_id and other.id <> one.id and other.during && one.during',
      ),
    ).toEqual([])
  })

  test('every mark is of somebody on the roster, in the unit of that day, who came to a session of a unit above', async () => {
    expect(
      await rows(`
        select mark.id from mark
        join sitting on sitting.id = mark.sitting_id
        where not exists (
            select from roster
            where roster.person_id = mark.person_id and roster.unit_id = mark.unit_id and roster.superseded_at is null
              and roster.must_study and roster.during @> sitting.held_on)
          or not exists (select from unit_ancestor where unit_ancestor.unit_id = mark.unit_id and unit_ancestor.ancestor_id = sitting.unit_id)`),
    ).toEqual([])
  })

  test('every mark was entered after its sitting, by somebody in office in that cell or the committee above it', async () => {
    expect(
      await rows(`
        select mark.id from mark
        join sitting on sitting.id = mark.sitting_id
        where mark.recorded_at < (sitting.held_on + sitting.ends_at) at time zone 'Asia/Ho_Chi_Minh'
          or not exists (
            select from office join unit_ancestor on unit_ancestor.ancestor_id = office.unit_id and unit_ancestor.depth <= 1
            where unit_ancestor.unit_id = mark.unit_id and office.person_id = mark.recorded_by and office.role in ('secretary', 'deputy', 'clerk'))`),
    ).toEqual([])
  })

  test('marks are of the categories that their session was for', async () => {
    expect(
      await rows(`
        select mark.id from mark
        join sitting on sitting.id = mark.sitting_id
        join roster on roster.person_id = mark.person_id and roster.superseded_at is null and roster.during @> sitting.held_on
        where exists (select from study_session_category as meant where meant.session_id = sitting.session_id)
          and not exists (select from study_session_category as meant where meant.session_id = sitting.session_id and meant.category_key = roster.category_key)`),
    ).toEqual([])
  })

  test('a unit that declares has no marks, and no total that is more than its people or less than the one before', async () => {
    expect(await one('select count(distinct unit_id) from declaration')).toBe(12)
    expect(await rows('select mark.id from mark join declaration on declaration.unit_id = mark.unit_id')).toEqual([])
    expect(
      await rows(`
        select * from (
          select studied - lag(studied, 1, 0) over (partition by unit_id, category_key order by declared_on) as rise,
                 (select count(*) from roster where roster.unit_id = declaration.unit_id and roster.category_key = declaration_part.category_key and must_study) - studied as spare
          from declaration join declaration_part on declaration_id = declaration.id) as part
        where rise < 0 or spare < 0`),
    ).toEqual([])
  })

  test('the kept counts equal a full recount', async () => {
    const kept = 'select md5(string_agg(count_kept::text, chr(10) order by count_kept::text)) from count_kept'
    const before = await one<string>(kept)
    await pool.query('select recount($1)', [campaign])
    expect(await one<string>(kept)).toBe(before)
  })

  test('there are corrections, people who studied twice, late marks and changes of the roster', async () => {
    expect(await one('select count(*) from mark where superseded_at is not null')).toBe(220)
    expect(await one(`select count(*) from mark where status = 'late'`)).toBeGreaterThan(500)
    expect(await one(`select count(*) from roster where superseded_at is not null`)).toBeGreaterThan(80)
    expect(
      await one(
        `select count(*) from (select person_id from mark join sitting on sitting.id = sitting_id join sitting_topic using (sitting_id) where superseded_at is null and status in ('present', 'late') group by person_id, topic_id having count(*) > 1) as twice`,
      ),
    ).toBeGreaterThan(2_000)
  })

  test('the conference has 102 venues, and there are 31 conferences, 846 classes and 73 make-up classes until 30/6', async () => {
    expect(await one(`select count(*) from study_session where part_of is not null`)).toBe(102)
    const held = await rows(`
      select kind, count(*) from study_session
      where cancelled_at is null and exists (select from sitting where session_id = study_session.id and held_on <= '2021-06-30')
      group by kind order by kind`)
    expect(held).toEqual([
      { kind: 'class', count: 846 },
      { kind: 'conference', count: 31 },
      { kind: 'make_up_class', count: 73 },
      { kind: 'national_conference', count: 103 },
    ])
    expect(
      await rows(
        `select id from study_session where cancelled_at is null and not exists (select from mark join sitting on sitting.id = sitting_id where session_id = study_session.id)`,
      ),
    ).toEqual([])
  })

  test('the record of what was done is sealed whole', async () => {
    expect(await one('select broken_seal()')).toBeNull()
    expect(await one('select count(*) from audit_pending')).toBe(0)
    expect(await one('select count(*) from audit_entry')).toBe(await one('select count(*) from audit_seal'))
  })

  test('references, constraints and indexes are as they were', async () => {
    expect(await schema()).toEqual(await schema(empty))
  })
})

describe('people of the pictures', () => {
  test('Chi bộ ấp Tân An has 40 people; on the second evening 35 were there, one came late and four were away', async () => {
    expect(await figures('vinh-thanh-thanh-loc-ap-tan-an', '2021-06-10')).toMatchObject({ expected: 40 })
    const marks = await rows(`
      select mark.status, count(*) from mark
      join sitting on sitting.id = mark.sitting_id and sitting.held_on = '2021-06-10'
      join unit on unit.id = sitting.unit_id and unit.code = 'vinh-thanh-thanh-loc-ap-tan-an'
      group by mark.status order by mark.status`)
    expect(marks).toEqual([
      { status: 'absent', count: 1 },
      { status: 'excused', count: 3 },
      { status: 'late', count: 1 },
      { status: 'present', count: 35 },
    ])
    expect(await figures('vinh-thanh-thanh-loc-ap-tan-an', '2021-06-30')).toMatchObject({ expected: 40, studied: 39 })
  })

  test('those with an account can sign in with the password that the page shows, and are members of a cell', async () => {
    const shown = await one<{ username: string; password: string; who_vi: string }[]>(`select value from setting where key = 'demo_accounts'`)
    expect(shown.map(({ username }) => username)).toEqual(
      expect.arrayContaining(['ha.city', 'bithu.vinhthanh', 'vanphong.thanhloc', 'ut.tanan', 'lan.tanan', 'kiemtra', 'quantri']),
    )
    for (const { username, password } of shown) {
      const hashed = await one<string>(
        'select account_credential.password from account join account_credential on account_id = account.id where username = $1',
        [username],
      )
      expect(await isPassword(hashed, password)).toBe(true)
    }
    expect(
      await rows(
        `select account.username from account where not exists (select from membership where membership.person_id = account.person_id and during @> current_date)`,
      ),
    ).toEqual([])
  })

  test('every cell has a secretary who is one of its members, every committee a secretary, a deputy and a clerk', async () => {
    expect(
      await rows(`
        select unit.code from unit
        where unit.kind = 'cell' and not exists (
          select from office join membership on membership.person_id = office.person_id and membership.unit_id = office.unit_id and membership.during @> current_date
          where office.unit_id = unit.id and office.role = 'secretary' and office.during @> current_date)`),
    ).toEqual([])
    expect(
      await rows(`
        select unit.code, role from unit, unnest(array['secretary', 'deputy', 'clerk']) as role
        where unit.kind in ('city_committee', 'district_committee', 'attached_committee', 'commune_committee', 'base_organisation')
          and not exists (select from office where office.unit_id = unit.id and office.role = role.role)`),
    ).toEqual([])
  })

  test('the inspector is assigned one district, today too', async () => {
    expect(
      await rows(`select unit.code from inspection_assignment join unit on unit.id = unit_id where inspection_assignment.during @> current_date`),
    ).toEqual([{ code: 'thoi-lai' }])
  })
})
