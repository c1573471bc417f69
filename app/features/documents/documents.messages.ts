import { messages } from '../../platform/i18n.ts'
import en from './documents.en.json' with { type: 'json' }
import vi from './documents.vi.json' with { type: 'json' }

export const documentsWords = messages({ vi, en })
