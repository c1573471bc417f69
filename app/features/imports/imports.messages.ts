import { messages } from '../../platform/i18n.ts'
import en from './imports.en.json' with { type: 'json' }
import vi from './imports.vi.json' with { type: 'json' }

export const importWords = messages({ vi, en })
