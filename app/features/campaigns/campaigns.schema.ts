import { z } from 'zod'
import { Code, DayInput, Id, listOf } from '../../web/inputs.ts'
import { campaignWords } from './campaigns.messages.ts'

const Line = z.string().trim().min(1).max(300)
/** One entry a line, as people type lists into a text area; empty lines are left out. */
const Lines = z
  .union([z.array(Line), z.string().transform((text) => text.split('\n').map((line) => line.trim()).filter((line) => line !== ''))])
  .pipe(z.array(Line).max(60).refine((lines) => lines.length > 0, { params: { sentence: campaignWords.say('lineNeeded') } }))

const Resolution = z.object({ code: Code, name: Line, topics: Lines })

/** A campaign being prepared: what is studied, by whom, until when. */
export const CampaignInput = z
  .object({
    code: Code,
    name: Line,
    unitCode: Code,
    studyFrom: DayInput,
    studyTo: DayInput,
    dataDay: DayInput,
    exemptExpected: z.union([z.boolean(), z.literal('on').transform(() => true)]).default(false),
    whoWrites: z.enum(['everyone', 'in_post', 'nobody']).default('in_post'),
    resolutions: z.preprocess(
      (value) => (value && typeof value === 'object' && !Array.isArray(value) ? Object.values(value).filter(isFilledIn) : value),
      z.array(Resolution).max(12).refine((list) => list.length > 0, { params: { sentence: campaignWords.say('resolutionNeeded') } }),
    ),
    categories: Lines,
  })
  .refine((campaign) => campaign.studyFrom <= campaign.studyTo, { path: ['studyTo'], params: { sentence: campaignWords.say('periodOrder') } })

/** The form offers more rows for resolutions than most campaigns need; an untouched row is none. */
function isFilledIn(row: unknown): boolean {
  return !!row && typeof row === 'object' && Object.values(row).some((value) => typeof value === 'string' && value.trim() !== '')
}

export const CampaignOpening = z.object({ campaignCode: Code, openedOn: DayInput })

/** A dated change of the roster after opening: who, what, from which day, why. */
export const RosterChange = z.object({
  campaignCode: Code,
  personId: Id,
  change: z.enum(['arrive', 'transfer', 'exempt', 'expect', 'leave']),
  fromDay: DayInput,
  unitCode: z.preprocess((value) => (value === '' ? undefined : value), Code.optional()), // where to, of an arrival or a transfer
  reason: Line,
})

/** Takes changes of the organisation into the roster of a unit: of whom, as of which day the page stood, why. */
export const RosterTaking = z.object({ campaignCode: Code, unitCode: Code, asOf: DayInput, personIds: listOf(Id, 500), reason: Line })

export type CampaignInput = z.infer<typeof CampaignInput>
export type CampaignOpening = z.infer<typeof CampaignOpening>
export type RosterChange = z.infer<typeof RosterChange>
export type RosterTaking = z.infer<typeof RosterTaking>
