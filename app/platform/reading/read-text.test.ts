import { deflateSync } from 'node:zlib'
import { Document, FootnoteReferenceRun, Packer, Paragraph, Table, TableCell, TableRow, TextRun, DeletedTextRun, InsertedTextRun } from 'docx'
import { writeXlsx } from 'hucre/xlsx'
import { describe, expect, test } from 'vitest'
import { Refused } from '../errors.ts'
import { renderDocx } from '../../features/documents/typesetting/official-docx.server.ts'
import { renderPdf } from '../../features/documents/typesetting/official-pdf.server.ts'
import { plan } from '../../features/documents/typesetting/official-document.fixture.ts'
import { readingWords } from './reading.messages.ts'
import { docxOf, lockedTrailer, pagePdf, paragraph, pdfOf, rootTo, zipOf } from './hostile.fixture.ts'
import { largestFile, longestText } from './limits.ts'
import { readText } from './read-text.server.ts'

type Key = Parameters<typeof readingWords.say>[0]

/** The sentence that this file is refused with; none when it is read. */
async function refusalOf(file: Uint8Array): Promise<string> {
  const error = await readText(file).then(() => null, (failure: unknown) => failure)
  if (error !== null && !(error instanceof Refused)) throw error
  return error?.sentence('vi') ?? 'nothing'
}
const said = (key: Key, values?: Record<string, number>) => readingWords.in('vi')(key, values)
const wide = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')

describe('a text file', () => {
  const text = 'Đạt 98,96%\r\nđảng viên'

  test('is read in UTF-8 and in UTF-16 of either order, with its mark left out and its line ends kept', async () => {
    expect(await readText(Buffer.from(text))).toBe(text)
    expect(await readText(Buffer.from(`\uFEFF${text}`))).toBe(text)
    expect(await readText(wide(text))).toBe(text)
    expect(await readText(wide(text).swap16())).toBe(text)
    expect(await readText(Buffer.alloc(0))).toBe('')
  })

  test('is composed', async () => expect(await readText(Buffer.from(text.normalize('NFD')))).toBe(text))

  test('in another encoding is refused, and so is what is no text', async () => {
    expect(await refusalOf(Buffer.from('\xd0\xb9ng vi\xean', 'latin1'))).toBe(said('fileEncoding'))
    expect(await refusalOf(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]))).toBe(said('fileKind'))
    expect(await refusalOf(Buffer.from('{\\rtf1 427 b\\u224?i}'))).toBe(said('fileKind'))
  })

  test('is refused by its size, and by the length of its text', async () => {
    expect(await refusalOf(new Uint8Array(largestFile + 1))).toBe(said('fileTooLarge', { megabytes: 20 }))
    expect(await refusalOf(Buffer.alloc(longestText + 1, 'a'))).toBe(said('tooLong', { most: longestText }))
  })
})

describe('a Word document', () => {
  test('gives its paragraphs, lists, rows of tables and footnotes in order, without what was taken out', async () => {
    const cell = (text: string) => new TableCell({ children: [new Paragraph(text)] })
    const document = new Document({
      footnotes: { 1: { children: [new Paragraph('Tính đến ngày 30/6/2021.')] } },
      sections: [
        {
          children: [
            new Paragraph({ children: [new TextRun('Đã học 49.901 '), new TextRun('đảng viên'), new FootnoteReferenceRun(1)] }),
            new Paragraph('Trong đó:'),
            new Paragraph({ text: 'loại tốt 427 bài', bullet: { level: 0 } }),
            new Paragraph({ text: 'loại khá 1.016 bài', bullet: { level: 0 } }),
            new Table({ rows: [new TableRow({ children: [cell('Tốt'), cell('427'), cell('23,84%')] }), new TableRow({ children: [cell('Khá'), cell('1.016'), cell('56,73%')] })] }),
            new Paragraph({
              children: [new TextRun('Đạt '), new DeletedTextRun({ text: '98%', id: 1, author: 'a', date: '2021-06-30T00:00:00Z' }), new InsertedTextRun({ text: '98,96%', id: 2, author: 'a', date: '2021-06-30T00:00:00Z' })],
            }),
          ],
        },
      ],
    })
    expect(await readText(await Packer.toBuffer(document))).toBe(
      'Đã học 49.901 đảng viên\n\nTrong đó:\n- loại tốt 427 bài\n- loại khá 1.016 bài\n\n| Tốt | 427 | 23,84% |\n| Khá | 1.016 | 56,73% |\n\nĐạt 98,96%\n\nTính đến ngày 30/6/2021.',
    )
  })

  test('of ours reads as it was written, as DOCX and as PDF', async () => {
    const [docx, pdf] = [await readText(await renderDocx(plan)), await readText(await renderPdf(plan))]
    for (const text of [docx, pdf]) expect(text).toContain('Nghiêm túc, thiết thực: ườ ễ ẵ ợ ữ ỷ đ Đ Ỹ.')
    expect(docx).toContain('| Cộng | 1.300 |')
    expect(pdf).toMatch(/^Cộng 1\.300$/m)
  })

  test('shows a text box once and a moved passage where it went', async () => {
    const box = '<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>' + paragraph('Hộp 5') + '</w:txbxContent></mc:Choice><mc:Fallback>' + paragraph('Hộp 5') + '</mc:Fallback></mc:AlternateContent><w:t>Sau</w:t></w:r></w:p>'
    const moved = '<w:p><w:moveFrom><w:r><w:t>cũ</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>mới</w:t></w:r></w:moveTo></w:p>'
    const tabs = paragraph('a', '<w:pPr><w:tabs><w:tab w:val="left"/></w:tabs><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>')
    expect(await readText(docxOf(box + moved + tabs))).toBe('Hộp 5\n\nSau\n\nmới\n\na')
  })

  test('without words, cut short, or with other files in it is refused', async () => {
    const whole = await Packer.toBuffer(new Document({ sections: [{ children: [new Paragraph('427 bài')] }] }))
    expect(await refusalOf(docxOf('<w:p/>'))).toBe(said('fileNoText'))
    expect(await refusalOf(whole.subarray(0, whole.length - 40))).toBe(said('fileBroken'))
    expect(await refusalOf(Buffer.concat([whole.subarray(0, 300), Buffer.alloc(400, 7), whole.subarray(700)]))).toBe(said('fileBroken'))
    expect(await refusalOf(docxOf('<w:p></w:q>'))).toBe(said('fileBroken'))
    expect(await refusalOf(zipOf([{ name: 'a.txt', content: 'a' }]))).toBe(said('fileKind'))
    expect(await refusalOf(zipOf([rootTo('ppt/presentation.xml'), { name: 'ppt/presentation.xml', content: '<p:presentation/>' }]))).toBe(said('fileKind'))
    expect(await refusalOf(zipOf([rootTo('../../etc/passwd')]))).toBe(said('fileBroken'))
  })

  test('with a password, or of the old kind, is refused for that', async () => {
    const old = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)])
    expect(await refusalOf(old)).toBe(said('fileOld'))
    expect(await refusalOf(Buffer.concat([old, Buffer.from('EncryptedPackage', 'utf16le')]))).toBe(said('fileLocked'))
    expect(await refusalOf(zipOf([{ name: '_rels/.rels', content: 'x', isLocked: true }]))).toBe(said('fileLocked'))
  })

  test('that unpacks to far more than its size is refused, whatever it claims', async () => {
    const much = Buffer.alloc(12 * 1024 * 1024, ' ')
    const bomb = (claimedSize?: number) => zipOf([rootTo('word/document.xml'), { name: 'word/document.xml', content: much, ...(claimedSize ? { claimedSize } : {}) }])
    expect(await refusalOf(bomb())).toBe(said('fileBomb'))
    expect(await refusalOf(bomb(100))).toBe(said('fileBomb'))
    expect(await refusalOf(docxOf(paragraph('427'), { name: 'word/media/a.png', content: 'x', claimedSize: 4_000_000_000 }))).toBe(said('fileBomb'))
    expect(await refusalOf(docxOf(paragraph('427'), ...Array.from({ length: 6000 }, (_, at) => ({ name: `a${at}`, content: '' }))))).toBe(said('fileBomb'))
  })

  test('expands no entity of its own and goes to no other place', async () => {
    const laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    const file = zipOf([rootTo('word/document.xml'), { name: 'word/document.xml', content: `<?xml version="1.0"?>${laughs}<w:document><w:body>${paragraph('427 &b; &c; &amp;')}</w:body></w:document>` }])
    expect(await readText(file)).toBe('427 &b; &c; &')
  })
})

describe('a workbook', () => {
  test('reads as it shows: shares, thousands, days; empty cells and hidden sheets left out', async () => {
    const file = await writeXlsx({
      sheets: [
        {
          name: 'Xếp loại',
          rows: [['Loại', 'Bài', 'Tỷ lệ', 'Ngày'], ['Tốt', 427, 0.238414, new Date(Date.UTC(2021, 5, 30))], [null, null, null], ['Khá', 1016, 0.5673, null]],
          columns: [{}, { numFmt: '#,##0' }, { numFmt: '0.00%' }, { numFmt: 'dd/mm/yyyy' }],
        },
        { name: 'Nháp', hidden: true, rows: [['ẩn', 1]] },
        { name: 'Khác', rows: [['Bình quân', 0.1 + 0.2]] },
      ],
    })
    expect(await readText(file)).toBe('Xếp loại\n\n| Loại | Bài | Tỷ lệ | Ngày |\n| Tốt | 427 | 23,84% | 30/6/2021 |\n| Khá | 1.016 | 56,73% |\n\nKhác\n\n| Bình quân | 0,3 |')
  })

  test('in which one long string stands in very many cells is refused before it is written out', async () => {
    const relations = '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="sheet.xml"/><Relationship Id="r2" Type="x/sharedStrings" Target="strings.xml"/></Relationships>'
    const file = zipOf([
      rootTo('xl/workbook.xml'),
      { name: 'xl/workbook.xml', content: '<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>' },
      { name: 'xl/_rels/workbook.xml.rels', content: relations },
      { name: 'xl/strings.xml', content: `<sst><si><t>${'5'.repeat(32_000)}</t></si></sst>` },
      { name: 'xl/sheet.xml', content: `<worksheet><sheetData><row>${'<c t="s"><v>0</v></c>'.repeat(30_000)}</row></sheetData></worksheet>` },
    ])
    expect(await refusalOf(file)).toBe(said('tooLong', { most: longestText }))
  })
})

describe('a PDF', () => {
  test('gives its lines, without the number that stands alone on the page', async () => {
    const lines = ['2', '427 of 1,791 papers, 25.84%', '1,016 papers']
    const drawing = lines.map((line, at) => `BT /F1 12 Tf 50 ${700 - 20 * at} Td (${line}) Tj ET`).join('\n')
    expect(await readText(pagePdf(['', Buffer.from(drawing)]))).toBe('427 of 1,791 papers, 25.84%\n1,016 papers')
  })

  test('of pictures only, with a password or broken is refused for that', async () => {
    expect(await refusalOf(pagePdf(['', Buffer.from('0 0 100 100 re f')]))).toBe(said('fileScan'))
    expect(await refusalOf(pagePdf(['', Buffer.from('BT ET')], lockedTrailer))).toBe(said('fileLocked'))
    expect(await refusalOf(Buffer.from(`%PDF-1.7\n${'x'.repeat(1000)}`))).toBe(said('fileBroken'))
    expect(await refusalOf((await renderPdf(plan)).subarray(0, 3000))).toBe(said('fileBroken'))
  })

  test('with more pages than anybody reads, or a tree of pages that bites its tail, is refused', async () => {
    const catalogue = '<< /Type /Catalog /Pages 2 0 R >>'
    const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>'
    expect(await refusalOf(pdfOf([catalogue, `<< /Type /Pages /Kids [${'3 0 R '.repeat(2000)}] /Count 2000 >>`, page]))).toBe(said('filePages', { most: 1500 }))
    expect(await refusalOf(pdfOf([catalogue, '<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 20 >>']))).toBe(said('fileBroken'))
  })

  test('whose page draws very much is read all the same', async () => {
    const drawing = Buffer.concat([Buffer.from('BT /F1 12 Tf 50 700 Td (427) Tj ET\n'), Buffer.alloc(8_000_000, '0 0 m ')])
    expect(await readText(pagePdf(['/Filter /FlateDecode', deflateSync(drawing)]))).toBe('427')
  })
})
