import { messages } from '../platform/i18n.ts'
import en from './trail.en.json' with { type: 'json' }
import vi from './trail.vi.json' with { type: 'json' }

/** Sentences for what was done; the keys with a dot are actions of the audit. */
export const trailWords = messages({ vi, en })
