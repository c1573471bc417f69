import type pg from 'pg'
import { afterAll, inject } from 'vitest'
import { openDatabase, type Db } from '../app/db/open.ts'
import { openLog } from '../app/platform/log.ts'
import { administer, type Server } from '../scripts/scratch-server.ts'

/** A migrated database of one test file's own; `url` is for processes that the test starts. `drop` leaves it to global-setup.ts, which drops what is left. */
export type TestDatabase = { db: Db; pool: pg.Pool; connection: Server & { database: string }; url: string; drop: () => Promise<void> }

let made = 0

/** Copies the migrated template, or another; dropped when the file has ended. Call it at the top of the file: `const { db } = await testDatabase()`. */
export async function testDatabase(template = inject('template')): Promise<TestDatabase> {
  const server = inject('server')
  const connection = { ...server, database: `${inject('template')}_${process.pid}_${++made}` }
  await administer(server, `create database ${connection.database} template ${template}`)
  const { db, pool } = openDatabase(connection, openLog('silent'), 8)

  let isDropped = false
  const drop = async () => {
    if (isDropped) return
    isDropped = true
    await db.destroy()
  }
  afterAll(drop)
  return { db, pool, connection, url: urlOf(connection), drop }
}

function urlOf({ host, port, user, password, database }: TestDatabase['connection']): string {
  const login = [user, password].map(encodeURIComponent).join(':')
  return `postgresql://${login}@localhost:${port}/${database}?host=${encodeURIComponent(host)}` // host may be a socket's folder
}
