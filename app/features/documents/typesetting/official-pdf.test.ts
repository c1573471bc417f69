import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { Refused } from '../../../platform/errors.ts'
import { elements, readDocx, textOf } from '../../../../tests/read-docx.ts'
import { readPdf } from '../../../../tests/read-pdf.ts'
import { awkward, letter, plan, stateDecision } from './official-document.fixture.ts'
import { renderDocx } from './official-docx.server.ts'
import { loadTypesetter, renderPdf } from './official-pdf.server.ts'
import type { OfficialDocument } from './official-document.ts'

const read = async (document: OfficialDocument) => readPdf(await renderPdf(document))
const withoutSpaces = (text: string) => text.replace(/[\s\u200b]/gu, '')
const documents: [string, OfficialDocument][] = [['a plan', plan], ['a letter', letter], ['a decision of the State', stateDecision]]
const table = plan.body[2] as Extract<OfficialDocument['body'][number], { is: 'table' }>
const longTable = (rows: number): OfficialDocument => ({
  ...plan,
  body: [{ ...table, rows: Array.from({ length: rows }, (_, index) => [String(index + 1), `Chi bộ thứ ${index + 1}`, '3']) }],
})

test.each(documents)('%s on A4 keeps margins of 20, 20, 30 and 15 mm', async (_, document) => {
  const { pages } = await read({ ...document, body: Array.from({ length: 30 }, () => ({ is: 'paragraph', text: 'quán triệt nghị quyết '.repeat(20) })) })
  expect(pages.length).toBeGreaterThan(1)
  for (const { widthMm, heightMm, words } of pages.slice(0, -1)) {
    expect([Math.round(widthMm), Math.round(heightMm)]).toEqual([210, 297])
    const text = words.filter((word) => word.baselineMm > 20)
    const [left, right] = [Math.min(...text.map((word) => word.leftMm)), Math.max(...text.map((word) => word.leftMm + word.widthMm))]
    expect(left).toBeCloseTo(30, 0)
    expect(right).toBeCloseTo(195, 0)
    expect(Math.max(...text.map((word) => word.baselineMm))).toBeLessThan(277)
  }
})

test.each(documents)('in %s the parts of the letterhead stand where the DOCX has them, within 1 mm', async (_, document) => {
  const { pages } = await read(document)
  const parts = letterheadOfDocx(readDocx(await renderDocx(document)).xml)
  expect(parts.length).toBeGreaterThan(6)
  for (const part of parts) {
    if (part.is === 'rule') {
      const rules = pages[0]!.strokes.filter((stroke) => Math.abs(stroke.topMm - part.topMm) < 1 && Math.abs(centreOf(stroke) - part.centreMm) < 1)
      expect(rules).toHaveLength(1)
      expect(Math.abs(rules[0]!.widthMm - part.widthMm)).toBeLessThan(0.2)
    } else {
      const words = pages[0]!.words.filter((word) => Math.abs(word.baselineMm - part.baselineMm) < 1 && Math.abs(centreOf(word) - part.centreMm) < 1)
      expect(words.map(({ text, sizePt, font }) => ({ text, sizePt, font }))).toEqual([{ text: part.text, sizePt: part.sizePt, font: part.font }])
    }
  }
})

test('the letterhead has the measures of the rule: columns, star, and a rule as wide as the title above it', async () => {
  const [page] = (await read(plan)).pages
  const at = (text: string) => page!.words.find((word) => word.text === text)!
  for (const text of ['ĐẢNG BỘ HUYỆN ĐẠI TỪ', 'ĐẢNG ỦY XÃ LA BẰNG', '*', 'Số 09-KH/ĐU']) expect(centreOf(at(text))).toBeCloseTo(68.5, 1)
  for (const text of ['ĐẢNG CỘNG SẢN VIỆT NAM', 'La Bằng, ngày 05 tháng 02 năm 2026']) expect(centreOf(at(text))).toBeCloseTo(151, 1)
  expect(at('ĐẢNG CỘNG SẢN VIỆT NAM').baselineMm).toBe(at('ĐẢNG BỘ HUYỆN ĐẠI TỪ').baselineMm)
  const [rule] = page!.strokes
  expect(Math.abs(rule!.widthMm - at('ĐẢNG CỘNG SẢN VIỆT NAM').widthMm)).toBeLessThan(0.2)
  expect(rule!.topMm).toBeGreaterThan(at('ĐẢNG CỘNG SẢN VIỆT NAM').baselineMm)
  expect(rule!.topMm).toBeLessThan(at('La Bằng, ngày 05 tháng 02 năm 2026').baselineMm - 5)
  for (const text of ['KẾ HOẠCH', 'học tập, quán triệt nghị quyết', '-----']) expect(centreOf(at(text))).toBeCloseTo(112.5, 1)
})

test('body text is 14 pt on lines of 18 pt, with a first line of 10 mm and a straight right edge', async () => {
  const { pages } = await read({ ...plan, body: [{ is: 'paragraph', text: 'quán triệt nghị quyết '.repeat(20) }] })
  const lines = pages[0]!.words.filter(({ text }) => text.includes('nghị quyết quán'))
  expect(lines.map(({ sizePt }) => sizePt)).toEqual(lines.map(() => 14))
  expect([lines[0]!.leftMm, lines[1]!.leftMm].map(Math.round)).toEqual([40, 30])
  expect(lines[1]!.baselineMm - lines[0]!.baselineMm).toBeCloseTo((18 * 25.4) / 72, 2)
  for (const line of lines.slice(0, -1)) expect(line.leftMm + line.widthMm).toBeCloseTo(195, 1)
})

test.each([...documents, ['a plan of awkward names', { ...plan, issuingBody: awkward[0]!, abstract: awkward.join(' '), body: [...awkward.map((text) => ({ is: 'paragraph', text }) as const), { ...table, rows: awkward.map((text) => [text, text, '1']) }] }] as [string, OfficialDocument]])(
  '%s has the same words in the same order as its DOCX',
  async (_, document) => {
    const { pages } = await read(document)
    const text = pages.flatMap(({ words }) => words).filter(({ baselineMm }) => baselineMm > 20).map((word) => word.text)
    const { paragraphs } = readDocx(await renderDocx(document))
    const heads = table.columns.map((column) => withoutSpaces(column.head)).join('')
    const once = (words: string) => withoutSpaces(words).split(heads).join('') // heads are repeated on every page
    expect(once(text.join(''))).toBe(once(paragraphs.join('')))
  },
)

test('names that look like instructions print as they are', async () => {
  const { text } = await read({ ...plan, body: awkward.map((one) => ({ is: 'paragraph', text: one })) })
  for (const one of awkward) expect(withoutSpaces(text)).toContain(withoutSpaces(one))
})

test('every Vietnamese letter with every mark comes through composed, in every style', async () => {
  const letters = 'aàáảãạ ăằắẳẵặ âầấẩẫậ bcdđeèéẻẽẹ êềếểễệ ghiìíỉĩị klmn oòóỏõọ ôồốổỗộ ơờớởỡợ pqrst uùúủũụ ưừứửữự vxyỳýỷỹỵ '
  const all = `${letters}${letters.toLocaleUpperCase('vi')}`
  const { text } = await read({ ...plan, place: all, abstract: all.normalize('NFD'), body: [{ is: 'paragraph', text: all.normalize('NFD') }, { is: 'heading', text: all }] })
  expect(withoutSpaces(text).split(withoutSpaces(all)).length - 1).toBe(4)
})

test('letters that the font lacks and characters that are none do not stop the document', async () => {
  const { text } = await read({ ...plan, abstract: 'học \u0000tập 日本 😀 \ud800', body: [{ is: 'paragraph', text: 'một\thai\nba\u2028bốn' }] })
  expect(text).toContain('một hai ba bốn')
})

test('a long table repeats its head on every page, and its total never stands alone', async () => {
  for (const rows of [20, 21, 22, 23, 24, 25, 100]) {
    const { pages } = await read(longTable(rows))
    const withRows = pages.map(({ words }) => words.map((word) => word.text)).filter((texts) => texts.some((text) => text.startsWith('Chi bộ thứ')))
    expect(withRows.length).toBe(rows === 100 ? 4 : rows <= 22 ? 1 : 2)
    for (const texts of withRows) expect(texts.filter((text) => text === 'Phải học')).toHaveLength(1)
    const last = pages.findIndex(({ words }) => words.some((word) => word.text === 'Cộng'))
    expect(pages[last]!.words.some((word) => word.text === `Chi bộ thứ ${rows}`)).toBe(true)
  }
})

test('a table higher than its page is broken, whatever its number of rows, and loses none', async () => {
  const rows = Array.from({ length: 4 }, (_, index) => [String(index + 1), `đoạn ${index} `.repeat(900), '3'])
  const { text, pages } = await read({ ...plan, body: [{ ...table, rows }] })
  expect(pages.length).toBeGreaterThan(3)
  for (let index = 0; index < 4; index++) expect(text.replace(/\s+/g, ' ').split(`đoạn ${index}`).length - 1).toBe(900)
  expect(text).toContain('Cộng')
})

test('what leads to a table stays with it, and the last words with the signature', async () => {
  for (let paragraphs = 9; paragraphs < 20; paragraphs++) {
    const filling = Array.from({ length: paragraphs }, (_, index) => ({ is: 'paragraph', text: `Đoạn ${index}` }) as const)
    const { pages } = await read({
      ...plan,
      body: [...filling, { is: 'heading', text: 'II. Bảng' }, { is: 'paragraph', text: 'Bảng sau:', leadsTo: true }, table, { is: 'paragraph', text: 'Trên đây là kế hoạch.', leadsTo: true }],
    })
    const on = (text: string) => pages.findIndex(({ words }) => words.some((word) => word.text === text))
    expect(new Set(['II. Bảng', 'Bảng sau:', 'Đơn vị tính: đảng viên', 'TT', 'Cộng'].map(on)).size).toBe(1)
    expect(new Set(['Trên đây là kế hoạch.', 'Nơi nhận:', 'Người Ký Mẫu'].map(on)).size).toBe(1)
  }
})

test('pages are numbered at the upper centre from the second on', async () => {
  const { pages } = await read(longTable(100))
  const above = pages.map(({ words }) => words.filter((word) => word.baselineMm < 20))
  expect(above.map((words) => words.map((word) => word.text).join())).toEqual(pages.map((_, index) => (index === 0 ? '' : String(index + 1))))
  for (const [number] of above.slice(1)) {
    expect(centreOf(number!)).toBeCloseTo(112.5, 1)
    expect(number!.baselineMm).toBeCloseTo(10 + (14.4 * 25.4) / 72, 1)
  }
})

test('recipients stand at left and the signature at right, on one page', async () => {
  const { pages } = await read({ ...longTable(22), recipients: Array.from({ length: 12 }, (_, index) => `Chi bộ ${index + 1}`) })
  const page = pages.find(({ words }) => words.some((word) => word.text === 'Nơi nhận:'))!
  const at = (text: string) => page.words.find((word) => word.text === text)!
  expect(at('Nơi nhận:').leftMm).toBeCloseTo(30, 1)
  expect(at('Nơi nhận:').baselineMm).toBe(at('T/M BAN THƯỜNG VỤ').baselineMm)
  for (const text of ['T/M BAN THƯỜNG VỤ', 'BÍ THƯ', 'Người Ký Mẫu']) expect(centreOf(at(text))).toBeCloseTo(151, 1)
  expect(at('Người Ký Mẫu').baselineMm - at('BÍ THƯ').baselineMm).toBeGreaterThan(25)
  expect(at('- Chi bộ 12.').sizePt).toBe(12)
})

test('the file names itself, its author and its language, and is read aloud in order', async () => {
  const { info, isTagged } = await read(plan)
  expect(info).toMatchObject({ Title: 'KẾ HOẠCH học tập, quán triệt nghị quyết', Author: 'Đảng ủy xã La Bằng', Language: 'vi-VN' })
  expect(isTagged).toBe(true)
})

test('a chart stands in the text with its words for those who do not see it', async () => {
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=', 'base64')
  const { pages } = await read({ ...plan, body: [{ is: 'chart', png, alt: 'Tỷ lệ "đã học" tăng', widthMm: 150, heightMm: 75 }] })
  expect(pages[0]!.alts).toEqual(['Tỷ lệ "đã học" tăng'])
  const below = pages[0]!.words.find(({ text }) => text === 'Nơi nhận:')!.baselineMm - pages[0]!.words.find(({ text }) => text === '-----')!.baselineMm
  expect(below).toBeGreaterThan(75)
})

test('the same document is the same file, byte by byte', async () => {
  expect(Buffer.compare(await renderPdf(plan), await renderPdf(plan))).toBe(0)
})

test('a machine without the typesetter is told so, and what to take instead; any other fault stays one', () => {
  const missing = () => loadTypesetter(() => createRequire(import.meta.url)('@myriaddreamin/typst-ts-node-compiler-none'))
  expect(missing).toThrow(Refused)
  try {
    missing()
  } catch (error) {
    expect((error as Refused).sentence('vi')).toMatch(/^Máy chủ này \(.+\) chưa có bộ dựng PDF\. Tải bản Word thay/)
  }
  expect(() => loadTypesetter(() => { throw new Error('out of memory') })).toThrow('out of memory')
})

const centreOf = ({ leftMm, widthMm }: { leftMm: number; widthMm: number }) => leftMm + widthMm / 2

type Part = { centreMm: number } & ({ is: 'rule'; topMm: number; widthMm: number } | { is: 'words'; text: string; baselineMm: number; sizePt: number; font: string })

// Where a word processor puts the letterhead's lines: exact lines have four fifths of their height above the baseline.
function letterheadOfDocx(xml: string): Part[] {
  const number = (text: string, name: string) => Number(new RegExp(`${name}="(-?\\d+)"`).exec(text)?.[1] ?? 0)
  const mm = (twips: number) => (twips * 25.4) / 1440
  const letterhead = elements(xml, 'w:tbl')[0]!
  const widths = elements(letterhead, 'w:gridCol').map((column) => mm(number(column, 'w:w')))
  const marginMm = mm(number(elements(xml, 'w:pgMar')[0]!, 'w:left'))
  let rowMm = mm(number(elements(xml, 'w:pgMar')[0]!, 'w:top'))
  return elements(letterhead, 'w:tr').flatMap((row) => {
    const columns = elements(row, 'w:tc').map((cell, column) => {
      const leftMm = marginMm + widths.slice(0, column).reduce((sum, width) => sum + width, 0)
      let topMm = rowMm
      const parts = elements(cell, 'w:p').map((paragraph): Part => {
        const line = mm(number(paragraph, 'w:line'))
        topMm += mm(number(paragraph, 'w:before'))
        const isRule = paragraph.includes('<w:pBdr>')
        const [left, right] = [mm(number(paragraph, 'w:left')), mm(number(paragraph, 'w:right'))]
        const centreMm = leftMm + (left + widths[column]! - right) / 2
        const style = paragraph.includes('<w:b/>') ? 'Bold' : paragraph.includes('<w:i/>') ? 'Italic' : 'Regular'
        const part: Part = isRule
          ? { is: 'rule', centreMm, topMm, widthMm: widths[column]! - left - right }
          : { is: 'words', centreMm, text: textOf(paragraph), baselineMm: topMm + 0.8 * line, sizePt: number(paragraph, '<w:sz w:val') / 2, font: `Tinos-${style}` }
        topMm += line + (isRule ? mm(20 * number(paragraph, 'w:space') + 2.5 * number(paragraph, 'w:top[^>]*w:sz')) : 0)
        return part
      })
      return { parts, topMm }
    })
    rowMm = Math.max(...columns.map((column) => column.topMm))
    return columns.flatMap((column) => column.parts)
  })
}
