import { messages } from '../i18n.ts'
import en from './files.en.json' with { type: 'json' }
import vi from './files.vi.json' with { type: 'json' }

/** Why a file is not taken. */
export const filesWords = messages({ vi, en })
