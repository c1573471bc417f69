import { z } from 'zod'
import { Id, optional, rowsIn } from '../../web/inputs.ts'
import { cascadeWords } from './cascade.messages.ts'
import { comparePlaces, keyOf, readKey, type ClausePlace } from './clause-key.schema.ts'

const mostClauses = 300

const Key = z.string().transform((typed, context): ClausePlace => {
  const place = readKey(typed)
  if (place) return place
  context.addIssue({ code: 'custom', params: { sentence: cascadeWords.say('keyWrong', { typed: typed.slice(0, 40) }) } })
  return z.NEVER
})
const ClauseText = z.string().transform((text) => text.normalize('NFC').replace(/\s+/g, ' ').trim()).pipe(z.string().min(1).max(2000))
const Clause = z.object({ key: Key, text: ClauseText }).transform(({ key, text }) => ({ place: key, key: keyOf(key), text }))

/** A form sends the clauses as lines, `I.2 Nội dung`; the API as a list. */
const linesOrList = z.preprocess((value) => (typeof value === 'string' ? linesOf(value) : value), z.array(Clause).max(mostClauses))

function linesOf(text: string): { key: string; text: string }[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [, key = line, words = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? []
      return { key, text: words }
    })
}

/** The clauses of a document, whole: those that are not among them are no longer named. They come out in the order of the grammar. */
export const ClauseNaming = z
  .object({ documentId: Id, clauses: linesOrList })
  .superRefine(({ clauses }, context) => {
    const twice = clauses.find((one, index) => clauses.findIndex((other) => other.key === one.key) !== index)
    if (twice) context.addIssue({ code: 'custom', path: ['clauses'], params: { sentence: cascadeWords.say('keyTwice', { key: twice.key }) } })
  })
  .transform(({ clauses, ...rest }) => ({ ...rest, clauses: clauses.toSorted((a, b) => comparePlaces(a.place, b.place)) }))
export type ClauseNaming = z.output<typeof ClauseNaming>

/** Which clause of one's own document answers a superior's clause; `document` is the whole of it. A form leaves out what answers nothing. */
const Answer = z.object({ clauseId: Id, by: optional(z.union([z.literal('document'), Id])) })

/** Everything that one document answers in another, whole. */
export const AnswerKeeping = z.object({
  documentId: Id, // one's own, which answers
  toDocumentId: Id,
  answers: z.preprocess(rowsIn, z.array(Answer).max(2 * mostClauses)),
})
export type AnswerKeeping = z.output<typeof AnswerKeeping>
