import { messages } from '../platform/i18n.ts'
import en from './api.en.json' with { type: 'json' }
import vi from './api.vi.json' with { type: 'json' }

export const apiWords = messages({ vi, en })
