import { join } from 'node:path'
import { openEmbedded } from '../../app/db/embedded.ts'
import { migrate } from '../../app/db/migrate.ts'
import { openDatabase, type Db } from '../../app/db/open.ts'
import { openLog } from '../../app/platform/log.ts'
import { isLoaded, loadDemo } from '../../demo/load.ts'

/** Works on the demonstration city, in a database of its own that is kept between runs. */
export async function withCity(work: (db: Db) => Promise<void>): Promise<void> {
  const log = openLog('warn')
  const embedded = await openEmbedded({ dataDir: join(import.meta.dirname, '../../data/bench'), as: 'command' })
  try {
    const { db, pool } = openDatabase(embedded.connection, log, 4)
    try {
      await migrate(pool)
      if (!(await isLoaded(pool))) await loadDemo({ pool, log })
      await work(db)
    } finally {
      await db.destroy()
    }
  } finally {
    await embedded.stop()
  }
}

/** The person behind one of the demonstration's accounts. */
export async function personOf(db: Db, username: string): Promise<string> {
  const account = await db.selectFrom('account').select('person_id').where('username', '=', username).executeTakeFirstOrThrow()
  return account.person_id
}
