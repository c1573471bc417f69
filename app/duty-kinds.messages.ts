import { messages } from './platform/i18n.ts'
import en from './duty-kinds.en.json' with { type: 'json' }
import vi from './duty-kinds.vi.json' with { type: 'json' }

export const dutyKindWords = messages({ vi, en })
