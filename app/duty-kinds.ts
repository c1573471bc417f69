import { dutyKindWords as words } from './duty-kinds.messages.ts'
import { addressOf } from './web/addresses.ts'
import type { DutyButtons } from './web/duty-button.ts'

/** The button of each kind of duty: no room above needs to know the page where it is done. */
export const dutyButtons: DutyButtons = {
  document: {
    do: ({ id, unitCode }) => ({ path: addressOf('/drafts/new', { unit: unitCode, duty: id }), words: words.say('document') }),
    done: ({ record }) => `/documents/${record}`,
  },
  personal_plan: {
    do: ({ id, unitCode }) => ({ path: addressOf('/drafts/new', { unit: unitCode, duty: id }), words: words.say('personal_plan') }),
    done: ({ record }) => `/documents/${record}`,
  },
  report: {
    do: ({ record, unitCode }) => ({ path: record ? `/filings/${record}` : addressOf('/rounds', { unit: unitCode }), words: words.say(record ? 'report' : 'report.none') }),
    done: ({ record }) => `/filings/${record}`,
  },
  study: {
    // a cell holds its classes itself; above it one sees where people are missing
    do: ({ campaignCode, unitCode, unitKind }) =>
      unitKind === 'cell'
        ? { path: addressOf('/sessions', { campaign: campaignCode, unit: unitCode }), words: words.say('study') }
        : { path: `${addressOf(`/campaigns/${campaignCode}/figures/studied`, { unit: unitCode })}#missing`, words: words.say('study.beneath') },
    done: ({ campaignCode, unitCode }) => addressOf(`/campaigns/${campaignCode}/figures/studied`, { unit: unitCode }),
  },
}
