import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { checkText, type Checked as Found, type Finding as FoundFinding, type Proof as FoundProof } from '../../figures/check.ts'
import { Refused } from '../../platform/errors.ts'
import type { Language, Sentence } from '../../platform/i18n.ts'
import { checksWords } from './checks.messages.ts'
import { longestWork, mostGrowth, mostProofs, shortText } from './limits.ts'
import { kindOf, readText } from './reading/read-text.server.ts'
import { demandShort } from './reading/too-long.ts'

/** A finding of the checker with its sentence in both languages. */
export type Finding = Omit<FoundFinding, 'message'> & { message: Record<Language, string> }
/** A sum that came out right; of very many the first are told in words. */
export type Proof = Omit<FoundProof, 'message'> & { message: Record<Language, string> | null }
export type Checked = Omit<Found, 'findings' | 'proofs'> & { findings: Finding[]; proofs: Proof[] }

/** A file's bytes, or a text. */
export type Given = Uint8Array | string
/** What the thread answers. */
export type Answered = { checked: Checked } | { refused: { field: string } & Record<Language, string> } | { failed: string }

const mostAtOnce = 2
const mostWaiting = 20
const waiting: (() => void)[] = []
let running = 0

/**
 * Reads a document and checks the arithmetic of its text; all but a short text in a thread of its own, with a limit of time and
 * memory. Nothing of it is kept. Throws Refused('file' | 'text') with what is wrong with it, or when too many are waiting.
 */
export async function checkDocument(given: Given): Promise<Checked> {
  if (typeof given === 'string') demandShort(given.length)
  if (isShort(given)) return checkHere(given) // sooner done than a thread is begun
  if (waiting.length >= mostWaiting) throw new Refused('file', checksWords.say('busy'))
  if (running >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve))
  running++
  try {
    return result(await inThread(given))
  } finally {
    running--
    waiting.shift()?.()
  }
}

/** Reads and checks in this thread. */
export async function checkHere(given: Given): Promise<Checked> {
  const checked = checkText(typeof given === 'string' ? given : await readText(given))
  return {
    ...checked,
    findings: checked.findings.map((finding) => ({ ...finding, message: inBoth(finding.message) })),
    proofs: checked.proofs.map(({ places, message }, at) => ({ places, message: at < mostProofs ? inBoth(message) : null })),
  }
}

const inBoth = (message: Sentence): Record<Language, string> => ({ vi: message('vi'), en: message('en') })

const isShort = (given: Given) => given.length <= shortText && (typeof given === 'string' || kindOf(given) === 'plain')

function result(answered: Answered): Checked {
  if ('checked' in answered) return answered.checked
  if ('failed' in answered) throw new Error(`The checker failed.\n${answered.failed}`)
  const { refused } = answered
  throw new Refused(refused.field, (language) => refused[language])
}

function inThread(given: Given): Promise<Answered> {
  // The pages run from the folder of their build, so the thread's file is named in package.json and not beside this one.
  const file = createRequire(import.meta.url).resolve('#check-worker')
  const worker = new Worker(file, { workerData: given, stdout: true, stderr: true, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 512 } })
  return new Promise<Answered>((resolve, reject) => {
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

function refusal(key: 'tooSlow' | 'tooBig', values: Record<string, number> = {}): Answered {
  const sentence = checksWords.say(key, values)
  return { refused: { field: 'file', vi: sentence('vi'), en: sentence('en') } }
}
