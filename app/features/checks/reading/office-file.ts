import { Refused } from '../../../platform/errors.ts'
import { checksWords } from '../checks.messages.ts'
import { docxText } from './docx-text.ts'
import { xlsxText } from './xlsx-text.ts'
import { relationshipsOf, rootOf } from './xml.ts'
import { openZip } from './zip.ts'

/** The text of a DOCX or XLSX; which of the two it is, its main part says. Throws Refused('file'). */
export function officeText(file: Buffer): string {
  const parts = openZip(file)
  if (!parts.has('_rels/.rels')) throw new Refused('file', checksWords.say('fileKind'))
  const main = relationshipsOf(parts.read('_rels/.rels'), '').find(({ kind }) => kind === 'officeDocument')?.target
  if (!main || !parts.has(main)) throw new Refused('file', checksWords.say('fileBroken'))
  const content = parts.read(main)
  const root = rootOf(content)
  if (root === 'document') return docxText(parts, main, content)
  if (root === 'workbook') return xlsxText(parts, main, content)
  throw new Refused('file', checksWords.say(root === '' ? 'fileBroken' : 'fileKind'))
}
