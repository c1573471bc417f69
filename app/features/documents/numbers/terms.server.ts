import { sql } from 'kysely'
import { v7 } from 'uuid'
import { constraintOf, type Tx } from '../../../db/open.ts'
import { chainOf, demand, type Ctx } from '../../../permissions/permissions.ts'
import { addDays, type Day } from '../../../platform/clock.ts'
import { NotFound, Refused } from '../../../platform/errors.ts'
import { note, type Receipt } from '../../../web/audit.server.ts'
import { unitByCode } from '../../units/units.server.ts'
import { numbersWords } from './numbers.messages.ts'
import type { CommitteeTerm } from './numbers.schema.ts'

/** `untilDay` is its last day; null while it lasts. */
export type Term = { id: string; name: string; fromDay: Day; untilDay: Day | null; version: number; documents: number }

/**
 * Tells a committee's term, or moves it: the Party's numbers restart with it, and documents of its days are counted in it.
 * Throws NotFound, Forbidden, Refused('fromDay' | 'untilDay' | 'version').
 */
export async function keepTerm(ctx: Ctx, input: CommitteeTerm): Promise<{ termId: string; receipt: Receipt }> {
  const { tx, viewer } = ctx
  const unit = await unitByCode(tx, input.unitCode)
  demand(viewer, 'keep documents', await chainOf(tx, unit.id, viewer.today))
  if (input.untilDay && input.untilDay < input.fromDay) throw new Refused('untilDay', numbersWords.say('termEndsBefore'))
  const during = `[${input.fromDay},${input.untilDay ? addDays(input.untilDay, 1) : ''})`
  const termId = input.id ?? v7()
  // one at a time with whoever numbers in it: see term_takes_in_documents
  if (input.id) {
    const known = await tx.selectFrom('committee_term').select('version').where('id', '=', input.id).where('unit_id', '=', unit.id).forUpdate().executeTakeFirst()
    if (!known) throw new NotFound()
    if (input.version !== undefined && input.version !== known.version) throw new Refused('version', numbersWords.say('termChanged'))
    await tx.updateTable('committee_term').set({ name: input.name, during, version: sql`version + 1` }).where('id', '=', input.id).execute().catch(sayTerm)
  } else {
    await tx.insertInto('committee_term').values({ id: termId, unit_id: unit.id, name: input.name, during }).execute().catch(sayTerm)
  }
  return { termId, receipt: await note(ctx, { action: 'term.kept', unitId: unit.id, subjectType: 'committee_term', subjectId: termId, detail: { fromDay: input.fromDay, untilDay: input.untilDay ?? null } }) }
}

function sayTerm(error: unknown): never {
  if (constraintOf(error) === 'committee_has_one_term_a_day') throw new Refused('fromDay', numbersWords.say('termOverlaps'))
  if (constraintOf(error) === 'document_number_is_used_once') throw new Refused('fromDay', numbersWords.say('termNumbersCollide'))
  throw error
}

/** A unit's terms, the latest first, with how many documents each has numbered. */
export async function termsOf(tx: Tx, unitId: string): Promise<Term[]> {
  return tx
    .selectFrom('committee_term')
    .select([
      'id',
      'name',
      'version',
      sql<Day>`lower(during)`.as('fromDay'),
      sql<Day | null>`upper(during) - 1`.as('untilDay'),
      sql<number>`(select count(*) from document where document.term_id = committee_term.id and document.state <> 'draft')`.as('documents'),
    ])
    .where('unit_id', '=', unitId)
    .orderBy(sql`lower(during)`, 'desc')
    .execute()
}
