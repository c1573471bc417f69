import { messages } from '../../platform/i18n.ts'
import en from './duties.en.json' with { type: 'json' }
import vi from './duties.vi.json' with { type: 'json' }

export const dutyWords = messages({ vi, en })
