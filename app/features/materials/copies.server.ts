import { sql } from 'kysely'
import { v7 } from 'uuid'
import { keepCounts } from '../../db/counts.ts'
import type { Tx } from '../../db/open.ts'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import { showDay, type Day } from '../../platform/clock.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { countsOf } from '../indicators/figures.server.ts'
import type { Place } from '../units/place.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { materialById, type Material } from './materials.server.ts'
import { materialWords } from './materials.messages.ts'
import type { CopiesReceived, CopiesSent } from './materials.schema.ts'

/** What one unit was sent of a version and what came. `short` is what is missing of what was sent, once it was counted. */
export type Copies = { versionNumber: number; sent: number; sentOn: Day; reachBy: Day | null; received: number | null; receivedOn: Day | null; short: number | null; note: string | null; fromUnitName: string }

/** A unit directly beneath with its members who need a copy, what it was sent, and how far its own cells are. */
export type CopiesRow = { unitId: string; code: string; name: string; members: number; copies: Copies | null; isLate: boolean; reached: number }

/**
 * Sends copies of the latest version to units directly beneath; what was sent to a unit before is replaced while it has not counted them.
 * Throws NotFound, Forbidden, Refused('copies' | 'sentOn' | 'form').
 */
export async function sendCopies(ctx: Ctx, input: CopiesSent): Promise<Receipt> {
  const { tx, viewer, source } = ctx
  const material = await sendable(tx, input.materialId)
  const unit = await unitByCode(tx, input.unitCode)
  demand(viewer, 'hand out copies', [unit.id])
  if (input.sentOn > viewer.today) throw new Refused('sentOn', materialWords.say('dayAhead'))
  const version = await latestVersion(tx, material.id)
  if (input.sentOn < version.publishedOn) throw new Refused('sentOn', materialWords.say('sentBeforeOut', { day: showDay(version.publishedOn) }))
  const lines = input.copies
  if (lines.length === 0) throw new Refused('copies', materialWords.say('noCopies'))
  const beneath = await unitsUnder(tx, unit.id, lines.map((line) => line.unitCode), viewer.today)
  const wanted = new Map(lines.map((line) => [line.unitCode, line.sent]))
  if (wanted.size !== lines.length || beneath.length !== lines.length) throw new NotFound()

  await keepCounts(tx, material.campaignId, { units: beneath.map((one) => one.id) }, async () => {
    const now = await standing(tx, version.id, beneath.map((one) => one.id))
    const counted = beneath.find((one) => now.get(one.id)?.received !== null && now.has(one.id))
    if (counted) throw new Refused('copies', materialWords.say('countedAlready', { unit: counted.name }))
    const changed = beneath.filter((one) => now.get(one.id)?.sent !== wanted.get(one.code))
    await supersede(tx, version.id, changed.map((one) => one.id))
    if (changed.length === 0) return
    await tx
      .insertInto('material_copy')
      .values(
        changed.map((one) => ({
          id: v7(),
          material_id: material.id,
          version_id: version.id,
          campaign_id: material.campaignId,
          from_unit_id: unit.id,
          unit_id: one.id,
          sent: wanted.get(one.code)!,
          sent_on: input.sentOn,
          reach_by: material.reachBy,
          recorded_by: viewer.personId,
          source,
        })),
      )
      .execute()
  })
  return note(ctx, {
    action: 'copies.sent',
    unitId: unit.id,
    subjectType: 'material',
    subjectId: material.id,
    detail: { copies: lines.reduce((sum, line) => sum + line.sent, 0), units: lines.length, sentOn: input.sentOn },
  })
}

/**
 * Says how many copies came, and when; said again, the earlier word is superseded. Throws NotFound, Forbidden,
 * Refused('receivedOn' | 'form').
 */
export async function receiveCopies(ctx: Ctx, input: CopiesReceived): Promise<Receipt> {
  const { tx, viewer, source } = ctx
  const material = await materialById(tx, input.materialId)
  const unit = await unitByCode(tx, input.unitCode)
  demand(viewer, 'confirm copies', await chainOf(tx, unit.id, viewer.today))
  if (input.receivedOn > viewer.today) throw new Refused('receivedOn', materialWords.say('dayAhead'))
  await keepCounts(tx, material.campaignId, { units: [unit.id] }, async () => {
    const line = await tx
      .selectFrom('material_copy')
      .select(['id', 'version_id', 'from_unit_id', 'sent', 'sent_on', 'reach_by'])
      .where('material_id', '=', material.id)
      .where('unit_id', '=', unit.id)
      .where('superseded_at', 'is', null)
      .orderBy('sent_on', 'desc')
      .orderBy('recorded_at', 'desc')
      .limit(1)
      .forUpdate()
      .executeTakeFirst()
    if (!line) throw new Refused('form', materialWords.say('nothingSent'))
    if (input.receivedOn < line.sent_on) throw new Refused('receivedOn', materialWords.say('receivedBeforeSent', { day: showDay(line.sent_on) }))
    await tx.updateTable('material_copy').set({ superseded_at: sql`clock_timestamp()` }).where('id', '=', line.id).execute()
    await tx
      .insertInto('material_copy')
      .values({
        ...line,
        id: v7(),
        material_id: material.id,
        campaign_id: material.campaignId,
        unit_id: unit.id,
        received: input.received,
        received_on: input.receivedOn,
        note: input.note || null,
        recorded_by: viewer.personId,
        source,
      })
      .execute()
  })
  return note(ctx, { action: 'copies.received', unitId: unit.id, subjectType: 'material', subjectId: material.id, detail: { copies: input.received, receivedOn: input.receivedOn } })
}

/** The units directly beneath with their copies of a material, late and short first. */
export async function copiesBeneath(tx: Tx, { material, place, today }: { material: Material; place: Place; today: Day }): Promise<CopiesRow[]> {
  const units = place.beneath.filter((one) => one.hasMembers)
  const counts = await countsOf(tx, { campaignId: material.campaignId, asOf: today }, units.map((one) => one.id))
  const copies = await copiesOf(tx, material.id, units.map((one) => one.id))
  const rows = units.map(({ id, code, name }): CopiesRow => {
    const line = copies.get(id) ?? null
    const count = counts.get(id)!
    return { unitId: id, code, name, members: count.whole('expected'), copies: line, isLate: isLate(line, today), reached: count.whole('reached-in-time') }
  })
  return rows
    .filter((row) => row.members > 0 || row.copies !== null)
    .sort((one, other) => Number(other.isLate) - Number(one.isLate) || (other.copies?.short ?? 0) - (one.copies?.short ?? 0) || Number(one.copies !== null) - Number(other.copies !== null) || one.name.localeCompare(other.name, 'vi'))
}

/** What these units were sent of a material's latest version handed to them, by unit id. */
export async function copiesOf(tx: Tx, materialId: string, unitIds: string[]): Promise<Map<string, Copies>> {
  const { rows } = await sql<Omit<Copies, 'short'> & { unitId: string }>`
    select distinct on (copy.unit_id) copy.unit_id as "unitId", material_version.number as "versionNumber", copy.sent, copy.sent_on as "sentOn", copy.reach_by as "reachBy",
           copy.received, copy.received_on as "receivedOn", copy.note, coalesce(giver.name, '') as "fromUnitName"
    from material_copy as copy
    join material_version on material_version.id = copy.version_id
    left join unit as giver on giver.id = copy.from_unit_id
    where copy.material_id = ${materialId} and copy.unit_id = any (${unitIds}::uuid[]) and copy.superseded_at is null
    order by copy.unit_id, material_version.number desc`.execute(tx)
  return new Map(rows.map(({ unitId, ...row }) => [unitId, { ...row, short: row.received === null ? null : Math.max(0, row.sent - row.received) }]))
}

/** Sent, and by its day not come; or come after it. */
export const isLate = (copies: Copies | null, today: Day): boolean => Boolean(copies?.reachBy) && (copies!.receivedOn ?? today) > copies!.reachBy!

async function sendable(tx: Tx, materialId: string): Promise<Material> {
  const material = await materialById(tx, materialId)
  if (material.withdrawnAt) throw new Refused('form', materialWords.say('isWithdrawn'))
  if (!material.publishedAt) throw new Refused('form', materialWords.say('notOutYet'))
  return material
}

async function latestVersion(tx: Tx, materialId: string): Promise<{ id: string; publishedOn: Day }> {
  const row = await tx.selectFrom('material_version').select(['id', 'published_on']).where('material_id', '=', materialId).where('published_on', 'is not', null).orderBy('number', 'desc').limit(1).executeTakeFirstOrThrow()
  return { id: row.id, publishedOn: row.published_on! }
}

async function unitsUnder(tx: Tx, unitId: string, codes: string[], today: Day): Promise<{ id: string; code: string; name: string }[]> {
  return tx
    .selectFrom('unit')
    .innerJoin('unit_ancestor', 'unit_ancestor.unit_id', 'unit.id')
    .select(['unit.id', 'unit.code', 'unit.name'])
    .where('unit_ancestor.ancestor_id', '=', unitId)
    .where('unit_ancestor.depth', '=', 1)
    .where(sql<boolean>`unit_ancestor.standing @> ${today}::date`)
    .where('unit.code', 'in', codes)
    .orderBy('unit.id')
    .execute()
}

async function standing(tx: Tx, versionId: string, unitIds: string[]): Promise<Map<string, { sent: number; received: number | null }>> {
  const rows = await tx.selectFrom('material_copy').select(['unit_id', 'sent', 'received']).where('version_id', '=', versionId).where('unit_id', 'in', unitIds).where('superseded_at', 'is', null).forUpdate().execute()
  return new Map(rows.map(({ unit_id, ...row }) => [unit_id, row]))
}

async function supersede(tx: Tx, versionId: string, unitIds: string[]): Promise<void> {
  if (unitIds.length === 0) return
  await tx.updateTable('material_copy').set({ superseded_at: sql`clock_timestamp()` }).where('version_id', '=', versionId).where('unit_id', 'in', unitIds).where('superseded_at', 'is', null).execute()
}
