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
import { compose, textWidthMm, type Line, type Pair, type SetBlock, type SetTable, type TextLine } from './official-composition.ts'
import type { DocumentProfile } from './document-profile.ts'
import type { DocumentChart, OfficialDocument } from './official-document.ts'

const font = 'Times New Roman'
const twips = (mm: number) => Math.round((mm * 1440) / 25.4)
const halfPoints = (pt: number) => pt * 2
const twentieths = (pt: number) => Math.round(pt * 20)
const exactly = (pt: number) => ({ line: twentieths(pt), lineRule: LineRuleType.EXACT })
const noLine = { style: BorderStyle.NONE, size: 0, color: 'auto' } as const
const noLines = { top: noLine, bottom: noLine, left: noLine, right: noLine, insideHorizontal: noLine, insideVertical: noLine }
const thinLine = { style: BorderStyle.SINGLE, size: 4, color: '000000' } as const

/** Sets an official document as DOCX. */
export async function renderDocx(document: OfficialDocument): Promise<Uint8Array> {
  const { profile, title, author, letterhead, opening, body, closing } = compose(document)
  const { pageMm, marginsMm, pageNumberMm, columnsMm, closingColumnsMm, fontPt, linePt, firstLineMm } = profile
  const file = new Document({
    title,
    creator: author,
    lastModifiedBy: author,
    styles: {
      default: {
        document: {
          run: { font: { ascii: font, hAnsi: font, cs: font, eastAsia: font }, size: halfPoints(fontPt.text), language: { value: 'vi-VN', eastAsia: 'vi-VN' } },
          paragraph: { spacing: { before: 0, after: 0, ...exactly(linePt) } },
        },
        heading1: {
          run: { font, size: halfPoints(fontPt.text), bold: true, color: '000000' },
          paragraph: { indent: { firstLine: twips(firstLineMm) }, spacing: { before: 120, after: 80, ...exactly(linePt) }, keepNext: true },
        },
      },
    },
    sections: [
      {
        properties: {
          page: {
            size: { width: twips(pageMm.width), height: twips(pageMm.height) },
            margin: {
              top: twips(marginsMm.top),
              bottom: twips(marginsMm.bottom),
              left: twips(marginsMm.left),
              right: twips(marginsMm.right),
              header: twips(pageNumberMm),
              footer: twips(pageNumberMm),
            },
          },
          titlePage: true, // the first page bears no number
        },
        headers: {
          first: new Header({ children: [new Paragraph({})] }),
          default: new Header({ children: [new Paragraph({ alignment: AlignmentType.CENTER, children: [new TextRun({ children: [PageNumber.CURRENT] })] })] }),
        },
        children: [
          pairOfColumns(letterhead, columnsMm),
          ...opening.map((line) => setLine(line, textWidthMm(profile))),
          ...body.flatMap((block) => setBlock(block, profile)),
          new Paragraph({ keepNext: true, spacing: exactly(12) }),
          pairOfColumns([closing], closingColumnsMm),
        ],
      },
    ],
  })
  return new Uint8Array(await Packer.toBuffer(file))
}

function pairOfColumns(pairs: Pair[], columnsMm: { left: number; right: number }): Table {
  const widths = [twips(columnsMm.left), twips(columnsMm.right)] as const
  const cell = (lines: Line[], widthMm: number) =>
    new TableCell({ width: { size: twips(widthMm), type: WidthType.DXA }, children: lines.map((line) => setLine(line, widthMm)) })
  return new Table({
    layout: TableLayoutType.FIXED,
    width: { size: widths[0] + widths[1], type: WidthType.DXA },
    columnWidths: [...widths],
    margins: { top: 0, bottom: 0, left: 0, right: 0 },
    borders: noLines,
    rows: pairs.map(({ left, right }) => new TableRow({ cantSplit: true, children: [cell(left, columnsMm.left), cell(right, columnsMm.right)] })),
  })
}

function setLine(line: Line, columnMm: number): Paragraph {
  if (line.is === 'rule') {
    const sideMm = (columnMm - line.widthMm) / 2
    return new Paragraph({
      indent: { left: twips(sideMm), right: twips(sideMm) },
      border: { top: { ...thinLine, space: 1 } },
      spacing: { before: twentieths(line.beforePt), ...exactly(line.heightPt) },
    })
  }
  return paragraph(line.text, runOf(line), {
    alignment: alignments[line.align],
    spacing: { before: twentieths(line.beforePt), after: twentieths(line.afterPt), ...exactly(line.linePt) },
    indent: { left: twips(line.leftMm + line.hangingMm), right: twips(line.rightMm), hanging: twips(line.hangingMm) },
  })
}

function runOf({ sizePt, bold, italic, underlined }: TextLine): IRunOptions {
  return { size: halfPoints(sizePt), ...(bold ? { bold } : {}), ...(italic ? { italics: true } : {}), ...(underlined ? { underline: {} } : {}) }
}

function setBlock(block: SetBlock, profile: DocumentProfile): (Paragraph | Table)[] {
  switch (block.is) {
    case 'heading':
      return [paragraph(block.text, {}, { heading: HeadingLevel.HEADING_1, alignment: AlignmentType.LEFT })]
    case 'paragraph':
      return [
        paragraph(block.text, {}, {
          alignment: AlignmentType.JUSTIFIED,
          indent: { firstLine: twips(profile.firstLineMm) },
          spacing: { after: 120, ...exactly(profile.linePt) },
          keepNext: block.leadsTo ?? false,
        }),
      ]
    case 'table':
      return setTable(block, profile)
    case 'chart':
      return [setChart(block)]
  }
}

function setTable(table: SetTable, profile: DocumentProfile): (Paragraph | Table)[] {
  const size = halfPoints(profile.fontPt.table)
  const widths = twipsOf(table.columns.map((column) => column.widthMm))
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
            children: [paragraph(texts[index]!, { bold, size }, { alignment: isHead ? AlignmentType.CENTER : alignments[column.align] })],
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
    ...(table.caption === null ? [] : [captionOf(table.caption, profile)]),
    new Table({
      layout: TableLayoutType.FIXED,
      width: { size: widths.reduce((sum, width) => sum + width, 0), type: WidthType.DXA },
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

function captionOf(caption: string, { fontPt, linePt }: DocumentProfile): Paragraph {
  return paragraph(caption, { italics: true, size: halfPoints(fontPt.table) }, {
    alignment: AlignmentType.RIGHT,
    keepNext: true,
    spacing: { after: 40, ...exactly(linePt) },
  })
}

// Edges are rounded, not widths, so that the columns sum to the table exactly.
function twipsOf(widthsMm: number[]): number[] {
  let edgeMm = 0
  return widthsMm.map((widthMm) => {
    const from = twips(edgeMm)
    edgeMm += widthMm
    return twips(edgeMm) - from
  })
}

const alignments = { left: AlignmentType.LEFT, center: AlignmentType.CENTER, right: AlignmentType.RIGHT }

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
        altText: { name: 'chart', title: '', description: chart.alt },
      }),
    ],
  })
}

function paragraph(text: string, run: IRunOptions = {}, options: IParagraphOptions = {}): Paragraph {
  return new Paragraph({ ...options, children: [new TextRun({ ...run, text })] })
}
