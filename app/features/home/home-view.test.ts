import { expect, test } from 'vitest'
import { nextOf } from './home-view.ts'
import type { NearSitting } from './home.server.ts'

test('"today" and "tonight" are those of the calendar, whatever day the page stands at', () => {
  const sitting = { heldOn: '2021-06-30', startsAt: '19:00' } as NearSitting
  expect(nextOf(sitting, '2021-06-30', 'vi')).toBe('Tối nay 19 giờ có buổi học')
  expect(nextOf(sitting, '2021-06-28', 'vi')).toBe('Buổi học tới: 19 giờ, thứ Tư 30/6/2021')
  expect(nextOf(sitting, '2026-11-23', 'vi')).toBe('Buổi học 19 giờ, thứ Tư 30/6/2021')
})
