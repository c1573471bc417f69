import { messages } from '../../platform/i18n.ts'
import en from './study.en.json' with { type: 'json' }
import vi from './study.vi.json' with { type: 'json' }

export const studyWords = messages({ vi, en })
