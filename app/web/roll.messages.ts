import { messages } from '../platform/i18n.ts'
import en from './roll.en.json' with { type: 'json' }
import vi from './roll.vi.json' with { type: 'json' }

/** Words of the roll sheet; the script on the page reads the same two files. */
export const rollWords = messages({ vi, en })
