// Every letter of Vietnamese, composed. What stands outside is no Vietnamese text, whatever its code page.
const letters = /^[a-zA-ZàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ]+$/

const onset = '(?:ngh|ng|nh|th|tr|ch|gh|gi|kh|ph|qu|[bcdđghklmnpqrstvx])?'
// Vowels without tone, then how the syllable may end. `u` after q and `i` after g are part of the onset.
const rime = [
  'a(?:ch|c|i|m|ng|nh|n|o|p|t|u|y)?', 'ă(?:c|m|ng|n|p|t)', 'â(?:c|m|ng|n|p|t|u|y)', 'e(?:c|m|ng|n|o|p|t)?', 'ê(?:ch|m|nh|n|p|t|u)?',
  'i(?:a|ch|c|m|nh|n|p|t|u)?', 'iê(?:c|m|ng|n|p|t|u)', 'o(?:c|i|m|ng|n|p|t)?', 'oa(?:ch|c|i|m|ng|nh|n|o|p|t|y)?', 'oă(?:c|m|ng|n|p|t)', 'oe(?:n|o|t|m)?',
  'oo(?:ng|c)', 'ô(?:c|i|m|ng|n|p|t)?', 'ơ(?:i|m|n|p|t)?', 'u(?:a|c|i|m|ng|n|p|t)?', 'uâ(?:n|ng|t|y|c)', 'uê(?:ch|nh|n|u)?', 'uô(?:c|i|m|ng|n|t)', 'uơ(?:n|t)?',
  'uy(?:ch|nh|n|p|t|u|a)?', 'uyê(?:n|t)', 'ư(?:a|c|i|m|ng|n|t|u)?', 'ươ(?:c|i|m|ng|n|p|t|u)', 'y(?:a|nh|n|t|ch|m)?', 'yê(?:m|ng|n|t|u)', 'uya', 'ue(?:o|n|t)?', 'ua(?:ng|n|i|t|y|nh|ch)?',
].join('|')
const shape = new RegExp(`^${onset}(?:${rime})$`)
const stopped = /(?:ch|c|p|t)$/
const tones = /[\u0300\u0301\u0303\u0309\u0323]/g

/** Whether all letters of the word are Vietnamese ones. */
export const isVietnameseLetters = (word: string) => letters.test(word)

/** Whether a composed word is one syllable as Vietnamese is spelled: onset, rime, at most one tone, and only sắc or nặng before c, ch, p, t. */
export function isSyllable(word: string): boolean {
  if (!letters.test(word)) return false
  if (word !== word.toLowerCase() && word.slice(1) !== word.slice(1).toLowerCase() && word !== word.toUpperCase()) return false // a capital amid small letters
  const open = word.toLowerCase().normalize('NFD')
  const marks = open.match(tones) ?? []
  if (marks.length > 1) return false
  const plain = open.replace(tones, '').normalize('NFC')
  if (!shape.test(plain)) return false
  return !stopped.test(plain) || marks.length === 0 ? true : marks[0] === '\u0301' || marks[0] === '\u0323'
}
