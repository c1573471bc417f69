import { sql } from 'kysely'
import { keepTree } from '../../db/tree.ts'
import type { Ctx } from '../../permissions/permissions.ts'
import { editUnit, moveUnit } from '../units/keep-units.server.ts'
import type { NewUnit } from '../units/units.schema.ts'
import type { Applying } from './applying.ts'
import { importWords } from './imports.messages.ts'

type Row = Applying['rows'][number]

/** Adds units level by level from the top, so that each stands before those under it; corrects and moves the others one by one. */
export async function applyUnits(ctx: Ctx, { rows, effectiveOn, tell }: Applying): Promise<void> {
  let left = rows.filter(({ verdict }) => verdict === 'new')
  const waiting = new Set(left.map(({ plan }) => plan!.id))
  while (left.length > 0) {
    const level = left.filter(({ plan }) => !waiting.has(plan!.parentId!))
    if (level.length === 0) throw new Error('units that stand under one another were let through')
    await addLevel(ctx, level)
    for (const { plan } of level) waiting.delete(plan!.id)
    left = left.filter((row) => !level.includes(row))
  }
  const changed = rows.filter(({ verdict }) => verdict === 'changed')
  for (const [index, row] of changed.entries()) {
    await changeUnit(ctx, row, effectiveOn)
    tell(index + 1, changed.length)
  }
}

async function addLevel({ tx, viewer }: Ctx, rows: Row[]): Promise<void> {
  const added = JSON.stringify(rows.map(({ fields, plan }) => ({ ...fields, id: plan!.id, parent_id: plan!.parentId, from_day: plan!.since ?? null })))
  const given = sql`jsonb_to_recordset(${added}::jsonb) as row (id uuid, parent_id uuid, from_day date, code text, kind text, name text, "organisationName" text, symbol text, place text)`
  const during = sql`daterange(coalesce(row.from_day, '-infinity'), null)`
  await sql`
    insert into unit (id, code, kind, name, organisation_name, symbol, place, during)
    select row.id, row.code, row.kind, row.name, row."organisationName", row.symbol, row.place, ${during} from ${given}`.execute(tx)
  await keepTree(tx, rows.map(({ plan }) => plan!.id), () => sql`insert into unit_parent (unit_id, parent_id, during) select row.id, row.parent_id, ${during} from ${given}`.execute(tx))
  await sql`
    insert into audit_entry (actor_id, action, unit_id, subject_type, subject_id, detail)
    select ${viewer.personId}::uuid, 'unit.added', row.id, 'unit', row.id::text, jsonb_build_object('code', row.code, 'fromDay', row.from_day) from ${given}`.execute(tx)
}

async function changeUnit(ctx: Ctx, { fields, plan }: Row, effectiveOn: string): Promise<void> {
  const changes = plan!.changes ?? []
  if (changes.some(({ field }) => field !== 'above')) {
    const { rows } = await sql<Record<'kind' | 'name' | 'organisationName' | 'symbol' | 'place', string | null>>`
      select unit.kind, unit.name, unit.organisation_name as "organisationName", unit.symbol, unit.place from unit where unit.id = ${plan!.id}`.execute(ctx.tx)
    const held = rows[0]!
    await editUnit(ctx, {
      unitCode: fields.code!,
      kind: (fields.kind ?? held.kind) as NewUnit['kind'],
      name: fields.name ?? held.name!,
      organisationName: fields.organisationName ?? held.organisationName ?? undefined,
      symbol: fields.symbol ?? held.symbol ?? undefined,
      place: fields.place ?? held.place ?? undefined,
    })
  }
  if (plan!.parentId) {
    const { code } = await ctx.tx.selectFrom('unit').select('code').where('id', '=', plan!.parentId).executeTakeFirstOrThrow()
    await moveUnit(ctx, { unitCode: fields.code!, parentCode: code, fromDay: plan!.since ?? effectiveOn, reason: importWords.in('vi')('reasonOfChange') })
  }
}
