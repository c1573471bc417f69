import { sql } from 'kysely'
import { v7 } from 'uuid'
import { asViewer, openDatabase, type Db } from '../app/db/open.ts'
import { chainOfCampaign } from '../app/features/cascade/chain.server.ts'
import { matrixOf } from '../app/features/cascade/matrix.server.ts'
import { openLog } from '../app/platform/log.ts'
import { administer, createMigrated, openScratchServer } from '../scripts/scratch-server.ts'
import { line, measure } from './shared/measure.ts'

// The matrix of a city: 110 units × required documents, with 30,000 duties in the table, asked by its officer under row-level security.

const [communes, cellsEach, rules] = [110, 29, 9]
const asOf = '2026-06-30'
const { server, stop } = await openScratchServer()
const database = 'thong_suot_bench_cascade'
await administer(server, `drop database if exists ${database} with (force)`)
await createMigrated(server, database)
const { db } = openDatabase({ ...server, database }, openLog('warn'), 4)
try {
  const { campaignId, cityId, officerId, districtIds } = await lay(db)
  const size = await sql<object>`select (select count(*) from unit) as units, (select count(*) from duty) as duties, (select count(*) from document) as documents`.execute(db)
  line({ bench: 'cascade', what: 'size', ...size.rows[0] })
  const viewer = { personId: officerId, today: asOf }
  const ask = (open: string[]) => asViewer(db, viewer, (tx) => matrixOf(tx, { campaignId, unitId: cityId, asOf, open }))
  const matrix = await ask([])
  line({ bench: 'cascade', what: 'cells', columns: matrix.columns.length, ...matrix.totals })
  const measured = await measure(100, () => ask([]))
  line({ bench: 'cascade', what: 'the matrix of 110 units', budget: 100, ...measured })
  const opened = await measure(50, (run) => ask(districtIds.slice(run % 50, (run % 50) + 3)))
  line({ bench: 'cascade', what: 'the same with three units opened in place', budget: 100, ...opened })
  line({ bench: 'cascade', what: 'the chain of the campaign', budget: 100, ...(await measure(50, () => asViewer(db, viewer, (tx) => chainOfCampaign(tx, { campaignId, unitId: cityId, asOf })))) })
  if (Math.max(measured.p95, opened.p95) > 100) await explain(db, viewer, campaignId, cityId)
} finally {
  await db.destroy()
  await administer(server, `drop database if exists ${database} with (force)`)
  await stop()
}

/** A city, its communes and their cells; nine rules over all of them; two thirds of the communes' documents issued. */
async function lay(db: Db) {
  const [cityId, officerId, campaignId] = [v7(), v7(), v7()]
  const districtIds = Array.from({ length: communes }, () => v7())
  const units = [
    { id: cityId, code: 'thanh-pho', kind: 'city_committee', name: 'Thành ủy', symbol: 'TU', parent: null as string | null },
    ...districtIds.flatMap((id, commune) => [
      { id, code: `xa-${commune}`, kind: 'commune_committee', name: `Đảng ủy xã ${commune}`, symbol: 'ĐU', parent: cityId },
      ...Array.from({ length: cellsEach }, (_, cell) => ({ id: v7(), code: `xa-${commune}-${cell}`, kind: 'cell', name: `Chi bộ ${cell} xã ${commune}`, symbol: 'CB', parent: id })),
    ]),
  ]
  const json = JSON.stringify(units)
  await sql`insert into unit (id, code, kind, name, symbol) select id, code, kind, name, symbol from jsonb_to_recordset(${json}::jsonb) as laid (id uuid, code text, kind text, name text, symbol text)`.execute(db)
  await sql`insert into unit_parent (unit_id, parent_id) select id, parent from jsonb_to_recordset(${json}::jsonb) as laid (id uuid, parent uuid) where parent is not null`.execute(db)
  await sql`select lay_ancestors()`.execute(db)
  await sql`insert into person (id, name) values (${officerId}, 'Cán Bộ Thử')`.execute(db)
  await sql`insert into office (id, person_id, unit_id, role, during) values (${v7()}, ${officerId}, ${cityId}, 'city_officer', '[2020-01-01,)')`.execute(db)
  await sql`
    insert into campaign (id, code, name, unit_id, study_from, study_to, data_day, opened_on, exempt_expected, who_writes)
    values (${campaignId}, 'dot', 'Đợt', ${cityId}, '2026-03-01', '2026-06-30', '2026-06-30', '2026-03-01', false, 'nobody')`.execute(db)
  const documents = sql`
    insert into document (id, unit_id, issuer_id, campaign_id, type, grammar, number, symbol, abstract, issued_on, issued_at, state, source)
    select gen_random_uuid(), unit.id, unit.id, ${campaignId}, kind.type, 'party', 1, unit.symbol, 'Học tập, quán triệt', date '2026-03-22' + (abs(hashtext(unit.code || kind.type)) % 60), now(), 'issued', 'page'
    from unit
    cross join unnest(array['plan', 'report', 'action_programme', 'resolution', 'decision', 'guidance', 'notice', 'project', 'official_letter']) as kind (type)`
  await sql`${documents} where unit.kind = 'city_committee' or (unit.kind = 'commune_committee' and abs(hashtext(unit.code || kind.type)) % 3 > 0) or (unit.kind = 'cell' and abs(hashtext(unit.code || kind.type)) % 9 = 0)`.execute(db)
  await sql`
    insert into document_recipient (document_id, unit_id, name)
    select document.id, cell.unit_id, 'Chi bộ'
    from document
    join unit on unit.id = document.unit_id and unit.kind = 'commune_committee'
    join unit_ancestor as cell on cell.ancestor_id = unit.id and cell.depth = 1
    where document.type = 'plan'`.execute(db)
  for (const [index, type] of ['plan', 'report', 'action_programme', 'resolution', 'decision', 'guidance', 'notice', 'project', 'official_letter'].slice(0, rules).entries()) {
    await sql`
      with rule as (
        insert into duty_rule (id, campaign_id, unit_id, basis_id, kind, title, detail, due_mode, due_days, state, source)
        select ${v7()}, ${campaignId}, ${cityId}, (select document.id from document where document.unit_id = ${cityId} limit 1), 'document', ${`Văn bản thứ ${index + 1}`}, jsonb_build_object('type', ${type}::text), 'after_basis', ${15 + 7 * index}, 'active', 'page'
        returning id
      )
      insert into duty (rule_id, campaign_id, unit_id, kind, due_on, detail, laid_on, done_on, done_what, done_by)
      select rule.id, ${campaignId}, unit.id, 'document', date '2026-04-06' + ${7 * index}::int, jsonb_build_object('type', ${type}::text), '2026-03-22', document.issued_on, case when document.id is not null then 'document' end, document.id
      from rule
      cross join unit
      left join document on document.unit_id = unit.id and document.type = ${type}
      where unit.kind <> 'city_committee'`.execute(db)
  }
  await sql`analyze`.execute(db)
  return { campaignId, cityId, officerId, districtIds }
}

/** What the slowest statement does, when the budget was missed. */
async function explain(db: Db, viewer: { personId: string; today: string }, campaignId: string, cityId: string): Promise<void> {
  const { rows } = await asViewer(db, viewer, (tx) =>
    sql<{ 'QUERY PLAN': string }>`
      explain (analyze, buffers)
      select duty.id, document.number
      from unit_ancestor as placed
      join unit on unit.id = placed.unit_id
      join duty on duty.unit_id = unit.id and duty.campaign_id = ${campaignId} and duty.kind = 'document' and duty.dropped_on is null
      left join document on document.id = duty.done_by
      where placed.ancestor_id = ${cityId} and placed.depth = 1 and placed.standing @> ${asOf}::date`.execute(tx),
  )
  for (const row of rows) console.error(row['QUERY PLAN'])
}
