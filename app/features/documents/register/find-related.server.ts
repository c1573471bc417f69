import { data, type ActionFunctionArgs } from 'react-router'
import { readTyped } from '../../../web/form.ts'
import { languageOf } from '../../../web/language.ts'
import { read } from '../../../web/read.server.ts'
import { sessionOf } from '../../../web/visit.server.ts'
import { readForm } from '../../../web/write.server.ts'
import { writeWords } from '../../../web/write.messages.ts'
import type { FormAnswer } from './document-form.tsx'
import { findRelated } from './form-facts.server.ts'

/** A document's form may hold a whole text. */
export const formBytes = 8 * 1024 * 1024

/** Saves nothing: gives back what is typed, with the documents found, so that one can be chosen on the same form. */
export async function answerFound(args: ActionFunctionArgs) {
  if (!(await sessionOf(args))) throw data({ sentence: writeWords.in(languageOf(args.request))('session_over') }, 401)
  const typed = readTyped(await readForm(args.request, formBytes))
  const find = (typed.values['find'] ?? '').trim().slice(0, 200)
  const found = await read(args, (ctx) => findRelated(ctx, find))
  return data<FormAnswer>({ problems: {}, ...typed, found, find })
}
