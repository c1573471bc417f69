import { messages } from '../platform/i18n.ts'
import en from './figures.en.json' with { type: 'json' }
import vi from './figures.vi.json' with { type: 'json' }

export const figureWords = messages({ vi, en })
