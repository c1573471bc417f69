import { expect, test } from 'vitest'
import { profileOn, profiles } from './document-profile.ts'

test.each([
  ['party', '2017-01-01', 'hd36'],
  ['party', '2021-03-22', 'hd36'],
  ['party', '2026-01-08', 'hd36'],
  ['party', '2026-01-09', 'hd05'],
  ['party', null, 'hd05'],
  ['state', '2021-03-22', 'nd30'],
  ['state', null, 'nd30'],
] as const)('a document of the %s from %s is set by %s', (issuedBy, day, profile) => {
  expect(profileOn(issuedBy, day)).toBe(profile)
})

test.each(Object.entries(profiles))('%s fits the page', (_, { pageMm, marginsMm, columnsMm, closingColumnsMm, titleRuleMm }) => {
  const widthMm = pageMm.width - marginsMm.left - marginsMm.right
  expect([columnsMm.left + columnsMm.right, closingColumnsMm.left + closingColumnsMm.right]).toEqual([widthMm, widthMm])
  expect(titleRuleMm).toBeLessThan(columnsMm.right)
})
