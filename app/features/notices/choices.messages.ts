import { messages } from '../../platform/i18n.ts'
import en from './choices.en.json' with { type: 'json' }
import vi from './choices.vi.json' with { type: 'json' }

export const choiceWords = messages({ vi, en })
