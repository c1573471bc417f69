import { messages } from '../../platform/i18n.ts'
import en from './campaigns.en.json' with { type: 'json' }
import vi from './campaigns.vi.json' with { type: 'json' }

export const campaignWords = messages({ vi, en })
