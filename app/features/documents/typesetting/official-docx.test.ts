import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { elements, readDocx } from '../../../../tests/read-docx.ts'
import { profiles } from './document-profile.ts'
import { letter, plan, stateDecision } from './official-document.fixture.ts'
import { renderDocx } from './official-docx.server.ts'
import type { OfficialDocument } from './official-document.ts'

const twips = (mm: number) => Math.round((mm * 1440) / 25.4)

test('the page is A4 with margins of 20, 20, 30 and 15 mm', async () => {
  const { xml } = readDocx(await renderDocx(plan))
  expect(attributes(xml, 'w:pgSz')).toMatchObject({ 'w:w': '11906', 'w:h': '16838' })
  expect(attributes(xml, 'w:pgMar')).toMatchObject({ 'w:top': '1134', 'w:bottom': '1134', 'w:left': '1701', 'w:right': '850', 'w:header': '567' })
})

test('text is Times New Roman 14 pt in Vietnamese on exact lines of 18 pt', async () => {
  const { parts } = readDocx(await renderDocx(plan))
  const defaults = elements(parts.get('word/styles.xml')!, 'w:docDefaults')[0]!
  expect(attributes(defaults, 'w:rFonts')).toMatchObject({ 'w:ascii': 'Times New Roman', 'w:hAnsi': 'Times New Roman', 'w:cs': 'Times New Roman' })
  expect(attributes(defaults, 'w:sz')['w:val']).toBe('28')
  expect(attributes(defaults, 'w:lang')['w:val']).toBe('vi-VN')
  expect(attributes(defaults, 'w:spacing')).toMatchObject({ 'w:line': '360', 'w:lineRule': 'exact' })
})

test('every line set apart from the rest is exact too, between 18 and 19 pt, but for rules and spaces', async () => {
  const { xml } = readDocx(await renderDocx(plan))
  const lines = elements(xml, 'w:p').filter((one) => /<w:t[ >]/.test(one)).flatMap((one) => elements(one, 'w:spacing'))
  for (const line of lines.map((one) => attributes(one, 'w:spacing'))) {
    expect(line['w:lineRule']).toBe('exact')
    expect([360, 380]).toContain(Number(line['w:line']))
  }
})

test('the letterhead stands in two columns: who writes at left, the Party, place and day at right', async () => {
  const { xml, paragraphs, tables } = readDocx(await renderDocx(plan))
  expect(paragraphs.slice(0, 7)).toEqual([
    'ĐẢNG BỘ HUYỆN ĐẠI TỪ',
    'ĐẢNG ỦY XÃ LA BẰNG',
    '*',
    'Số 09-KH/ĐU',
    'ĐẢNG CỘNG SẢN VIỆT NAM',
    '',
    'La Bằng, ngày 05 tháng 02 năm 2026',
  ])
  expect(tables[0]).toHaveLength(1)
  const letterhead = elements(xml, 'w:tbl')[0]!
  expect(elements(letterhead, 'w:gridCol').map((column) => Number(attributes(column, 'w:gridCol')['w:w']))).toEqual([twips(77), twips(88)])
  expect(attributes(elements(letterhead, 'w:tblCellMar')[0]!, 'w:left')['w:w']).toBe('0')
  const [superior, issuing, star, number, title, , day] = elements(letterhead, 'w:p')
  expect([superior, issuing, star, number, title, day].map((one) => attributes(one!, 'w:jc')['w:val'])).toEqual(Array(6).fill('center'))
  expect([superior, issuing, number, title, day].map((one) => one!.includes('<w:b/>'))).toEqual([false, true, false, true, false])
  expect(day).toContain('<w:i/>')
})

test('the rule under the Party\'s name is as wide as the name and centred on it', async () => {
  const { xml } = readDocx(await renderDocx(plan))
  const rule = elements(elements(xml, 'w:tbl')[0]!, 'w:p')[5]!
  const { 'w:left': left, 'w:right': right } = attributes(rule, 'w:ind')
  expect(left).toBe(right)
  expect(attributes(rule, 'w:top')['w:val']).toBe('single')
  const ruleMm = ((twips(88) - Number(left) - Number(right)) * 25.4) / 1440
  expect(Math.abs(ruleMm - widthInBoldMm('ĐẢNG CỘNG SẢN VIỆT NAM', profiles.hd36.fontPt.title))).toBeLessThan(0.2)
})

test('the State\'s motto has a rule of its own width, and the words fit beside the issuing body', async () => {
  const { xml, paragraphs, tables } = readDocx(await renderDocx(stateDecision))
  expect(paragraphs.slice(0, 8)).toEqual([
    'UBND THÀNH PHỐ CẦN THƠ',
    'UBND PHƯỜNG NINH KIỀU',
    '',
    'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM',
    'Độc lập - Tự do - Hạnh phúc',
    '',
    'Số: 156/QĐ-UBND',
    'Ninh Kiều, ngày 05 tháng 02 năm 2026',
  ])
  expect(tables[0]).toHaveLength(2)
  const { columnsMm, titleRuleMm, fontPt } = profiles.nd30
  expect(Math.abs(titleRuleMm - widthInBoldMm('Độc lập - Tự do - Hạnh phúc', fontPt.motto))).toBeLessThan(0.2)
  expect(widthInBoldMm('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', fontPt.title)).toBeLessThan(columnsMm.right)
  const rule = elements(elements(xml, 'w:tbl')[0]!, 'w:p')[2]!
  const { 'w:left': left, 'w:right': right } = attributes(rule, 'w:ind')
  const share = (((twips(columnsMm.left) - Number(left) - Number(right)) * 25.4) / 1440) / widthInBoldMm('UBND PHƯỜNG NINH KIỀU', fontPt.bodies)
  expect(share).toBeGreaterThan(1 / 3)
  expect(share).toBeLessThan(1 / 2)
})

test('an official letter has its subject under the number, no name of its kind, and says whom it is for', async () => {
  const { paragraphs, tables } = readDocx(await renderDocx(letter))
  expect(paragraphs.slice(0, 11)).toEqual([
    'THÀNH ỦY CẦN THƠ',
    '*',
    'Số 123-CV/TU',
    'V/v học tập, quán triệt Nghị quyết',
    'ĐẢNG CỘNG SẢN VIỆT NAM',
    '',
    'Cần Thơ, ngày 22 tháng 3 năm 2021',
    'Kính gửi:',
    '- Các quận ủy, huyện ủy,',
    '- Các đảng ủy trực thuộc.',
    'Ban Thường vụ Thành ủy yêu cầu thực hiện các nội dung sau.',
  ])
  expect(tables.at(-1)![0]![0]).toBe('Nơi nhận:- Như trên;- Lưu Văn phòng Thành ủy.')
})

test('a letter to one body names it on the line, and neither "V/v" nor "Như trên" is said twice', async () => {
  const { paragraphs } = readDocx(await renderDocx({ ...letter, abstract: 'V/v báo cáo', addressees: ['Quận ủy Ô Môn'], recipients: ['Như trên', 'Lưu Văn phòng Thành ủy'] }))
  expect(paragraphs).toContain('V/v báo cáo')
  expect(paragraphs).toContain('Kính gửi: Quận ủy Ô Môn')
  expect(paragraphs.filter((text) => text.startsWith('- Như trên'))).toHaveLength(1)
})

test('a body without a superior stands alone, and what is not known yet is left open', async () => {
  const { paragraphs } = readDocx(await renderDocx({ ...plan, superiorBody: null, issuingBody: 'Thành ủy Cần Thơ', issuerSymbol: 'TU', number: null, day: null, place: 'Cần Thơ' }))
  expect(paragraphs.slice(0, 6)).toEqual(['THÀNH ỦY CẦN THƠ', '*', 'Số …-KH/TU', 'ĐẢNG CỘNG SẢN VIỆT NAM', '', 'Cần Thơ, ngày … tháng … năm …'])
})

test('type and abstract are bold and centred above a short rule', async () => {
  const { xml } = readDocx(await renderDocx(plan))
  const all = elements(xml, 'w:p')
  const at = all.findIndex((one) => one.includes('>KẾ HOẠCH<'))
  for (const one of all.slice(at, at + 2)) expect([one.includes('<w:b/>'), attributes(one, 'w:jc')['w:val']]).toEqual([true, 'center'])
  expect(all[at + 1]).toContain('>học tập, quán triệt nghị quyết<')
  expect(all[at + 2]).toContain('>-----<')
})

test('paragraphs are justified with a first line of 10 mm', async () => {
  const { xml } = readDocx(await renderDocx(plan))
  const text = elements(xml, 'w:p').find((one) => one.includes('Nghiêm túc'))!
  expect(attributes(text, 'w:ind')['w:firstLine']).toBe(String(twips(10)))
  expect(attributes(text, 'w:jc')['w:val']).toBe('both')
  expect(text).toContain('ườ ễ ẵ ợ ữ ỷ đ Đ Ỹ')
})

test('tables repeat their head, break between rows only, fill the text width and put numbers right', async () => {
  const { xml, tables } = readDocx(await renderDocx(plan))
  expect(tables[1]).toEqual([['TT', 'Chi bộ', 'Phải học'], ['1', 'Chi bộ <"A" & \'B\'>', '1.204'], ['2', 'Chi bộ $& {x} $t(y)', '96'], ['', 'Cộng', '1.300']])
  const table = elements(xml, 'w:tbl')[1]!
  const rows = elements(table, 'w:tr')
  expect(rows.map((row) => row.includes('<w:tblHeader/>'))).toEqual([true, false, false, false])
  expect(rows.every((row) => row.includes('<w:cantSplit/>'))).toBe(true)
  expect(elements(table, 'w:gridCol').reduce((sum, column) => sum + Number(attributes(column, 'w:gridCol')['w:w']), 0)).toBe(twips(165))
  const alignments = (row: string) => elements(row, 'w:jc').map((one) => attributes(one, 'w:jc')['w:val'])
  expect(alignments(rows[0]!)).toEqual(['center', 'center', 'center'])
  expect(alignments(rows[1]!)).toEqual(['center', 'left', 'right'])
  expect(rows[3]).toContain('<w:b/>')
})

test('a long table may break across pages, and its total never stands alone', async () => {
  const long = { ...plan, body: [{ ...(plan.body[2] as Extract<OfficialDocument['body'][number], { is: 'table' }>), rows: Array.from({ length: 100 }, (_, index) => [String(index + 1), 'Chi bộ', '3']) }] }
  const rows = elements(elements(readDocx(await renderDocx(long)).xml, 'w:tbl')[1]!, 'w:tr')
  expect(rows.map((row) => row.includes('<w:keepNext/>')).flatMap((isKept, index) => (isKept ? [index] : []))).toEqual([0, 100])
})

test('pages are numbered at the upper centre from the second on', async () => {
  const { xml, parts } = readDocx(await renderDocx(plan))
  expect(xml).toContain('<w:titlePg/>')
  const headers = [...parts].filter(([name]) => /^word\/header\d\.xml$/.test(name)).map(([, header]) => header)
  expect(headers.filter((header) => header.includes('PAGE'))).toHaveLength(1)
  expect(attributes(headers.find((header) => header.includes('PAGE'))!, 'w:jc')['w:val']).toBe('center')
})

test('recipients stand at left under an underlined line, the signature at right', async () => {
  const { xml, tables } = readDocx(await renderDocx(plan))
  expect(tables.at(-1)).toEqual([['Nơi nhận:- Huyện ủy Đại Từ (để báo cáo);- Lưu Văn phòng Đảng ủy.', 'T/M BAN THƯỜNG VỤBÍ THƯNgười Ký Mẫu']])
  const [to, , , authority, position, name] = elements(elements(xml, 'w:tbl').at(-1)!, 'w:p')
  expect(to).toContain('<w:u w:val="single"/>')
  expect([authority, position, name].map((one) => one!.includes('<w:b/>'))).toEqual([true, false, true])
})

test('a chart stands in the text with its words for those who do not see it', async () => {
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=', 'base64')
  const { xml, parts } = readDocx(await renderDocx({ ...plan, body: [{ is: 'chart', png, alt: 'Tỷ lệ "đã học"', widthMm: 150, heightMm: 75 }] }))
  expect([...parts.keys()].some((name) => /^word\/media\/.*\.png$/.test(name))).toBe(true)
  expect(attributes(xml, 'wp:docPr')['descr']).toBe('Tỷ lệ &quot;đã học&quot;')
  expect(Math.round(Number(attributes(xml, 'wp:extent')['cx']) / 36_000)).toBe(150)
  expect(elements(xml, 'w:p').find((one) => one.includes('<w:drawing'))).toContain('w:lineRule="auto"')
})

test('the file names itself, and characters that XML cannot hold do not break it', async () => {
  const { parts, paragraphs } = readDocx(await renderDocx({ ...plan, abstract: 'học\u0000 tập\u000b \ud800 & "quán triệt"'.normalize('NFD') }))
  expect(parts.get('docProps/core.xml')).toContain('<dc:title>KẾ HOẠCH học tập \ufffd &amp; ')
  expect(paragraphs).toContain('học tập \ufffd & "quán triệt"')
})

test('the same document is set the same twice', async () => {
  const [one, other] = [readDocx(await renderDocx(plan)), readDocx(await renderDocx(plan))]
  expect(one.xml).toBe(other.xml)
  expect(one.parts.get('word/styles.xml')).toBe(other.parts.get('word/styles.xml'))
})

function attributes(xml: string, name: string): Record<string, string> {
  const tag = new RegExp(`<${name}( [^>]*?)?/?>`, 'u').exec(xml)?.[1] ?? ''
  return Object.fromEntries([...tag.matchAll(/([\w:]+)="([^"]*)"/gu)].map((found) => [found[1]!, found[2]!]))
}

// Tinos has the advance widths of Times New Roman: read from its tables cmap (format 4) and hmtx.
function widthInBoldMm(text: string, sizePt: number): number {
  const font = readFileSync(createRequire(import.meta.url).resolve('@expo-google-fonts/tinos/700Bold/Tinos_700Bold.ttf'))
  const at = (offset: number) => font.readUInt16BE(offset)
  const table = (tag: string) => {
    for (let entry = 12; ; entry += 16) if (font.toString('latin1', entry, entry + 4) === tag) return font.readUInt32BE(entry + 8)
  }
  const cmap = table('cmap')
  const subtable = Array.from({ length: at(cmap + 2) }, (_, index) => cmap + font.readUInt32BE(cmap + 8 + 8 * index)).find((offset) => at(offset) === 4)!
  const twiceSegments = at(subtable + 6)
  const glyphOf = (code: number) => {
    let segment = subtable + 14
    while (at(segment) < code) segment += 2
    const start = segment + twiceSegments + 2
    const [delta, range] = [at(start + twiceSegments), start + 2 * twiceSegments]
    return at(range) === 0 ? (code + delta) & 0xffff : at(range + at(range) + 2 * (code - at(start)))
  }
  const [hmtx, unitsPerEm] = [table('hmtx'), at(table('head') + 18)]
  const advance = Array.from(text).reduce((sum, letter) => sum + at(hmtx + 4 * glyphOf(letter.codePointAt(0)!)), 0)
  return ((advance / unitsPerEm) * sizePt * 25.4) / 72
}
