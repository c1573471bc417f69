import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Day } from '../../platform/clock.ts'
import { writtenNumber, type DocumentHead } from '../documents/document-rows.server.ts'
import type { DocumentType } from '../documents/typesetting/official-document.ts'
import { cellOn, daysBetween, rowOf, totalsOf, worstFirst, type MatrixCell, type MatrixRow, type MatrixTotals, type MatrixUnit } from './matrix.ts'

/** A required document: one rule, or one month of a rule. `dueOn` null where it differs from unit to unit. */
export type MatrixColumn = { key: string; ruleId: string; period: string; title: string; type: DocumentType | null; dueOn: Day | null; basis: { id: string; number: string; issuedOn: Day | null } | null }
export type Reached = { cells: number; reached: number; lastOn: Day | null; days: number | null }
export type Matrix = { columns: MatrixColumn[]; rows: MatrixRow[]; totals: MatrixTotals; reached: Map<string, Reached>; firstOn: Day | null }

/** `isNow`: the day its campaign is told as of at present, on which every record counts at once; `open`: units whose own are shown beneath them. */
type Asked = { campaignId: string; unitId: string; asOf: Day; isNow?: boolean; open?: string[] }

/**
 * Which unit has issued which required document, as of a day: the unit itself where something is required of it, the units directly beneath,
 * which stands first, and those beneath the opened ones. What the viewer may not see is not there; another unit's draft is a missing document.
 */
export async function matrixOf(tx: Tx, asked: Asked): Promise<Matrix> {
  const tops = [asked.unitId, ...(asked.open ?? [])]
  const cells = await cellsOf(tx, { ...asked, tops })
  const columns = await columnsOf(tx, asked.campaignId, cells)
  const basisOf = new Map(columns.map((column) => [column.key, column.basis?.issuedOn ?? null]))
  const units = new Map(cells.map((cell) => [cell.unit.id, cell.unit]))
  const byUnit = Map.groupBy(cells, (cell) => cell.unit.id)
  const carriedOut = await carriedOutOn(tx, cells.flatMap((cell) => (cell.document ? [cell.document.id] : [])))
  const issuedOn = new Map(cells.flatMap((cell) => (cell.document?.issuedOn && (asked.isNow || cell.document.issuedOn <= asked.asOf) ? [[`${cell.unitId} ${cell.column}`, cell.document.issuedOn] as const] : [])))

  const shown = new Set<string>()
  const rowFor = (unit: MatrixUnit, level: number): MatrixRow => {
    shown.add(unit.id)
    const own = (byUnit.get(unit.id) ?? []).map((cell): MatrixCell => cellOn(cell, asked, carriedOut.get(cell.document?.id ?? '') ?? issuedOn.get(`${unit.parentId} ${cell.column}`) ?? basisOf.get(cell.column) ?? null))
    const beneath = tops.includes(unit.id) && unit.id !== asked.unitId ? [...units.values()].filter((one) => one.parentId === unit.id && !shown.has(one.id)) : []
    return rowOf(unit, level, own, beneath.map((one) => rowFor(one, level + 1)).toSorted(worstFirst))
  }
  const first = [...units.values()].filter((unit) => unit.id === asked.unitId || unit.parentId === asked.unitId)
  const isItself = (row: MatrixRow) => Number(row.unit.id === asked.unitId)
  const rows = first.map((unit) => rowFor(unit, 0)).toSorted((a, b) => isItself(b) - isItself(a) || worstFirst(a, b))
  const { reached, firstOn } = await reachedOf(tx, asked, [...new Set([...shown, asked.unitId])])
  return { columns, rows, totals: totalsOf(rows), reached, firstOn }
}

type Numbered = Pick<DocumentHead, 'type' | 'grammar' | 'number' | 'symbol' | 'issuedOn'>
type CellRow = { dutyId: string; ruleId: string; period: string; column: string; unitId: string; unit: MatrixUnit; dueOn: Day | null; doneOn: Day | null; isWaived: boolean; document: { id: string; number: string; issuedOn: Day | null } | null; draftId: string | null }

async function cellsOf(tx: Tx, { campaignId, asOf, tops }: Asked & { tops: string[] }): Promise<CellRow[]> {
  const { rows } = await sql<{
    dutyId: string; ruleId: string; period: string; unitId: string; unitCode: string; unitName: string; parentId: string | null; hasBeneath: boolean; dueOn: Day | null; doneOn: Day | null; isWaived: boolean
    documentId: string | null; draftId: string | null
  } & Numbered>`
    with row as materialized (
      select unit.id, unit.code, unit.name, placed.ancestor_id as parent_id
      from unit_ancestor as placed
      join unit on unit.id = placed.unit_id
      where placed.ancestor_id = any (${tops}::uuid[]) and placed.depth = 1 and placed.standing @> ${asOf}::date
      union all
      select unit.id, unit.code, unit.name, null from unit where unit.id = ${tops[0]!}
    ), draft as materialized (
      -- asked once and not for each cell: only one's own units' drafts are here
      select document.unit_id, document.type, min(document.id::text) as id
      from document
      where document.campaign_id = ${campaignId} and document.state = 'draft' and document.author_id is null and document.unit_id in (select viewer_office_units())
      group by document.unit_id, document.type
    )
    select duty.id as "dutyId", duty.rule_id as "ruleId", duty.period, row.id as "unitId", row.code as "unitCode", row.name as "unitName", row.parent_id as "parentId",
           exists (select from unit_ancestor as child where child.ancestor_id = row.id and child.depth = 1 and child.standing @> ${asOf}::date) as "hasBeneath",
           duty.due_on as "dueOn", duty.done_on as "doneOn", duty.waived_at is not null as "isWaived",
           document.id as "documentId", document.type, document.grammar, document.number, document.symbol, document.issued_on as "issuedOn", draft.id as "draftId"
    from row
    join duty on duty.unit_id = row.id and duty.campaign_id = ${campaignId} and duty.kind = 'document' and duty.dropped_on is null and duty.role is null
    left join document on document.id = duty.done_by and duty.done_what = 'document'
    left join draft on draft.unit_id = row.id and draft.type = duty.detail ->> 'type' and duty.done_on is null
    order by row.name collate "vi-x-icu", row.id`.execute(tx)
  return rows.map(({ unitId, unitCode, unitName, parentId, hasBeneath, documentId, type, grammar, number, symbol, issuedOn, ...cell }) => ({
    ...cell,
    unitId,
    column: `${cell.ruleId}${cell.period && `:${cell.period}`}`,
    unit: { id: unitId, code: unitCode, name: unitName, parentId, hasBeneath },
    document: documentId === null ? null : { id: documentId, number: writtenNumber({ type, grammar, number, symbol }) ?? '…', issuedOn },
  }))
}

/** The day of the latest document of another unit that each of them answers or carries out, as the chain counts it. */
async function carriedOutOn(tx: Tx, documentIds: string[]): Promise<Map<string, Day>> {
  if (documentIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; day: Day }>`
    select related.from_id as id, max(above.issued_on) as day
    from document_relation as related
    join document as own on own.id = related.from_id
    join document as above on above.id = related.to_id and above.issued_on <= own.issued_on and above.issuer_id is distinct from own.issuer_id
    where related.from_id = any (${documentIds}::uuid[]) and related.kind in ('answers', 'carries_out')
    group by related.from_id`.execute(tx)
  return new Map(rows.map(({ id, day }) => [id, day]))
}

async function columnsOf(tx: Tx, campaignId: string, cells: CellRow[]): Promise<MatrixColumn[]> {
  const { rows } = await sql<{ id: string; title: string; wanted: DocumentType | null; basisId: string | null } & Numbered>`
    select duty_rule.id, duty_rule.title, duty_rule.detail ->> 'type' as wanted, document.id as "basisId", document.type, document.grammar,
           document.number, document.symbol, document.issued_on as "issuedOn"
    from duty_rule
    left join document on document.id = duty_rule.basis_id
    where duty_rule.campaign_id = ${campaignId} and duty_rule.kind = 'document'`.execute(tx)
  const rules = new Map(rows.map((row) => [row.id, row]))
  const columns = [...Map.groupBy(cells, (cell) => cell.column).entries()].flatMap(([key, own]): MatrixColumn[] => {
    const { ruleId, period } = own[0]!
    const rule = rules.get(ruleId)
    const days = new Set(own.map((cell) => cell.dueOn))
    if (!rule) return []
    return [{ key, ruleId, period, title: rule.title, type: rule.wanted, dueOn: days.size === 1 ? own[0]!.dueOn : null, basis: rule.basisId === null ? null : { id: rule.basisId, number: writtenNumber(rule) ?? '…', issuedOn: rule.issuedOn } }]
  })
  const firstDue = (column: MatrixColumn) => cells.filter((cell) => cell.column === column.key).map((cell) => cell.dueOn ?? '9999').toSorted()[0]!
  return columns.toSorted((a, b) => firstDue(a).localeCompare(firstDue(b)) || a.title.localeCompare(b.title, 'vi') || a.key.localeCompare(b.key))
}

/** How far documents came down to the cells beneath each unit; days are counted from the first document of the campaign's own unit. */
async function reachedOf(tx: Tx, { campaignId, asOf }: Asked, unitIds: string[]): Promise<{ reached: Matrix['reached']; firstOn: Day | null }> {
  const first = await sql<{ day: Day | null }>`
    select min(document.issued_on) as day
    from document
    join campaign on campaign.id = document.campaign_id and campaign.unit_id = document.issuer_id
    where document.campaign_id = ${campaignId} and document.state = 'issued' and document.author_id is null and document.issued_on <= ${asOf}::date`.execute(tx)
  const firstOn = first.rows[0]?.day ?? null
  const { rows } = await sql<{ unit_id: string; cells: number; reached: number; last_on: Day | null }>`select unit_id, cells, reached, last_on from cells_reached(${campaignId}, ${unitIds}::uuid[], ${asOf})`.execute(tx)
  return { firstOn, reached: new Map(rows.map((row) => [row.unit_id, { cells: row.cells, reached: row.reached, lastOn: row.last_on, days: firstOn && row.last_on ? daysBetween(firstOn, row.last_on) : null }])) }
}
