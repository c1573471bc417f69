import { expect, test } from 'vitest'
import { orderOf, sortUnits } from './unit-sort.ts'

const row = (name: string, numerator: number, denominator: number) => ({ name, numerator, denominator })
const names = (rows: { name: string }[]) => rows.map((each) => each.name)
const rows = [row('Quận ủy Ninh Kiều', 9271, 9412), row('Đảng ủy Khối Doanh nghiệp', 2511, 2624), row('Đảng ủy Quân sự', 1486, 1486), row('Ban cán sự', 0, 0), row('Đảng ủy Công an', 1972, 1972)]

test('units stand with the lowest share first, those without members last, equals by name', () => {
  expect(names(sortUnits(rows, 'share', 'vi'))).toEqual(['Đảng ủy Khối Doanh nghiệp', 'Quận ủy Ninh Kiều', 'Đảng ủy Công an', 'Đảng ủy Quân sự', 'Ban cán sự'])
})
test('of two units with the same share the one that misses more people is worse', () => {
  expect(names(sortUnits([row('a', 1, 2), row('b', 50, 100)], 'share', 'vi'))).toEqual(['b', 'a'])
})
test('most missing first, and names in Vietnamese order with numbers as numbers', () => {
  expect(names(sortUnits(rows, 'missing', 'vi')).slice(0, 2)).toEqual(['Quận ủy Ninh Kiều', 'Đảng ủy Khối Doanh nghiệp'])
  expect(names(sortUnits([row('Chi bộ 10', 1, 1), row('Đảng ủy', 1, 1), row('Chi bộ 2', 1, 1), row('Dân vận', 1, 1)], 'name', 'vi'))).toEqual(['Chi bộ 2', 'Chi bộ 10', 'Dân vận', 'Đảng ủy'])
})
test('the order comes from the address; anything unknown is the lowest share', () => {
  expect(orderOf(new URL('http://localhost/report?sort=missing'))).toBe('missing')
  expect(orderOf(new URL('http://localhost/report?sort=1;drop'))).toBe('share')
  expect(orderOf(new URL('http://localhost/report'))).toBe('share')
})
