import { messages } from '../../platform/i18n.ts'
import en from './guide.en.json' with { type: 'json' }
import vi from './guide.vi.json' with { type: 'json' }

export const guideWords = messages({ vi, en })
