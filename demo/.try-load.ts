import { openDatabase } from '../app/db/open.ts'
import { openLog } from '../app/platform/log.ts'
import { migrate } from '../app/db/migrate.ts'
import { loadDemo } from './load.ts'
const { db, pool } = openDatabase({ host:'/tmp/pgdev', port:5999, user:'thong_suot', database: 'demo_city', password: '' }, openLog('info'), 4)
await migrate(pool); await loadDemo({ pool, log: openLog('info') }); await db.destroy()
