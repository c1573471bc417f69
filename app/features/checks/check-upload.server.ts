import { Refused } from '../../platform/errors.ts'
import type { Sentence } from '../../platform/i18n.ts'
import { mended } from './check-mend.ts'
import { largestFile } from '../../platform/reading/limits.ts'
import { tooLarge } from '../../platform/reading/read-text.server.ts'
import { checksWords } from './checks.messages.ts'
import { checkDocument, type Checked } from './checks.server.ts'

/** What came with a request: bodies are read here, since a file may be larger than any other post. */
export type Upload = { text: string; file: File | null; mend: number[] }

/** Why a request's document was not checked, with the status of the answer and what was pasted. */
export type Unchecked = { status: 400 | 413 | 422; field: 'file' | 'text'; sentence: Sentence; text: string }

const largestRequest = largestFile + 256 * 1024 // the form around the file
const mostDiscarded = 10 * largestFile

/**
 * Reads a form or JSON with a `text` or a `file` (of both, the file counts) and checks it; shares that a form's `mend` numbers are put
 * right first, and `mended` tells how many. Nothing of it is kept or logged.
 */
export async function checkRequest(request: Request): Promise<{ checked: Checked; name: string | null; mended: number } | Unchecked> {
  const body = await readUpTo(largestRequest, request.body)
  if (!body) return { status: 413, field: 'file', sentence: tooLarge().sentence, text: '' }
  const upload = await readUpload(body, request.headers.get('content-type') ?? '')
  const field = upload?.file ? 'file' : 'text'
  if (!upload || (!upload.file && upload.text.trim() === '')) return { status: upload ? 422 : 400, field, sentence: checksWords.say('nothingGiven'), text: '' }
  const { text, file, mend } = upload
  try {
    if (file && file.size > largestFile) throw tooLarge()
    const checked = await checkDocument(file ? new Uint8Array(await file.arrayBuffer()) : text)
    const right = mended(checked, mend)
    return { checked: right.count > 0 ? await checkDocument(right.text) : checked, name: file?.name ?? null, mended: right.count }
  } catch (error) {
    if (error instanceof Refused) return { status: 422, field, sentence: error.sentence, text }
    throw error
  }
}

/** Null for a body that is neither, or lacks both fields. */
async function readUpload(body: Uint8Array<ArrayBuffer>, type: string): Promise<Upload | null> {
  try {
    if (type.startsWith('application/json')) {
      const { text } = JSON.parse(new TextDecoder().decode(body)) as { text?: unknown }
      return typeof text === 'string' ? { text, file: null, mend: [] } : null
    }
    const form = await new Response(body, { headers: { 'Content-Type': type } }).formData()
    const [text, file] = [form.get('text'), form.get('file')]
    // browsers send every line end as two characters, which nobody typed
    return { text: typeof text === 'string' ? text.replaceAll('\r\n', '\n') : '', file: file instanceof File && (file.size > 0 || file.name !== '') ? file : null, mend: numbersIn(form.get('mend')) }
  } catch {
    return null
  }
}

/** "0,2": the shares that a button puts right. */
function numbersIn(field: FormDataEntryValue | null): number[] {
  return typeof field === 'string' && /^\d{1,6}(?:,\d{1,6})*$/.test(field) ? field.split(',').map(Number) : []
}

/** The body, or null for one that is longer; that one is taken off the line all the same, or the browser would not read the answer. */
async function readUpTo(limit: number, body: ReadableStream<Uint8Array> | null): Promise<Uint8Array<ArrayBuffer> | null> {
  let kept: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    if (size <= limit) kept.push(chunk)
    else kept = []
    if (size > mostDiscarded) break
  }
  return size > limit ? null : new Uint8Array(Buffer.concat(kept))
}
