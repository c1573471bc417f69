import { messages } from '../platform/i18n.ts'
import en from './setup.en.json' with { type: 'json' }
import vi from './setup.vi.json' with { type: 'json' }

export const setupWords = messages({ vi, en })
