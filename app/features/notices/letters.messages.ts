import { messages } from '../../platform/i18n.ts'
import en from './letters.en.json' with { type: 'json' }
import vi from './letters.vi.json' with { type: 'json' }

export const letterWords = messages({ vi, en })
