import { expect, test } from 'vitest'
import { grades, rightGrades } from './checks.fixture.ts'
import { checkDocument, type Checked, type Finding } from './checks.server.ts'
import { mended } from './check-mend.ts'
import { viewOf } from './check-view.ts'

const view = async (text: string, language: 'vi' | 'en' = 'vi') => viewOf(await checkDocument(text), language)
const marked = (shown: Awaited<ReturnType<typeof view>>) => allMarked(shown).filter(([, , kind]) => kind !== 'right')
const allMarked = ({ paragraphs }: Awaited<ReturnType<typeof view>>) => paragraphs.flat().filter(({ place }) => place).map(({ text, place }) => [place!.number, text, place!.kind])
const whole = ({ paragraphs }: Awaited<ReturnType<typeof view>>) => paragraphs.map((pieces) => pieces.map(({ text }) => text).join('')).join('\n\n')

test('three wrong shares of one breakdown are one thing, marked at three places, with the right ones in the heading', async () => {
  const shown = await view(grades)
  expect(shown.title).toBe('3 tỷ lệ sai: cộng lại 102,50%; đúng phải là 23,84%, 56,73% và 19,43%')
  expect(marked(shown)).toEqual([[1, '25,84%', 'fault'], [2, '55,64%', 'fault'], [3, '21,02%', 'fault']])
  expect(shown.cards).toHaveLength(1)
  expect(shown.cards[0]!.title).toBe('Các tỷ lệ cộng lại 102,50%')
  expect(shown.cards[0]!.rows.map(({ printed, expected }) => [printed, expected])).toEqual([['25,84%', '23,84%'], ['55,64%', '56,73%'], ['21,02%', '19,43%']])
  expect(whole(shown)).toBe(grades)
  expect((await view(grades, 'en')).title).toContain('they should be 23,84%, 56,73% and 19,43%')
})

test('a text without faults says so, with how much was read; one without figures says that', async () => {
  expect(await view(rightGrades)).toMatchObject({ title: 'Không thấy chỗ sai nào trong 7 con số', cards: [], faults: 0, samples: { fault: null, note: null, right: '1.791' } })
  expect((await view('Không có gì.')).title).toBe('Không thấy con số nào để kiểm tra')
})

test('a single fault is the heading itself', async () => expect((await view('Hội nghị họp ngày 31/6/2021.')).title).toBe('Không có ngày 31/6/2021'))

const finding = (start: number, end: number, severity: Finding['severity'] = 'fault'): Finding => ({
  code: severity === 'fault' ? 'parts-sum' : 'mixed-precision',
  severity, start, end, text: '', printed: 'p', expected: 'e', message: { vi: 'v', en: 'e' },
})
const made = (text: string, ...findings: Finding[]): Checked => ({ text, findings, proofs: [], figures: 1 })

test('places that overlap are marked at the narrowest, and a fault before a note', () => {
  const inside = viewOf(made('0123456789', finding(0, 9), finding(2, 4), finding(3, 6, 'note')), 'vi')
  expect(marked(inside)).toEqual([[1, '23', 'fault']])
  expect(inside.cards).toHaveLength(1)
  expect(marked(viewOf(made('0123456789', finding(0, 9), finding(2, 4, 'note')), 'vi'))).toEqual([[1, '012345678', 'fault']])
  expect(marked(viewOf(made('0123456789', finding(0, 2), finding(2, 4, 'note')), 'vi'))).toEqual([[1, '01', 'fault'], [2, '23', 'note']])
})

test('a place may go over several paragraphs, and is numbered at its end', () => {
  const shown = viewOf(made('ab\n\ncd\r\n\r\n \nef', finding(1, 13)), 'vi')
  expect(shown.paragraphs.map((pieces) => pieces.map(({ text, place, isFirst, isLast }) => [text, place !== null, isFirst, isLast]))).toEqual([
    [['a', false, false, false], ['b', true, true, false]],
    [['cd', true, false, false]],
    [['e', true, false, true], ['f', false, false, false]],
  ])
})

test('of very many places the first are shown and the rest counted', async () => {
  const shown = await view('Họp ngày 31/6/2021.\n'.repeat(1000))
  expect(shown).toMatchObject({ faults: 1000, more: 700, title: '1.000 chỗ sai' })
  expect(marked(shown)).toHaveLength(300)
})

test('figures that prove right are marked too, and the sums that show it stand beside the text', async () => {
  const shown = await view(grades)
  expect(allMarked(shown).filter(([, , kind]) => kind === 'right').map(([, text]) => text)).toEqual(['1.791', '427', '1.016', '348'])
  expect(shown.right.sums.map(({ sentence }) => sentence)).toContain('427 + 1.016 + 348 = 1.791.')
  const right = await view(rightGrades, 'en')
  expect(right.right.sums.map(({ sentence }) => sentence)).toContain('427 of 1.791 = 23,84%.')
})

test('a place that is said to be wrong is never marked right as well', () => {
  const proofs = [{ places: [{ start: 0, end: 3 }, { start: 4, end: 6 }], message: { vi: 's', en: 's' } }]
  expect(allMarked(viewOf({ ...made('0123456789', finding(0, 2)), proofs }, 'vi'))).toEqual([[1, '01', 'fault'], [1, '45', 'right']])
})

test('wrong shares are put right in the text, all or one of them; then nothing is wrong, and a fault that no figure settles is left', async () => {
  const checked = await checkDocument(grades)
  expect(viewOf(checked, 'vi').cards[0]).toMatchObject({ mends: [0, 1, 2], rows: [{ mend: 0 }, { mend: 1 }, { mend: 2 }] })
  expect(mended(checked, [0, 1, 2])).toEqual({ text: rightGrades, count: 3 })
  expect(mended(checked, [1, 9]).text).toBe(grades.replace('55,64', '56,73'))
  expect(mended(await checkDocument('49,901 of 50,424 members attended (98.69 %).'), [0]).text).toBe('49,901 of 50,424 members attended (98.96 %).')
  for (const text of ['Hội nghị họp ngày 31/6/2021.', 'Có 48 điểm cầu, trong đó 1 cấp thành phố, 13 cấp huyện và 33 cấp xã.']) {
    const other = await checkDocument(text)
    expect(other.findings).not.toEqual([])
    expect(mended(other, [0])).toEqual({ text, count: 0 })
  }
})

test('a text goes back to its writer with numbered remarks', async () => {
  const { remarks } = await view(grades)
  expect(remarks).toContain('loại tốt 427 bài, chiếm 25,84% [1]; loại khá 1.016 bài, chiếm 55,64% [2]; loại trung bình 348 bài, chiếm 21,02% [3].')
  expect(remarks).toMatch(/\n\nGhi chú:\n\[1\] 427 : 1\.791 làm tròn là 23,84%, không phải 25,84%\..*\n\[2\] .*\n\[3\] .*\n$/)
  expect((await view(rightGrades)).remarks).toBeNull()
})
