import { Readable } from 'node:stream'
import { openFile, type Files } from './files.ts'

/** A file as a row attaches it. */
export type Attached = { sha256: Uint8Array; size: number; mediaType: string; name: string }

const inlineTypes = new Set(['application/pdf', 'image/jpeg', 'image/png', 'audio/mpeg', 'audio/mp4', 'video/mp4'])

/**
 * Answers with a file that came from outside: as a download, or inline where its kind may be shown; never as a page of ours, and never
 * guessed to be anything else. A part of it when the request asks for one. Whether the viewer may have it must be settled before.
 */
export async function serveFile(files: Files, { sha256, size, mediaType, name }: Attached, request: Request, { isInline = false } = {}): Promise<Response> {
  const shown = isInline && inlineTypes.has(mediaType)
  const headers = new Headers({
    'Content-Type': mediaType,
    'Content-Disposition': disposition(shown ? 'inline' : 'attachment', name),
    'Content-Security-Policy': !shown ? sandbox : mediaType === 'application/pdf' ? pdfPolicy : shownSandbox,
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'private, no-store, no-transform', // packed anew, its parts would not be where they are asked for
    'Accept-Ranges': 'bytes',
  })
  const range = rangeOf(request.headers.get('range'), size)
  if (range === 'none') {
    headers.set('Content-Range', `bytes */${size}`)
    headers.delete('Content-Type')
    headers.delete('Content-Disposition')
    return new Response(null, { status: 416, headers })
  }
  const length = range ? range.end - range.start + 1 : size
  headers.set('Content-Length', String(length))
  if (range) headers.set('Content-Range', `bytes ${range.start}-${range.end}/${size}`)
  const status = range ? 206 : 200
  if (request.method === 'HEAD') return new Response(null, { status, headers })
  const content = await openFile(files, sha256, range ?? undefined)
  if (request.signal.aborted) content.destroy()
  request.signal.addEventListener('abort', () => content.destroy(), { once: true })
  return new Response(Readable.toWeb(content) as ReadableStream<Uint8Array>, { status, headers })
}

const sandbox = "default-src 'none'; sandbox; frame-ancestors 'none'"
// What browsers make of a picture or a recording is a page around it, which loads it once more, as from the same origin, and gives it
// its size; no script runs in it.
const shownSandbox = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox allow-same-origin; frame-ancestors 'none'"
// Browsers do not show a PDF in a sandbox (decision 0019); their own viewer runs apart from any origin, and this lets it load nothing of ours.
const pdfPolicy = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** RFC 6266: plain letters for old programs, the whole name for all others. */
function disposition(how: 'attachment' | 'inline', name: string): string {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').replace(/[^\w.-]+/g, '-')
  return `${how}; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)}`
}

/** The one part that is asked for; null for all of it, also when several are; 'none' when there is no such part. */
function rangeOf(header: string | null, size: number): { start: number; end: number } | 'none' | null {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? []
  if (from === undefined || to === undefined || (from === '' && to === '')) return null
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  return start > end || start >= size ? 'none' : { start, end }
}
