import type { Tx } from '../../db/open.ts'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { narrativeWords } from './narratives.messages.ts'
import type { WordingInput, WordingReset } from './narratives.schema.ts'
import { isSentence, placeholdersOf, sentences, type SentenceKey } from './sentences.ts'
import { problemOf } from './template.ts'

/** How a unit words a sentence; version 0 where it is the product's wording. */
export type Wording = { text: string; version: number }

/** The wording of every sentence for a unit's report. */
export async function wordingOf(tx: Tx, unitId: string): Promise<Record<SentenceKey, Wording>> {
  const own = await tx.selectFrom('narrative_template').select(['key', 'text', 'version']).where('unit_id', '=', unitId).execute()
  const entries = Object.entries(sentences).map(([key, { text }]) => [key, own.find((one) => one.key === key) ?? { text, version: 0 }] as const)
  return Object.fromEntries(entries.map(([key, { text, version }]) => [key, { text, version }])) as Record<SentenceKey, Wording>
}

/**
 * Words one sentence of a unit's reports its own way. `version` is what the page showed, 0 for the product's wording.
 * Throws NotFound, Forbidden, Refused('text' | 'version').
 */
export async function saveWording(ctx: Ctx, input: WordingInput): Promise<Receipt> {
  const { tx } = ctx
  const unitId = await unitToWord(ctx, input.unitCode)
  if (!isSentence(input.key)) throw new NotFound()
  refuseBadTemplate(input.key, input.text)
  const saved =
    input.version === 0
      ? await tx.insertInto('narrative_template').values({ unit_id: unitId, key: input.key, text: input.text }).onConflict((conflict) => conflict.doNothing()).executeTakeFirst()
      : await tx
          .updateTable('narrative_template')
          .set(({ eb }) => ({ text: input.text, version: eb('version', '+', 1) }))
          .where('unit_id', '=', unitId)
          .where('key', '=', input.key)
          .where('version', '=', input.version)
          .executeTakeFirst()
  const rows = 'numUpdatedRows' in saved ? saved.numUpdatedRows : saved.numInsertedOrUpdatedRows
  if (rows !== 1n) throw new Refused('version', narrativeWords.say('wordedMeanwhile'))
  return note(ctx, { action: 'narrative.worded', unitId, subjectType: 'narrative_template', subjectId: input.key })
}

/** Goes back to the product's wording. Throws NotFound, Forbidden, Refused('version'). */
export async function resetWording(ctx: Ctx, input: WordingReset): Promise<Receipt> {
  const unitId = await unitToWord(ctx, input.unitCode)
  if (!isSentence(input.key)) throw new NotFound()
  const { numDeletedRows } = await ctx.tx.deleteFrom('narrative_template').where('unit_id', '=', unitId).where('key', '=', input.key).where('version', '=', input.version).executeTakeFirst()
  if (numDeletedRows !== 1n) throw new Refused('version', narrativeWords.say('wordedMeanwhile'))
  return note(ctx, { action: 'narrative.wordingReset', unitId, subjectType: 'narrative_template', subjectId: input.key })
}

async function unitToWord({ tx, viewer }: Ctx, code: string): Promise<string> {
  const { id } = await unitByCode(tx, code)
  demand(viewer, 'word the narrative', await chainOf(tx, id, viewer.today))
  return id
}

/** Throws Refused('text') for a template that names what the sentence does not have, or a share that was typed. */
export function refuseBadTemplate(key: SentenceKey, text: string): void {
  const known = placeholdersOf(key)
  const problem = problemOf(text, known)
  if (problem?.kind === 'unknown') throw new Refused('text', narrativeWords.say('unknownPlaceholder', { name: `{${problem.name}}`, known: known.map((name) => `{${name}}`).join(' ') }))
  if (problem) throw new Refused('text', narrativeWords.say(problem.kind))
}
