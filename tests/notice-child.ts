import { flushCompileCache } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { openDatabase } from '../app/db/open.ts'
import { startDelivery } from '../app/features/notices/delivery.server.ts'
import { notify } from '../app/features/notices/notices.server.ts'
import type { Config } from '../app/platform/config.ts'
import { openLive } from '../app/platform/live.ts'
import { openLog } from '../app/platform/log.ts'
import { openMail } from '../app/platform/mail.ts'
import { openQueue } from '../app/platform/queue.ts'
import { openKeys } from '../app/web/keys.server.ts'
import type { App } from '../app/web/context.ts'

// A process that issues and tells until it is killed: what it makes is a unit for each thing told, so that what was committed can be
// counted afterwards. It waits for "go", so that the next one is ready while the one before is being killed.

const { DATABASE, SMTP, UNIT, PERSON, ONLY_DELIVERS } = process.env as Record<string, string>
const config = { publicUrl: 'https://thong-suot.test', timeZone: 'Asia/Ho_Chi_Minh', mail: { url: SMTP!, from: 'thong-suot@example.vn' } } as Config
const log = openLog('silent')
const { db, pool } = openDatabase({ connectionString: DATABASE! }, log, 6)
const app = { db, log, config, auth: { keys: openKeys('a secret of the test') } as App['auth'], live: openLive({ pool, log }), mail: openMail(config.mail!), queue: openQueue({ pool, log }) }

flushCompileCache() // a process that is killed leaves none, and each of many would compile all of it anew
process.send!('ready')
await new Promise((resolve) => process.once('message', resolve))
await app.live.start()
const stop = startDelivery(app, { retry: { limit: 20, delay: 1, longest: 1 }, atOnce: 4, lookMs: 500, pauseMs: 100, graceMs: 300 })
process.once('message', () => void stop().then(() => process.exit(0)))

for (let number = 1; number <= 16 && !ONLY_DELIVERS; number++) {
  const code = `${process.pid}-${number}`
  await db
    .transaction()
    .execute(async (tx) => {
      await sql`insert into issued (code) values (${code})`.execute(tx)
      await notify(tx, { kind: 'urge', to: { personIds: [PERSON!] }, about: { type: 'unit', id: UNIT! }, unitId: UNIT!, values: { from: code, count: 1 }, path: '/' })
      if (number % 4 === 0) throw new Error('taken back')
    })
    .then(() => process.send!(code)) // only what the test has heard of may it hold the product to
    .catch((error: Error) => {
      if (error.message !== 'taken back') throw error
    })
  await sleep(30)
}
