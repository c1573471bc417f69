import { demandShort } from './too-long.ts'
import { relationshipsOf, walkXml } from './xml.ts'
import type { Parts } from './zip.ts'

/**
 * The text of a Word document as its reader sees it: paragraphs apart, items of a list on lines of their own, a row of a table
 * as `| a | b |`, paragraphs of a cell one after the other, footnotes at the end. What a tracked change has taken out is left out.
 */
export function docxText(parts: Parts, main: string, content: Buffer, betweenParagraphs: ' ' | '\n' = ' '): string {
  const folder = main.slice(0, main.lastIndexOf('/') + 1)
  const relations = `${folder}_rels/${main.slice(folder.length)}.rels`
  const notes = parts.has(relations) ? relationshipsOf(parts.read(relations), folder).filter(({ kind, target }) => (kind === 'footnotes' || kind === 'endnotes') && parts.has(target)) : []
  return [content, ...notes.map(({ target }) => parts.read(target))].map((part) => readPart(part, betweenParagraphs)).filter(Boolean).join('\n\n')
}

type Paragraph = { text: string; isListed: boolean }
type Table = { cells: string[]; cell: string[]; isBegun: boolean }

// A moved passage stands twice, and so does what is drawn for older programs.
const unseen = new Set(['moveFrom', 'Fallback', 'del'])
const opensLine = /^[-+*•·▪●○◦✓–—]/

function readPart(content: Buffer, betweenParagraphs: ' ' | '\n'): string {
  let written = ''
  let hidden = 0
  let isText = false
  const open: string[] = []
  const paragraphs: Paragraph[] = [] // one stands in another where a text box is
  const tables: Table[] = []

  const say = (text: string) => {
    const paragraph = paragraphs.at(-1)
    if (paragraph && hidden === 0) paragraph.text += text
  }
  const write = (block: string, isLine: boolean) => {
    written += (written === '' ? '' : isLine ? '\n' : '\n\n') + block
    demandShort(written.length)
  }
  const endParagraph = ({ text, isListed }: Paragraph) => {
    const said = text.trim()
    if (said === '') return
    const table = tables.at(-1)
    if (table) return void table.cell.push(said.replace(/\s+/g, ' '))
    const isItem = isListed || opensLine.test(said)
    write(isListed && !opensLine.test(said) ? `- ${said}` : said, isItem)
  }
  const endRow = (table: Table) => {
    const row = table.cells.filter(Boolean).join(' | ')
    table.cells = []
    const outer = tables.at(-2)
    if (row !== '' && outer) outer.cell.push(row)
    else if (row !== '') {
      write(`| ${row} |`, table.isBegun)
      table.isBegun = true
    }
  }

  walkXml(content, {
    open: (name, attribute) => {
      const parent = open.at(-1)
      open.push(name)
      if (unseen.has(name) && parent !== 'rPr' && parent !== 'trPr') hidden++
      else if (name === 'p') paragraphs.push({ text: '', isListed: false })
      else if (name === 't') isText = true
      else if (name === 'tab' && parent === 'r') say('\t')
      else if (name === 'br' || name === 'cr') say('\n')
      else if (name === 'noBreakHyphen') say('-')
      else if (name === 'numId' && parent === 'numPr' && attribute('val') !== '0' && paragraphs.length > 0) paragraphs.at(-1)!.isListed = true
      else if (name === 'tbl') tables.push({ cells: [], cell: [], isBegun: false })
    },
    text: (value) => {
      if (isText) say(value)
    },
    close: (name) => {
      open.pop()
      const table = tables.at(-1)
      if (unseen.has(name) && open.at(-1) !== 'rPr' && open.at(-1) !== 'trPr') hidden--
      else if (name === 't') isText = false
      else if (name === 'p') {
        const paragraph = paragraphs.pop()
        if (paragraph) endParagraph(paragraph)
      } else if (name === 'tc' && table) {
        table.cells.push(table.cell.join(betweenParagraphs))
        table.cell = []
      } else if (name === 'tr' && table) endRow(table)
      else if (name === 'tbl') tables.pop()
    },
  })
  return written
}
