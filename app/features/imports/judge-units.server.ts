import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { Ctx } from '../../permissions/permissions.ts'
import { codeOf } from '../units/keep-units.server.ts'
import { bad, namesOf, twice, wrong, type Asked, type Change, type Judged } from './judging.ts'
import type { ReadRow, RowProblem } from './reading/rows.ts'
import { plain } from './reading/values.ts'
import { unitBook, type SeenUnit, type UnitBook } from './unit-names.server.ts'

/** Where a row stands: under a unit that is there, under another row, at the top, or nobody can tell. */
type Above = { unit: SeenUnit } | { row: ReadRow } | { top: true } | { problem: RowProblem }
type Placed = { row: ReadRow; above: Above; unit: SeenUnit | null }

/** Compares a list of units with the tree: a code tells which a unit is, else its name under the unit above. */
export async function judgeUnits(ctx: Ctx, rows: ReadRow[], asked: Asked): Promise<Judged[]> {
  const units = await unitBook(ctx, 'viewer_parenting_units', ctx.viewer.today)
  const facts = await factsOf(ctx, rows)
  const placed = placeAll(rows, units, asked)
  const reachesDeep = ctx.viewer.offices.some(({ role }) => role === 'administrator' || role === 'city_officer')
  const sameCode = twice(rows, ({ fields }) => fields.code ?? null)
  const sameName = twice([...placed.values()], ({ row, above }) => (row.fields.name && !row.fields.code ? `${keyOf(above)}|${plain(row.fields.name)}` : null))
  const verdicts = new Map<ReadRow, Judged>()
  const taken = new Set([...units.byId.values()].map(({ code }) => code))
  for (const fields of rows) if (fields.fields.code) taken.add(fields.fields.code)

  const judge = (place: Placed): Judged => {
    const { row, above, unit } = place
    const { fields } = row
    const problems: RowProblem[] = 'problem' in above ? [above.problem] : []
    const codes = sameCode.get(row)
    if (codes) problems.push(wrong(row, 'code', 'codeTwice', fields.code, { rows: namesOf(codes, row) }))
    const names = sameName.get(place)
    if (names) problems.push(wrong(row, 'unitName', 'unitTwice', fields.name, { rows: namesOf(names.map((one) => one.row), row) }))
    if (fields.code && !unit && facts.taken.has(fields.code)) problems.push(wrong(row, 'code', 'codeTaken', fields.code))
    const path = cycleFrom(place, placed)
    if (path) problems.push(wrong(row, 'above', 'cycle', fields.unit?.name ?? fields.unit?.code, { path }))
    if (problems.length > 0 || row.problems.length > 0) return bad(row, ...problems)
    if ('row' in above && verdicts.get(above.row)?.verdict === 'bad') return bad(row, wrong(row, 'above', 'parentBad', fields.unit?.name ?? fields.unit?.code, { row: String(above.row.number) }))
    return unit ? judgeKnown(place as Placed & { unit: SeenUnit }) : judgeNew(place)
  }

  const judgeNew = ({ row, above }: Placed): Judged => {
    const { fields } = row
    if (!fields.kind) return bad(row, wrong(row, 'kind', 'kindMissing', fields.name))
    if ('unit' in above && !above.unit.isKept) return bad(row, wrong(row, 'above', 'parentNotYours', above.unit.name))
    if ('row' in above && !reachesDeep && !verdicts.get(above.row)?.plan?.changes) return bad(row, wrong(row, 'above', 'parentNotYours', above.row.fields.name))
    if ('top' in above) return bad(row, wrong(row, 'above', 'noParent', null))
    const parentId = 'unit' in above ? above.unit.id : 'row' in above ? verdicts.get(above.row)!.plan!.id : ''
    const code = fields.code ?? freeCode(fields.name!, 'unit' in above ? above.unit.code : 'row' in above ? (verdicts.get(above.row)!.fields.code ?? '') : '', taken)
    taken.add(code)
    return { ...row, fields: { ...fields, code }, verdict: 'new', plan: { id: v7(), parentId, ...(fields.since && { since: fields.since }) } }
  }

  const judgeKnown = ({ row, above, unit }: Placed & { unit: SeenUnit }): Judged => {
    const { fields } = row
    const kept = facts.kept.get(unit.id)!
    const changes: Change[] = []
    const differ = (field: string, from: string | null, to: string | undefined) => void (to !== undefined && to !== from && changes.push({ field, from, to }))
    differ('name', unit.name, fields.name)
    differ('kind', unit.kind, fields.kind)
    differ('organisationName', unit.organisationName, fields.organisationName)
    differ('symbol', kept.symbol, fields.symbol)
    differ('place', kept.place, fields.place)
    const parentId = 'unit' in above ? above.unit.id : 'row' in above ? verdicts.get(above.row)!.plan!.id : unit.parentId
    const isMoved = parentId !== unit.parentId
    if (isMoved) differ('above', unit.parentId ? (units.byId.get(unit.parentId)?.name ?? null) : null, 'unit' in above ? above.unit.name : 'row' in above ? above.row.fields.name : '')
    const mayName = unit.parentId ? units.byId.get(unit.parentId)?.isKept === true : unit.isKept
    if (changes.length > 0 && !mayName) return bad(row, wrong(row, 'unitName', 'unitNotKept', unit.name))
    if (isMoved && 'unit' in above && !above.unit.isKept) return bad(row, wrong(row, 'above', 'parentNotYours', above.unit.name))
    if (isMoved && unit.parentId === null) return bad(row, wrong(row, 'above', 'topStays', unit.name))
    if (fields.kind && unit.hasMembers && !facts.withMembers.has(fields.kind)) return bad(row, wrong(row, 'kind', 'kindLosesMembers', fields.kind))
    if (fields.since && fields.since !== kept.from && !isMoved) row.notes.push('sinceKept')
    const since = fields.since ?? asked.effectiveOn
    if (isMoved && kept.hungOn && since < kept.hungOn) return bad(row, wrong(row, 'since', 'movedTooEarly', since, { since: kept.hungOn }))
    const plan = { id: unit.id, changes, ...(isMoved && { parentId: parentId!, since }) }
    return { ...row, fields: { ...fields, code: unit.code }, verdict: changes.length > 0 ? 'changed' : 'unchanged', plan }
  }

  // a row is judged after the one it stands under; rows in a circle are judged where they are met
  const visit = (place: Placed, path: Set<ReadRow>): void => {
    if (verdicts.has(place.row) || path.has(place.row)) return
    if ('row' in place.above) visit(placed.get(place.above.row)!, path.add(place.row))
    if (!verdicts.has(place.row)) verdicts.set(place.row, judge(place))
  }
  for (const place of placed.values()) visit(place, new Set())
  return rows.map((row) => verdicts.get(row)!)
}

/** Which unit each row is of, and under what it stands. */
function placeAll(rows: ReadRow[], units: UnitBook, { unitId }: Asked): Map<ReadRow, Placed> {
  const byCode = Map.groupBy(rows.filter(({ fields }) => fields.code), ({ fields }) => fields.code!)
  const byName = Map.groupBy(rows.filter(({ fields }) => fields.name), ({ fields }) => plain(fields.name!))
  const known = (code: string | undefined) => {
    const found = code ? units.find({ code, column: null }) : null
    return found && 'unit' in found ? found.unit : null
  }
  const placed = new Map<ReadRow, Placed>()
  const aboveOf = (row: ReadRow): Above => {
    const named = row.fields.unit
    const own = known(row.fields.code)
    if (!named) {
      if (own) return own.parentId && units.byId.has(own.parentId) ? { unit: units.byId.get(own.parentId)! } : { top: true }
      const chosen = unitId ? units.byId.get(unitId) : undefined
      return chosen ? { unit: chosen } : { problem: wrong(row, null, 'noParent', null) }
    }
    const inFile = [...new Set([...((named.code && byCode.get(named.code)) || []), ...((named.name && byName.get(plain(named.name))) || [])])]
    if (inFile.length === 1) return inFile[0] === row ? { problem: wrong(row, 'above', 'underItself', named.name ?? named.code) } : { row: inFile[0]! }
    const found = units.find(named)
    if ('unit' in found && inFile.length === 0) return { unit: found.unit }
    if (inFile.length > 1) return { problem: wrong(row, 'above', 'parentTwice', named.name ?? named.code, { rows: namesOf(inFile, row) }) }
    return { problem: { ...('problem' in found ? found.problem : { key: 'unitUnknown' }), column: named.column, value: named.name ?? named.code ?? null } }
  }
  const place = (row: ReadRow, path: Set<ReadRow>): Placed => {
    const done = placed.get(row)
    if (done) return done
    const above = aboveOf(row)
    let unit = known(row.fields.code)
    if (!unit && !row.fields.code && row.fields.name) {
      const parentId = 'unit' in above ? above.unit.id : 'row' in above && !path.has(row) ? (place(above.row, path.add(row)).unit?.id ?? null) : 'top' in above ? null : undefined
      const name = plain(row.fields.name)
      unit = [...units.byId.values()].find((one) => plain(one.name) === name && (one.parentId === parentId || ('problem' in above && one.parentId === null && !row.fields.unit))) ?? null
      // the top itself, which an export names without anything above
      if (unit && unit.parentId === null && 'problem' in above) return keep({ row, above: { top: true }, unit })
    }
    return keep({ row, above, unit })
  }
  const keep = (one: Placed): Placed => {
    placed.set(one.row, one)
    return one
  }
  for (const row of rows) place(row, new Set())
  return placed
}

/** The names along a circle that begins and ends at this row; null when it stands on firm ground. */
function cycleFrom(start: Placed, placed: Map<ReadRow, Placed>): string | null {
  const names = [start.row.fields.name ?? '']
  const rowOf = new Map([...placed.values()].flatMap(({ row, unit }) => (unit ? [[unit.id, row] as const] : [])))
  for (let at = start; names.length < 100; ) {
    const next = 'row' in at.above ? at.above.row : 'unit' in at.above ? rowOf.get(at.above.unit.id) : undefined
    if (!next) return null
    names.push(next.fields.name ?? '')
    if (next === start.row) return names.join(' → ')
    at = placed.get(next)!
  }
  return null
}

const keyOf = (above: Above) => ('unit' in above ? above.unit.id : 'row' in above ? (above.row.fields.code ?? plain(above.row.fields.name ?? '')) : 'top' in above ? 'top' : '?')

function freeCode(name: string, above: string, taken: Set<string>): string {
  const stem = `${above}-${codeOf(name)}`.length <= 60 && above !== '' ? `${above}-${codeOf(name)}` : codeOf(name)
  let code = stem
  for (let number = 2; taken.has(code); number++) code = `${stem}-${number}`
  return code
}

type Facts = { kept: Map<string, { symbol: string | null; place: string | null; from: string | null; hungOn: string | null }>; withMembers: Set<string>; taken: Set<string> }

async function factsOf({ tx, viewer }: Ctx, rows: ReadRow[]): Promise<Facts> {
  const kept = await sql<{ id: string; symbol: string | null; place: string | null; from: string | null; hungOn: string | null }>`
    select unit.id, unit.symbol, unit.place, nullif(lower(unit.during), '-infinity')::text as "from", nullif(lower(unit_parent.during), '-infinity')::text as "hungOn"
    from unit
    left join unit_parent on unit_parent.unit_id = unit.id and unit_parent.during @> ${viewer.today}::date`.execute(tx)
  const kinds = await sql<{ key: string }>`select unit_kind.key from unit_kind where unit_kind.has_members`.execute(tx)
  const codes = rows.flatMap(({ fields }) => (fields.code ? [fields.code] : []))
  const taken = await sql<{ code: string }>`select asked.code from unnest(${codes}::text[]) as asked (code) where asked.code not in (select free_unit_codes(${codes}::text[]))`.execute(tx)
  return { kept: new Map(kept.rows.map((row) => [row.id, row])), withMembers: new Set(kinds.rows.map(({ key }) => key)), taken: new Set(taken.rows.map(({ code }) => code)) }
}
