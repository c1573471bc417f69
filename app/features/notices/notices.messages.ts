import { messages } from '../../platform/i18n.ts'
import en from './notices.en.json' with { type: 'json' }
import vi from './notices.vi.json' with { type: 'json' }

export const noticeWords = messages({ vi, en })
