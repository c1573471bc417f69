import type { OfficialDocument } from './official-document.ts'
import { mediaTypes } from '../../../platform/files/media-types.ts'
import { renderDocx } from './official-docx.server.ts'
import { renderPdf } from './official-pdf.server.ts'

export const officialFormats = ['docx', 'pdf'] as const
export type OfficialFormat = (typeof officialFormats)[number]

/** An official document as a file of that name; made after the transaction has ended, since setting a document takes longer than reading it. */
export async function officialFile({ document, fileName }: { document: OfficialDocument; fileName: string }, format: OfficialFormat): Promise<{ bytes: Uint8Array; contentType: string; fileName: string }> {
  return {
    bytes: await (format === 'docx' ? renderDocx(document) : renderPdf(document)),
    contentType: mediaTypes[format],
    fileName: `${fileName}.${format}`,
  }
}
