import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { canTho } from './can-tho.ts'
import { generate } from './generate.ts'
import { inventName } from './names.ts'
import { apportion, randomOf } from './random.ts'
import { copyLine } from './tables.ts'
import { buildTree } from './units.ts'

describe('the description', () => {
  test('adds up: 50,424 must study and 523 have not, by unit and by category; 1,207 are exempt', () => {
    const figures = [...canTho.districts, ...canTho.attached].map((unit) => unit.figures)
    const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
    expect(sum(figures.map(({ expected }) => expected))).toBe(50_424)
    expect(sum(canTho.categories.map(({ expected }) => expected))).toBe(50_424)
    expect(sum(figures.map(({ missing }) => missing))).toBe(523)
    expect(sum(canTho.categories.map(({ missing }) => missing))).toBe(523)
    expect(sum(figures.map(({ exempt }) => exempt))).toBe(1_207)
    expect(sum(canTho.categories.map(({ national }) => national))).toBe(10_806)
  })

  test('has nine districts with 83 communes, wards and towns', () => {
    expect(canTho.districts).toHaveLength(9)
    expect(
      canTho.districts.flatMap(({ wards, towns, communes }) => Object.keys({ ...wards, ...communes }).concat(Object.keys(towns ?? {}))),
    ).toHaveLength(83)
  })

  test('makes about 3,000 cells of 3 to 50 people', () => {
    const { cells } = buildTree(canTho)
    expect(cells.length).toBeGreaterThan(2_900)
    expect(cells.length).toBeLessThan(3_100)
    const sizes = cells.map((cell) => cell.expected + cell.exempt)
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(3)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(50)
  })
})

test('the city is the same to the byte every time', () => {
  const fingerprint = () => {
    const hash = createHash('sha256')
    for (const table of generate(canTho).tables) {
      hash.update(`${table.name} ${table.columns.join(' ')}\n`)
      for (const row of table.rows) hash.update(copyLine(row))
    }
    return hash.digest('hex')
  }
  expect(fingerprint()).toBe(fingerprint())
}, 60_000)

test('parts shared out by weight add up, the largest remainder first', () => {
  expect(apportion(10, [1, 1, 1])).toEqual([4, 3, 3])
  expect(apportion(7, [0.5, 0.5, 6])).toEqual([1, 0, 6])
})

test('names are Vietnamese names of their generation, without a repeated word', () => {
  const random = randomOf('test', 'names')
  for (let count = 0; count < 500; count++) {
    const name = inventName(random, 'female', 1950)
    expect(name).toBe(name.normalize('NFC'))
    expect(new Set(name.split(' ')).size).toBe(name.split(' ').length)
  }
})

test('a tab, a line break or a backslash in a value does not break a row', () => {
  expect(copyLine(['a\tb', 'c\\d', 'e\nf', null, true, 3])).toBe('a\\tb\tc\\\\d\te\\nf\t\\N\ttrue\t3\n')
})
