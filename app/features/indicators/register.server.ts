import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import { Refused } from '../../platform/errors.ts'
import type { Sentence } from '../../platform/i18n.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { indicatorWords } from './indicators.messages.ts'
import type { IndicatorInput, UnitOfCount } from './indicators.schema.ts'

/** A figure of the register. `unitId` and `name` are null for the product's own, which are counted unless `isDeclared`. */
export type Registered = { key: string; kind: string; base: string | null; unitOfCount: UnitOfCount; unitId: string | null; name: string | null; isDeclared: boolean }

/** What must hold between two figures of one report: `indicator` is part of `other`, or not more than it. */
export type Relation = { indicator: string; kind: 'part_of' | 'not_more_than'; other: string }

/** Every figure the viewer sees: the product's in their order, then what units added, by name. */
export function registered(tx: Tx): Promise<Registered[]> {
  return tx
    .selectFrom('indicator')
    .select(['key', 'kind', 'base', 'unit_of_count as unitOfCount', 'unit_id as unitId', 'name', 'is_declared as isDeclared'])
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

/** What a figure is called: a unit's own as it was named, the product's in the reader's language. */
export function nameOf({ key, name }: { key: string; name: string | null }): Sentence {
  return name === null ? indicatorWords.say(`figure.${key}` as 'figure.studied') : () => name
}

/**
 * Adds a figure that a unit and those beneath it declare. It never takes the key or the name of one that is there already.
 * Throws NotFound, Forbidden, Refused('key' | 'name' | 'base' | 'partOf' | 'notMoreThan').
 */
export async function addIndicator(ctx: Ctx, input: IndicatorInput): Promise<Receipt> {
  const { tx, viewer } = ctx
  const unit = await unitByCode(tx, input.unitCode)
  const chain = await chainOf(tx, unit.id, viewer.today)
  demand(viewer, 'make report forms', chain)
  const known = await registeredFor(tx, unit.id, chain)
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
