import { messages } from '../../../platform/i18n.ts'
import en from './register.en.json' with { type: 'json' }
import vi from './register.vi.json' with { type: 'json' }

export const registerWords = messages({ vi, en })
