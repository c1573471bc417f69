import { sql } from 'kysely'
import { v7 } from 'uuid'
import { constraintOf, type Tx } from '../../db/open.ts'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { lockedPerson } from './members.server.ts'
import { peopleWords } from './people.messages.ts'
import type { Distinction, Merge, MergeUndo } from './people.schema.ts'

/**
 * Makes one of two entries of one person: everything held of `goneId` becomes `keptId`'s, and can be given back. The viewer has a right
 * over both, and over the offices that go along as over giving them. Throws NotFound, Forbidden, Refused('version' | 'goneId').
 */
export async function mergePeople(ctx: Ctx, input: Merge): Promise<{ mergeId: string; receipt: Receipt }> {
  const { tx, source } = ctx
  if (input.keptId === input.goneId) throw new Refused('goneId', peopleWords.say('sameEntry'))
  // in one order, so that two who merge the same pair do not wait for each other
  const sides = [{ personId: input.keptId, version: input.keptVersion }, { personId: input.goneId, version: input.goneVersion }]
  const locked = new Map<string, { unitId: string }>()
  for (const side of sides.toSorted((one, other) => one.personId.localeCompare(other.personId))) locked.set(side.personId, await lockedPerson(ctx, 'merge people', side))
  const mergeId = v7()
  try {
    await sql`select merge_people(${mergeId}, ${input.keptId}, ${input.goneId}, ${input.reason ?? null}, ${source})`.execute(tx)
  } catch (error) {
    if (constraintOf(error) === 'merged_person_stays_merged') throw new Refused('goneId', peopleWords.say('mergedAlready'))
    if (constraintOf(error) === 'merge_gives_no_more_than_its_author') throw new Forbidden(peopleWords.say('mergeGivesOffice'))
    throw error
  }
  const { unitId } = locked.get(input.keptId)!
  const receipt = await note(ctx, { action: 'people.merged', unitId, subjectType: 'person', subjectId: input.keptId, detail: { gone: input.goneId, merge: mergeId } })
  return { mergeId, receipt }
}

/** Gives each of two entries back what it had. Throws NotFound, Forbidden, Refused('form') when something else was done since. */
export async function undoMerge(ctx: Ctx, { mergeId }: MergeUndo): Promise<{ keptId: string; receipt: Receipt }> {
  const { tx, viewer, source } = ctx
  const merge = await tx.selectFrom('person_merge').select(['kept_id', 'gone_id', 'unit_id']).where('id', '=', mergeId).executeTakeFirst()
  if (!merge) throw new NotFound()
  demand(viewer, 'merge people', await chainOf(tx, merge.unit_id, viewer.today))
  await lockedPerson(ctx, 'merge people', { personId: merge.kept_id })
  try {
    await sql`select undo_merge(${mergeId}, ${source})`.execute(tx)
  } catch (error) {
    if (constraintOf(error) === 'person_is_as_the_merge_left_it') throw new Refused('form', peopleWords.say('mergeChangedSince'))
    throw error
  }
  const receipt = await note(ctx, { action: 'people.parted', unitId: merge.unit_id, subjectType: 'person', subjectId: merge.kept_id, detail: { gone: merge.gone_id, merge: mergeId } })
  return { keptId: merge.kept_id, receipt }
}

/** Remembers that two entries which look alike are two people. Throws NotFound, Forbidden. */
export async function tellApart(ctx: Ctx, { oneId, otherId }: Distinction): Promise<Receipt> {
  const { tx, viewer, source } = ctx
  const [one_id, other_id] = [oneId, otherId].sort() as [string, string]
  if (one_id === other_id) throw new Refused('otherId', peopleWords.say('sameEntry'))
  const one = await lockedPerson(ctx, 'merge people', { personId: one_id })
  await lockedPerson(ctx, 'merge people', { personId: other_id })
  await tx
    .insertInto('person_distinct')
    .values({ one_id, other_id, recorded_by: viewer.personId, source })
    .onConflict((conflict) => conflict.columns(['one_id', 'other_id']).doNothing())
    .execute()
  return note(ctx, { action: 'people.distinct', unitId: one.unitId, subjectType: 'person', subjectId: one_id, detail: { other: other_id } })
}

/** A merge that stands, of a person; `at` when it was made. */
export type PastMerge = { mergeId: string; goneId: string; goneName: string; at: Date; reason: string | null }

/** What went into this entry and can still be given back, latest first. */
export async function mergesInto(tx: Tx, personId: string): Promise<PastMerge[]> {
  return tx
    .selectFrom('person_merge')
    .select(['id as mergeId', 'gone_id as goneId', 'gone_name as goneName', 'recorded_at as at', 'reason'])
    .where('kept_id', '=', personId)
    .where('undone_at', 'is', null)
    .orderBy('recorded_at', 'desc')
    .execute()
}

/** One of two entries side by side. */
export type Entry = { personId: string; version: number; name: string; bornOn: Day | null; cardNumber: string | null; phone: string | null; unitName: string | null }
export type Pair = { by: 'card' | 'birth' | 'phone'; one: Entry; other: Entry }

/** Pairs that look alike among the people the viewer sees, the likeliest first; those told apart are left out. */
export async function duplicatePairs(tx: Tx, { limit, offset }: { limit: number; offset: number }): Promise<{ pairs: Pair[]; total: number }> {
  const { rows } = await sql<{ one_id: string; other_id: string; by: Pair['by']; total: number }>`
    select one_id, other_id, by, count(*) over ()::int as total
    from duplicate_pairs()
    order by array_position(array['card', 'birth', 'phone'], by), one_id, other_id
    limit ${limit} offset ${offset}`.execute(tx)
  const entries = await entriesOf(tx, rows.flatMap((row) => [row.one_id, row.other_id]))
  const pairs = rows.flatMap(({ one_id, other_id, by }) => {
    const [one, other] = [entries.get(one_id), entries.get(other_id)]
    return one && other ? [{ by, one, other }] : []
  })
  return { pairs, total: rows[0]?.total ?? 0 }
}

/** What is held of each, as far as the viewer sees; for comparing. */
async function entriesOf(tx: Tx, personIds: string[]): Promise<Map<string, Entry>> {
  const { rows } = await sql<Entry>`
    select person.id as "personId", person.version, person.name, person.born_on as "bornOn", person.card_number as "cardNumber", person.phone,
           (select unit.name from membership join unit on unit.id = membership.unit_id where membership.person_id = person.id order by lower(membership.during) desc limit 1) as "unitName"
    from person
    where person.id = any (${[...new Set(personIds)]}::uuid[])`.execute(tx)
  return new Map(rows.map((row) => [row.personId, row]))
}
