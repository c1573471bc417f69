import { messages } from '../platform/i18n.ts'
import en from './sign-in.en.json' with { type: 'json' }
import vi from './sign-in.vi.json' with { type: 'json' }

export const signInWords = messages({ vi, en })
