import { inflateRawSync } from 'node:zlib'

/** The entries of a zip file as text, by name; reads the central directory, as other programs do. */
export function readZip(bytes: Uint8Array): Map<string, string> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = file.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'))
  const entries = new Map<string, string>()
  let at = file.readUInt32LE(end + 16)
  for (let left = file.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size, nameLength] = [file.readUInt16LE(at + 10), file.readUInt32LE(at + 20), file.readUInt16LE(at + 28)]
    const local = file.readUInt32LE(at + 42)
    const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28)
    const data = file.subarray(start, start + size)
    entries.set(file.toString('utf8', at + 46, at + 46 + nameLength), (method === 0 ? data : inflateRawSync(data)).toString('utf8'))
    at += 46 + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32)
  }
  return entries
}

/** What a reader of a DOCX sees: its paragraphs in order, those in tables included, and its tables as rows of texts. */
export function readDocx(bytes: Uint8Array): { xml: string; parts: Map<string, string>; paragraphs: string[]; tables: string[][][] } {
  const parts = readZip(bytes)
  const xml = parts.get('word/document.xml') ?? ''
  return {
    xml,
    parts,
    paragraphs: elements(xml, 'w:p').map(textOf),
    tables: elements(xml, 'w:tbl').map((table) => elements(table, 'w:tr').map((row) => elements(row, 'w:tc').map(textOf))),
  }
}

/** Elements of that name, none of which holds another of it. */
export function elements(xml: string, name: string): string[] {
  return xml.match(new RegExp(`<${name}(?: [^>]*)?(?:/>|>.*?</${name}>)`, 'gsu')) ?? []
}

/** The words of an element. */
export function textOf(xml: string): string {
  return elements(xml, 'w:t').map((text) => decode(text.replace(/^<[^>]*>|<\/w:t>$/gu, ''))).join('')
}

const characters: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
const decode = (text: string) => text.replace(/&(lt|gt|quot|apos|amp);/gu, (_, name: string) => characters[name]!)
