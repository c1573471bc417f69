import { expect, test } from 'vitest'
import { readDocx } from '../../../tests/read-docx.ts'
import { renderDocx } from '../documents/typesetting/official-docx.server.ts'
import { reportDocument, type Issue } from './report-document.server.ts'
import { cityReport } from './report.fixture.ts'
import type { Report } from './report.ts'

const read = async (report: Report, issue?: Issue) => readDocx(await renderDocx(reportDocument(report, 'vi', issue)))
const number = (text: string) => Number(text.replaceAll('.', '').replace(',', '.').replace('%', ''))

test('the report opens with the answer, its base and the day it stands at', async () => {
  const { paragraphs } = await read(cityReport())
  expect(paragraphs).toContain('kết quả học tập, quán triệt Nghị quyết Đại hội đại biểu toàn quốc lần thứ XIII của Đảng')
  expect(paragraphs.find((text) => text.startsWith('Đợt học tập'))).toContain(
    'Tính đến ngày 30/6/2021, toàn Đảng bộ thành phố Cần Thơ có 49.901/50.424 đảng viên phải học đã hoàn thành việc học tập, quán triệt, đạt tỷ lệ 98,96%; còn 523 đảng viên (1,04%) chưa học.',
  )
  expect(paragraphs.some((text) => text.includes('danh sách chốt ngày 22/3/2021'))).toBe(true)
  expect(paragraphs.some((text) => text.includes('hội nghị trực tuyến toàn quốc có 10.806/50.424') && text.includes('21,43%'))).toBe(true)
})

test('units come worst first, with what is declared beside what was counted, and add up to the total', async () => {
  const { tables } = await read(cityReport())
  const [head, ...rows] = tables[1]!
  expect(head).toEqual(['TT', 'Đơn vị', 'Phải học', 'Đã học', 'Trong đó khai báo', 'Chưa học', 'Tỷ lệ'])
  expect(rows).toHaveLength(16)
  expect(rows[0]).toEqual(['1', 'Đảng ủy Khối Doanh nghiệp', '2.624', '2.494', '188', '130', '95,05%'])
  expect(rows.at(-1)).toEqual(['', 'Cộng', '50.424', '49.901', '600', '523', '98,96%'])
  for (const column of [2, 3, 4, 5]) expect(rows.slice(0, -1).reduce((sum, row) => sum + number(row[column]!), 0)).toBe(number(rows.at(-1)![column]!))
  const shares = rows.slice(0, -1).map((row) => number(row[6]!))
  expect(shares).toEqual([...shares].sort((one, other) => one - other))
})

test('exempt members are told with their reasons and stay out of the base', async () => {
  const { paragraphs } = await read(cityReport())
  const at = paragraphs.findIndex((text) => text.startsWith('Có 1.207 đảng viên được miễn'))
  expect(paragraphs[at]).toContain('chiếm 2,34% trong tổng số 51.631 đảng viên có tên trong danh sách (50.424 phải học và 1.207 được miễn)')
  expect(paragraphs.slice(at + 1, at + 4)).toEqual(['- Tuổi cao, sức yếu: 684 đảng viên;', '- Ốm đau, điều trị dài ngày: 391 đảng viên;', '- Đi làm ăn xa, nơi ở không ổn định: 132 đảng viên.'])
})

test('categories, conferences and classes, and days have their tables', async () => {
  const { tables } = await read(cityReport())
  expect(tables[2]!.at(-1)).toEqual(['', 'Cộng', '50.424', '49.901', '523', '98,96%'])
  expect(tables[3]!.slice(1)).toEqual([
    ['1', 'Hội nghị trực tuyến toàn quốc', '1', '102', '10.806', '21,43%'],
    ['2', 'Hội nghị', '31', '58', '12.418', '24,63%'],
    ['3', 'Lớp học', '846', '846', '24.305', '48,20%'],
    ['4', 'Lớp học bù', '73', '73', '1.772', '3,51%'],
    ['5', 'Đơn vị khai báo tổng số', '–', '–', '600', '1,19%'],
    ['', 'Cộng', '', '', '49.901', '98,96%'],
  ])
  expect(tables[4]![1]).toEqual(['28/3/2021', '10.806', '50.424', '21,43%'])
  expect(tables[4]!.at(-1)).toEqual(['30/6/2021', '49.901', '50.424', '98,96%'])
})

test('the city committee writes alone at the head of the page; a district names the city above itself', async () => {
  const city = cityReport()
  expect((await read(city)).paragraphs.slice(0, 3)).toEqual(['THÀNH ỦY CẦN THƠ', '*', 'Số …-BC/TU'])
  const district: Report = {
    ...city,
    unit: { ...city.unit, id: 'ninh-kieu', code: 'ninh-kieu', name: 'Quận ủy Ninh Kiều', kind: 'district_committee', organisationName: 'Đảng bộ quận Ninh Kiều', symbol: 'QU', place: 'Ninh Kiều' },
    superior: { name: 'Thành ủy Cần Thơ', organisationName: 'Đảng bộ thành phố Cần Thơ' },
  }
  const { paragraphs, tables } = await read(district, { number: 5, day: '2021-07-02', signedBy: 'Người Ký Mẫu' })
  expect(paragraphs.slice(0, 4)).toEqual(['ĐẢNG BỘ THÀNH PHỐ CẦN THƠ', 'QUẬN ỦY NINH KIỀU', '*', 'Số 05-BC/QU'])
  expect(paragraphs).toContain('Ninh Kiều, ngày 02 tháng 7 năm 2021')
  expect(tables.at(-1)).toEqual([['Nơi nhận:- Thành ủy Cần Thơ (để báo cáo);- Các đơn vị trực thuộc;- Lưu Văn phòng Quận ủy.', 'T/M BAN THƯỜNG VỤBÍ THƯNgười Ký Mẫu']])
})

test('a cell reports without tables of units, and its secretary signs for the cell', async () => {
  const cell: Report = {
    ...cityReport(),
    unit: { id: 'cb', code: 'chi-bo-5', name: 'Chi bộ Khu vực 5', kind: 'cell', organisationName: null, symbol: 'CB', place: 'An Hòa' },
    superior: { name: 'Đảng ủy phường An Hòa', organisationName: 'Đảng bộ phường An Hòa' },
    total: { expected: 31, studied: 31, exempt: 0, declared: 0 },
    figures: [],
    units: [],
    exemptReasons: [],
    categories: [{ key: 'other', name: 'Đảng viên khác', expected: 31, studied: 31 }],
    kinds: [{ kind: 'class', studied: 31, sessions: 1, venues: 1 }],
    curve: [{ day: '2021-04-11', studied: 31, expected: 31 }],
  }
  const { paragraphs, tables } = await read(cell)
  expect(paragraphs.slice(0, 4)).toEqual(['ĐẢNG BỘ PHƯỜNG AN HÒA', 'CHI BỘ KHU VỰC 5', '*', 'Số …-BC/CB'])
  expect(paragraphs.find((text) => text.startsWith('Đợt học tập'))).toContain('Chi bộ Khu vực 5 có 31/31 đảng viên phải học đã hoàn thành việc học tập, quán triệt, đạt tỷ lệ 100,00%. Chi bộ')
  expect(paragraphs.filter((text) => /^[IV]+\. /.test(text))).toEqual(['I. Kết quả chung', 'II. Kết quả theo hội nghị, lớp học', 'III. Tiến độ học tập'])
  expect(tables.at(-1)![0]).toEqual(['Nơi nhận:- Đảng ủy phường An Hòa (để báo cáo);- Lưu Chi bộ Khu vực 5.', 'T/M CHI BỘBÍ THƯ'])
})

test('where nobody is expected there is no share, and nothing is divided by nothing', async () => {
  const empty: Report = { ...cityReport(), total: { expected: 0, studied: 0, exempt: 0, declared: 0 }, figures: [], units: [], categories: [], kinds: [], exemptReasons: [], curve: [] }
  const text = (await read(empty)).paragraphs.join('\n')
  expect(text).toContain('không có đảng viên nào thuộc diện phải học')
  expect(text).not.toMatch(/NaN|Infinity|null|undefined/)
})

test('units that a viewer does not see are one row, and nothing is said of how they rank', async () => {
  const city = cityReport()
  const partial: Report = { ...city, units: city.units.slice(0, 1), otherUnits: { expected: 47_800, studied: 47_407, exempt: 1_169, declared: 412 } }
  const { tables, paragraphs } = await read(partial)
  expect(tables[1]!.slice(1)).toEqual([
    ['1', 'Đảng ủy Khối Doanh nghiệp', '2.624', '2.494', '188', '130', '95,05%'],
    ['', 'Các đơn vị khác', '47.800', '47.407', '412', '393', '99,18%'],
    ['', 'Cộng', '50.424', '49.901', '600', '523', '98,96%'],
  ])
  expect(paragraphs.join('\n')).not.toContain('tỷ lệ thấp nhất là')
})

test('several resolutions have a table of their own; a report of one names it and leaves out what was counted for all', async () => {
  const city = cityReport()
  const four: Report = { ...city, resolutions: ['19', '20', '21', '22'].map((code, index) => ({ code, name: `Nghị quyết số ${code}-NQ/TW`, studied: 49_901 - index })) }
  expect((await read(four)).tables[4]!.at(-1)).toEqual(['4', 'Nghị quyết số 22-NQ/TW', '49.898', '526', '98,96%'])
  const { paragraphs } = await read({ ...four, resolution: { code: '19', name: 'Nghị quyết số 19-NQ/TW' } })
  expect(paragraphs).toContain('kết quả học tập, quán triệt Nghị quyết số 19-NQ/TW')
  expect(paragraphs.join('\n')).not.toContain('Tại hội nghị trực tuyến toàn quốc có')
})

test.each([
  ['Học tập, quán triệt và triển khai Nghị quyết 19', 'kết quả học tập, quán triệt Nghị quyết 19'],
  ['Đợt học tập, quán triệt, tuyên truyền và triển khai thực hiện Chỉ thị 05', 'kết quả học tập, quán triệt Chỉ thị 05'],
  ['Nghị quyết Đại hội XIII', 'kết quả học tập, quán triệt Nghị quyết Đại hội XIII'],
])('a campaign called "%s" is reported as "%s"', (name, abstract) => {
  const city = cityReport()
  expect(reportDocument({ ...city, campaign: { ...city.campaign, name } }, 'vi').abstract).toBe(abstract)
})

test('names with marks of XML and of templates come through whole', async () => {
  const city = cityReport()
  const name = 'Công ty <"Sông & Hậu"> {expected} $t(row.total) $& \'ẵ\''
  const { tables } = await read({ ...city, units: [{ ...city.units[0]!, name }, ...city.units.slice(1)] })
  expect(tables[1]![1]![1]).toBe(name)
  const text = reportDocument({ ...city, units: [{ ...city.units[0]!, name }, ...city.units.slice(1)] }, 'vi').body.map((block) => ('text' in block ? block.text : ''))
  expect(text.join('\n')).toContain(`Đơn vị có tỷ lệ thấp nhất là ${name}: 2.494/2.624`)
})

test('the chart stands before its table, in its own proportions', () => {
  const png = Buffer.alloc(33)
  png.writeUInt32BE(1200, 16)
  png.writeUInt32BE(600, 20)
  const { body } = reportDocument(cityReport(), 'vi', { chart: { png, alt: 'Tỷ lệ đã học' } })
  const at = body.findIndex((block) => block.is === 'chart')
  expect(body[at]).toMatchObject({ widthMm: 150, heightMm: 75, alt: 'Tỷ lệ đã học' })
  expect(body[at + 1]!.is).toBe('table')
})

test('a hundred days are a dozen on paper, first and last among them', () => {
  const curve = Array.from({ length: 95 }, (_, index) => ({ day: new Date(Date.UTC(2021, 2, 28 + index)).toISOString().slice(0, 10), studied: 500 * (index + 1), expected: 50_424 }))
  const table = reportDocument({ ...cityReport(), curve }, 'vi').body.findLast((block) => block.is === 'table')!
  expect(table.rows).toHaveLength(12)
  expect([table.rows[0]![1], table.rows.at(-1)![1]]).toEqual(['500', '47.500'])
})

test('a report of a hundred units is set within a second', async () => {
  const city = cityReport()
  const units = Array.from({ length: 100 }, (_, index) => ({ ...city.units[index % 15]!, id: `unit-${index}`, name: `Đảng ủy xã Thứ ${index + 1}` }))
  const start = performance.now()
  const { tables } = await read({ ...city, units })
  expect(performance.now() - start).toBeLessThan(1000)
  expect(tables[1]).toHaveLength(102)
})
