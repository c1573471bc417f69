import { z } from 'zod'
import type { Ctx } from '../../permissions/permissions.ts'
import { Refused } from '../../platform/errors.ts'
import { Code, Id, KeptFile } from '../../web/inputs.ts'
import { draftOf, type Draft } from './drafts.server.ts'
import { attachEvidence } from './evidence.server.ts'
import { filingHead } from './filing-head.server.ts'
import { saveText, saveValues } from './filing.server.ts'
import { markOf } from './filing-wording.ts'
import { filingsWords } from './filings.messages.ts'
import { FilingSubmission, FilingText, FilingValues } from './filings.schema.ts'
import { consolidate, submitFiling } from './workflow.server.ts'

const SheetText = FilingText.pick({ text: true, version: true }).extend({
  /** The mark of the text as the page showed it: what nobody changed is not saved, whoever else has. */
  was: z.string().max(40),
})

/** The whole report as one form posts it, so that saving one part never loses what was typed into another. */
export const Sheet = z.object({
  filingId: Id,
  values: FilingValues.shape.values.default({}),
  texts: z.record(Id, SheetText).default({}),
  files: z.record(Code, KeptFile).default({}),
})
export const SheetSubmission = Sheet.extend(FilingSubmission.pick({ version: true, reasons: true }).shape)

type Sheet = z.infer<typeof Sheet>
type SheetSubmission = z.infer<typeof SheetSubmission>

/** Saves what changed of the whole sheet, or nothing. Throws what saveValues, saveText and attachEvidence throw, each on its own field. */
export async function saveSheet(ctx: Ctx, { filingId, values, texts, files }: Sheet): Promise<void> {
  await filingHead(ctx.tx, filingId) // "saved" is said of no report that is not there, even where nothing was to be saved
  if (Object.keys(values).length > 0) await saveValues(ctx, { filingId, values })
  for (const [indicator, file] of Object.entries(files)) await onField(`files.${indicator}`, attachEvidence(ctx, { filingId, indicator, file }))
  for (const [sectionId, { text, version, was }] of Object.entries(texts)) {
    if (markOf(text) !== was) await onField(`texts.${sectionId}.text`, saveText(ctx, { filingId, sectionId, text, version }))
  }
}

// A stale text stays a conflict of the whole page; everything else belongs to the field it came from.
async function onField(field: string, work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    throw error instanceof Refused && ['file', 'indicator', 'sectionId'].includes(error.field) ? new Refused(field, error.sentence) : error
  }
}

/** Called with the report as it would have been saved, when handing it up is refused: so that the page can show what was found. */
type WhenRefused = (draft: Draft) => void

/** Saves the sheet and hands the report up as one deed. */
export async function submitSheet(ctx: Ctx, input: SheetSubmission, whenRefused: WhenRefused) {
  const { filingId, reasons } = input
  const version = await savedVersion(ctx, input)
  const { askerName } = await filingHead(ctx.tx, filingId)
  return { ...(await telling(ctx, filingId, whenRefused, () => submitFiling(ctx, { filingId, version, reasons }))), askerName }
}

/** Saves the sheet and sums the accepted reports as one deed. */
export async function consolidateSheet(ctx: Ctx, input: SheetSubmission, whenRefused: WhenRefused) {
  const { filingId, reasons } = input
  const version = await savedVersion(ctx, input)
  const { accepted } = await draftOf(ctx, await filingHead(ctx.tx, filingId))
  return { ...(await telling(ctx, filingId, whenRefused, () => consolidate(ctx, { filingId, version, reasons }))), accepted }
}

async function telling<Result>(ctx: Ctx, filingId: string, whenRefused: WhenRefused, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refused) whenRefused(await draftOf(ctx, await filingHead(ctx.tx, filingId)))
    throw error
  }
}

/** Saving makes a new version of the filing, so that the one the page showed is compared before it. */
async function savedVersion(ctx: Ctx, { version, ...sheet }: SheetSubmission): Promise<number> {
  const before = await filingHead(ctx.tx, sheet.filingId)
  if (before.state === 'submitted') return before.version // sent twice: the first one counts
  if (before.version !== version) throw new Refused('version', filingsWords.say('changedMeanwhile'))
  await saveSheet(ctx, sheet)
  return (await filingHead(ctx.tx, sheet.filingId)).version
}
