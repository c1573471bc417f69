import { expect, test } from 'vitest'
import { breachesOf, readRooms } from './order.ts'

const rooms = readRooms(`
<!-- rooms: begin -->
1. \`app/platform\` clock
2. \`app/features/units\` the tree
3. \`app/features/people\` persons
4. \`app\` maps
5. \`tests\` journeys
<!-- rooms: end -->`)

const rulesBroken = (file: string, source: string) => breachesOf(file, source, rooms).map(({ line, rule }) => `${line}: ${rule}`)

test('a file imports from its own room, from rooms above, and of a feature its doors', () => {
  const source = `
    import { readFile } from 'node:fs/promises'
    import { sql } from 'kysely'
    import type { Route } from './+types/person.page'
    import { today } from '../../platform/clock.ts'
    import { findUnit } from '../units/units.server.ts'
    import type { UnitInput } from '../units/units.schema.ts'
    import { unitWords } from '../units/units.messages.ts'
    import { PersonLine } from './person-line.tsx'
    import words from './people.vi.json' with { type: 'json' }`
  expect(rulesBroken('app/features/people/person.page.tsx', source)).toEqual([])
})

test('each way of importing from a room below is named with its line', () => {
  const target = '../features/units/units.server.ts'
  const rule = `app/platform imports app/features/units/units.server.ts: the room app/features/units stands below it`
  expect(rulesBroken('app/platform/clock.ts', `\nimport { a } from '${target}'`)).toEqual([`2: ${rule}`])
  expect(rulesBroken('app/platform/clock.ts', `import type { A } from '${target}'`)).toEqual([`1: ${rule}`])
  expect(rulesBroken('app/platform/clock.ts', `export * from '${target}'`)).toEqual([`1: ${rule}`])
  expect(rulesBroken('app/platform/clock.ts', `export { a } from '${target}'`)).toEqual([`1: ${rule}`])
  expect(rulesBroken('app/platform/clock.ts', `const a = await import('${target}')`)).toEqual([`1: ${rule}`])
  expect(rulesBroken('app/platform/clock.ts', `// import { a } from '${target}'`)).toEqual([])
})

test("another feature's page and words are not imported; the maps may take its api and jobs", () => {
  expect(rulesBroken('app/features/people/people.server.ts', `import Page from '../units/unit.page.tsx'`)).toEqual([
    '1: it imports app/features/units/unit.page.tsx: of a feature only .server, .schema, .messages may be imported, and types from plain .ts',
  ])
  expect(rulesBroken('app/features/people/people.server.ts', `import { api } from '../units/units.api.ts'`)).toHaveLength(1)
  expect(rulesBroken('app/features/people/people.server.ts', `import { type Unit } from '../units/unit.ts'`)).toEqual([])
  expect(rulesBroken('app/features/people/people.server.ts', `import { type Unit, nameOf } from '../units/unit.ts'`)).toHaveLength(1)
  expect(rulesBroken('app/api.ts', `import { api } from './features/units/units.api.ts'`)).toEqual([])
  expect(rulesBroken('app/api.ts', `import vi from './features/units/units.vi.json' with { type: 'json' }`)).toHaveLength(1)
})

test('a file or folder without a room is named', () => {
  expect(rulesBroken('app/features/duties/duty.ts', '')).toEqual(['1: it stands in no room of ARCHITECTURE.md'])
  expect(rulesBroken('app/utils/dates.ts', '')).toHaveLength(1)
  expect(rulesBroken('app/routes.ts', '')).toEqual([])
  expect(rulesBroken('app/routes.ts', `import { a } from './utils/dates.ts'`)).toEqual(['1: it imports app/utils/dates.ts, which stands in no room'])
})

test('a test imports from anywhere, and nothing imports a test', () => {
  expect(rulesBroken('app/platform/clock.test.ts', `import { organisation } from '../../tests/people.ts'`)).toEqual([])
  expect(rulesBroken('app/routes.ts', `import { a } from './platform/clock.test.ts'`)).toEqual(['1: it imports the test app/platform/clock.test.ts'])
})
