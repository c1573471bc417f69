import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const text = readFileSync(join(root, 'docs/security.md'), 'utf8')

// How many requirements of level 2 each section of ASVS 4.0.3 has: their numbers, where some were deleted or are of level 3.
const levelTwo: Record<string, string> = {
  '1.1': '1-7', '1.2': '1-4', '1.4': '1,4,5', '1.5': '1-4', '1.6': '1-4', '1.7': '1,2', '1.8': '1,2', '1.9': '1,2', '1.10': '1', '1.11': '1,2', '1.12': '2', '1.14': '1-6',
  '2.1': '1-12', '2.2': '1-3', '2.3': '1-3', '2.4': '1-6', '2.5': '1-7', '2.6': '1-3', '2.7': '1-6', '2.8': '1-7', '2.9': '1-3', '2.10': '1-4',
  '3.1': '1', '3.2': '1-4', '3.3': '1-4', '3.4': '1-5', '3.5': '1-3', '3.7': '1',
  '4.1': '1-3,5', '4.2': '1,2', '4.3': '1-3',
  '5.1': '1-5', '5.2': '1-8', '5.3': '1-10', '5.4': '1-3', '5.5': '1-4',
  '6.1': '1-3', '6.2': '1-6', '6.3': '1,2', '6.4': '1,2',
  '7.1': '1-4', '7.2': '1,2', '7.3': '1,3,4', '7.4': '1-3',
  '8.1': '1-4', '8.2': '1-3', '8.3': '1-8',
  '9.1': '1-3', '9.2': '1-4',
  '10.2': '1,2', '10.3': '1-3',
  '11.1': '1-8',
  '12.1': '1-3', '12.2': '1', '12.3': '1-6', '12.4': '1,2', '12.5': '1,2', '12.6': '1',
  '13.1': '1,3-5', '13.2': '1-3,5,6', '13.3': '1,2', '13.4': '1,2',
  '14.1': '1-4', '14.2': '1-6', '14.3': '2,3', '14.4': '1-7', '14.5': '1-4',
}

const numbers = Object.entries(levelTwo).flatMap(([section, parts]) =>
  parts.split(',').flatMap((part) => {
    const [from, to = from] = part.split('-').map(Number) as [number, number?]
    return Array.from({ length: to! - from + 1 }, (_, index) => `${section}.${from + index}`)
  }),
)

const lines = [...text.matchAll(/^\| (\d+\.\d+\.\d+) \| [^|]+ \| ([^|]*) \| ([^|]*) \|$/gm)].map(([, number, state, where]) => ({ number: number!, state: state!, where: where! }))

test('docs/security.md answers every requirement of ASVS 4.0.3 at level 2, once and in order', () => {
  expect(lines.map(({ number }) => number)).toEqual(numbers)
})

test('every answer is one of the five, with where it is held or why it is not', () => {
  const wrong = lines.filter(({ state, where }) => !['yes', 'part', 'not yet', 'proxy', '–'].includes(state) || where.trim().length < 4)
  expect(wrong).toEqual([])
})

test('every file and every test that docs/security.md names is there', () => {
  const named = [...text.matchAll(/`([\w./-]+\.(?:ts|tsx|sql|md|json))`(?: “([^”]+)”)?/g)]
  expect(named.length).toBeGreaterThan(150)
  const missing = named.filter(([, file, words]) => !existsSync(join(root, file!)) || (words !== undefined && !readFileSync(join(root, file!), 'utf8').includes(words)))
  expect(missing.map(([all]) => all)).toEqual([])
  for (const file of text.matchAll(/docs\/operations\.md/g)) expect(existsSync(join(root, file[0]))).toBe(true)
})
