import { messages } from '../../platform/i18n.ts'
import en from './rights.en.json' with { type: 'json' }
import vi from './rights.vi.json' with { type: 'json' }

export const rightsWords = messages({ vi, en })
