import { messages } from '../../platform/i18n.ts'
import en from './units.en.json' with { type: 'json' }
import vi from './units.vi.json' with { type: 'json' }

export const unitWords = messages({ vi, en })
