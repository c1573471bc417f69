import { messages } from '../../platform/i18n.ts'
import en from './filings.en.json' with { type: 'json' }
import vi from './filings.vi.json' with { type: 'json' }

/** Forms, rounds, drafts and submissions. */
export const filingsWords = messages({ vi, en })
