import { messages } from '../../platform/i18n.ts'
import en from './filing-pages.en.json' with { type: 'json' }
import vi from './filing-pages.vi.json' with { type: 'json' }

export const filingPageWords = messages({ vi, en })
