import { messages } from './platform/i18n.ts'
import en from './navigation.en.json' with { type: 'json' }
import vi from './navigation.vi.json' with { type: 'json' }

/** Names of the sections. */
export const navigationWords = messages({ vi, en })
