import { messages } from '../../../platform/i18n.ts'
import en from './typesetting.en.json' with { type: 'json' }
import vi from './typesetting.vi.json' with { type: 'json' }

export const typesettingWords = messages({ vi, en })
