import { Refused } from '../errors.ts'
import { readingWords } from './reading.messages.ts'
import { longestText } from './limits.ts'

/** Throws Refused('file') once a text of that length is longer than what is checked. */
export function demandShort(length: number): void {
  if (length > longestText) throw new Refused('file', readingWords.say('tooLong', { most: longestText }))
}
