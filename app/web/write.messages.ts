import { messages } from '../platform/i18n.ts'
import en from './write.en.json' with { type: 'json' }
import vi from './write.vi.json' with { type: 'json' }

export const writeWords = messages({ vi, en })
