import { expect, test } from 'vitest'
import { readPart } from './part.ts'

test('a figure has parts of kinds that there are, and no others', () => {
  const studied = { key: 'studied', dimensions: ['resolution', 'category', 'kind'] }
  const others = { key: 'non-member-attendances', dimensions: ['kind'] }
  expect(readPart(studied, 'kind:make_up_class')?.kind).toBe('make_up_class')
  expect(readPart(studied, 'resolution:nq-1|kind:declared')).toMatchObject({ resolution: 'nq-1', kind: 'declared' })
  expect(readPart(others, 'kind:union_member')?.kind).toBe('union_member')
  for (const [figure, part] of [[studied, 'kind:xx'], [studied, 'kind:union_member'], [studied, 'reason:x'], [others, 'kind:class'], [others, 'category:x']] as const) expect(readPart(figure, part)).toBeNull()
})
