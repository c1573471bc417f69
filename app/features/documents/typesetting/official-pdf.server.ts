import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type * as Typst from '@myriaddreamin/typst-ts-node-compiler'
import { Refused } from '../../../platform/errors.ts'
import { typesettingWords } from './typesetting.messages.ts'
import { compose, type Composition, type SetBlock } from './official-composition.ts'
import type { OfficialDocument } from './official-document.ts'
import { typstTemplate } from './official-typst.ts'

/**
 * Sets an official document as PDF: the words, tables and measures of its DOCX. The same document makes the same bytes.
 * It holds the process for the time of setting, about 0.15 s for a report of 100 units. Throws Refused('format') on a machine without
 * the typesetter.
 */
export async function renderPdf(document: OfficialDocument): Promise<Uint8Array> {
  const { data, files } = dataOf(compose(document))
  const compiler = (lazy.compiler ??= openCompiler())
  try {
    for (const [path, content] of files) compiler.mapShadow(`${folder}${path}`, content)
    compiler.mapShadow(`${folder}/document.json`, Buffer.from(JSON.stringify(data)))
    return new Uint8Array(compiler.pdf({ mainFileContent: typstTemplate }))
  } finally {
    compiler.resetShadow()
    compiler.evictCache(0) // it would grow with every document
  }
}

// One for each copy of this module; nothing stays in it between documents. Measured: a compiler for each document left 5 MB to
// the collector, which does not see them, and let 1 GB gather; with this one 2,000 documents end where the first did.
const lazy: { compiler?: Typst.NodeCompiler } = {}

// A folder that is not there: documents and their pictures are given from memory, and nothing else can be read.
const folder = '/official-document'

const typesetter = '@myriaddreamin/typst-ts-node-compiler'

// Loaded on first use, so that a machine for which there is no build of it lacks PDF only.
function openCompiler(): Typst.NodeCompiler {
  const require = createRequire(import.meta.url)
  const { NodeCompiler } = loadTypesetter(() => require(typesetter) as typeof Typst)
  const fontBlobs = fonts.map((file) => readFileSync(require.resolve(`@expo-google-fonts/tinos/${file}`)))
  return NodeCompiler.create({ workspace: folder, fontArgs: [{ fontBlobs }] })
}

/** The typesetter's module; Refused('format') where it has no build for this machine. */
export function loadTypesetter<Module>(load: () => Module): Module {
  try {
    return load()
  } catch (error) {
    const machine = `${process.platform}-${process.arch}`
    if (!/native binding|Cannot find module|Unsupported|cannot open shared object/i.test(String(error))) throw error
    throw new Refused('format', typesettingWords.say('pdfUnavailable', { machine, package: `${typesetter}-${machine}` }))
  }
}

// Metric twins of Times New Roman.
const fonts = ['400Regular/Tinos_400Regular.ttf', '400Regular_Italic/Tinos_400Regular_Italic.ttf', '700Bold/Tinos_700Bold.ttf', '700Bold_Italic/Tinos_700Bold_Italic.ttf']

/** The document's words go in as data, never as source: a name such as `#let x` is a name. Pictures are files beside them. */
function dataOf(composition: Composition): { data: unknown; files: [path: string, content: Buffer][] } {
  const files: [string, Buffer][] = []
  const body = composition.body.map((block: SetBlock) => {
    if (block.is !== 'chart') return block
    const path = `/chart-${files.length}.png`
    files.push([path, Buffer.from(block.png)])
    return { ...block, png: path }
  })
  return { data: { ...composition, body }, files }
}
