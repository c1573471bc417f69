import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { Tx } from '../../db/open.ts'
import { demand, type Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import { safeFileName } from '../../platform/files/file-name.ts'
import { useFile, type Kept } from '../../platform/files/files.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { openCampaignByCode } from '../campaigns/campaigns.server.ts'
import { notify } from '../notices/notices.server.ts'
import { idsBeneath, unitByCode } from '../units/units.server.ts'
import { readBooklet } from './booklet.server.ts'
import { materialWords } from './materials.messages.ts'
import type { MaterialDraft, MaterialInput, MaterialPublishing, MaterialWithdrawal } from './materials.schema.ts'

/** A material's head; `version` is what a form must show to be saved. */
export type Material = {
  id: string
  unitId: string
  unitCode: string
  unitName: string
  campaignId: string
  kind: MaterialInput['kind']
  title: string
  reachBy: Day | null
  publishedAt: Date | null
  withdrawnAt: Date | null
  withdrawnBecause: string | null
  version: number
}

/**
 * Adds a material with its first version, seen by nobody outside the unit until it is published. The same id twice is one material.
 * Throws NotFound, Forbidden, Refused('text').
 */
export async function addMaterial(ctx: Ctx, input: MaterialInput): Promise<{ materialId: string; receipt: Receipt | null }> {
  const { tx, viewer, source } = ctx
  const campaign = await openCampaignByCode(tx, input.campaignCode)
  const unit = await unitByCode(tx, input.unitCode)
  demand(viewer, 'publish materials', [unit.id])
  demandContent(input, input.file !== undefined)
  const materialId = input.id ?? v7()
  const added = await tx
    .insertInto('material')
    .values({ id: materialId, unit_id: unit.id, campaign_id: campaign.id, kind: input.kind, title: input.title, reach_by: input.reachBy ?? null, recorded_by: viewer.personId, source })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst()
  if (added.numInsertedOrUpdatedRows === 0n) {
    await materialById(tx, materialId)
    return { materialId, receipt: null }
  }
  await addVersion(ctx, { id: v7(), materialId, unitId: unit.id, number: 1 }, input)
  const receipt = await note(ctx, { action: 'material.added', unitId: unit.id, subjectType: 'material', subjectId: materialId, detail: { campaign: campaign.code, kind: input.kind } })
  return { materialId, receipt }
}

/**
 * Writes the version that is not out yet; of a published material the next one begins here. Throws NotFound, Forbidden,
 * Refused('version' | 'text' | 'reachBy' | 'form').
 */
export async function writeDraft(ctx: Ctx, input: MaterialDraft): Promise<Receipt> {
  const { tx, viewer } = ctx
  const { file } = input
  const material = await lockMaterial(tx, input.materialId)
  demand(viewer, 'publish materials', [material.unitId])
  demandOpen(material, input.version)
  const draft = await tx.selectFrom('material_version').select('id').where('material_id', '=', material.id).where('published_at', 'is', null).executeTakeFirst()
  const latest = await tx.selectFrom('material_version').select(['number', 'file_sha256', 'file_name', 'file_type']).where('material_id', '=', material.id).orderBy('number', 'desc').limit(1).executeTakeFirstOrThrow()
  const keepsFile = input.keepsFile === 'yes' && latest.file_sha256 !== null
  demandContent({ kind: material.kind, ...input }, file !== undefined || keepsFile)
  if (draft) {
    if (file) await useFile(tx, file)
    await tx
      .updateTable('material_version')
      .set({
        text: input.text,
        address: input.address ?? null,
        change_note: input.changeNote || null,
        ...(file ? attached(file) : keepsFile ? {} : { file_sha256: null, file_name: null, file_type: null }),
        version: sql`version + 1`,
      })
      .where('id', '=', draft.id)
      .execute()
  } else {
    const kept = keepsFile ? { file_sha256: latest.file_sha256, file_name: latest.file_name, file_type: latest.file_type } : null
    await addVersion(ctx, { id: v7(), materialId: material.id, unitId: material.unitId, number: latest.number + 1 }, input, kept)
  }
  await tx.updateTable('material').set({ title: input.title, reach_by: input.reachBy ?? null, version: sql`version + 1` }).where('id', '=', material.id).execute()
  return note(ctx, { action: 'material.written', unitId: material.unitId, subjectType: 'material', subjectId: material.id })
}

/**
 * Publishes the version being written: units beneath see it from now on, and the questions of a booklet can be searched one by one.
 * Throws NotFound, Forbidden, Refused('version' | 'form' | 'changeNote' | 'text').
 */
export async function publish(ctx: Ctx, input: MaterialPublishing): Promise<Receipt> {
  const { tx, viewer } = ctx
  const material = await lockMaterial(tx, input.materialId)
  demand(viewer, 'publish materials', [material.unitId])
  demandOpen(material, input.version)
  const draft = await tx.selectFrom('material_version').select(['id', 'number', 'text', 'change_note']).where('material_id', '=', material.id).where('published_at', 'is', null).executeTakeFirst()
  if (!draft) throw new Refused('form', materialWords.say('nothingToPublish'))
  if (draft.number > 1 && !draft.change_note) throw new Refused('changeNote', materialWords.say('changeNoteMissing'))
  if (material.kind === 'booklet') await keepQuestions(tx, draft.id, draft.text)
  await tx.updateTable('material_version').set({ published_at: sql`clock_timestamp()`, published_on: viewer.today }).where('id', '=', draft.id).execute()
  await tx.updateTable('material').set({ published_at: sql`coalesce(published_at, clock_timestamp())`, version: sql`version + 1` }).where('id', '=', material.id).execute()
  await notify(tx, {
    kind: 'material-new',
    to: { unitIds: await idsBeneath(tx, material.unitId, viewer.today), roles: ['secretary', 'deputy', 'clerk'] },
    about: { type: 'material', id: material.id },
    unitId: material.unitId,
    values: { title: material.title, number: draft.number },
    path: `/materials/${material.id}`,
  })
  return note(ctx, { action: 'material.published', unitId: material.unitId, subjectType: 'material', subjectId: material.id, detail: { number: draft.number } })
}

/** Takes a material back with the reason; who had it still sees that it was withdrawn. Throws NotFound, Forbidden, Refused('version' | 'form'). */
export async function withdrawMaterial(ctx: Ctx, input: MaterialWithdrawal): Promise<Receipt> {
  const { tx, viewer } = ctx
  const material = await lockMaterial(tx, input.materialId)
  demand(viewer, 'publish materials', [material.unitId])
  demandOpen(material, input.version)
  await tx.updateTable('material').set({ withdrawn_at: sql`clock_timestamp()`, withdrawn_because: input.reason, version: sql`version + 1` }).where('id', '=', material.id).execute()
  return note(ctx, { action: 'material.withdrawn', unitId: material.unitId, subjectType: 'material', subjectId: material.id })
}

/** The material as it is; NotFound when there is none or the viewer does not see it. */
export async function materialById(tx: Tx, id: string): Promise<Material> {
  const row = await heads(tx, id).executeTakeFirst()
  if (!row) throw new NotFound()
  return row
}

/** The same, and until the transaction ends nobody else changes it. Only its own unit may lock it. */
async function lockMaterial(tx: Tx, id: string): Promise<Material> {
  await materialById(tx, id)
  return (await heads(tx, id).forUpdate('material').executeTakeFirst()) ?? materialById(tx, id)
}

const heads = (tx: Tx, id: string) =>
  tx
    .selectFrom('material')
    .innerJoin('unit', 'unit.id', 'material.unit_id')
    .select(['material.id', 'material.unit_id as unitId', 'unit.code as unitCode', 'unit.name as unitName', 'material.campaign_id as campaignId', 'material.kind', 'material.title'])
    .select(['material.reach_by as reachBy', 'material.published_at as publishedAt', 'material.withdrawn_at as withdrawnAt', 'material.withdrawn_because as withdrawnBecause', 'material.version'])
    .where('material.id', '=', id)
    .$castTo<Material>()

async function addVersion(
  { tx, viewer }: Ctx,
  { id, materialId, unitId, number }: { id: string; materialId: string; unitId: string; number: number },
  input: { text: string; address?: string | undefined; changeNote?: string; file?: Kept | undefined },
  kept: { file_sha256: Buffer | null; file_name: string | null; file_type: string | null } | null = null,
): Promise<void> {
  if (input.file) await useFile(tx, input.file)
  await tx
    .insertInto('material_version')
    .values({
      id,
      material_id: materialId,
      unit_id: unitId,
      number,
      text: input.text,
      address: input.address ?? null,
      change_note: input.changeNote || null,
      recorded_by: viewer.personId,
      ...(input.file ? attached(input.file) : (kept ?? {})),
    })
    .execute()
}

const attached = ({ sha256, name, kind, mediaType }: Kept) => ({ file_sha256: sha256, file_name: safeFileName(name, kind), file_type: mediaType })

async function keepQuestions(tx: Tx, versionId: string, text: string): Promise<void> {
  const { questions, unanswered } = readBooklet(text)
  if (questions.length === 0) throw new Refused('text', materialWords.say('noQuestions'))
  if (unanswered.length > 0) throw new Refused('text', materialWords.say('unanswered', { question: unanswered[0]! }))
  if (questions.length > 2000) throw new Refused('text', materialWords.say('tooManyQuestions'))
  await tx
    .insertInto('booklet_question')
    .values(questions.map((one, index) => ({ id: v7(), version_id: versionId, position: index + 1, ...one })))
    .execute()
}

function demandContent({ kind, text, address }: { kind: MaterialInput['kind']; text: string; address?: string | undefined }, hasFile: boolean): void {
  if (kind === 'booklet' && !text) throw new Refused('text', materialWords.say('bookletNeedsText'))
  if (!text && !address && !hasFile) throw new Refused('text', materialWords.say('nothingIn'))
}

function demandOpen(material: Material, version: number): void {
  if (material.withdrawnAt) throw new Refused('form', materialWords.say('isWithdrawn'))
  if (material.version !== version) throw new Refused('version', materialWords.say('changedMeanwhile'))
}
