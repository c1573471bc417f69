import { globSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { parseSync } from 'vite'

export type Breach = { file: string; line: number; rule: string }

/** The rooms of ARCHITECTURE.md, in order: the paths between its two markers. */
export function readRooms(architecture: string): string[] {
  const list = /<!-- rooms: begin -->(.*)<!-- rooms: end -->/s.exec(architecture)?.[1]
  const rooms = [...(list ?? '').matchAll(/^\d+\. `([^`]+)`/gm)].map((line) => line[1]!)
  if (rooms.length === 0) throw new Error('ARCHITECTURE.md has no rooms between <!-- rooms: begin --> and <!-- rooms: end -->.')
  return rooms
}

/** Where one file breaks the order. `file` is relative to the root of the repository. */
export function breachesOf(file: string, source: string, rooms: string[]): Breach[] {
  const room = roomOf(file, rooms)
  if (!room) return [{ file, line: 1, rule: 'it stands in no room of ARCHITECTURE.md' }]
  if (isTest(file)) return []
  return importsOf(file, source).flatMap(({ target, line, isType }) => {
    const rule = ruleAgainst(room, target, isType, rooms)
    return rule ? [{ file, line, rule }] : []
  })
}

function ruleAgainst(room: string, target: string, isType: boolean, rooms: string[]): string | null {
  const other = roomOf(target, rooms)
  if (other === room) return null
  if (!other) return `it imports ${target}, which stands in no room`
  if (rooms.indexOf(other) > rooms.indexOf(room)) return `${room} imports ${target}: the room ${other} stands below it`
  if (isTest(target)) return `it imports the test ${target}`
  const doors = ['server', 'schema', 'messages', ...(room === 'app' ? ['api', 'jobs'] : [])]
  const isPlain = /\/[^./]+\.ts$/.test(target)
  const isOpen = !other.startsWith('app/features/') || (isType && isPlain) || doors.some((door) => target.endsWith(`.${door}.ts`))
  return isOpen ? null : `it imports ${target}: of a feature only .${doors.join(', .')} may be imported, and types from plain .ts`
}

/** A room that holds other rooms owns the files directly in it and no other folder. */
function roomOf(file: string, rooms: string[]): string | undefined {
  const room = rooms.filter((path) => file.startsWith(`${path}/`)).sort((a, b) => b.length - a.length)[0]
  const holdsOthers = rooms.some((path) => path.startsWith(`${room}/`))
  return holdsOthers && posix.dirname(file) !== room ? undefined : room
}

function importsOf(file: string, source: string): { target: string; line: number; isType: boolean }[] {
  const { module, errors } = parseSync(file, source)
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`)
  const asked = [
    ...module.staticImports.map(({ moduleRequest, entries }) => ({ ...moduleRequest, isType: entries.length > 0 && entries.every((entry) => entry.isType) })),
    ...module.staticExports.flatMap(({ entries }) => (entries[0]?.moduleRequest ? [{ ...entries[0].moduleRequest, isType: entries.every((entry) => entry.isType) }] : [])),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => ({ value: source.slice(start + 1, end - 1), start, isType: false })),
  ]
  return asked
    .filter(({ value }) => value.startsWith('.') && !value.includes('/+types/'))
    .map(({ value, start, isType }) => ({ target: posix.join(posix.dirname(file), value), line: source.slice(0, start).split('\n').length, isType }))
}

function isTest(file: string): boolean {
  return /\.test\.tsx?$/.test(file)
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..')
  const rooms = readRooms(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'))
  const files = globSync('{app,demo,bench,scripts,tests}/**/*.{ts,tsx}', { cwd: root }).sort()
  const breaches = files.flatMap((file) => breachesOf(file, readFileSync(join(root, file), 'utf8'), rooms))
  for (const { file, line, rule } of breaches) console.error(`${file}:${line} ${rule}`)
  if (breaches.length > 0) process.exitCode = 1
}
