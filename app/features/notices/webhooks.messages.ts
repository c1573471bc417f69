import { messages } from '../../platform/i18n.ts'
import en from './webhooks.en.json' with { type: 'json' }
import vi from './webhooks.vi.json' with { type: 'json' }

export const webhookWords = messages({ vi, en })
