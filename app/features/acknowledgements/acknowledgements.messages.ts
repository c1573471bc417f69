import { messages } from '../../platform/i18n.ts'
import en from './acknowledgements.en.json' with { type: 'json' }
import vi from './acknowledgements.vi.json' with { type: 'json' }

export const acknowledgementWords = messages({ vi, en })
