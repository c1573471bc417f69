import { Refused } from '../../platform/errors.ts'
import { checksWords } from './checks.messages.ts'
import { longestText } from './limits.ts'

/** Throws Refused('file') once a text is longer than what is checked. */
export function demandShort(text: string): void {
  if (text.length > longestText) throw new Refused('file', checksWords.say('tooLong', { most: longestText }))
}
