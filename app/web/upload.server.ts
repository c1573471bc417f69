import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Busboy, type BusboyFileStream } from '@fastify/busboy'
import { data } from 'react-router'
import { Refused } from '../platform/errors.ts'
import { keepFile, type Files, type Takes } from '../platform/files/files.ts'
import { filesWords } from '../platform/files/files.messages.ts'
import type { Kept } from '../platform/files/kept.ts'
import type { Sentence } from '../platform/i18n.ts'
import { languageOf } from './language.ts'
import { writeWords as words } from './write.messages.ts'

/**
 * Which files a form may bring: by the name of the field, as it stands in the form; null for a field that brings none. `files` is how
 * many may come at a time, and `bytes` how much together; one, and as much as it may weigh, unless told otherwise.
 */
export type Uploads = { takes: (field: string) => Takes | null; files?: number; bytes: number }

/** One field that brings one file. */
export function oneFile(field: string, takes: Omit<Takes, 'field' | 'name'>): Uploads {
  return { takes: (name) => (name === field ? takes : null), bytes: takes.most }
}

/** What came: text fields as a form, files by field, and why a field's file was not taken. `drop` it when all is over, however it ended. */
export type Upload = { form: FormData; kept: [field: string, file: Kept][]; refused: Record<string, Sentence>; drop: () => Promise<void> }

const mostText = 1024 * 1024
const mostFields = 2000

/**
 * Reads a form with files as it comes: no file is ever held in memory, and none is read past what it may weigh. Say who sends it before:
 * nobody's files are not to be read at all. Throws a 413 or 400, with nothing left of it.
 */
export async function readUpload(request: Request, files: Files, { takes, files: mostFiles = 1, bytes }: Uploads): Promise<Upload> {
  const t = words.in(languageOf(request))
  const most = bytes + mostText
  const tooLarge = () => data({ sentence: t('too_large', { megabytes: Math.floor(bytes / 1024 / 1024) }) }, 413)
  if (Number(request.headers.get('content-length') ?? 0) > most) throw tooLarge()

  const taken: [field: string, file: Kept][] = []
  const drop = async () => void (await Promise.all(taken.filter(Boolean).map(([, file]) => file.drop())))
  const form = new FormData()
  const refused: Upload['refused'] = {}
  let begun = 0
  const coming = new Map<BusboyFileStream, Promise<void>>()
  let size = 0
  let isTooLarge = false
  let failure: unknown
  const counted = async function* () {
    // Cancelling what comes would end the connection before the answer is out.
    for await (const chunk of request.body?.values({ preventCancel: true }) ?? []) {
      size += chunk.byteLength
      isTooLarge = size > most
      if (isTooLarge) return
      yield chunk
    }
  }
  try {
    const parser = new Busboy({ headers: { 'content-type': request.headers.get('content-type') ?? '' }, limits: { fieldSize: mostText, fields: mostFields, files: mostFiles + 20, headerPairs: 40 } })
    let text = 0
    parser.on('field', (name: string | undefined, value: string | undefined, isNameCut, isCut) => {
      if (name === undefined || value === undefined) return void parser.destroy(new Error('a part of the form has no name'))
      text += name.length + value.length
      if (isNameCut || isCut || text > mostText) isTooLarge = true
      else form.append(name, value)
    })
    parser.on('fieldsLimit', () => (isTooLarge = true))
    parser.on('file', (field, stream, name) => {
      const taking = take(field, stream, name)
      taking.catch(() => {}) // waited for below
      coming.set(stream, taking)
    })
    const take = async (field: string, stream: BusboyFileStream, name: string) => {
      const asked = name ? takes(field) : null // a browser sends a field without a file as one without a name
      stream.on('error', () => {}) // whoever reads it hears of it
      try {
        if (!asked) return
        const place = begun++ // one may be looked into while the next is coming
        if (place >= mostFiles) throw new Refused(field, filesWords.say('tooManyFiles', { count: mostFiles }))
        taken[place] = [field, await keepFile(files, piecesOf(stream), { ...asked, field, name })]
      } catch (error) {
        if (!(error instanceof Refused || error instanceof CutOff)) failure ??= error
        if (!(error instanceof Refused)) throw error
        refused[field] ??= error.sentence
      } finally {
        stream.resume() // the rest of it has to pass for the fields behind it
      }
    }
    await pipeline(Readable.from(counted()), parser)
    await Promise.all(coming.values())
    if (isTooLarge) throw tooLarge()
    return { form, kept: taken.filter(Boolean), refused, drop }
  } catch {
    for (const stream of coming.keys()) stream.destroy(new Error('the form was cut off'))
    await Promise.allSettled(coming.values())
    await drop()
    if (isTooLarge) throw tooLarge()
    if (failure) throw failure // the disk is full, the service is away: no fault of the form
    throw data({ sentence: t('unreadable_form') }, 400)
  }
}

/** A form that ended before it was whole. */
class CutOff extends Error {}

async function* piecesOf(stream: BusboyFileStream): AsyncGenerator<Uint8Array> {
  try {
    yield* stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
  } catch (cause) {
    throw new CutOff('the form was cut off', { cause })
  }
}
