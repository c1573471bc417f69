import { messages } from '../../platform/i18n.ts'
import en from './reports.en.json' with { type: 'json' }
import vi from './reports.vi.json' with { type: 'json' }

export const reportWords = messages({ vi, en })
