import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { Tx } from '../../db/open.ts'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import { Refused } from '../../platform/errors.ts'
import type { Sentence } from '../../platform/i18n.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { unitByCode, type Unit } from '../units/units.server.ts'
import { indicatorWords } from './indicators.messages.ts'
import { keyFrom, type BreakdownInput, type IndicatorInput, type UnitOfCount } from './indicators.schema.ts'

/**
 * A figure of the register. `unitId` and `name` are null for the product's own, which are counted unless `isDeclared`, and which the
 * records take apart by `dimensions`. `isPart`: of another figure, by a breakdown.
 */
export type Registered = { key: string; kind: string; base: string | null; unitOfCount: UnitOfCount; unitId: string | null; name: string | null; isDeclared: boolean; isPart: boolean; dimensions: string[] }

/** A figure taken apart by a unit: `parts` are figures of the register too, in their order; `isComplete`: they make the whole. */
export type Breakdown = { id: string; indicator: string; unitId: string; name: string; isComplete: boolean; parts: { key: string; name: string }[] }

/** What must hold between two figures of one report: `indicator` is part of `other`, or not more than it. */
export type Relation = { indicator: string; kind: 'part_of' | 'not_more_than'; other: string }

/** Every figure the viewer sees: the product's in their order, then what units added, by name. */
export function registered(tx: Tx): Promise<Registered[]> {
  return tx
    .selectFrom('indicator')
    .select(['key', 'kind', 'base', 'unit_of_count as unitOfCount', 'unit_id as unitId', 'name', 'is_declared as isDeclared', 'dimensions', sql<boolean>`key in (select breakdown_part.indicator from breakdown_part)`.as('isPart')])
    .orderBy('position', (order) => order.asc().nullsLast())
    .orderBy(sql`name collate "vi-x-icu"`)
    .orderBy('key')
    .$castTo<Registered>()
    .execute()
}

/** Figures that a form of that unit may ask for: the product's, its own and those of the units above. */
export async function registeredFor(tx: Tx, unitId: string, chain: string[]): Promise<Registered[]> {
  return (await registered(tx)).filter((one) => one.unitId === null || one.unitId === unitId || chain.includes(one.unitId))
}

/** Relations between the figures named. */
export function relationsAmong(tx: Tx, keys: string[]): Promise<Relation[]> {
  return tx
    .selectFrom('indicator_relation')
    .select(['indicator', 'kind', 'other'])
    .where('indicator', 'in', keys)
    .where('other', 'in', keys)
    .orderBy('indicator')
    .orderBy('other')
    .$castTo<Relation>()
    .execute()
}

/** How units took figures apart, as far as the viewer sees them; of the figures named alone where `parts` are. */
export async function breakdowns(tx: Tx, parts?: string[]): Promise<Breakdown[]> {
  const { rows } = await sql<Breakdown>`
    select breakdown.id, breakdown.indicator, breakdown.unit_id as "unitId", breakdown.name, breakdown.is_complete as "isComplete",
           (select jsonb_agg(jsonb_build_object('key', breakdown_part.indicator, 'name', breakdown_part.name) order by breakdown_part.position)
            from breakdown_part where breakdown_part.breakdown_id = breakdown.id) as parts
    from breakdown
    where ${parts ?? null}::text[] is null
      or breakdown.id in (select breakdown_part.breakdown_id from breakdown_part where breakdown_part.indicator = any (${parts ?? []}::text[]))
    order by breakdown.id`.execute(tx)
  return rows
}

/** What a figure is called: a unit's own as it was named, the product's in the reader's language. */
export function nameOf({ key, name }: { key: string; name: string | null }): Sentence {
  return name === null ? indicatorWords.say(`figure.${key}` as 'figure.studied') : () => name
}

/**
 * Adds a figure that a unit and those beneath it declare. It never takes the key or the name of one that is there already.
 * Throws NotFound, Forbidden, Refused('key' | 'name' | 'base' | 'partOf' | 'notMoreThan').
 */
export async function addIndicator(ctx: Ctx, input: IndicatorInput): Promise<Receipt> {
  const { tx } = ctx
  const { unit, known } = await unitAndRegister(ctx, input.unitCode)
  refuseRedefinition(input, known)
  const added = await tx
    .insertInto('indicator')
    .values({ key: input.key, kind: input.base ? 'rate' : 'count', base: input.base ?? null, unit_of_count: input.unitOfCount, unit_id: unit.id, name: input.name, is_declared: true, counted_by: null, position: null })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .executeTakeFirst()
  // one that the viewer does not see, of a unit beside this one
  if (added.numInsertedOrUpdatedRows === 0n) throw new Refused('key', indicatorWords.say('keyTaken', { key: input.key }))
  const relations = [
    ...new Set([...(input.base ? [input.base] : []), ...input.partOf].map((other) => `part_of ${other}`)),
    ...new Set(input.notMoreThan.map((other) => `not_more_than ${other}`)),
  ].map((relation) => relation.split(' ') as [string, string])
  if (relations.length > 0) {
    await tx.insertInto('indicator_relation').values(relations.map(([kind, other]) => ({ indicator: input.key, kind, other }))).execute()
  }
  return note(ctx, { action: 'indicator.added', unitId: unit.id, subjectType: 'indicator', subjectId: input.key })
}

/**
 * Takes a figure apart for a unit and those beneath: every part becomes a declared figure, a share of the whole. The whole may be
 * the product's or a unit's above; it stays as it is. Throws NotFound, Forbidden, Refused('indicator' | 'title' | 'parts').
 */
export async function addBreakdown(ctx: Ctx, input: BreakdownInput): Promise<Receipt> {
  const { tx } = ctx
  const { unit, known } = await unitAndRegister(ctx, input.unitCode)
  const whole = known.find((one) => one.key === input.indicator)
  if (!whole) throw new Refused('indicator', indicatorWords.say('noSuchFigure', { key: input.indicator }))
  if (whole.isPart) throw new Refused('indicator', indicatorWords.say('breakdownOfPart'))
  const parts = input.parts.map((name) => ({ key: partKey(whole.key, name), name, whole: `${nameOf(whole)('vi')}: ${name}` }))
  if (new Set(parts.map((part) => part.key)).size < parts.length) throw new Refused('parts', indicatorWords.say('breakdownTwice'))
  for (const part of parts) {
    if (known.some((one) => one.key === part.key || one.name === part.whole)) throw new Refused('parts', indicatorWords.say('nameTaken', { name: part.whole }))
  }
  const id = v7()
  const added = await tx
    .insertInto('breakdown')
    .values({ id, indicator: whole.key, unit_id: unit.id, name: input.title, is_complete: input.isComplete })
    .onConflict((conflict) => conflict.constraint('breakdown_is_named_once').doNothing())
    .executeTakeFirst()
  if (added.numInsertedOrUpdatedRows === 0n) throw new Refused('title', indicatorWords.say('breakdownNameTaken', { name: input.title }))
  const rows = parts.map(({ key, whole: name }) => ({ key, kind: 'rate', base: whole.key, unit_of_count: whole.unitOfCount, unit_id: unit.id, name, is_declared: true, counted_by: null, position: null }))
  const declared = await tx.insertInto('indicator').values(rows).onConflict((conflict) => conflict.column('key').doNothing()).executeTakeFirst()
  // one of a unit beside this one, which the viewer does not see, has such a key
  if (declared.numInsertedOrUpdatedRows !== BigInt(rows.length)) throw new Refused('parts', indicatorWords.say('partTaken'))
  await tx.insertInto('breakdown_part').values(parts.map(({ key, name }, position) => ({ indicator: key, breakdown_id: id, position, name }))).execute()
  await tx.insertInto('indicator_relation').values(parts.map(({ key }) => ({ indicator: key, kind: 'part_of', other: whole.key }))).execute()
  return note(ctx, { action: 'breakdown.added', unitId: unit.id, subjectType: 'breakdown', subjectId: id, detail: { indicator: whole.key, parts: parts.length } })
}

/** The unit, once the viewer may add to its register, and what stands there already. */
async function unitAndRegister({ tx, viewer }: Ctx, unitCode: string): Promise<{ unit: Unit; known: Registered[] }> {
  const unit = await unitByCode(tx, unitCode)
  const chain = await chainOf(tx, unit.id, viewer.today)
  demand(viewer, 'make report forms', chain)
  return { unit, known: await registeredFor(tx, unit.id, chain) }
}

const partKey = (whole: string, part: string) => `${whole.slice(0, 40).replace(/-+$/, '')}-${keyFrom(part).slice(0, 22)}`.replace(/-+$/, '')

function refuseRedefinition(input: IndicatorInput, known: Registered[]): void {
  const plain = (text: string) => text.normalize('NFC').toLocaleLowerCase('vi').replace(/[\s.]+/g, ' ').trim()
  if (known.some((one) => one.key === input.key)) throw new Refused('key', indicatorWords.say('keyTaken', { key: input.key }))
  const isTaken = known.some((one) => (['vi', 'en'] as const).some((language) => plain(nameOf(one)(language)) === plain(input.name)))
  if (isTaken) throw new Refused('name', indicatorWords.say('nameTaken', { name: input.name }))
  const others = { base: input.base ? [input.base] : [], partOf: input.partOf, notMoreThan: input.notMoreThan }
  for (const [field, keys] of Object.entries(others)) {
    const strange = keys.find((key) => !known.some((one) => one.key === key))
    if (strange !== undefined) throw new Refused(field, indicatorWords.say('noSuchFigure', { key: strange }))
  }
}
