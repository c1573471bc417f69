import { messages } from '../../platform/i18n.ts'
import en from './indicators.en.json' with { type: 'json' }
import vi from './indicators.vi.json' with { type: 'json' }

/** What each indicator means, and the words of the page that opens it. */
export const indicatorWords = messages({ vi, en })
