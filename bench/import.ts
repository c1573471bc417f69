import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { writeXlsx } from 'hucre/xlsx'
import { sql } from 'kysely'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { v7 } from 'uuid'
import { asViewer, closeDatabase, openDatabase, type Db } from '../app/db/open.ts'
import { askForImport, bringFile, importById } from '../app/features/imports/imports.server.ts'
import { runImport } from '../app/features/imports/run.server.ts'
import type { Config } from '../app/platform/config.ts'
import { openLog } from '../app/platform/log.ts'
import { administer, createMigrated, openScratchServer } from '../scripts/scratch-server.ts'
import { line } from './shared/measure.ts'

// 50,000 members out of a workbook into a city of 4,000 cells, as its administrator does it on the page: reading and comparing, then
// importing; then the same file again, which changes nothing. Beside it the same rows by plain COPY, and how quick the server's own
// thread and its database stay meanwhile.

const members = 50_000
const communes = 80
const cells = 4000
const day = '2026-01-01'

const { server, stop } = await openScratchServer()
const names = [`bench_import_${process.pid}`, `bench_copy_${process.pid}`] as const
try {
  for (const name of names) await createMigrated(server, name)
  const { people, bytes, writtenIn } = await bookOf()
  line({ bench: 'import', what: 'the workbook', members, megabytes: Math.round(bytes.length / 1e5) / 10, ms: writtenIn })
  const copied = await withDatabase(names[1], ({ pool, db }) => plainCopy(pool, db, people))
  line({ bench: 'import', what: 'the same rows by plain COPY', ms: copied })
  await withDatabase(names[0], (database) => throughTheProduct(database, bytes, copied))
} finally {
  for (const name of names) await administer(server, `drop database if exists ${name} with (force)`)
  await stop()
}

type Opened = { db: Db; pool: pg.Pool }
type Person = { id: string; membershipId: string; name: string; card: string; born: Date; isWoman: boolean; phone: string; cell: number }

async function withDatabase<Result>(name: string, work: (database: Opened) => Promise<Result>): Promise<Result> {
  const database = openDatabase({ ...server, database: name }, openLog('warn'), 4)
  try {
    return await work(database)
  } finally {
    await closeDatabase(database)
  }
}

async function throughTheProduct({ db, pool }: Opened, bytes: Uint8Array, copied: number): Promise<void> {
  const personId = await plantCity(db)
  const app = { db, pool, log: openLog('warn'), config: { timeZone: 'Asia/Ho_Chi_Minh' } as Config }
  const as = { personId, today: day }
  const bring = () =>
    asViewer(db, as, (tx) => bringFile({ tx, viewer: { ...as, name: 'Quản trị', offices: [] }, source: 'import' }, { kind: 'members', effectiveOn: day }, { name: 'dang-vien.xlsx', bytes }))
  const stateOf = (id: string) => asViewer(db, as, (tx) => importById({ tx }, id))

  const quick = watch(db)
  const began = performance.now()
  const id = await bring()
  await runImport(app, { importId: id, personId })
  const read = performance.now()
  const checked = await stateOf(id)
  if (checked.counts?.new !== members) throw new Error(`read: ${JSON.stringify([checked.state, checked.counts, checked.refusal])}`)
  await asViewer(db, as, (tx) => askForImport({ tx, viewer: { ...as, name: 'Quản trị', offices: [] }, source: 'import' }, { id }))
  await runImport(app, { importId: id, personId })
  const ended = performance.now()
  const done = await stateOf(id)
  if (done.state !== 'imported') throw new Error(`import: ${JSON.stringify([done.state, done.counts, done.refusal])}`)
  const meanwhile = await quick()
  const total = Math.round(ended - began)
  line({ bench: 'import', what: 'reading and comparing', ms: Math.round(read - began) })
  line({ bench: 'import', what: 'comparing again and importing', ms: Math.round(ended - read) })
  line({ bench: 'import', what: `${members} members from XLSX, whole`, budget: 15_000, value: total, timesCopy: Math.round((total / copied) * 10) / 10 })
  line({ bench: 'import', what: 'meanwhile, the server’s own thread', ...meanwhile })

  const again = performance.now()
  const second = await bring()
  await runImport(app, { importId: second, personId })
  const same = await stateOf(second)
  if (same.counts?.unchanged !== members) throw new Error(`again: ${JSON.stringify([same.state, same.counts, same.refusal])}`)
  line({ bench: 'import', what: 'the same file again, nothing to do', ms: Math.round(performance.now() - again) })
  const { rows } = await sql<{ people: number; memberships: number; entries: number }>`
    select (select count(*) from person) as people, (select count(*) from membership) as memberships, (select count(*) from audit_entry where action = 'member.joined') as entries`.execute(db)
  line({ bench: 'import', what: 'rows afterwards', ...rows[0]! })
}

/** How long the event loop stood still at most, and how long a small question to the database took. */
function watch(db: Db): () => Promise<{ longestStandstill: number; questionP99: number; questions: number }> {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  let isOver = false
  const took: number[] = []
  const asking = (async () => {
    while (!isOver) {
      const began = performance.now()
      await sql`select unit.name from unit where unit.code = 'cell-17'`.execute(db)
      took.push(performance.now() - began)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  })()
  return async () => {
    isOver = true
    await asking
    delay.disable()
    took.sort((one, other) => one - other)
    return { longestStandstill: Math.round(delay.max / 1e6), questionP99: Math.round(took[Math.floor(took.length * 0.99)]! * 10) / 10, questions: took.length }
  }
}

async function bookOf(): Promise<{ people: Person[]; bytes: Uint8Array; writtenIn: number }> {
  const given = ['An', 'Bình', 'Chi', 'Dũng', 'Hạnh', 'Khoa', 'Lan', 'Minh', 'Ngọc', 'Phúc', 'Quân', 'Thảo', 'Uyên', 'Vân', 'Xuân', 'Yến']
  const middle = ['Văn', 'Thị', 'Hữu', 'Ngọc', 'Đức', 'Thanh', 'Mỹ', 'Quốc']
  const family = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Huỳnh', 'Võ', 'Đặng', 'Bùi', 'Đỗ', 'Hồ']
  const people = Array.from({ length: members }, (_, index): Person => ({
    id: v7(), membershipId: v7(),
    name: `${family[index % 10]} ${middle[index % 8]} ${given[(index * 7) % 16]}`,
    card: `92.${String(index + 1).padStart(6, '0')}`,
    born: new Date(Date.UTC(1940 + (index % 60), index % 12, 1 + (index % 28))),
    isWoman: index % 3 === 0,
    phone: `09${String(10_000_000 + index)}`,
    cell: index % cells,
  }))
  const began = performance.now()
  const bytes = await writeXlsx({
    sheets: [{ name: 'Đảng viên', rows: [['STT', 'Họ và tên', 'Số thẻ ĐV', 'Ngày sinh', 'Giới tính', 'Số điện thoại', 'Chi bộ', 'Đảng bộ', 'Từ ngày'], ...people.map((one, index) => [index + 1, one.name, one.card, one.born, one.isWoman ? 'Nữ' : 'Nam', Number(one.phone), `Chi bộ ${one.cell + 1}`, `Đảng ủy xã ${(one.cell % communes) + 1}`, '1/1/2020'])] }],
  })
  return { people, bytes, writtenIn: Math.round(performance.now() - began) }
}

/** A city, its communes and cells, and its administrator. */
async function plantCity(db: Db): Promise<string> {
  const city = v7()
  const over = Array.from({ length: communes }, () => v7())
  const under = Array.from({ length: cells }, () => v7())
  await db.insertInto('unit').values({ id: city, code: 'city', kind: 'city_committee', name: 'Thành ủy' }).execute()
  await sql`insert into unit (id, code, kind, name) select id, 'commune-' || number, 'commune_committee', 'Đảng ủy xã ' || number from unnest(${over}::uuid[]) with ordinality as one (id, number)`.execute(db)
  await sql`insert into unit (id, code, kind, name) select id, 'cell-' || number, 'cell', 'Chi bộ ' || number from unnest(${under}::uuid[]) with ordinality as one (id, number)`.execute(db)
  await sql`insert into unit_parent (unit_id, parent_id) select id, ${city} from unnest(${over}::uuid[]) as one (id)`.execute(db)
  await sql`insert into unit_parent (unit_id, parent_id) select id, (${over}::uuid[])[1 + (number - 1) % ${communes}] from unnest(${under}::uuid[]) with ordinality as one (id, number)`.execute(db)
  await sql`select lay_ancestors()`.execute(db)
  const personId = v7()
  await db.insertInto('person').values({ id: personId, name: 'Quản Trị' }).execute()
  await db.insertInto('office').values({ id: v7(), person_id: personId, unit_id: city, role: 'administrator', during: '[2020-01-01,)' }).execute()
  await sql`analyze`.execute(db)
  return personId
}

/** What the fastest program without any question asked would do: persons and memberships by COPY, in one transaction. */
async function plainCopy(pool: pg.Pool, db: Db, people: Person[]): Promise<number> {
  await plantCity(db)
  const ids = await db.selectFrom('unit').select(['id', 'code']).where('kind', '=', 'cell').execute()
  const cellOf = new Map(ids.map(({ id, code }) => [code, id]))
  const client = await pool.connect()
  const began = performance.now()
  await client.query('begin')
  await pipeline(Readable.from(people.map((one) => `${[one.id, one.name, one.card, one.born.toISOString().slice(0, 10), one.isWoman ? 'female' : 'male', one.phone].join('\t')}\n`)), client.query(copyFrom('copy person (id, name, card_number, born_on, gender, phone) from stdin')))
  await pipeline(Readable.from(people.map((one) => `${[one.membershipId, one.id, cellOf.get(`cell-${one.cell + 1}`), '[2020-01-01,)'].join('\t')}\n`)), client.query(copyFrom('copy membership (id, person_id, unit_id, during) from stdin')))
  await client.query('commit')
  const ms = Math.round(performance.now() - began)
  client.release()
  return ms
}
