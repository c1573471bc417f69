import { expect, test } from 'vitest'
import { reportJson } from './report-json.ts'
import { cityReport } from './report.fixture.ts'

test('the figures answer is the head of report.json, with shares that are not rounded', () => {
  const { unit, campaign, resolution, asOf, figures } = reportJson(cityReport())
  expect({ unit, campaign, resolution, asOf }).toEqual({ unit: 'can-tho', campaign: 'nq-dai-hoi-xiii', resolution: null, asOf: '2021-06-30' })
  expect(figures.slice(0, 3)).toEqual([
    { key: 'studied', numerator: 49_901, denominator: 50_424, share: 49_901 / 50_424, base: 'expected' },
    { key: 'studied-at-national-conference', numerator: 10_806, denominator: 50_424, share: 10_806 / 50_424, base: 'expected' },
    { key: 'exempt', numerator: 1_207, denominator: 51_631, share: 1_207 / 51_631, base: 'on-roster' },
  ])
  expect(figures.at(-1)).toEqual({ key: 'non-member-attendances', numerator: 12_930, denominator: null, share: null, base: null })
})

test('every section is there, and no id of the database', () => {
  const report = reportJson(cityReport())
  expect(Object.keys(report)).toEqual(['unit', 'campaign', 'resolution', 'asOf', 'figures', 'sections'])
  expect(Object.keys(report.sections)).toEqual(['units', 'otherUnits', 'categories', 'kinds', 'resolutions', 'exemptReasons', 'curve'])
  expect(report.sections.units[0]).toEqual({
    code: 'khoi-doanh-nghiep',
    name: 'Đảng ủy Khối Doanh nghiệp',
    kind: 'attached_committee',
    expected: 2_624,
    studied: 2_494,
    exempt: 38,
    declared: 188,
    share: 2_494 / 2_624,
  })
  expect(report.sections.kinds[0]).toEqual({ kind: 'national_conference', studied: 10_806, sessions: 1, venues: 102, share: 10_806 / 50_424 })
  expect(report.sections.curve.at(-1)).toEqual({ day: '2021-06-30', studied: 49_901, expected: 50_424, share: 49_901 / 50_424 })
  expect(JSON.stringify(report)).not.toContain('"id"')
})

test('a share over nobody is null, and the whole is plain JSON', () => {
  const city = cityReport()
  const report = reportJson({ ...city, total: { ...city.total, expected: 0 }, units: [{ ...city.units[0]!, expected: 0, studied: 0 }] })
  expect(report.sections.units[0]!.share).toBeNull()
  expect(report.sections.kinds[0]!.share).toBeNull()
  expect(JSON.parse(JSON.stringify(report))).toEqual(report)
})
