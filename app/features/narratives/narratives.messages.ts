import { messages } from '../../platform/i18n.ts'
import en from './narratives.en.json' with { type: 'json' }
import vi from './narratives.vi.json' with { type: 'json' }

export const narrativeWords = messages({ vi, en })
