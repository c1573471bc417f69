import { apart, placesIn } from '../apart.ts'
import { Refused } from '../errors.ts'
import type { Language } from '../i18n.ts'
import { longestWork, mostHeapMb, mostMemoryMb } from './limits.ts'
import { readingWords } from './reading.messages.ts'

/** What the process of a reader answers. */
export type Answered<Done> = { done: Done } | { refused: { field: string } & Record<Language, string> } | { failed: string }

const mostAtOnce = 2
const mostWaiting = 20
const waiting: (() => void)[] = []
let running = 0

/**
 * Has other people's files read in a process of their own, two at a time, with a limit of time and memory. Throws Refused('file') with
 * what is wrong, or when too many wait.
 */
export async function readApart<Done>(program: `#${string}`, given: unknown): Promise<Done> {
  if (waiting.length >= mostWaiting) throw new Refused('file', readingWords.say('busy'))
  if (running >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve))
  running++
  try {
    const ended = await apart<Answered<Done>>(program, given, { ms: longestWork, heapMb: mostHeapMb, mostMb: mostMemoryMb })
    if ('answer' in ended) return result(ended.answer)
    if (ended.ended !== 'died') throw new Refused('file', readingWords.say(ended.ended, { seconds: longestWork / 1000 }))
    if (ended.places) throw new Error(`The reader failed.\n${ended.places}`)
    throw new Refused('file', readingWords.say('fileBroken')) // a file that a library dies of
  } finally {
    running--
    waiting.shift()?.()
  }
}

/** What the process answers: the result, or what was wrong in words that can travel. */
export async function answered<Done>(work: () => Promise<Done>): Promise<Answered<Done>> {
  try {
    return { done: await work() }
  } catch (error) {
    if (error instanceof Refused) return { refused: { field: error.field, vi: error.sentence('vi'), en: error.sentence('en') } }
    return { failed: placesIn((error as Error).stack ?? '') }
  }
}

function result<Done>(answer: Answered<Done>): Done {
  if ('done' in answer) return answer.done
  if ('failed' in answer) throw new Error(`The reader failed.\n${answer.failed}`)
  const { refused } = answer
  throw new Refused(refused.field, (language) => refused[language])
}
