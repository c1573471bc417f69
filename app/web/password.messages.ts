import { messages } from '../platform/i18n.ts'
import en from './password.en.json' with { type: 'json' }
import vi from './password.vi.json' with { type: 'json' }

export const passwordWords = messages({ vi, en })
