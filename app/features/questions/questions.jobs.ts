import { sql } from 'kysely'
import { asSystem } from '../../db/open.ts'
import { today } from '../../platform/clock.ts'
import type { App } from '../../web/context.ts'

/**
 * Hands every question that nobody answered by the end of its due day, in the deployment's time, to the unit above the one that
 * owes the answer: once, one level. Returns how many. A question whose unit has nobody above stays where it is.
 */
export function escalateOverdue({ db, log, config }: Pick<App, 'db' | 'log' | 'config'>, now: Date = new Date()): Promise<number> {
  const day = today(config.timeZone, now)
  return asSystem(db, log, 'overdue questions of all units are looked for', async (tx) => {
    const { rows } = await sql<{ id: string }>`
      with escalated as (
        update question
        set escalated_to_unit_id = above.id
        from unit_ancestor
        join unit as above on above.id = unit_ancestor.ancestor_id
        where question.closed_at is null and question.answered_at is null and question.escalated_to_unit_id is null and question.due_on < ${day}::date
          and unit_ancestor.unit_id = question.unit_id and unit_ancestor.depth = 1 and unit_ancestor.standing @> ${day}::date
        returning question.id, question.unit_id, question.due_on, above.name
      ), said as (
        insert into question_message (question_id, kind, text)
        select escalated.id, 'escalation', escalated.name from escalated
      )
      insert into audit_entry (action, unit_id, subject_type, subject_id, detail)
      select 'question.escalated', escalated.unit_id, 'question', escalated.id, jsonb_build_object('dueOn', escalated.due_on)
      from escalated
      returning subject_id as id`.execute(tx)
    return rows.length
  })
}
