import type { getDocumentProxy } from 'unpdf'
import { Refused } from '../errors.ts'
import { readingWords } from './reading.messages.ts'
import { mostPages } from './limits.ts'
import { demandShort } from './too-long.ts'

type Piece = { str: string; hasEOL: boolean; height: number; transform: number[] }
type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>

/** The text of a PDF, a line of the page a line; without the number that stands alone above or below a page. Throws Refused('file'). */
export async function pdfText(file: Uint8Array): Promise<string> {
  const pdf = await open(file)
  if (pdf.numPages > mostPages) throw new Refused('file', readingWords.say('filePages', { most: mostPages }))
  let written = ''
  for (let number = 1; number <= pdf.numPages; number++) {
    const lines = withoutNumber(await linesOf(pdf, number))
    if (lines.length > 0) written += `${written === '' ? '' : '\n'}${lines.join('\n')}`
    demandShort(written.length)
  }
  if (!/[\p{L}\p{N}]/u.test(written)) throw new Refused('file', readingWords.say('fileScan'))
  return written
}

async function open(file: Uint8Array): Promise<Pdf> {
  const unpdf = await import('unpdf') // 1.6 MB, for PDF alone
  try {
    return await unpdf.getDocumentProxy(Uint8Array.from(file), { verbosity: 0, disableFontFace: true, useSystemFonts: false })
  } catch (error) {
    throw new Refused('file', readingWords.say((error as Error).name === 'PasswordException' ? 'fileLocked' : 'fileBroken'))
  }
}

async function linesOf(pdf: Pdf, number: number): Promise<string[]> {
  try {
    const page = await pdf.getPage(number)
    const { items } = await page.getTextContent()
    const lines = layLines(items.filter((item) => 'str' in item) as Piece[])
    page.cleanup()
    return lines
  } catch {
    throw new Refused('file', readingWords.say('fileBroken'))
  }
}

/** Pieces of one height are one line; where the next stands farther below than lines do, a paragraph begins. */
function layLines(pieces: Piece[]): string[] {
  const lines: string[] = []
  let line = ''
  let above: number | null = null // baseline of the line before
  let baseline: number | null = null
  let height = 0
  const end = () => {
    if (line.trim() !== '') {
      if (above !== null && baseline !== null && above - baseline > 2 * height) lines.push('')
      lines.push(line.trim())
      above = baseline
    }
    line = ''
    baseline = null
  }
  for (const piece of pieces) {
    const y = piece.transform[5]!
    if (baseline !== null && piece.str.trim() !== '' && Math.abs(y - baseline) > Math.max(piece.height, height) * 0.7) end()
    if (piece.str.trim() !== '') {
      baseline ??= y
      height = piece.height || height
    }
    line += piece.str.replaceAll('\0', '')
    if (piece.hasEOL) end()
  }
  end()
  return lines
}

function withoutNumber(lines: string[]): string[] {
  const isNumber = (line: string | undefined) => /^[-–\s]*\d{1,4}[-–\s]*$/.test(line ?? '')
  const from = lines.length > 1 && isNumber(lines[0]) ? 1 : 0
  const to = lines.length - from > 1 && isNumber(lines.at(-1)) ? -1 : undefined
  return lines.slice(from, to)
}
