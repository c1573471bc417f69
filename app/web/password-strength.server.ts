import { Refused } from '../platform/errors.ts'
import { passwordWords as words } from './password.messages.ts'

// Fewer guesses than this are made in a day at ten attempts a quarter of an hour by a thousand machines.
const fewestGuesses = 1e8
const ourWords = ['thông suốt', 'mật khẩu', 'password', 'đảng viên', 'đảng bộ', 'chi bộ', 'đảng ủy', 'bí thư', 'cần thơ', 'việt nam', 'hồ chí minh', 'anh yêu em', 'em yêu anh']

/**
 * Refuses beside `field` a password that many others have or that follows from them, and one made of nothing but its owner's names, unit
 * and the product's: `own` are those. The list is of some 49,000 passwords out of breaches, kept here: nothing is asked elsewhere.
 */
export async function demandGoodPassword(field: string, password: string, own: string[]): Promise<void> {
  const known = [...new Set([...own, ...ourWords].flatMap(partsOf))].filter((word) => word.length > 1).sort((one, other) => other.length - one.length)
  const rest = known.reduce((left, word) => left.replaceAll(word, ' '), plain(password)).replace(/[^\p{L}\p{N}]/gu, '')
  if (rest.length < 4) throw new Refused(field, words.say('of_own_words'))
  // read here, since a password is chosen seldom and the list is large
  const [{ ZxcvbnFactory }, common] = await Promise.all([import('@zxcvbn-ts/core'), import('@zxcvbn-ts/language-common')])
  const { check } = bound(new ZxcvbnFactory({ dictionary: common.dictionary, graphs: common.adjacencyGraphs }))
  if ([password, plain(password)].some((spelling) => check(spelling, known).guesses < fewestGuesses)) throw new Refused(field, words.say('easily_guessed'))
}

const bound = <Factory extends { check: (password: string, own: string[]) => { guesses: number } }>(factory: Factory) => ({ check: factory.check.bind(factory) })

/** A name whole, without its spaces, and word by word. */
function partsOf(text: string): string[] {
  const whole = plain(text)
  return [whole, whole.replaceAll(' ', ''), ...whole.split(/[^\p{L}\p{N}]+/u)]
}

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd').trim()
