import { readFileSync } from 'node:fs'
import { openDatabase } from '/work/main/app/db/open.ts'
import { openLog } from '/work/main/app/platform/log.ts'
import { openScratchServer, createMigrated } from '../scripts/scratch-server.ts'
import { canTho } from './can-tho.ts'
import { generate } from './generate.ts'
import { copyLine } from './tables.ts'
import { from as copyFrom } from 'pg-copy-streams'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
const g = generate(canTho)
const { server, stop } = await openScratchServer()
await createMigrated(server, 'demo')
const { db, pool } = openDatabase({ ...server, database: 'demo' }, openLog('info'), 4)
for (const mode of process.argv.slice(2)) {
const c = await pool.connect()
const pid = (await c.query('select pg_backend_pid() as p, version() as v')).rows[0]
const cpu = () => { const f = readFileSync(`/proc/${pid.p}/stat`,'utf8').split(') ')[1]!.split(' '); return (Number(f[11])+Number(f[12]))*10 }
let total = cpu(); const start = total
await c.query('begin; set local statement_timeout=0')
console.log('==', mode, pid.v.slice(0,20))
if (mode.includes('nofk')) await c.query('set local session_replication_role = replica')
const later: string[] = []
if (mode.includes('noex')) {
  const { rows } = await c.query(`select conrelid::regclass::text as t, conname, pg_get_constraintdef(oid) as d from pg_constraint where contype='x' and conrelid::regclass::text in ('roster','membership','office','unit_parent')`)
  for (const r of rows) { await c.query(`alter table ${r.t} drop constraint ${r.conname}`); later.push(`alter table ${r.t} add constraint ${r.conname} ${r.d}`) }
}
if (mode.includes('notrgm')) { await c.query('drop index person_search'); later.push('create index person_search on person using gin (search gin_trgm_ops)') }
if (mode.includes('bulk')) {
  const { rows } = await c.query(`select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop, format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as add from pg_constraint where contype='f' and conrelid::regclass::text in ('roster','membership','mark') union all
   select format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid) from pg_index where indrelid::regclass::text in ('person','roster','membership','mark') and not exists (select from pg_constraint where conindid = indexrelid)`)
  for (const r of rows) { await c.query(r.drop); later.unshift(r.add) }
}
if (mode.includes('mem')) await c.query(`set local work_mem='64MB'; set local maintenance_work_mem='256MB'`)
const step = async (name: string, f: () => Promise<unknown>) => { const t=performance.now(); const b=cpu(); await f(); const a=cpu(); if (a-b>=50) console.log(name, 'cpu', a-b, 'wall', Math.round(performance.now()-t)) }
for (const tb of g.tables) await step(tb.name, async () => { const s = c.query(copyFrom(`copy ${tb.name} (${tb.columns.join(',')}) from stdin`)); await pipeline(Readable.from([Buffer.from(tb.rows.map(copyLine).join(''))]), s) })
for (const q of later) await step(q.slice(0,60), () => c.query(q))
for (const q of ['select lay_ancestors()', `analyze`, `select recount('${g.campaignId}')`]) await step(q, () => c.query(q))
console.log('total cpu', cpu()-start)
await c.query('rollback'); c.release(true)
}
await db.destroy(); await stop()
