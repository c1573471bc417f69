import { messages } from '../../platform/i18n.ts'
import en from './cascade.en.json' with { type: 'json' }
import vi from './cascade.vi.json' with { type: 'json' }

export const cascadeWords = messages({ vi, en })
