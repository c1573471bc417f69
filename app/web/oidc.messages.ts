import { messages } from '../platform/i18n.ts'
import en from './oidc.en.json' with { type: 'json' }
import vi from './oidc.vi.json' with { type: 'json' }

export const oidcWords = messages({ vi, en })
