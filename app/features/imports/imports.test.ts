import { describe, expect, test } from 'vitest'
import { testDatabase } from '../../../tests/database.ts'
import { organisation } from '../../../tests/people.ts'
import { bring, carryOut, workbook } from './imports.fixture.ts'

const { db } = await testDatabase()
const { viewer } = await organisation(db)
const { ngoc } = viewer

describe('a list of members', () => {
  test('is read, imported, and changes nothing the second time', async () => {
    const file = await workbook([
      ['ĐẢNG BỘ PHƯỜNG AN HÒA', null, null],
      ['DANH SÁCH ĐẢNG VIÊN', null, null],
      ['STT', 'Họ và tên', 'Số thẻ ĐV', 'Ngày sinh', 'Giới tính', 'Số điện thoại', 'Chi bộ'],
      [1, 'NGUYỄN THỊ BÔNG', '92.000613', '5/2/1980', 'Nữ', 912345678, 'Chi bộ khu vực 1'],
      [2, 'Trần  Văn Cần', '92.000614', new Date(Date.UTC(1975, 5, 1)), 'Nam', '0292 3811222', 'CB khu vực 2'],
      ['Tổng cộng: 2 đảng viên', null],
      [null, null, null, 'An Hòa, ngày 3 tháng 4 năm 2021'],
      [null, null, null, 'BÍ THƯ'],
    ])
    const first = await bring(db, ngoc, { kind: 'members' }, file)
    expect(first.head.refusal).toBeNull()
    expect(first.bad).toEqual([])
    expect(first.head.counts).toMatchObject({ new: 2, bad: 0 })
    const done = await carryOut(db, ngoc, first)
    expect(done.head.refusal).toBeNull()
    expect(done.head.state).toBe('imported')
    const again = await bring(db, ngoc, { kind: 'members' }, file)
    expect(again.bad).toEqual([])
    expect(again.head.counts).toMatchObject({ new: 0, changed: 0, unchanged: 2, bad: 0 })
  })
})
