import { messages } from '../../platform/i18n.ts'
import en from './accounts.en.json' with { type: 'json' }
import vi from './accounts.vi.json' with { type: 'json' }

export const accountWords = messages({ vi, en })
