import { crc32, deflateRawSync, deflateSync } from 'node:zlib'

// Files as programs and people make them, and as those do who mean harm.

type Part = { name: string; content: Buffer | string; isStored?: boolean; flags?: number; claims?: number }

/** A zip with these parts; `before` and `after` stand around it, and `claims` is the size that a part's headers give. */
export function zipOf(parts: Part[], { before = Buffer.alloc(0), after = Buffer.alloc(0) } = {}): Buffer {
  const bodies: Buffer[] = [before]
  const list: Buffer[] = []
  let at = before.length
  for (const { name, content, isStored = false, flags = 0, claims } of parts) {
    const raw = Buffer.from(content as string)
    const packed = isStored ? raw : deflateRawSync(raw)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(flags | 0x800, 2)
    common.writeUInt16LE(isStored ? 0 : 8, 4)
    common.writeUInt32LE(crc32(raw), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(claims ?? raw.length, 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, Buffer.from(name), packed])
    const entry = Buffer.alloc(46)
    entry.write('PK\u0001\u0002', 0, 'latin1')
    entry.writeUInt16LE(20, 4)
    common.copy(entry, 6)
    entry.writeUInt32LE(at, 42)
    list.push(entry, Buffer.from(name))
    bodies.push(local)
    at += local.length
  }
  const table = Buffer.concat(list)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 0, 'latin1')
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(table.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...bodies, table, end, after])
}

const word = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'

/** The list of types of a text document, or of what else `main` says. */
export const typesOf = (main = word, more = '') => ({
  name: '[Content_Types].xml',
  content: `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="${main}"/>${more}</Types>`,
})

export const relsOf = (kind: string, target: string, mode = 'External') => ({
  name: 'word/_rels/settings.xml.rels',
  content: `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${kind}" Target="${target}" TargetMode="${mode}"/></Relationships>`,
})

export const text = { name: 'word/document.xml', content: '<w:document><w:body><w:p>Kế hoạch</w:p></w:body></w:document>' }

export const docx = zipOf([typesOf(), text])
export const odt = zipOf([
  { name: 'mimetype', content: 'application/vnd.oasis.opendocument.text', isStored: true },
  { name: 'content.xml', content: '<office:document-content/>' },
  { name: 'META-INF/manifest.xml', content: '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="content.xml"/></manifest:manifest>' },
])
export const pdf = Buffer.from('%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n')
export const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
export const jpg = Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), Buffer.alloc(200, 7), Buffer.from('ffd9', 'hex')])
export const mp3 = Buffer.concat([Buffer.from('49443304000000000000', 'hex'), Buffer.from('fffb9064', 'hex'), Buffer.alloc(800)])
export const mp4 = Buffer.concat([Buffer.from('000000186674797069736f6d0000020069736f6d6d703431', 'hex'), Buffer.from('000000086d646174', 'hex'), Buffer.alloc(400)])
export const exe = Buffer.concat([Buffer.from('4d5a90000300000004000000ffff0000', 'hex'), Buffer.alloc(500)])
export const elf = Buffer.concat([Buffer.from('7f454c46020101', 'hex'), Buffer.alloc(500)])
export const compound = (words: string) => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1200), Buffer.from(words, 'utf16le'), Buffer.alloc(2000)])

/** A PDF whose objects after the catalogue lie packed in a stream; `about` stands in its dictionary, `change` is done to what is packed. */
export function packedPdf(object: string, about = '/Type /ObjStm /Filter /FlateDecode', change = (packed: Buffer) => packed): Buffer {
  const list = `4 0 ${object}`
  const packed = change(deflateSync(Buffer.from(list)))
  return Buffer.concat([
    Buffer.from(`%PDF-1.5\n1 0 obj\n<< /Type /Catalog /OpenAction 4 0 R >>\nendobj\n3 0 obj\n<< /N 1 /First 4 /Length ${packed.length} ${about} >>\nstream\r\n`),
    packed,
    Buffer.from('\nendstream\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n'),
  ])
}

/** A field of Word in runs, as its program splits them. */
export const fieldOf = (...runs: string[]) => ({ name: 'word/document.xml', content: `<w:document><w:body><w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>${runs.map((run) => `<w:r><w:instrText xml:space="preserve">${run}</w:instrText></w:r>`).join('')}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:body></w:document>` })
