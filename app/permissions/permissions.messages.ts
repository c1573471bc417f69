import { messages } from '../platform/i18n.ts'
import en from './permissions.en.json' with { type: 'json' }
import vi from './permissions.vi.json' with { type: 'json' }

export const permissionWords = messages({ vi, en })
