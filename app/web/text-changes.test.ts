import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changesOf, type Change } from './text-changes.ts'

test('one word changed in a paragraph is told word by word, the rest by how much there is', () => {
  expect(changesOf('Một.\nHọc trước ngày 15/6.\nBa.', 'Một.\nHọc trước ngày 30/6.\nBa.\nBốn.')).toEqual([
    { unchanged: 1 },
    { stretches: [{ is: 'same', text: 'Học trước ngày ' }, { is: 'gone', text: '15' }, { is: 'new', text: '30' }, { is: 'same', text: '/6.' }] },
    { unchanged: 1 },
    { stretches: [{ is: 'new', text: 'Bốn.' }] },
  ])
  expect(changesOf('Như cũ.', 'Như cũ.\n')).toEqual([{ unchanged: 1 }])
  expect(changesOf('x'.repeat(150_000), 'y'.repeat(60_000))).toBeNull()
})

const line = fc.array(fc.constantFrom('nghị', 'quyết', 'học', 'tập', '15', '30', 'đảng'), { minLength: 1, maxLength: 6 }).map((words) => words.join(' '))
const text = fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\n'))

test('what stayed and what is new make the new text, what stayed and what is gone the old', () =>
  fc.assert(
    fc.property(text, text, (before, after) => {
      const changes = changesOf(before, after)!
      expect(walk(changes, after, 'new')).toEqual(walk(changes, before, 'gone'))
    }),
  ))

/** Follows one side of the changes through its text, line by line to the end, and returns the lines that stayed. */
function walk(changes: Change[], whole: string, side: 'new' | 'gone'): string[] {
  const lines = whole.split('\n').filter((one) => one !== '')
  const stayed: string[] = []
  for (const change of changes) {
    if ('unchanged' in change) stayed.push(...lines.splice(0, change.unchanged))
    else {
      const told = change.stretches.filter(({ is }) => is === 'same' || is === side).map(({ text: words }) => words).join('')
      const expected = told.split('\n').map((one) => one.trim()).filter((one) => one !== '')
      expect(lines.splice(0, expected.length)).toEqual(expected)
    }
  }
  expect(lines).toEqual([])
  return stayed
}
