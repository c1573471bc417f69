import { messages } from '../i18n.ts'
import en from './reading.en.json' with { type: 'json' }
import vi from './reading.vi.json' with { type: 'json' }

export const readingWords = messages({ vi, en })
