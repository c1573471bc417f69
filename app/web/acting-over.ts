import { Forbidden } from '../platform/errors.ts'
import { actingBarWords } from './acting-bar.messages.ts'

/** The naming by which this browser acts for somebody has ended; nothing is done in either name. */
export class ActingOver extends Forbidden {
  override name = 'ActingOver'
  constructor() {
    super(actingBarWords.say('over'))
  }
}
