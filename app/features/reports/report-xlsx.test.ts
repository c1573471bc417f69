import fc from 'fast-check'
import readXlsx from 'read-excel-file/node'
import { expect, test } from 'vitest'
import { readZip } from '../../../tests/read-docx.ts'
import { showPercent } from '../../figures/figure.ts'
import { renderXlsx } from './report-xlsx.server.ts'
import { cityReport } from './report.fixture.ts'
import type { Report } from './report.ts'

async function read(report: Report, language: 'vi' | 'en' = 'vi') {
  const sheets = await readXlsx(Buffer.from(await renderXlsx(report, language)))
  return new Map(sheets.map(({ sheet, data }) => [sheet, data]))
}

test('there is a sheet a section, each with title, unit, day and base on top', async () => {
  const sheets = await read(cityReport())
  expect([...sheets.keys()]).toEqual(['Tổng hợp', 'Theo đơn vị', 'Theo đối tượng', 'Theo hội nghị - lớp học', 'Theo thời gian', 'Được miễn'])
  for (const rows of sheets.values()) {
    expect(rows[0]![0]).toBe('Kết quả học tập, quán triệt Nghị quyết Đại hội đại biểu toàn quốc lần thứ XIII của Đảng')
    expect(rows[1]![0]).toBe('Thành ủy Cần Thơ')
    expect(rows[2]![0]).toBe('Tính đến ngày 30/6/2021. Phải học: 50.424 đảng viên, theo danh sách chốt ngày 22/3/2021, có tính các trường hợp bổ sung, thay đổi; 1.207 đảng viên được miễn không tính vào số này.')
  }
})

test('the summary holds numbers as numbers and shares as quotients', async () => {
  const rows = (await read(cityReport())).get('Tổng hợp')!.slice(5)
  expect(rows).toEqual([
    ['Phải học', 50_424, null, null, null],
    ['Đã học', 49_901, 50_424, 49_901 / 50_424, 'đảng viên phải học'],
    ['Chưa học', 523, 50_424, 523 / 50_424, 'đảng viên phải học'],
    ['Được miễn', 1_207, 51_631, 1_207 / 51_631, 'phải học và được miễn'],
    ['Đã học theo số liệu khai báo', 600, 49_901, 600 / 49_901, 'đảng viên đã học'],
    ['Đã học tại hội nghị trực tuyến toàn quốc', 10_806, 50_424, 10_806 / 50_424, 'đảng viên phải học'],
    ['Lượt học của đảng viên', 98_214, null, null, null],
    ['Lượt dự của người ngoài Đảng', 12_930, null, null, null],
  ])
})

test('units, categories, sessions and reasons add up to their totals', async () => {
  const sheets = await read(cityReport())
  const sums: [string, number[]][] = [['Theo đơn vị', [3, 4, 5, 6, 8]], ['Theo đối tượng', [2, 3, 4]], ['Theo hội nghị - lớp học', [4]], ['Được miễn', [2]]]
  for (const [name, columns] of sums) {
    const rows = sheets.get(name)!.slice(5)
    const total = rows.at(-1)!
    expect(total[1]).toBe('Cộng')
    for (const column of columns) expect(rows.slice(0, -1).reduce((sum, row) => sum + Number(row[column]), 0)).toBe(total[column])
  }
  expect(sheets.get('Theo đơn vị')!.at(-1)).toEqual([null, 'Cộng', null, 50_424, 49_901, 600, 523, 49_901 / 50_424, 1_207])
  expect(sheets.get('Theo đơn vị')![5]).toEqual([1, 'Đảng ủy Khối Doanh nghiệp', 'khoi-doanh-nghiep', 2_624, 2_494, 188, 130, 2_494 / 2_624, 38])
})

test('days are dates', async () => {
  const rows = (await read(cityReport())).get('Theo thời gian')!
  expect(rows[5]).toEqual([new Date('2021-03-28T00:00:00Z'), 10_806, 50_424, 10_806 / 50_424])
  expect(rows.at(-1)).toEqual([new Date('2021-06-30T00:00:00Z'), 49_901, 50_424, 49_901 / 50_424])
})

test('heads are frozen and printed on every page, on A4; formats keep the style of the language', async () => {
  const parts = readZip(await renderXlsx(cityReport(), 'vi'))
  const sheet = parts.get('xl/worksheets/sheet2.xml')!
  expect(sheet).toMatch(/<pane [^>]*ySplit="5"[^>]*state="frozen"/)
  expect(sheet).toMatch(/<pageSetup [^>]*paperSize="9"/)
  expect(parts.get('xl/workbook.xml')).toContain('localSheetId="1">\'Theo đơn vị\'!$5:$5<')
  expect(parts.get('xl/styles.xml')).toContain('[$-42A]#,##0')
  expect(parts.get('xl/styles.xml')).toContain('[$-42A]0.00%')
  expect(readZip(await renderXlsx(cityReport(), 'en')).get('xl/styles.xml')).toContain('[$-809]0.00%')
})

test('the workbook speaks English too', async () => {
  const sheets = await read(cityReport(), 'en')
  expect([...sheets.keys()][3]).toBe('By conference and class')
  expect(sheets.get('Summary')![2]![0]).toContain('Must study: 50,424 members')
})

test('names with marks of XML, and names that look like formulas, stay names', async () => {
  const city = cityReport()
  const names = ['Công ty <"Sông & Hậu"> \'ẵ\'', '=1+1', '@SUM(A1)', 'hỏng\u0001 mã']
  const units = city.units.map((unit, index) => ({ ...unit, name: names[index] ?? unit.name }))
  const rows = (await read({ ...city, units })).get('Theo đơn vị')!.slice(5)
  expect(rows.slice(0, 4).map((row) => row[1])).toEqual([...names.slice(0, 3), 'hỏng mã'])
  const sheet = readZip(await renderXlsx({ ...city, units }, 'vi')).get('xl/worksheets/sheet2.xml')!
  expect(sheet).not.toContain('<f>')
})

test('where nobody is expected the share is a dash', async () => {
  const empty: Report = { ...cityReport(), total: { expected: 0, studied: 0, exempt: 0, declared: 0 }, figures: [], units: [], categories: [], kinds: [], exemptReasons: [], curve: [] }
  expect((await read(empty)).get('Tổng hợp')![6]).toEqual(['Đã học', 0, 0, '–', 'đảng viên phải học'])
})

test('several resolutions, units not seen and own members have their rows', async () => {
  const city = cityReport()
  const report: Report = {
    ...city,
    units: [{ ...city.units[0]!, id: city.unit.id, name: city.unit.name }],
    otherUnits: { expected: 47_800, studied: 47_407, exempt: 1_169, declared: 412 },
    resolutions: [{ code: '1', name: 'Nghị quyết 1', studied: 10 }, { code: '2', name: 'Nghị quyết 2', studied: 9 }],
  }
  const sheets = await read(report)
  expect(sheets.get('Theo đơn vị')!.slice(5).map((row) => row[1])).toEqual(['Đảng viên trực tiếp của Thành ủy Cần Thơ', 'Các đơn vị khác', 'Cộng'])
  expect(sheets.get('Theo nghị quyết')!.at(-1)).toEqual([2, 'Nghị quyết 2', 9, 50_424, 9 / 50_424])
})

// A spreadsheet shows a number from its 15 significant digits, rounding halves up.
function asSpreadsheetShows(share: number): string {
  const [digits, exponent] = share.toExponential(14).split('e') as [string, string]
  const shift = Number(exponent) - 14 + 4 // hundredths of a per cent
  const whole = BigInt(digits.replace('.', ''))
  const hundredths = shift >= 0 ? whole * 10n ** BigInt(shift) : (whole + 5n * 10n ** BigInt(-shift - 1)) / 10n ** BigInt(-shift)
  return `${hundredths / 100n},${String(hundredths % 100n).padStart(2, '0')}%`
}

test('a stored share is shown by a spreadsheet as the report shows it, halves included', () => {
  expect(asSpreadsheetShows(1 / 800)).toBe('0,13%')
  const part = fc.integer({ min: 0, max: 10_000_000 }).chain((whole) => fc.tuple(fc.integer({ min: 0, max: whole }), fc.constant(whole)))
  const half = fc.integer({ min: 0, max: 9_999 }).map((hundredths) => [2 * hundredths + 1, 20_000] as [number, number])
  fc.assert(
    fc.property(fc.oneof(part, half), ([studied, expected]) => {
      fc.pre(expected > 0)
      expect(asSpreadsheetShows(studied / expected)).toBe(showPercent(studied, expected, 'vi'))
    }),
    { numRuns: 2000 },
  )
})

test('a report of a hundred units is written within a second', async () => {
  const city = cityReport()
  const units = Array.from({ length: 100 }, (_, index) => ({ ...city.units[index % 15]!, id: `unit-${index}` }))
  const start = performance.now()
  await renderXlsx({ ...city, units }, 'vi')
  expect(performance.now() - start).toBeLessThan(1000)
})
