import { describe, expect, test } from 'vitest'
import { countMarks, summarise } from '../roll-count.ts'
import { rollWords } from '../roll.messages.ts'
import { fold, isFound } from './fold.ts'
import { allPresent, isDraftKey, isSame, keyOf, outcomeOf, readDraft, restore, type Draft, type Marks } from './roll-draft.ts'

const lan = { status: 'present', reason: '' } as const
const tin = { status: 'late', reason: '' } as const
const nhon = { status: 'excused', reason: 'Mổ mắt' } as const
const khang = { status: 'absent', reason: '' } as const
const now = new Date('2021-06-10T13:00:00Z')
const draft = (marks: Marks, change: Partial<Draft> = {}): Draft => ({ marks, version: '1', at: '2021-06-10T12:40:00Z', isPending: false, ...change })

describe('the roll in one line', () => {
  const vi = rollWords.in('vi')
  const en = rollWords.in('en')
  test('says how many are present, late and absent; excused people are absent', () => {
    const marks = [...Array<'present'>(35).fill('present'), 'late', 'excused', 'excused', 'absent', 'excused'] as const
    expect(summarise(countMarks([...marks]), vi)).toBe('35 có mặt, 1 đi muộn, 4 vắng')
    expect(summarise(countMarks([...marks]), en)).toBe('35 present, 1 late, 4 absent')
  })
  test('leaves out what nobody is, but says how many are not marked', () => {
    expect(summarise(countMarks(['present', 'present']), vi)).toBe('2 có mặt')
    expect(summarise(countMarks([null, null, 'absent']), vi)).toBe('0 có mặt, 1 vắng, 2 chưa đánh dấu')
    expect(summarise(countMarks([]), vi)).toBe('Chưa có ai trong danh sách')
  })
})

describe('a name is found', () => {
  test('without marks, in both tone placements, composed or not', () => {
    expect(fold('Đỗ Thị Hoà')).toBe('do thi hoa')
    expect(fold('HÒA')).toBe(fold('hoà'))
    expect(fold('Nguyễn'.normalize('NFD'))).toBe('nguyen')
    expect(isFound('Đặng Thị Thùy Dương', 'duong')).toBe(true)
  })
  test('by the beginnings of its words, in any order', () => {
    expect(isFound('Nguyễn Văn Hùng', 'hung ng')).toBe(true)
    expect(isFound('Nguyễn Văn Hùng', 'ung')).toBe(false)
    expect(isFound('Nguyễn Văn Hùng', '  ')).toBe(true)
  })
})

describe('a draft on the device', () => {
  test('lies apart for each person and each sitting', () => {
    expect(keyOf('a', '1')).not.toBe(keyOf('b', '1'))
    expect(keyOf('a', '1')).not.toBe(keyOf('a', '2'))
    expect(isDraftKey(keyOf('a', '1'))).toBe(true)
    expect(isDraftKey('theme')).toBe(false)
  })
  test('comes back as it was left', () => {
    const left = draft({ lan, nhon }, { isPending: true })
    expect(readDraft(JSON.stringify(left), now)).toEqual(left)
  })
  test('is nothing when it is broken, foreign, or older than thirty days', () => {
    expect(readDraft(null, now)).toBeNull()
    expect(readDraft('{"marks":', now)).toBeNull()
    expect(readDraft('{"marks":null,"at":"2021-06-10"}', now)).toBeNull()
    expect(readDraft(JSON.stringify(draft({ lan }, { at: '2021-05-01T00:00:00Z' })), now)).toBeNull()
    expect(readDraft(JSON.stringify({ marks: { lan: { status: 'asleep' } }, at: '2021-06-10T12:00:00Z' }), now)?.marks).toEqual({ lan: { status: null, reason: '' } })
  })
  test('is laid over the list as it is now', () => {
    expect(restore(draft({ lan, khang }), { lan: khang, khang: lan })).toEqual({ marks: { lan, khang }, isListChanged: false })
    expect(restore(draft({ lan, khang }), { lan: khang, tin: { status: null, reason: '' } })).toEqual({
      marks: { lan, tin: { status: null, reason: '' } },
      isListChanged: true,
    })
  })
})

test('a sheet is unsaved when a status or the reason of somebody missing differs', () => {
  expect(isSame({ lan, nhon }, { lan, nhon })).toBe(true)
  expect(isSame({ lan }, { lan: tin })).toBe(false)
  expect(isSame({ nhon }, { nhon: { ...nhon, reason: 'Đi biển' } })).toBe(false)
  expect(isSame({ nhon }, { nhon: { ...nhon, reason: 'Mổ mắt ' } })).toBe(true)
  expect(isSame({ lan }, { lan: { ...lan, reason: 'ốm' } })).toBe(true)
})

test('all present keeps the reasons in case somebody is set back', () => {
  expect(allPresent({ nhon, khang })).toEqual({ nhon: { status: 'present', reason: 'Mổ mắt' }, khang: lan })
})

test('a roll is saved only when the server redirected to a page that is not signing in', () => {
  expect(outcomeOf({ status: 200, isRedirected: true, path: '/sittings/1/roll' })).toBe('saved')
  expect(outcomeOf({ status: 200, isRedirected: false, path: '/sittings/1/roll' })).toBe('refused')
  expect(outcomeOf({ status: 422, isRedirected: false, path: '/sittings/1/roll' })).toBe('refused')
  expect(outcomeOf({ status: 200, isRedirected: true, path: '/sign-in' })).toBe('signed-out')
  expect(outcomeOf({ status: 401, isRedirected: false, path: '/sittings/1/roll' })).toBe('signed-out')
  expect(outcomeOf({ status: 503, isRedirected: false, path: '/sittings/1/roll' })).toBe('away')
})
