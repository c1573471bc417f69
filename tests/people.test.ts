import { expect, test } from 'vitest'
import { asViewer } from '../app/db/open.ts'
import { testDatabase } from './database.ts'
import { organisation } from './people.ts'

const { db } = await testDatabase()
const { viewer } = await organisation(db)

const namesSeenBy = (someone: keyof typeof viewer) =>
  asViewer(db, viewer[someone], (tx) => tx.selectFrom('person').select('name').orderBy('name').execute()).then((rows) => rows.map((row) => row.name))

test('a member sees herself, a secretary the cell, a clerk the cells beneath, an inspector the cell assigned', async () => {
  expect(await namesSeenBy('lan')).toEqual(['Nguyễn Thị Lan'])
  expect(await namesSeenBy('binh')).toEqual(['Lê Thanh Bình', 'Nguyễn Thị Lan', 'Trần Văn Minh', 'Võ Văn Sáu'])
  expect(await namesSeenBy('ngoc')).toHaveLength(7)
  expect(await namesSeenBy('son')).toEqual(['Hồ Thái Sơn', 'Phạm Thị Hoa', 'Đỗ Thị Thu'])
})

test('officers of the district and the city see no member by name', async () => {
  expect(await namesSeenBy('duc')).toEqual(['Bùi Minh Đức'])
  expect(await namesSeenBy('mai')).toEqual(['Huỳnh Thị Mai'])
})
