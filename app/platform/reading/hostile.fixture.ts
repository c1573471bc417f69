import { crc32, deflateRawSync } from 'node:zlib'

type Part = { name: string; content: string | Buffer; claimedSize?: number; isLocked?: boolean }

/** A zip file with these parts, which may lie about their sizes. */
export function zipOf(parts: Part[]): Buffer {
  const files: Buffer[] = []
  const list: Buffer[] = []
  let at = 0
  for (const { name, content, claimedSize, isLocked } of parts) {
    const data = Buffer.from(content)
    const packed = deflateRawSync(data)
    const head = Buffer.alloc(26)
    head.writeUInt16LE(20, 0)
    head.writeUInt16LE(isLocked ? 1 : 0, 2)
    head.writeUInt16LE(8, 4)
    head.writeUInt32LE(crc32(data), 10)
    head.writeUInt32LE(packed.length, 14)
    head.writeUInt32LE(claimedSize ?? data.length, 18)
    head.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), head, Buffer.from(name), packed])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(at, 10)
    list.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), head, place, Buffer.from(name)]))
    files.push(local)
    at += local.length
  }
  const directory = Buffer.concat(list)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...files, directory, end])
}

const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** The relationships of an office file to its main part. */
export const rootTo = (target: string): Part => ({ name: '_rels/.rels', content: `<?xml version="1.0"?><Relationships><Relationship Id="r1" Type="${office}/officeDocument" Target="${target}"/></Relationships>` })

/** A Word document whose body is this XML. */
export function docxOf(body: string, ...more: Part[]): Buffer {
  return zipOf([rootTo('word/document.xml'), { name: 'word/document.xml', content: `<?xml version="1.0"?><w:document xmlns:w="urn:w" xmlns:mc="urn:mc"><w:body>${body}</w:body></w:document>` }, ...more])
}

/** A paragraph of a Word document. */
export const paragraph = (text: string, properties = '') => `<w:p>${properties}<w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`

/** A PDF of these objects, of which the first is its catalogue; a stream is its dictionary's rest and its bytes. */
export function pdfOf(objects: (string | [string, Buffer])[], trailer = ''): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')]
  const offsets: number[] = []
  const end = () => parts.reduce((sum, part) => sum + part.length, 0)
  for (const [index, object] of objects.entries()) {
    offsets.push(end())
    const body = typeof object === 'string' ? [Buffer.from(object)] : [Buffer.from(`<< /Length ${object[1].length} ${object[0]} >>\nstream\n`), object[1], Buffer.from('\nendstream')]
    parts.push(Buffer.from(`${index + 1} 0 obj\n`), ...body, Buffer.from('\nendobj\n'))
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const size = objects.length + 1
  parts.push(Buffer.from(`xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${end()}\n%%EOF\n`))
  return Buffer.concat(parts)
}

/** A PDF of one page that draws this. */
export function pagePdf(drawing: [string, Buffer], trailer = ''): Buffer {
  const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>'
  return pdfOf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>', page, drawing, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'], trailer)
}

/** What a PDF says that asks for a password: its check of the empty one fails. */
export const lockedTrailer = `/Encrypt << /Filter /Standard /V 1 /R 2 /O <${'ab'.repeat(32)}> /U <${'cd'.repeat(32)}> /P -4 >> /ID [<${'00'.repeat(16)}> <${'00'.repeat(16)}>]`
