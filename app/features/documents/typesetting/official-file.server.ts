import type { OfficialDocument } from './official-document.ts'
import { renderDocx } from './official-docx.server.ts'
import { renderPdf } from './official-pdf.server.ts'

export const officialFormats = ['docx', 'pdf'] as const
export type OfficialFormat = (typeof officialFormats)[number]

const contentTypes: Record<OfficialFormat, string> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pdf: 'application/pdf',
}

/** An official document as a file of that name; made after the transaction has ended, since setting a document takes longer than reading it. */
export async function officialFile({ document, fileName }: { document: OfficialDocument; fileName: string }, format: OfficialFormat): Promise<{ bytes: Uint8Array; contentType: string; fileName: string }> {
  return {
    bytes: await (format === 'docx' ? renderDocx(document) : renderPdf(document)),
    contentType: contentTypes[format],
    fileName: `${fileName}.${format}`,
  }
}
