import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Day } from '../../platform/clock.ts'
import type { Material } from './materials.server.ts'

/** A material in a list, with the latest version that the viewer may read. */
export type Listed = Pick<Material, 'id' | 'kind' | 'title' | 'reachBy'> & {
  unitId: string
  unitCode: string
  unitName: string
  number: number
  publishedOn: Day | null
  isDraft: boolean // something is written that is not out
  isWithdrawn: boolean
  hasFile: boolean
  address: string | null
  questions: number
}

/** Materials of a campaign that the viewer sees, unpublished ones of the own unit first, then the latest. */
export async function listMaterials(tx: Tx, { campaignId, q = '' }: { campaignId: string; q?: string }): Promise<Listed[]> {
  const { rows } = await sql<Listed>`
    select material.id, material.kind, material.title, material.reach_by as "reachBy", material.unit_id as "unitId", unit.code as "unitCode", unit.name as "unitName",
           latest.number, latest.published_on as "publishedOn", material.withdrawn_at is not null as "isWithdrawn",
           exists (select from material_version as draft where draft.material_id = material.id and draft.published_at is null) as "isDraft",
           latest.file_sha256 is not null as "hasFile", latest.address,
           (select count(*)::int from booklet_question where booklet_question.version_id = latest.id) as questions
    from material
    join unit on unit.id = material.unit_id
    cross join lateral (
      select each_one.id, each_one.number, each_one.published_on, each_one.file_sha256, each_one.address
      from material_version as each_one
      where each_one.material_id = material.id
      order by each_one.published_at is null, each_one.number desc
      limit 1) as latest
    where material.campaign_id = ${campaignId}
      and (${q} = '' or material.search like '%' || fold(${q}) || '%')
    order by material.published_at is not null, material.withdrawn_at is not null, latest.published_on desc, material.title collate "vi-x-icu"
    limit 200`.execute(tx)
  return rows
}

/** One version with what it holds but its text; `publishedOn` null is the draft. */
export type Version = {
  id: string
  number: number
  address: string | null
  fileName: string | null
  fileType: string | null
  fileBytes: number | null
  changeNote: string | null
  publishedOn: Day | null
}

/** The versions that the viewer may read, latest first. */
export async function versionsOf(tx: Tx, materialId: string): Promise<Version[]> {
  const { rows } = await sql<Version>`
    select material_version.id, material_version.number, material_version.address, material_version.file_name as "fileName",
           material_version.file_type as "fileType", file.size_bytes as "fileBytes", material_version.change_note as "changeNote", material_version.published_on as "publishedOn"
    from material_version
    left join file on file.sha256 = material_version.file_sha256
    where material_version.material_id = ${materialId}
    order by material_version.number desc`.execute(tx)
  return rows
}

/** The texts of these versions, by their ids: a text may be of a million letters, so nothing is read but what is shown. */
export async function textsOf(tx: Tx, versionIds: string[]): Promise<Map<string, string>> {
  const rows = await tx.selectFrom('material_version').select(['id', 'text']).where('id', 'in', versionIds).execute()
  return new Map(rows.map(({ id, text }) => [id, text]))
}

/** A question found, with the booklet it stands in. */
export type Found = { id: string; materialId: string; title: string; number: number; position: number; part: string | null; question: string; answer: string }

const perPage = 20

/**
 * Questions and answers of the latest booklets that hold every word, in any order, without marks; the last word may be begun. Those that ask
 * it come before those that only answer it. Without words: all, in their order.
 */
export async function searchQuestions(tx: Tx, { q, campaignId, materialId, page }: { q: string; campaignId: string | null; materialId?: string; page: number }): Promise<{ found: Found[]; total: number; pages: number }> {
  const { rows } = await sql<Found & { total: number }>`
    with asked as materialized (select begun_words(${q}) as query)
    select booklet_question.id, material.id as "materialId", material.title, material_version.number, booklet_question.position, booklet_question.part,
           booklet_question.question, booklet_question.answer, count(*) over ()::int as total
    from asked
    join booklet_question on asked.query is null or booklet_question.search @@ asked.query
    join material_version on material_version.id = booklet_question.version_id
    join material on material.id = material_version.material_id and material.withdrawn_at is null
    where (${campaignId}::uuid is null or material.campaign_id = ${campaignId})
      and (${materialId ?? null}::uuid is null or material.id = ${materialId ?? null})
      and not exists (
        select from material_version as later
        where later.material_id = material.id and later.number > material_version.number and later.published_at is not null)
    order by case when asked.query is null then 0 else ts_rank(booklet_question.search, asked.query) end desc, material.title, booklet_question.position
    limit ${perPage} offset ${(page - 1) * perPage}`.execute(tx)
  const total = rows[0]?.total ?? 0
  return { found: rows.map(({ total: _, ...row }) => row), total, pages: Math.ceil(total / perPage) }
}

/** The file of the version asked for, or of the latest; null where that version has none or is not the viewer's to read. */
export async function materialFileOf(tx: Tx, materialId: string, number: number | null): Promise<{ sha256: Buffer; size: number; mediaType: string; name: string } | null> {
  const row = await tx
    .selectFrom('material_version')
    .innerJoin('file', 'file.sha256', 'material_version.file_sha256')
    .select(['file.sha256', 'file.size_bytes as size', 'file.media_type as mediaType', 'material_version.file_name as name'])
    .where('material_version.material_id', '=', materialId)
    .$if(number !== null, (query) => query.where('material_version.number', '=', number))
    .orderBy('material_version.number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? { ...row, size: Number(row.size), name: row.name! } : null
}
