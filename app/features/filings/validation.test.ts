import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkReport, middleOf, outliers, sayFinding, type Checked } from './validation.server.ts'

const figure = (key: string, numerator: number | null, more: Partial<Checked> = {}): Checked => ({ key, name: key, numerator, denominator: null, base: null, origin: 'declared', declared: numerator ?? 0, ...more })
const none = new Map<string, number>()
const past = (...values: number[]) => ({ past: [{ indicator: 'papers', units: values.length, ...middleOf(values.map((value) => value / 100))! }], alike: [] })

describe('relations', () => {
  const partOf = [{ indicator: 'good', kind: 'part_of' as const, other: 'papers' }]
  test('hold at equality and break by one', () => {
    expect(checkReport([figure('good', 5), figure('papers', 5)], [], { among: partOf, counted: none, breakdowns: [] }).problems).toEqual([])
    expect(checkReport([figure('good', 6), figure('papers', 5)], [], { among: partOf, counted: none, breakdowns: [] }).problems).toMatchObject([{ id: 'share-over-100:good:papers', values: { value: 6, most: 5 } }])
  })
  test('are judged against counted figures that the form does not ask for', () =>
    expect(checkReport([figure('good', 6)], [], { among: partOf, counted: new Map([['papers', 5]]), breakdowns: [] }).problems).toHaveLength(1))
  test('of figures that are not typed yet are not judged, only missing', () =>
    expect(checkReport([figure('good', 6), figure('papers', null)], [], { among: partOf, counted: none, breakdowns: [] }).problems.map((one) => one.id)).toEqual(['figure-missing:papers']))
  test('between counted figures alone are a warning: the unit cannot type them anew', () => {
    const counted = { origin: 'counted' as const, declared: 0 }
    const found = checkReport([figure('good', 6, counted), figure('papers', 5, counted)], [], { among: partOf, counted: none, breakdowns: [] })
    expect(found).toMatchObject({ problems: [], warnings: [{ id: 'share-over-100:good:papers' }] })
  })
  test('told twice, as base and as relation, are one finding; an empty base takes nothing', () => {
    const rate = figure('good', 1, { base: 'papers', denominator: 0 })
    expect(checkReport([rate, figure('papers', 0)], [], { among: partOf, counted: none, breakdowns: [] }).problems).toHaveLength(1)
  })
})

describe('outliers', () => {
  test('are far from the median; one wild report in the past moves nothing', () => {
    expect(outliers([figure('papers', 96)], 100, past(95, 96, 97, 3, 98))).toEqual([])
    expect(outliers([figure('papers', 3)], 100, past(95, 96, 97, 3, 98))).toMatchObject([{ code: 'outlier-past', values: { value: 3, usual: 96, units: 5 } }])
  })
  test('need three earlier reports, members expected, and a declared part', () => {
    expect(outliers([figure('papers', 3)], 100, past(95, 96))).toEqual([])
    expect(outliers([figure('papers', 3)], 0, past(95, 96, 97))).toEqual([])
    expect(outliers([figure('papers', 3, { origin: 'counted', declared: 0 })], 100, past(95, 96, 97))).toEqual([])
  })
  test('after equal reports begin beyond a third of them, not at the first other number', () => {
    expect(outliers([figure('papers', 60)], 100, past(50, 50, 50))).toEqual([])
    expect(outliers([figure('papers', 68)], 100, past(50, 50, 50))).toHaveLength(1)
  })
  test('of small counts do not begin at one or two more', () => expect(outliers([figure('papers', 2)], 100, past(0, 0, 0))).toEqual([]))
  test('do not depend on the size of the unit', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.array(fc.integer({ min: 20, max: 90 }), { minLength: 3, maxLength: 8 }), fc.integer({ min: 0, max: 100 }), (times, earlier, now) => {
        const found = outliers([figure('papers', now)], 100, past(...earlier)).length
        expect(outliers([figure('papers', now * times)], 100 * times, past(...earlier))).toHaveLength(found)
      }),
    ))
})

test('a finding is said in both languages, with its numbers as each writes them', () => {
  const finding = { code: 'share-over-100', indicator: 'good', values: { indicatorName: 'Bài tốt', other: 'papers', otherName: 'Bài thu hoạch', value: 1016, most: 1000 } }
  expect(sayFinding(finding)('vi')).toBe('“Bài tốt” là 1.016, nhiều hơn “Bài thu hoạch” là 1.000: tỷ lệ 101,60%, quá 100%.')
  expect(sayFinding(finding)('en')).toBe('“Bài tốt” is 1,016, more than “Bài thu hoạch”, which is 1,000: a share of 101.60%, over 100%.')
  expect(sayFinding({ code: 'figure-missing', indicator: 'studied', values: {} })('vi')).toBe('Chưa có số “đảng viên đã học”. Gõ số, nếu không có thì gõ 0.')
})
