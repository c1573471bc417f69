import { messages } from '../../platform/i18n.ts'
import en from './checks.en.json' with { type: 'json' }
import vi from './checks.vi.json' with { type: 'json' }

export const checksWords = messages({ vi, en })
