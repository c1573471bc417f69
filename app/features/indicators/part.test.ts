import { expect, test } from 'vitest'
import { readPart } from './part.ts'

test('a figure has parts of kinds that there are, and no others', () => {
  expect(readPart('studied', 'kind:make_up_class')?.kind).toBe('make_up_class')
  expect(readPart('studied', 'resolution:nq-1|kind:declared')).toMatchObject({ resolution: 'nq-1', kind: 'declared' })
  expect(readPart('non-member-attendances', 'kind:union_member')?.kind).toBe('union_member')
  for (const [key, part] of [['studied', 'kind:xx'], ['studied', 'kind:union_member'], ['non-member-attendances', 'kind:class']] as const) expect(readPart(key, part)).toBeNull()
})
