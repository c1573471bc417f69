import {
  AlignmentType,
  BorderStyle,
  Document,
  Header,
  HeadingLevel,
  ImageRun,
  LineRuleType,
  Packer,
  PageNumber,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  VerticalAlignTable,
  WidthType,
  type IParagraphOptions,
  type IRunOptions,
} from 'docx'
import { partyNumber, placeAndDay } from './document-number.server.ts'
import { documentTypes, type Block, type Column, type DocumentChart, type DocumentTable, type OfficialDocument } from './official-document.ts'

/** Measures of a Party document on A4. Positions follow from them; tests read them back out of the file. */
export const layout = {
  pageMm: { width: 210, height: 297 },
  marginsMm: { top: 20, bottom: 20, left: 30, right: 15 },
  pageNumberMm: 10, // from the upper edge
  columnsMm: { left: 77, right: 88 }, // of the letterhead and of the signature
  // "ĐẢNG CỘNG SẢN VIỆT NAM" in Times New Roman Bold 15 pt, from the font's advance widths: the rule is as wide as its words
  titleRuleMm: 72.9,
  signatureRoomMm: 25,
  abstractSideMm: 12, // keeps a last line of the abstract from being one word
  firstLineMm: 10,
  linePt: 18,
  fontPt: { text: 14, title: 15, type: 16, table: 13, recipients: 12 },
} as const

const font = 'Times New Roman'
const textWidthMm = layout.pageMm.width - layout.marginsMm.left - layout.marginsMm.right
const twips = (mm: number) => Math.round((mm * 1440) / 25.4)
const halfPoints = (pt: number) => pt * 2
const exactly = (pt: number) => ({ line: pt * 20, lineRule: LineRuleType.EXACT })
const noLine = { style: BorderStyle.NONE, size: 0, color: 'auto' } as const
const noLines = { top: noLine, bottom: noLine, left: noLine, right: noLine, insideHorizontal: noLine, insideVertical: noLine }
const thinLine = { style: BorderStyle.SINGLE, size: 4, color: '000000' } as const

/** Sets an official document as DOCX, in the letterhead and grammar of Party documents. */
export async function renderDocx(document: OfficialDocument): Promise<Uint8Array> {
  const file = new Document({
    title: clean(`${documentTypes[document.type].name} ${document.abstract}`),
    creator: clean(document.issuingBody),
    lastModifiedBy: clean(document.issuingBody),
    styles: {
      default: {
        document: {
          run: { font: { ascii: font, hAnsi: font, cs: font, eastAsia: font }, size: halfPoints(layout.fontPt.text), language: { value: 'vi-VN', eastAsia: 'vi-VN' } },
          paragraph: { spacing: { before: 0, after: 0, ...exactly(layout.linePt) } },
        },
        heading1: {
          run: { font, size: halfPoints(layout.fontPt.text), bold: true, color: '000000' },
          paragraph: { indent: { firstLine: twips(layout.firstLineMm) }, spacing: { before: 120, after: 80, ...exactly(layout.linePt) }, keepNext: true },
        },
      },
    },
    sections: [
      {
        properties: {
          page: {
            size: { width: twips(layout.pageMm.width), height: twips(layout.pageMm.height) },
            margin: {
              top: twips(layout.marginsMm.top),
              bottom: twips(layout.marginsMm.bottom),
              left: twips(layout.marginsMm.left),
              right: twips(layout.marginsMm.right),
              header: twips(layout.pageNumberMm),
              footer: twips(layout.pageNumberMm),
            },
          },
          titlePage: true, // the first page bears no number
        },
        headers: {
          first: new Header({ children: [new Paragraph({})] }),
          default: new Header({ children: [new Paragraph({ alignment: AlignmentType.CENTER, children: [new TextRun({ children: [PageNumber.CURRENT] })] })] }),
        },
        children: [letterhead(document), ...titleOf(document), ...document.body.flatMap(setBlock), ...signatureBlock(document)],
      },
    ],
  })
  return new Uint8Array(await Packer.toBuffer(file))
}

function letterhead(document: OfficialDocument): Table {
  const sideMm = (layout.columnsMm.right - layout.titleRuleMm) / 2
  return pairOfColumns(
    [
      ...(document.superiorBody === null ? [] : [centred(capitals(document.superiorBody))]),
      centred(capitals(document.issuingBody), { bold: true }),
      centred('*'),
      centred(partyNumber(document.number, document.type, document.issuerSymbol)),
    ],
    [
      centred('ĐẢNG CỘNG SẢN VIỆT NAM', { bold: true, size: halfPoints(layout.fontPt.title) }),
      new Paragraph({
        indent: { left: twips(sideMm), right: twips(sideMm) },
        border: { top: { ...thinLine, space: 1 } },
        spacing: { before: 40, ...exactly(4) },
      }),
      paragraph(placeAndDay(document.place, document.day), { italics: true }, {
        alignment: AlignmentType.CENTER,
        spacing: { before: 60, ...exactly(layout.linePt) },
      }),
    ],
  )
}

function titleOf(document: OfficialDocument): Paragraph[] {
  const type = documentTypes[document.type].name
  return [
    paragraph(type, { bold: true, size: halfPoints(layout.fontPt.type) }, { alignment: AlignmentType.CENTER, spacing: { before: 360, after: 40, ...exactly(19) } }),
    paragraph(document.abstract, { bold: true }, { alignment: AlignmentType.CENTER, indent: { left: twips(layout.abstractSideMm), right: twips(layout.abstractSideMm) } }),
    paragraph('-----', {}, { alignment: AlignmentType.CENTER, spacing: { after: 240, ...exactly(layout.linePt) } }),
  ]
}

function setBlock(block: Block): (Paragraph | Table)[] {
  switch (block.is) {
    case 'heading':
      return [paragraph(block.text, {}, { heading: HeadingLevel.HEADING_1, alignment: AlignmentType.LEFT })]
    case 'paragraph':
      return [
        paragraph(block.text, {}, {
          alignment: AlignmentType.JUSTIFIED,
          indent: { firstLine: twips(layout.firstLineMm) },
          spacing: { after: 120, ...exactly(layout.linePt) },
          keepNext: block.leadsTo ?? false,
        }),
      ]
    case 'table':
      return setTable(block)
    case 'chart':
      return [setChart(block)]
  }
}

function setTable(table: DocumentTable): (Paragraph | Table)[] {
  const widths = columnWidths(table.columns)
  const setRow = (texts: string[], { bold = false, keepNext = false, isHead = false }) =>
    new TableRow({
      tableHeader: isHead,
      cantSplit: true,
      keepNext,
      children: table.columns.map(
        (column, index) =>
          new TableCell({
            width: { size: widths[index]!, type: WidthType.DXA },
            verticalAlign: VerticalAlignTable.CENTER,
            children: [
              paragraph(texts[index] ?? '', { bold, size: halfPoints(layout.fontPt.table) }, {
                alignment: isHead ? AlignmentType.CENTER : alignments[column.align],
              }),
            ],
          }),
      ),
    })
  // The head stays with the first row, the total with the row before it, and a short table on one page.
  const isShort = table.rows.length <= 10
  const rows = table.rows.map((row, index) => {
    const isLast = index === table.rows.length - 1
    return setRow(row, { keepNext: isLast ? table.total !== null : isShort })
  })
  return [
    ...(table.countedIn === null ? [] : [countedIn(table.countedIn)]),
    new Table({
      layout: TableLayoutType.FIXED,
      width: { size: twips(textWidthMm), type: WidthType.DXA },
      columnWidths: widths,
      margins: { top: 40, bottom: 40, left: twips(1.2), right: twips(1.2) },
      borders: { top: thinLine, bottom: thinLine, left: thinLine, right: thinLine, insideHorizontal: thinLine, insideVertical: thinLine },
      rows: [
        setRow(table.columns.map((column) => column.head), { bold: true, keepNext: true, isHead: true }),
        ...rows,
        ...(table.total === null ? [] : [setRow(table.total, { bold: true })]),
      ],
    }),
    new Paragraph({ spacing: exactly(6) }), // tables touch what follows otherwise
  ]
}

function countedIn(unitOfCount: string): Paragraph {
  return paragraph(`Đơn vị tính: ${unitOfCount}`, { italics: true, size: halfPoints(layout.fontPt.table) }, {
    alignment: AlignmentType.RIGHT,
    keepNext: true,
    spacing: { after: 40, ...exactly(layout.linePt) },
  })
}

const alignments = { left: AlignmentType.LEFT, center: AlignmentType.CENTER, right: AlignmentType.RIGHT }

// Sums to the width of the text exactly, so that rounding shows nowhere.
function columnWidths(columns: Column[]): number[] {
  const fixed = columns.reduce((sum, column) => sum + (column.widthMm === null ? 0 : twips(column.widthMm)), 0)
  const free = columns.filter((column) => column.widthMm === null).length
  const share = free === 0 ? 0 : Math.floor((twips(textWidthMm) - fixed) / free)
  const widths = columns.map((column) => (column.widthMm === null ? share : twips(column.widthMm)))
  const widest = widths.indexOf(Math.max(...widths))
  widths[widest] = widths[widest]! + twips(textWidthMm) - widths.reduce((sum, width) => sum + width, 0)
  return widths
}

function setChart(chart: DocumentChart): Paragraph {
  const pixels = (mm: number) => Math.round((mm * 96) / 25.4)
  return new Paragraph({
    alignment: AlignmentType.CENTER,
    spacing: { after: 120, line: 240, lineRule: LineRuleType.AUTO }, // an exact line would cut the picture
    children: [
      new ImageRun({
        type: 'png',
        data: chart.png,
        transformation: { width: pixels(chart.widthMm), height: pixels(chart.heightMm) },
        altText: { name: 'chart', title: '', description: clean(chart.alt) },
      }),
    ],
  })
}

function signatureBlock({ recipients, signature }: OfficialDocument): (Paragraph | Table)[] {
  const small = { size: halfPoints(layout.fontPt.recipients) }
  const block = pairOfColumns(
    [
      paragraph('Nơi nhận:', { underline: {} }),
      ...recipients.map((recipient, index) =>
        paragraph(`- ${recipient}${index === recipients.length - 1 ? '.' : ';'}`, small, { indent: { left: twips(3), hanging: twips(3) } }),
      ),
    ],
    [
      ...signature.authority.map((line) => centred(line, { bold: true })),
      centred(signature.position),
      paragraph(signature.name ?? '', { bold: true }, {
        alignment: AlignmentType.CENTER,
        spacing: { before: twips(layout.signatureRoomMm), ...exactly(layout.linePt) },
      }),
    ],
  )
  return [new Paragraph({ keepNext: true, spacing: exactly(12) }), block]
}

function pairOfColumns(left: Paragraph[], right: Paragraph[]): Table {
  const widths = [twips(layout.columnsMm.left), twips(layout.columnsMm.right)]
  return new Table({
    layout: TableLayoutType.FIXED,
    width: { size: widths[0]! + widths[1]!, type: WidthType.DXA },
    columnWidths: widths,
    margins: { top: 0, bottom: 0, left: 0, right: 0 },
    borders: noLines,
    rows: [
      new TableRow({
        cantSplit: true,
        children: [left, right].map((children, index) => new TableCell({ width: { size: widths[index]!, type: WidthType.DXA }, children })),
      }),
    ],
  })
}

function centred(text: string, run: IRunOptions = {}): Paragraph {
  return paragraph(text, run, { alignment: AlignmentType.CENTER })
}

function paragraph(text: string, run: IRunOptions = {}, options: IParagraphOptions = {}): Paragraph {
  return new Paragraph({ ...options, children: [new TextRun({ ...run, text: clean(text) })] })
}

const capitals = (text: string) => text.toLocaleUpperCase('vi')

// XML cannot hold control characters and halves of pairs; a document with one does not open at all.
function clean(text: string): string {
  return text.normalize('NFC').toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
}
