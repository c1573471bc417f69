import { demandShort } from './too-long.ts'
import { relationshipsOf, walkXml } from './xml.ts'
import type { Parts } from './zip.ts'
import { showCell, type CellFormat, formatOf } from './xlsx-number.ts'

/**
 * The text of a workbook: each sheet that is shown, each row as `| a | b |`, empty cells left out. A number reads as the sheet
 * shows it, by its format: 0.2384 in a cell of per cents is `23,84%`.
 */
export function xlsxText(parts: Parts, main: string, content: Buffer): string {
  const folder = main.slice(0, main.lastIndexOf('/') + 1)
  const relations = relationshipsOf(parts.read(`${folder}_rels/${main.slice(folder.length)}.rels`), folder)
  const partOf = (kind: string) => relations.find((one) => one.kind === kind && parts.has(one.target))?.target
  const { sheets, isFrom1904 } = readWorkbook(content)
  const strings = partOf('sharedStrings') ? readStrings(parts.read(partOf('sharedStrings')!)) : []
  const formats = partOf('styles') ? readFormats(parts.read(partOf('styles')!)) : []
  let written = ''
  for (const { name, relation } of sheets) {
    const target = relations.find(({ id }) => id === relation)?.target
    if (!target || !parts.has(target)) continue
    const rows = readSheet(parts.read(target), strings, formats, isFrom1904)
    if (rows !== '') written += `${written === '' ? '' : '\n\n'}${name}\n\n${rows}`
    demandShort(written.length)
  }
  return written
}

function readWorkbook(content: Buffer): { sheets: { name: string; relation: string }[]; isFrom1904: boolean } {
  const sheets: { name: string; relation: string }[] = []
  let isFrom1904 = false
  walkXml(content, {
    open: (name, attribute) => {
      if (name === 'workbookPr') isFrom1904 = ['1', 'true'].includes(attribute('date1904') ?? '')
      if (name === 'sheet' && !/hidden/i.test(attribute('state') ?? '')) sheets.push({ name: attribute('name') ?? '', relation: attribute('id') ?? '' })
    },
  })
  return { sheets, isFrom1904 }
}

function readStrings(content: Buffer): string[] {
  const strings: string[] = []
  let text = ''
  let isText = false
  let isPhonetic = false
  walkXml(content, {
    open: (name) => {
      if (name === 'si') text = ''
      if (name === 'rPh') isPhonetic = true
      if (name === 't') isText = true
    },
    text: (value) => {
      if (isText && !isPhonetic) text += value
    },
    close: (name) => {
      if (name === 'si') strings.push(text)
      if (name === 'rPh') isPhonetic = false
      if (name === 't') isText = false
    },
  })
  return strings
}

/** The format of each style that cells refer to by number. */
function readFormats(content: Buffer): CellFormat[] {
  const codes = new Map<string, string>()
  const formats: CellFormat[] = []
  let isCells = false
  walkXml(content, {
    open: (name, attribute) => {
      if (name === 'numFmt') codes.set(attribute('numFmtId') ?? '', attribute('formatCode') ?? '')
      if (name === 'cellXfs') isCells = true
      if (name === 'xf' && isCells) formats.push(formatOf(attribute('numFmtId') ?? '0', codes))
    },
    close: (name) => {
      if (name === 'cellXfs') isCells = false
    },
  })
  return formats
}

function readSheet(content: Buffer, strings: string[], formats: CellFormat[], isFrom1904: boolean): string {
  let written = ''
  let length = 0
  let cells: string[] = []
  let type = 'n'
  let style = 0
  let value = ''
  let isValue = false
  walkXml(content, {
    open: (name, attribute) => {
      if (name === 'row') cells = []
      if (name === 'c') {
        type = attribute('t') ?? 'n'
        style = Number(attribute('s') ?? 0)
        value = ''
      }
      if (name === 'v' || name === 't') isValue = true
    },
    text: (text) => {
      if (isValue) value += text
    },
    close: (name) => {
      if (name === 'v' || name === 't') isValue = false
      if (name === 'c' && value !== '') {
        const shown = type === 's' ? (strings[Number(value)] ?? '') : type === 'n' ? showCell(Number(value), formats[style], isFrom1904) : type === 'd' ? value.slice(0, 10) : type === 'b' || type === 'e' ? '' : value
        length += shown.length
        demandShort(length) // one long string may stand in any number of cells
        if (shown.trim() !== '') cells.push(shown.trim().replace(/\s+/g, ' '))
      }
      if (name === 'row' && cells.length > 0) {
        written += `${written === '' ? '' : '\n'}| ${cells.join(' | ')} |`
      }
    },
  })
  return written
}
