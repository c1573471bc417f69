import { messages } from '../../platform/i18n.ts'
import en from './people.en.json' with { type: 'json' }
import vi from './people.vi.json' with { type: 'json' }

export const peopleWords = messages({ vi, en })
