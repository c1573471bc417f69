import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { Ctx } from '../../permissions/permissions.ts'
import { permissionWords } from '../../permissions/permissions.messages.ts'
import type { Day } from '../../platform/clock.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { note } from '../../web/audit.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { importWords } from './imports.messages.ts'
import type { ImportAsked, ImportChosen, ImportDecisions, ImportKind, Verdict } from './imports.schema.ts'
import { limits } from './reading/limits.ts'
import type { Counts, FoundInFile, StoredRow } from './work.server.ts'

export type ImportState = 'waiting' | 'working' | 'checked' | 'refused' | 'imported' | 'cancelled'

/** One import as its owner sees it. */
export type ImportHead = {
  id: string
  kind: ImportKind
  unitId: string | null
  unitName: string | null
  effectiveOn: Day
  fileName: string
  state: ImportState
  task: 'read' | 'import'
  done: number
  total: number
  found: FoundInFile | null
  counts: Counts | null
  refusal: { vi: string; en: string } | null
  receipt: number | null
  createdAt: Date
  endedAt: Date | null
  isSwept: boolean
}

/** The largest file. */
export const fileBytes = limits.fileBytes

/** The largest request that brings a file: the file and the form around it. */
export const importRequestBytes = limits.fileBytes + 256 * 1024

const actions = { members: 'keep members', units: 'keep units', offices: 'appoint to offices' } as const

/** Kinds of lists that this viewer may bring at all; which rows of them, each row's unit says. */
export async function kindsFor({ tx }: Pick<Ctx, 'tx'>): Promise<ImportKind[]> {
  const { rows } = await sql<Record<ImportKind, boolean>>`
    select exists (select viewer_kept_units()) as members, exists (select viewer_parenting_units()) as units,
           exists (select viewer_appointed_units() union all select viewer_administered_tops()) as offices`.execute(tx)
  return (['members', 'units', 'offices'] as const).filter((kind) => rows[0]![kind])
}

/** Units that a list can be said to be of: whose members one keeps, nearest to the top first. */
export async function unitsToChoose({ tx }: Pick<Ctx, 'tx'>, most = 300): Promise<{ code: string; name: string; above: string | null }[]> {
  const { rows } = await sql<{ code: string; name: string; above: string | null }>`
    select unit.code, unit.name, above.name as above
    from unit
    join unit_kind on unit_kind.key = unit.kind
    left join unit_parent on unit_parent.unit_id = unit.id and unit_parent.during @> viewer_today()
    left join unit as above on above.id = unit_parent.parent_id
    where unit.id in (select viewer_kept_units()) and unit.during @> viewer_today() and unit_kind.has_members
    order by unit_kind.position, above.name collate "vi-x-icu", unit.name collate "vi-x-icu"
    limit ${most}`.execute(tx)
  return rows
}

/** Keeps a file to be read by a process of its own. Throws Forbidden, NotFound, Refused('file'). */
export async function bringFile(ctx: Ctx, { kind, unitCode, effectiveOn }: ImportAsked, file: { name: string; bytes: Uint8Array }): Promise<string> {
  const { tx, viewer, source } = ctx
  if (!(await kindsFor(ctx)).includes(kind)) throw new Forbidden(permissionWords.say(actions[kind]))
  if (file.bytes.byteLength > limits.fileBytes) throw new Refused('file', importWords.say('fileTooLarge', { megabytes: limits.fileBytes / 1024 / 1024 }))
  if (file.bytes.byteLength === 0) throw new Refused('file', importWords.say('fileMissing'))
  const unit = unitCode ? await unitByCode(tx, unitCode) : null
  const id = v7()
  await tx
    .insertInto('import')
    .values({ id, person_id: viewer.personId, kind, unit_id: unit?.id ?? null, effective_on: effectiveOn ?? viewer.today, source, file_name: file.name.normalize('NFC').replace(/[\u0000-\u001f/\\]/g, ' ').trim().slice(-120) || 'tep', content: Buffer.from(file.bytes) })
    .execute()
  return id
}

const heads = sql`
  select import.id, import.kind, import.unit_id as "unitId", unit.name as "unitName", import.effective_on as "effectiveOn", import.file_name as "fileName", import.state, import.task,
         import.done, import.total, import.found, import.counts, import.refusal, import.receipt, import.created_at as "createdAt", import.ended_at as "endedAt",
         import.content is null as "isSwept"
  from import
  left join unit on unit.id = import.unit_id`

/** NotFound for anybody but whoever brought it. */
export async function importById({ tx }: Pick<Ctx, 'tx'>, id: string): Promise<ImportHead> {
  const { rows } = await sql<ImportHead>`${heads} where import.id = ${id}`.execute(tx)
  if (!rows[0]) throw new NotFound()
  return rows[0]
}

/** One's own imports, the latest first. */
export async function importsOf({ tx }: Pick<Ctx, 'tx'>, most = 20): Promise<ImportHead[]> {
  const { rows } = await sql<ImportHead>`${heads} order by import.created_at desc limit ${most}`.execute(tx)
  return rows
}

/** Rows of one verdict, or all, in the order of the file. */
export async function rowsOf({ tx }: Pick<Ctx, 'tx'>, id: string, { verdict, offset = 0, most = 50 }: { verdict?: Verdict; offset?: number; most?: number }): Promise<(StoredRow & { unitName: string | null })[]> {
  const { rows } = await sql<StoredRow & { unitName: string | null }>`
    select import_row.position, import_row.sheet, import_row.number, import_row.raw, import_row.fields, import_row.verdict, import_row.problems, import_row.notes, import_row.plan,
           unit.name as "unitName"
    from import_row
    left join unit on unit.id = coalesce(import_row.plan ->> 'unitId', import_row.plan ->> 'parentId')::uuid
    where import_row.import_id = ${id} and (${verdict ?? null}::text is null or import_row.verdict = ${verdict ?? null})
    order by import_row.position
    limit ${most} offset ${offset}`.execute(tx)
  return rows
}

/** Has an import carried out that was read and has nothing wrong. Throws NotFound, Refused('form'). */
export async function askForImport(ctx: Ctx, { id }: ImportChosen): Promise<string> {
  const head = await lockedImport(ctx, id)
  if (head.state === 'imported') throw new Refused('form', importWords.say('doneAlready'))
  if (head.state !== 'checked') throw new Refused('form', importWords.say('notReady'))
  if (head.counts!.bad > 0) throw new Refused('form', importWords.say('stillBad', { count: head.counts!.bad }))
  if (head.counts!.new + head.counts!.changed === 0) throw new Refused('form', importWords.say('nothingToDo'))
  await ctx.tx.updateTable('import').set({ state: 'waiting', task: 'import', refusal: null, done: 0, total: 0 }).where('id', '=', id).execute()
  return id
}

/** Has the file compared once more with what there is now. Throws NotFound, Refused('form'). */
export async function readAgain(ctx: Ctx, { id }: ImportChosen): Promise<string> {
  const head = await lockedImport(ctx, id)
  if (head.isSwept || (head.state !== 'checked' && head.state !== 'refused')) throw new Refused('form', importWords.say('notReady'))
  await ctx.tx.updateTable('import').set({ state: 'waiting', task: 'read', refusal: null, done: 0, total: 0 }).where('id', '=', id).execute()
  return id
}

/**
 * Says of rows that could be one person or two which it is; the file is compared once more with that. Throws NotFound, Refused('form') for a
 * row that asks no such thing, or for somebody whom it does not ask about.
 */
export async function decideRows(ctx: Ctx, { id, decisions }: ImportDecisions): Promise<string> {
  const { tx } = ctx
  const head = await lockedImport(ctx, id)
  if (head.isSwept || head.state !== 'checked') throw new Refused('form', importWords.say('notReady'))
  if (decisions.length === 0) throw new Refused('form', importWords.say('nothingDecided'))
  for (const { position, who } of decisions) {
    const { rows } = await sql<Pick<StoredRow, 'fields' | 'problems'>>`select import_row.fields, import_row.problems from import_row where import_row.import_id = ${id} and import_row.position = ${position}`.execute(tx)
    const perhaps = rows[0]?.problems.flatMap((problem) => problem.perhaps ?? []) ?? []
    if (perhaps.length === 0 || (who !== 'another' && !perhaps.some((one) => one.id === who))) throw new Refused('form', importWords.say('notAsked'))
    const before = rows[0]!.fields.decided ?? {}
    const decided = who === 'another' ? { ...before, not: [...(before.not ?? []), ...perhaps.map((one) => one.id)] } : { ...before, is: who }
    await sql`
      with gone as (delete from import_row where import_row.import_id = ${id} and import_row.position = ${position} returning import_row.*)
      insert into import_row (import_id, position, sheet, number, raw, fields, verdict, problems, notes, plan)
      select gone.import_id, gone.position, gone.sheet, gone.number, gone.raw, gone.fields || ${JSON.stringify({ decided })}::jsonb, gone.verdict, gone.problems, gone.notes, gone.plan from gone`.execute(tx)
  }
  return readAgain(ctx, { id })
}

/** Gives an import up: the file and what was understood of it are gone at once. Throws NotFound, Refused('form') once it is done. */
export async function cancelImport(ctx: Ctx, { id }: ImportChosen): Promise<string> {
  const head = await lockedImport(ctx, id)
  if (head.state === 'imported') throw new Refused('form', importWords.say('doneAlready'))
  await sql`update import set state = 'cancelled', content = null, ended_at = clock_timestamp() where id = ${id}`.execute(ctx.tx)
  await ctx.tx.deleteFrom('import_row').where('import_id', '=', id).execute()
  await note(ctx, { action: 'import.cancelled', unitId: head.unitId, subjectType: 'import', subjectId: id, detail: { kind: head.kind } })
  return id
}

async function lockedImport(ctx: Ctx, id: string): Promise<ImportHead> {
  await ctx.tx.selectFrom('import').select('id').where('id', '=', id).forUpdate().execute()
  return importById(ctx, id)
}
