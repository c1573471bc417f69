import { parentPort, workerData } from 'node:worker_threads'
import { answered } from '../../platform/reading/thread.server.ts'
import { checkHere, type Given } from './checks.server.ts'

// Other people's files are read here and not in the server's own thread: it can be ended when it takes too long or too much.

parentPort!.postMessage(await answered(() => checkHere(workerData as Given)))
