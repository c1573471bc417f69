import { parentPort, workerData } from 'node:worker_threads'
import { Refused } from '../../platform/errors.ts'
import { checkHere, type Answered, type Given } from './checks.server.ts'

// Other people's files are read here and not in the server's own thread: it can be ended when it takes too long or too much.

parentPort!.postMessage(await answer(workerData as Given))

async function answer(given: Given): Promise<Answered> {
  try {
    return { checked: await checkHere(given) }
  } catch (error) {
    if (error instanceof Refused) return { refused: { field: error.field, vi: error.sentence('vi'), en: error.sentence('en') } }
    // where it failed, and no word of the text, which a message might quote
    return { failed: (error instanceof Error ? (error.stack ?? '') : '').split('\n').filter((line) => /^\s+at /.test(line)).join('\n') }
  }
}
