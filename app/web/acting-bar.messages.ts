import { messages } from '../platform/i18n.ts'
import en from './acting-bar.en.json' with { type: 'json' }
import vi from './acting-bar.vi.json' with { type: 'json' }

export const actingBarWords = messages({ vi, en })
