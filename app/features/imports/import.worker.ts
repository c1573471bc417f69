import { parentPort, workerData } from 'node:worker_threads'
import type pg from 'pg'
import { closeDatabase, openDatabase } from '../../db/open.ts'
import { openLog } from '../../platform/log.ts'
import { workOn, type Work } from './work.server.ts'

// Other people's files are read and compared here and not in the server's own thread: it stays quick, and can end what takes too long.

const { work, connection } = workerData as { work: Work; connection: pg.PoolConfig }
const database = openDatabase(connection, openLog('silent'), 2)
try {
  await workOn(database.db, work)
  parentPort!.postMessage({})
} catch (error) {
  // where it failed, and no word of the file, which a message might quote
  const { name, code, stack = '' } = error as Error & { code?: string }
  parentPort!.postMessage({ failed: [`${name} ${code ?? ''}`, ...stack.split('\n').filter((line) => /^\s+at /.test(line))].join('\n') })
} finally {
  await closeDatabase(database)
}
