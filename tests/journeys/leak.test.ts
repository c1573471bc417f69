import { beforeAll, expect, test } from 'vitest'
import { growLeakTree, plantMore, randomFrom, scopeOf, type LeakTree } from '../../bench/shared/leak-tree.ts'
import { ask, asksAbout, changedBy, isApart, leaksIn, pairsOf, readMap, walk, walkerOf, type ProductMap } from '../../bench/shared/leak-walk.ts'
import { testDatabase } from '../database.ts'
import { serve } from './site.ts'

// Another organisation on other days: `LEAK_SEED=7 npx vitest tests/journeys/leak`; many pairs: `npm run bench -- leak`.
const seed = Number(process.env['LEAK_SEED'] ?? 20_261)

const database = await testDatabase()
const served = await serve(database)
let tree: LeakTree
let map: ProductMap

beforeAll(async () => {
  tree = await growLeakTree({ ...database, files: served.app.files }, seed)
  map = await readMap(served.url)
}, 120_000)

test('no page, call, file, search or error shows one person what is another’s, whoever asked before', async () => {
  // each pair takes half of the questions, so that together all are asked; the bench asks all of every pair
  for (const [from, [one, other]] of pairsOf(tree, randomFrom(seed), 2).entries()) {
    const [walker, asked] = [await walkerOf(served.url, tree, one), await walkerOf(served.url, tree, other)]
    const { requests, leaks, failures, written } = await walk(served.url, map, tree, walker, asked, { withWrites: isApart(tree, scopeOf(tree, one), other), part: 2, from })
    expect(leaks).toEqual([])
    expect(failures).toEqual([])
    expect(written).toEqual([])
    expect(requests).toBeGreaterThan(150)
  }
}, 180_000)

test('what is one’s own is found on the same walk', async () => {
  const walker = await walkerOf(served.url, tree, 0)
  const found = new Set<string>()
  for (const asking of asksAbout(map, tree, walker, walker.person, { withWrites: false }).filter((one) => !/pdf|docx|\.data/.test(one.path))) {
    for (const [, number] of (await ask(served.url, walker, asking)).text.matchAll(/qz(\d{5})/gi)) found.add(tree.secrets[Number(number)]!.what.replace(/ \d+$/, ''))
  }
  expect([...found]).toEqual(expect.arrayContaining(['name of unit', 'name of person', 'campaign of unit', 'session of unit', 'form of unit', 'round of unit', 'report of unit', 'proof of unit', 'question to unit', 'request of person', 'document of unit', 'material of unit', 'clause of unit', 'rule of unit', 'waiver of unit']))
}, 180_000)

test('no count, search or error tells of people who were added out of sight', async () => {
  const one = tree.people.findIndex((person) => person.offices.some((office) => office.role === 'secretary' && tree.units[office.unit]!.kind === 'cell'))
  const scope = scopeOf(tree, one)
  const away = tree.units.find((unit) => unit.kind === 'cell' && !scope.units.has(unit.index) && unit.parent !== tree.units[tree.people[one]!.unit!]!.parent)!
  const other = tree.people.find((person) => person.unit === away.index)!
  const { changed } = await changedBy(served.url, map, tree, await walkerOf(served.url, tree, one), other, () => plantMore(database.db, tree, away.index), 3)
  expect(changed).toEqual([])
}, 180_000)

test('a marker out of scope would be seen', () => {
  const scope = scopeOf(tree, tree.people.findIndex((person) => person.unit !== null && person.offices.length === 0))
  const secret = tree.secrets.findIndex((one) => one.what.startsWith('draft of unit'))
  const answer = { ask: { path: '/', method: 'GET', about: '' }, status: 200, headers: new Headers(), text: `<p>qZ${String(secret).padStart(5, '0')}</p>` }
  expect(leaksIn(tree, { scope }, answer)).toHaveLength(1)
})
