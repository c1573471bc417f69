import { getDocumentProxy, getResolvedPDFJS } from 'unpdf'

type Words = { text: string; leftMm: number; widthMm: number; baselineMm: number; sizePt: number; font: string }
type Stroke = { leftMm: number; topMm: number; widthMm: number; heightMm: number }
type Page = { widthMm: number; heightMm: number; words: Words[]; strokes: Stroke[]; alts: string[] } // alts: what pictures say to those who do not see them

/** What a reader of a PDF sees: pieces of text in reading order and straight lines, measured from the upper left corner. */
export async function readPdf(bytes: Uint8Array): Promise<{ pages: Page[]; text: string; info: Record<string, unknown>; isTagged: boolean }> {
  const file = await getDocumentProxy(bytes.slice())
  try {
    const { OPS } = await getResolvedPDFJS()
    const pages: Page[] = []
    for (let number = 1; number <= file.numPages; number++) {
      const page = await file.getPage(number)
      const [, , width, height] = page.view as [number, number, number, number]
      const { fnArray, argsArray } = await page.getOperatorList() // loads the fonts, whose names the texts need
      const { items } = await page.getTextContent()
      const words = items.flatMap((item) => {
        if (!('str' in item) || item.str === '') return []
        const [sizePt, , , , x, y] = item.transform as number[]
        const font: { name: string } = page.commonObjs.get(item.fontName)
        return [{ text: item.str, leftMm: mm(x!), widthMm: mm(item.width), baselineMm: mm(height - y!), sizePt: sizePt!, font: font.name.replace(/^[A-Z]{6}\+/, '') }]
      })
      pages.push({ widthMm: mm(width), heightMm: mm(height), words, strokes: strokesOf(OPS, fnArray, argsArray, height), alts: altsOf(await page.getStructTree()) })
    }
    const { info } = await file.getMetadata()
    const text = pages.map((page) => page.words.map((word) => word.text).join(' ')).join('\n')
    return { pages, text, info: info as Record<string, unknown>, isTagged: (await file.getMarkInfo())?.Marked === true }
  } finally {
    await file.cleanup()
  }
}

const mm = (pt: number) => (pt * 25.4) / 72

// Leaves have no children, and only pictures have words of their own.
type Node = { alt?: string; children?: object[] }
const altsOf = (node: Node | null): string[] => (node ? [...(node.alt ? [node.alt] : []), ...(node.children ?? []).flatMap(altsOf)] : [])

// Lines without turning: of the matrix only scale and place count.
function strokesOf(ops: Record<string, number>, names: number[], values: unknown[], height: number): Stroke[] {
  let at = [1, 1, 0, 0]
  const kept: number[][] = []
  return names.flatMap((name, index) => {
    if (name === ops['save']) kept.push(at)
    if (name === ops['restore']) at = kept.pop() ?? at
    if (name === ops['transform']) {
      const [a, , , d, e, f] = values[index] as number[]
      at = [at[0]! * a!, at[1]! * d!, at[2]! + at[0]! * e!, at[3]! + at[1]! * f!]
    }
    if (name !== ops['constructPath']) return []
    const [paint, , box] = values[index] as [number, unknown, ArrayLike<number>]
    if (paint !== ops['stroke']) return []
    const [x0, x1] = [0, 2].map((side) => at[0]! * box[side]! + at[2]!).toSorted((one, other) => one - other)
    const [y0, y1] = [1, 3].map((side) => height - (at[1]! * box[side]! + at[3]!)).toSorted((one, other) => one - other)
    return [{ leftMm: mm(x0!), topMm: mm(y0!), widthMm: mm(x1! - x0!), heightMm: mm(y1! - y0!) }]
  })
}
