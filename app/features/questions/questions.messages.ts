import { messages } from '../../platform/i18n.ts'
import en from './questions.en.json' with { type: 'json' }
import vi from './questions.vi.json' with { type: 'json' }

export const questionWords = messages({ vi, en })
