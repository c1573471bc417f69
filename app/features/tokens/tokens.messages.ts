import { messages } from '../../platform/i18n.ts'
import en from './tokens.en.json' with { type: 'json' }
import vi from './tokens.vi.json' with { type: 'json' }

export const tokenWords = messages({ vi, en })
