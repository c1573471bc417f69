import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { Refused } from '../errors.ts'
import type { Language } from '../i18n.ts'
import { longestWork, mostGrowth } from './limits.ts'
import { readingWords } from './reading.messages.ts'

/** What a thread answers. */
export type Answered<Done> = { done: Done } | { refused: { field: string } & Record<Language, string> } | { failed: string }

const mostAtOnce = 2
const mostWaiting = 20
const waiting: (() => void)[] = []
let running = 0

/**
 * Has other people's files read in a thread of their own, two at a time, with a limit of time and memory. `worker` is the thread's file
 * by its name in package.json: pages run from the folder of their build. Throws Refused('file') with what is wrong, or when too many wait.
 */
export async function inThread<Done>(worker: `#${string}`, given: unknown): Promise<Done> {
  if (waiting.length >= mostWaiting) throw new Refused('file', readingWords.say('busy'))
  if (running >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve))
  running++
  try {
    return result(await answerOf<Done>(worker, given))
  } finally {
    running--
    waiting.shift()?.()
  }
}

/** What the thread posts: the result, or what was wrong in words that can travel. */
export async function answered<Done>(work: () => Promise<Done>): Promise<Answered<Done>> {
  try {
    return { done: await work() }
  } catch (error) {
    if (error instanceof Refused) return { refused: { field: error.field, vi: error.sentence('vi'), en: error.sentence('en') } }
    // where it failed, and no word of the text, which a message might quote
    return { failed: (error instanceof Error ? (error.stack ?? '') : '').split('\n').filter((line) => /^\s+at /.test(line)).join('\n') }
  }
}

function result<Done>(answer: Answered<Done>): Done {
  if ('done' in answer) return answer.done
  if ('failed' in answer) throw new Error(`The thread failed.\n${answer.failed}`)
  const { refused } = answer
  throw new Refused(refused.field, (language) => refused[language])
}

function answerOf<Done>(name: string, given: unknown): Promise<Answered<Done>> {
  const worker = new Worker(createRequire(import.meta.url).resolve(name), { workerData: given, stdout: true, stderr: true, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 512 } })
  return new Promise<Answered<Done>>((resolve, reject) => {
    const before = process.memoryUsage.rss()
    const tooSlow = setTimeout(() => resolve(refusal('tooSlow', { seconds: longestWork / 1000 })), longestWork)
    const watch = setInterval(() => {
      if (process.memoryUsage.rss() - before > mostGrowth) resolve(refusal('tooBig'))
    }, 50)
    worker.once('message', resolve)
    worker.once('error', (error: NodeJS.ErrnoException) => (error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? resolve(refusal('tooBig')) : reject(error)))
    worker.once('exit', () => resolve({ failed: '' }))
    worker.once('exit', () => {
      clearTimeout(tooSlow)
      clearInterval(watch)
    })
  }).finally(() => void worker.terminate())
}

function refusal(key: 'tooSlow' | 'tooBig', values: Record<string, number> = {}): Answered<never> {
  const sentence = readingWords.say(key, values)
  return { refused: { field: 'file', vi: sentence('vi'), en: sentence('en') } }
}
