import { beforeAll, expect, test } from 'vitest'
import { asViewer } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { testDatabase } from '../../../tests/database.ts'
import { organisation, type Organisation } from '../../../tests/people.ts'
import { sizesOf } from '../units/units.server.ts'
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
