import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { asViewer } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { testDatabase } from '../../../tests/database.ts'
import { organisation, type Organisation } from '../../../tests/people.ts'
import { searchUnits, sizesOf } from '../units/units.server.ts'
import { addMember } from './members.server.ts'
import { changesOf, membersOf, officesOfUnit, searchPeople } from './people.server.ts'

const { db } = await testDatabase()
let city: Organisation

const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
const found = (viewer: Viewer, words: string, page = { limit: 20, offset: 0 }) => as(viewer, async ({ tx }) => (await searchPeople(tx, words, page)).people.map((person) => person.name))

beforeAll(async () => {
  city = await organisation(db)
  const members: [string, string][] = [['Đặng Thị Ánh', '92.000100'], ['Trần Lân', '92.000200'], ['Trần Lan', '92.000300'], ['Trần Lăn', ''], ['Lan Thị Trần', '']]
  for (const [name, cardNumber] of members) {
    await as(city.viewer.binh, (ctx) => addMember(ctx, { name, cardNumber: cardNumber || undefined, unitCode: 'an-hoa-1', fromDay: '2021-04-01', status: 'in_post', isAnother: true }))
  }
})

test('people are found by the beginnings of words, in any order, without marks and by card number, in Vietnamese order', async () => {
  expect(await found(city.viewer.binh, 'lan tran')).toEqual(['Trần Lan', 'Trần Lăn', 'Trần Lân', 'Lan Thị Trần'])
  expect(await found(city.viewer.binh, 'TRẦN lan')).toHaveLength(4)
  expect(await found(city.viewer.binh, 'dang anh')).toEqual(['Đặng Thị Ánh'])
  expect(await found(city.viewer.binh, 'an')).toEqual(['Đặng Thị Ánh']) // the beginning of a word, not every Lan
  for (const card of ['92.000300', '92000300', '92.0003']) expect(await found(city.viewer.binh, card)).toEqual(['Trần Lan'])
  expect(await found(city.viewer.binh, '%')).toEqual([])
  expect(await found(city.viewer.binh, ' ')).toEqual([])
  expect(await found(city.viewer.binh, 'tran', { limit: 2, offset: 1 })).toEqual(['Trần Lăn', 'Trần Lân'])
  const { total } = await as(city.viewer.binh, ({ tx }) => searchPeople(tx, 'tran', { limit: 2, offset: 1 }))
  expect(total).toBe(5)
})

test('only people whose names one sees are found', async () => {
  for (const viewer of [city.viewer.binh, city.viewer.ngoc, city.viewer.khoa]) expect(await found(viewer, 'tran')).toHaveLength(5)
  for (const viewer of [city.viewer.thu, city.viewer.duc, city.viewer.mai, city.viewer.son, city.viewer.hoa]) expect(await found(viewer, 'tran'), viewer.name).toEqual([])
  expect(await found(city.viewer.lan, 'nguyen')).toEqual(['Nguyễn Thị Lan'])
  expect(await found(city.viewer.khoa, 'ly thi ngoc')).toEqual(['Lý Thị Ngọc']) // by an office alone
})

test('a unit lists its members in Vietnamese order with what they hold, and nobody to whoever may not see names', async () => {
  const list = (viewer: Viewer) => as(viewer, ({ tx }) => membersOf(tx, { unitId: city.unit.cellOne, asOf: '2021-04-15', limit: 20, offset: 0 }))
  const { members, total, exempt } = await list(city.viewer.ngoc)
  expect(members.map((member) => member.name)).toEqual(['Đặng Thị Ánh', 'Lê Thanh Bình', 'Trần Lan', 'Nguyễn Thị Lan', 'Trần Lăn', 'Trần Lân', 'Trần Văn Minh', 'Võ Văn Sáu', 'Lan Thị Trần'])
  expect(members[1]).toMatchObject({ roles: ['secretary'], status: 'in_post' })
  expect({ total, exempt }).toEqual({ total: 9, exempt: 1 })
  expect((await list(city.viewer.khoa)).total).toBe(9)
  for (const viewer of [city.viewer.mai, city.viewer.thu]) expect((await list(viewer)).total).toBe(0)
  expect(await as(city.viewer.mai, (ctx) => officesOfUnit(ctx, city.unit.cellOne, '2021-04-15'))).toMatchObject([{ name: 'Lê Thanh Bình', role: 'secretary', personId: null }])
  expect(await as(city.viewer.ngoc, ({ tx }) => changesOf(tx, { unitId: city.unit.cellOne }))).toHaveLength(5)
  expect(await as(city.viewer.khoa, ({ tx }) => changesOf(tx, { unitId: city.unit.cellOne }))).toEqual([]) // the reasons are not an administrator's
})

test('the size of a unit is told where its figures are seen or its list is kept', async () => {
  const sizes = (viewer: Viewer) => as(viewer, async ({ tx }) => Object.fromEntries(await sizesOf(tx, [city.unit.city, city.unit.commune, city.unit.cellTwo], '2021-04-15')))
  const { city: top, commune, cellTwo } = city.unit
  expect(await sizes(city.viewer.mai)).toEqual({ [top]: { beneath: 4, members: 11 }, [commune]: { beneath: 2, members: 11 }, [cellTwo]: { beneath: 0, members: 2 } })
  expect(await sizes(city.viewer.khoa)).toMatchObject({ [cellTwo]: { members: 2 } })
  expect(await sizes(city.viewer.binh)).toEqual({ [top]: { beneath: 4, members: 11 }, [commune]: { beneath: 2, members: 11 } })
})

// Many are added here, so these come last.
test('of words that many have, the first in order of names are listed and more than five hundred are not counted', async () => {
  await sql`
    with added as (
      insert into person (id, name) select gen_random_uuid(), 'Hồng ' || (array['Ý', 'Ân', 'An', 'Ắng', 'Đa', 'Da'])[1 + number % 6] || ' ' || (array['Ủy', 'Uy', 'Mỹ', 'Ơn'])[1 + number % 4] || number from generate_series(1, 1700) as number returning id
    ), numbered as (select id, row_number() over (order by id) as number from added)
    insert into membership (id, person_id, unit_id, during)
    select gen_random_uuid(), id, case when number <= 40 then ${city.unit.cellOne}::uuid else ${city.unit.cellTwo}::uuid end, '[2020-01-01,)' from numbered`.execute(db)
  const { rows } = await sql<{ name: string; unitId: string }>`
    select person.name, membership.unit_id as "unitId" from person join membership on membership.person_id = person.id where person.name like 'Hồng %'
    order by person.given_name collate "vi-x-icu", person.middle_name collate "vi-x-icu", person.family_name collate "vi-x-icu", person.born_on, person.id`.execute(db)
  const search = (viewer: Viewer, offset: number) => as(viewer, ({ tx }) => searchPeople(tx, 'hong', { limit: 50, offset }))
  // whoever sees all of them, and whoever sees a few
  for (const offset of [0, 450]) {
    const { people, total, isMore } = await search(city.viewer.khoa, offset)
    expect({ names: people.map(({ name }) => name), total, isMore }).toEqual({ names: rows.slice(offset, offset + 50).map(({ name }) => name), total: 500, isMore: true })
  }
  const own = await search(city.viewer.binh, 0)
  expect({ ...own, people: own.people.map(({ name }) => name) }).toEqual({ people: rows.filter(({ unitId }) => unitId === city.unit.cellOne).map(({ name }) => name), total: 40, isMore: false })
  expect(await search(city.viewer.mai, 0)).toEqual({ people: [], total: 0, isMore: false })
})

test('of many units that hold the words the nearest to the top come first, to whoever sees all, some or few of them', async () => {
  await sql`
    with added as (insert into unit (id, code, kind, name) select gen_random_uuid(), 'thu-' || number, 'cell', 'Chi bộ thử ' || (array['Ý', 'Ân', 'An', 'Đa', 'Da'])[1 + number % 5] || ' ' || number from generate_series(1, 1600) as number returning id, code)
    insert into unit_parent (unit_id, parent_id) select id, case when code like 'thu-%7' then ${city.unit.commune}::uuid else ${city.unit.city}::uuid end from added`.execute(db)
  await sql`select lay_ancestors()`.execute(db)
  const search = async (viewer: Viewer, words: string) => (await as(viewer, ({ tx }) => searchUnits(tx, words, 30))).map(({ code }) => code)
  const plain = async (viewer: Viewer, words: string[]) => as(viewer, async ({ tx }) => {
    const { rows } = await sql<{ code: string }>`
      select unit.code from unit join unit_kind on unit_kind.key = unit.kind where unit.search like all (${words.map((word) => `%${word}%`)}::text[])
      order by unit_kind.position, unit.name collate "vi-x-icu", unit.code limit 30`.execute(tx)
    return rows.map(({ code }) => code)
  })
  for (const viewer of [city.viewer.khoa, city.viewer.mai, city.viewer.ngoc, city.viewer.binh, city.viewer.lan, city.viewer.hoa]) {
    for (const words of [['chi', 'bo'], [''], ['thu'], ['thu-7'], ['an', 'hoa'], ['khong-co']]) expect([viewer.name, words, await search(viewer, words.join(' '))]).toEqual([viewer.name, words, await plain(viewer, words)])
  }
  expect(await search(city.viewer.khoa, 'bo chi')).toHaveLength(30)
  expect(await search(city.viewer.khoa, '%')).toEqual([])
})
