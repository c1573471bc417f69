import { messages } from '../../../platform/i18n.ts'
import en from './numbers.en.json' with { type: 'json' }
import vi from './numbers.vi.json' with { type: 'json' }

export const numbersWords = messages({ vi, en })
