import { messages } from '../../platform/i18n.ts'
import en from './calendar.en.json' with { type: 'json' }
import vi from './calendar.vi.json' with { type: 'json' }

export const calendarWords = messages({ vi, en })
