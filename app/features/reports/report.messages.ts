import { messages } from '../../platform/i18n.ts'
import en from './report.en.json' with { type: 'json' }
import vi from './report.vi.json' with { type: 'json' }

/** Words of the pages of a report and of a unit. */
export const reportPageWords = messages({ vi, en })
