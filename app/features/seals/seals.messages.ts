import { messages } from '../../platform/i18n.ts'
import en from './seals.en.json' with { type: 'json' }
import vi from './seals.vi.json' with { type: 'json' }

export const sealWords = messages({ vi, en })
