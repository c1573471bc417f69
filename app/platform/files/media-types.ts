/** The kinds of files this product reads or writes, by their usual ending, with the type they are sent as. */
export const mediaTypes = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  jpg: 'image/jpeg',
  png: 'image/png',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  mp4: 'video/mp4',
  txt: 'text/plain; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  zip: 'application/zip',
  json: 'application/json; charset=utf-8',
} as const

/** Kinds that can be told from their bytes and may be taken in, if the caller allows them. */
export type FileKind = Exclude<keyof typeof mediaTypes, 'csv' | 'zip' | 'json'>

/** What an official document may come as: as written, or as scanned. */
export const documentKinds = ['pdf', 'docx', 'xlsx', 'pptx', 'odt', 'jpg', 'png', 'txt'] as const satisfies readonly FileKind[]

/** What is handed out for study: documents, slides and recordings. */
export const materialKinds = [...documentKinds, 'mp3', 'm4a', 'mp4'] as const satisfies readonly FileKind[]

/** What proves a figure: a scan or a picture. */
export const scanKinds = ['pdf', 'jpg', 'png'] as const satisfies readonly FileKind[]

/** The kind that is sent as this type; null for any other. */
export function kindOfType(mediaType: string): FileKind | null {
  const found = (Object.entries(mediaTypes) as [keyof typeof mediaTypes, string][]).find(([, type]) => type === mediaType)?.[0]
  return found && found !== 'csv' && found !== 'zip' && found !== 'json' ? found : null
}
