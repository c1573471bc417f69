import type pg from 'pg'
import { closeDatabase, openDatabase } from '../../db/open.ts'
import { placesIn, workApart } from '../../platform/apart.ts'
import { openLog } from '../../platform/log.ts'
import { workOn, type Work } from './work.server.ts'

workApart(async ({ work, connection }: { work: Work; connection: pg.PoolConfig }) => {
  const database = openDatabase(connection, openLog('silent'), 2)
  try {
    await workOn(database.db, work)
    return null
  } catch (error) {
    const { name, code, stack = '' } = error as Error & { code?: string }
    return `${name} ${code ?? ''}\n${placesIn(stack)}`
  } finally {
    await closeDatabase(database)
  }
})
