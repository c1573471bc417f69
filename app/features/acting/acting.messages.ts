import { messages } from '../../platform/i18n.ts'
import en from './acting.en.json' with { type: 'json' }
import vi from './acting.vi.json' with { type: 'json' }

export const actingWords = messages({ vi, en })
