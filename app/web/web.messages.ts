import { messages } from '../platform/i18n.ts'
import en from './web.en.json' with { type: 'json' }
import vi from './web.vi.json' with { type: 'json' }

/** Words of the shell and of the parts. */
export const webWords = messages({ vi, en })
