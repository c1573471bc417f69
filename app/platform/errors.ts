import type { Sentence } from './i18n.ts'

/** Not there, or not for this viewer: the two are never told apart. */
export class NotFound extends Error {
  override name = 'NotFound'
}

/** There, but not this person's to do; the sentence says who could. */
export class Forbidden extends Error {
  override name = 'Forbidden'
  sentence: Sentence
  constructor(sentence: Sentence) {
    super(sentence('en'))
    this.sentence = sentence
  }
}

/** Input that cannot be taken as it is; the sentence says what to do and is shown beside the field. */
export class Refused extends Error {
  override name = 'Refused'
  field: string
  sentence: Sentence
  constructor(field: string, sentence: Sentence) {
    super(sentence('en'))
    this.field = field
    this.sentence = sentence
  }
}
