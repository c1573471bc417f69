import { Refused } from '../errors.ts'
import { readingWords } from './reading.messages.ts'
import { docxText } from './docx-text.ts'
import { xlsxText } from './xlsx-text.ts'
import { relationshipsOf, rootOf } from './xml.ts'
import { openZip } from './zip.ts'

/** The text of a DOCX or XLSX; which of the two it is, its main part says. Throws Refused('file'). */
export function officeText(file: Buffer, betweenParagraphs: ' ' | '\n' = ' '): string {
  const parts = openZip(file)
  if (!parts.has('_rels/.rels')) throw new Refused('file', readingWords.say('fileKind'))
  const main = relationshipsOf(parts.read('_rels/.rels'), '').find(({ kind }) => kind === 'officeDocument')?.target
  if (!main || !parts.has(main)) throw new Refused('file', readingWords.say('fileBroken'))
  const content = parts.read(main)
  const root = rootOf(content)
  if (root === 'document') return docxText(parts, main, content, betweenParagraphs)
  if (root === 'workbook') return xlsxText(parts, main, content)
  throw new Refused('file', readingWords.say(root === '' ? 'fileBroken' : 'fileKind'))
}
