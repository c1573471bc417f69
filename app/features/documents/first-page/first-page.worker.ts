import { parentPort, workerData } from 'node:worker_threads'
import { readText } from '../../../platform/reading/read-text.server.ts'
import { answered } from '../../../platform/reading/thread.server.ts'
import { readFirstPage } from './first-page.ts'

// Other people's files are read here and not in the server's own thread: it can be ended when it takes too long or too much.

parentPort!.postMessage(await answered(async () => readFirstPage(await readText(workerData as Uint8Array, { betweenParagraphs: '\n' }))))
