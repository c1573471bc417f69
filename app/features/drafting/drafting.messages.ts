import { messages } from '../../platform/i18n.ts'
import en from './drafting.en.json' with { type: 'json' }
import vi from './drafting.vi.json' with { type: 'json' }

export const draftingWords = messages({ vi, en })
