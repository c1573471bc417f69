import { messages } from '../../platform/i18n.ts'
import en from './pages.en.json' with { type: 'json' }
import vi from './pages.vi.json' with { type: 'json' }

export const pageWords = messages({ vi, en })
