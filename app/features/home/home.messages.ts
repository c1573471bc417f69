import { messages } from '../../platform/i18n.ts'
import en from './home.en.json' with { type: 'json' }
import vi from './home.vi.json' with { type: 'json' }

export const homeWords = messages({ vi, en })
