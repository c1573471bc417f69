import { sql } from 'kysely'
import { asViewer, constraintOf, type Db, type Tx } from '../../db/open.ts'
import type { Ctx, Source } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import { Forbidden, Refused } from '../../platform/errors.ts'
import type { Sentence } from '../../platform/i18n.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { loadViewer } from '../../web/viewer.server.ts'
import { applyMembers } from './apply-members.server.ts'
import { applyOffices } from './apply-offices.server.ts'
import { applyUnits } from './apply-units.server.ts'
import { importWords } from './imports.messages.ts'
import type { ImportKind, Verdict } from './imports.schema.ts'
import { judgeMembers } from './judge-members.server.ts'
import { judgeOffices } from './judge-offices.server.ts'
import { judgeUnits } from './judge-units.server.ts'
import type { Asked, Judged, Plan } from './judging.ts'
import { readBook } from './reading/book.ts'
import { limits } from './reading/limits.ts'
import { readRows, type ReadRow } from './reading/rows.ts'
import { convertedCells, findTables, type Skipped, type Table } from './reading/table.ts'

/** What was found in the file beside its rows. */
export type FoundInFile = {
  tables: { sheet: string; headRow: number; rows: number; columns: Table['columns'] }[]
  without: string[] // sheets without a table
  hidden: string[]
  skipped: Skipped[]
  left: number // how many more rows were left out than are listed
  converted: { tcvn3: number; vni: number }
}
export type Counts = Record<Verdict, number> & { notes: Record<string, number> }

/** What a process of its own is given to do. */
export type Work = { importId: string; attempt: number; personId: string; today: Day }
type Header = { kind: ImportKind; unitId: string | null; effectiveOn: Day; task: 'read' | 'import'; source: Source; fileName: string; content: Buffer | null; counts: Counts | null }

const judges = { members: judgeMembers, units: judgeUnits, offices: judgeOffices }
const appliers = { members: applyMembers, units: applyUnits, offices: applyOffices }
const mostListed = 60
const batch = 4000

/** Reads, or carries out, one import that this attempt has taken; what came of it stands in its row afterwards. */
export async function workOn(db: Db, work: Work): Promise<void> {
  const as = { personId: work.personId, today: work.today }
  const header = await asViewer(db, as, (tx) => headerOf(tx, work.importId))
  let progress = { done: 0, total: 0 }
  const beat = setInterval(() => {
    void asViewer(db, as, (tx) =>
      sql`update import set beat_at = clock_timestamp(), done = ${progress.done}, total = ${progress.total} where id = ${work.importId} and attempt = ${work.attempt} and state = 'working'`.execute(tx),
    ).catch(() => null) // the next one will do
  }, 500)
  const tell = (done: number, total: number) => void (progress = { done, total })
  try {
    const file = header.task === 'read' ? await readFile(header, tell) : null
    await asViewer(db, as, async (tx) => {
      await sql`select set_config('statement_timeout', ${String(limits.work.ms)}, true)`.execute(tx)
      if (file) await sql`select begin_comparison(${work.importId})`.execute(tx) // before the viewer: rights are compared with too
      const ctx: Ctx = { tx, viewer: await loadViewer(tx, work.personId, work.today), source: 'import' }
      await (file ? compare(ctx, work, header, file, tell) : carryOut(ctx, work, header, tell))
    })
  } catch (error) {
    const sentence = sentenceOf(error)
    if (!sentence) throw error
    // nothing was imported; what is against it is shown, and the file can be compared again
    await asViewer(db, as, (tx) => finish(tx, work, { state: header.task === 'read' ? 'refused' : 'checked', refusal: sentence }))
  } finally {
    clearInterval(beat)
  }
}

async function headerOf(tx: Tx, id: string): Promise<Header> {
  const { rows } = await sql<Header>`
    select import.kind, import.unit_id as "unitId", import.effective_on as "effectiveOn", import.task, import.source, import.file_name as "fileName", import.counts,
           case when import.task = 'read' then import.content end as content
    from import where import.id = ${id}`.execute(tx)
  return rows[0]!
}

type Tell = (done: number, total: number) => void

type File = { rows: ReadRow[]; found: FoundInFile }

async function readFile({ kind, content }: Header, tell: Tell): Promise<File> {
  const book = await readBook(new Uint8Array(content ?? Buffer.alloc(0)))
  const { tables, without } = findTables(book, kind)
  const rows = readRows(kind, tables)
  if (rows.length === 0) throw new Refused('file', importWords.say('fileNoRows'))
  tell(0, rows.length)
  const skipped = tables.flatMap((table) => table.skipped)
  const found: FoundInFile = {
    tables: tables.map(({ sheet, headRow, rows: own, columns }) => ({ sheet, headRow, rows: own.length, columns })),
    without,
    hidden: book.hidden,
    skipped: skipped.slice(0, mostListed),
    left: Math.max(0, skipped.length - mostListed),
    converted: convertedCells(tables),
  }
  return { rows, found }
}

/** Compares what the file says, and what was said of its rows since, with what there is. */
async function compare(ctx: Ctx, work: Work, header: Header, { rows, found }: File, tell: Tell): Promise<void> {
  for (const { position, decided } of await decisionsOf(ctx.tx, work.importId)) if (rows[position]) rows[position].fields.decided = decided
  const judged = await judges[header.kind](ctx, rows, askedOf(header))
  await store(ctx.tx, work.importId, judged, tell)
  await finish(ctx.tx, work, { state: 'checked', found, counts: countsOf(judged), refusal: null })
}

async function decisionsOf(tx: Tx, importId: string): Promise<{ position: number; decided: NonNullable<ReadRow['fields']['decided']> }[]> {
  const { rows } = await sql<{ position: number; decided: NonNullable<ReadRow['fields']['decided']> }>`
    select import_row.position, import_row.fields -> 'decided' as decided from import_row
    where import_row.import_id = ${importId} and import_row.fields ? 'decided'`.execute(tx)
  return rows
}

/** Imports everything or nothing: what was found, when nothing of the organisation has changed since, else after comparing once more. */
async function carryOut(ctx: Ctx, work: Work, header: Header, tell: Tell): Promise<void> {
  const { tx } = ctx
  await sql`select pg_advisory_xact_lock(hashtext('import'))`.execute(tx) // one after another: what the first adds the second sees
  const { rows: found } = await sql<{ isCurrent: boolean }>`select is_comparison_current(${work.importId}) as "isCurrent"`.execute(tx)
  const isCurrent = found[0]!.isCurrent && header.counts?.bad === 0
  const counts = isCurrent ? header.counts! : await compareAgain(ctx, work, header, tell)
  if (!counts) return
  const rows = await storedRows(tx, work.importId, header.kind === 'members' ? ['changed'] : ['new', 'changed']) // members are added by the database itself
  await appliers[header.kind](ctx, { importId: work.importId, rows, effectiveOn: header.effectiveOn, fileName: header.fileName, tell })
  const unitId = header.unitId ?? ctx.viewer.offices[0]?.unitId ?? null
  const receipt = await note(ctx, { action: 'import.done', unitId, subjectType: 'import', subjectId: work.importId, detail: { kind: header.kind, new: counts.new, changed: counts.changed, unchanged: counts.unchanged } })
  await finish(tx, work, { state: 'imported', receipt, refusal: null })
}

/** Null when any row would come out otherwise than it was shown: then the page says so, and shows it anew. */
async function compareAgain(ctx: Ctx, work: Work, header: Header, tell: Tell): Promise<Counts | null> {
  const before = await storedRows(ctx.tx, work.importId, ['bad', 'new', 'changed', 'unchanged'])
  tell(0, before.length)
  const judged = await judges[header.kind](ctx, before.map(asRead), askedOf(header))
  const other = judged.filter((row, index) => meaningOf(row) !== meaningOf(before[index]!)).length
  const counts = countsOf(judged)
  if (other === 0 && counts.bad === 0) return counts
  await rejudge(ctx.tx, work.importId, judged, before)
  await finish(ctx.tx, work, { state: 'checked', counts, refusal: importWords.say('changedMeanwhile', { count: other }) })
  return null
}

const askedOf = ({ unitId, effectiveOn }: Header): Asked => ({ unitId, effectiveOn })

/** What a verdict comes to, whatever ids it would give. */
function meaningOf({ verdict, plan, problems }: Pick<Judged, 'verdict' | 'plan' | 'problems'>): string {
  const { id, parentId, ...rest } = plan ?? { id: '' }
  return JSON.stringify([verdict, problems.map(({ key }) => key), verdict === 'new' ? null : [id, parentId], rest.unitId, rest.fromUnitId, rest.since, rest.changes?.map(({ field, from, to }) => [field, from, to])])
}

function countsOf(rows: Judged[]): Counts {
  const notes: Record<string, number> = {}
  for (const row of rows) for (const one of row.notes) notes[one] = (notes[one] ?? 0) + 1
  const of = (verdict: Verdict) => rows.filter((row) => row.verdict === verdict).length
  return { bad: of('bad'), new: of('new'), changed: of('changed'), unchanged: of('unchanged'), notes }
}

export type StoredRow = { position: number; sheet: string; number: number; raw: ReadRow['raw']; fields: ReadRow['fields'] & { columns?: ReadRow['columns'] }; verdict: Verdict; problems: ReadRow['problems']; notes: ReadRow['notes']; plan: Plan | null }

async function store(tx: Tx, importId: string, rows: Judged[], tell: Tell): Promise<void> {
  await sql`delete from import_row where import_id = ${importId}`.execute(tx)
  let written: Promise<unknown> = Promise.resolve()
  for (let start = 0; start < rows.length; start += batch) {
    const part = JSON.stringify(rows.slice(start, start + batch).map((row, index) => ({ position: start + index, ...row, fields: { ...row.fields, columns: row.columns } })))
    await written // the database writes one part while the next is put into words
    written = sql`
      insert into import_row (import_id, position, sheet, number, raw, fields, verdict, problems, notes, plan)
      select ${importId}, row.position, row.sheet, row.number, row.raw, row.fields, row.verdict, row.problems, row.notes, row.plan
      from jsonb_to_recordset(${part}::jsonb) as row (position integer, sheet text, number integer, raw jsonb, fields jsonb, verdict text, problems jsonb, notes jsonb, plan jsonb)`.execute(tx)
    written.catch(() => {}) // told where it is awaited
    tell(Math.min(rows.length, start + batch), rows.length)
  }
  await written
}

/** The cells as they came stay; what was found of them is told anew. */
async function rejudge(tx: Tx, importId: string, rows: Judged[], before: StoredRow[]): Promise<void> {
  const { rows: kept } = await sql<{ position: number; raw: ReadRow['raw'] }>`select import_row.position, import_row.raw from import_row where import_row.import_id = ${importId}`.execute(tx)
  const rawOf = new Map(kept.map(({ position, raw }) => [position, raw]))
  await store(tx, importId, rows.map((row, index) => ({ ...row, raw: rawOf.get(before[index]!.position) ?? [] })), () => {})
}

async function storedRows(tx: Tx, importId: string, verdicts: Verdict[]): Promise<StoredRow[]> {
  const { rows } = await sql<StoredRow>`
    select import_row.position, import_row.sheet, import_row.number, '[]'::jsonb as raw, import_row.fields, import_row.verdict, import_row.problems, import_row.notes, import_row.plan
    from import_row where import_row.import_id = ${importId} and import_row.verdict = any (${verdicts}) order by import_row.position`.execute(tx)
  return rows
}

/** Problems of reading stay with their row; those of comparing are found anew. */
function asRead({ sheet, number, raw, fields: { columns = {}, ...fields }, problems, notes, plan, verdict }: StoredRow): ReadRow {
  return { sheet, number, raw, fields, columns, problems: verdict === 'bad' && plan === null ? problems.filter(({ key }) => ofReading.has(key)) : [], notes: notes.filter((one) => one !== 'sinceKept') }
}

const ofReading = new Set(['encoding', 'name', 'nameMissing', 'born', 'twoBirths', 'twoGenders', 'gender', 'phone', 'card', 'status', 'twoStatuses', 'reasonWithoutExemption', 'role', 'kind', 'code', 'day', 'yearForDay', 'untilBeforeFrom', 'tooLong'])

type End = { state: 'checked' | 'refused' | 'imported'; found?: FoundInFile; counts?: Counts; refusal: Sentence | null; receipt?: Receipt }

async function finish(tx: Tx, { importId, attempt }: Work, { state, found, counts, refusal, receipt }: End): Promise<void> {
  const told = refusal && { vi: refusal('vi'), en: refusal('en') }
  const { numAffectedRows } = await sql`
    update import
    set state = ${state}, refusal = ${told ? JSON.stringify(told) : null}::jsonb, found = coalesce(${found ? JSON.stringify(found) : null}::jsonb, import.found),
        counts = coalesce(${counts ? JSON.stringify(counts) : null}::jsonb, import.counts), receipt = ${receipt ?? null},
        ended_at = case when ${state} in ('imported', 'refused') then clock_timestamp() end
    where id = ${importId} and attempt = ${attempt} and state = 'working'`.execute(tx)
  if (numAffectedRows !== 1n) throw new Error('this import was given to another attempt or cancelled')
}

/** What a person can be told of the error; null for one that is a bug. */
function sentenceOf(error: unknown): Sentence | null {
  if (error instanceof Refused || error instanceof Forbidden) return error.sentence
  const constraint = constraintOf(error)
  const known: Record<string, Parameters<typeof importWords.say>[0]> = {
    person_card_number_is_unique: 'stillTaken', unit_code_is_unique: 'stillTaken', person_belongs_to_one_unit_a_day: 'stillTaken',
    unit_has_one_secretary_a_day: 'stillTaken', office_is_held_once: 'stillTaken', tree_has_no_cycle: 'stillTaken',
    membership_is_in_a_standing_unit: 'stillTaken', look_ups_a_day_are_limited: 'tooManyLookUps',
  }
  if (constraint && known[constraint]) return importWords.say(known[constraint])
  return (error as { code?: string }).code === '42501' ? importWords.say('noLongerYours') : null
}
