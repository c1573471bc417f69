import { messages } from '../../platform/i18n.ts'
import en from './materials.en.json' with { type: 'json' }
import vi from './materials.vi.json' with { type: 'json' }

export const materialWords = messages({ vi, en })
