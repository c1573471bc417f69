import { sql } from 'kysely'
import type { Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'

/** One fact held about the viewer. `detail` is what itself says, in the words of the schema; `until` the first day that no longer counts. */
export type HeldFact = {
  item: string
  rowId: string | null
  unit: string | null
  detail: Record<string, unknown>
  since: Day | null
  until: Day | null
  recordedAt: Date | null
  recordedBy: string | null // '' where somebody did whose name is not the viewer's to see
  source: string | null
}

/** Everything held about the viewer, also what was superseded; the latest first within each kind. */
export async function heldAbout({ tx }: Pick<Ctx, 'tx'>): Promise<HeldFact[]> {
  const { rows } = await sql<HeldFact>`
    select item, row_id as "rowId", unit, detail, since, until, recorded_at as "recordedAt", recorded_by as "recordedBy", source
    from held_rows()
    union all
    select item, row_id, unit, detail, since, until, recorded_at, recorded_by, source
    from held_rows_of_documents()`.execute(tx)
  return rows
}

/** Columns that name a person or an account whose facts `held_rows` shows; a catalogue test compares them with the schema. */
export const heldColumns = [
  'person.id',
  'membership.person_id',
  'office.person_id',
  'inspection_assignment.person_id',
  'acting.helper_id',
  'acting.helped_id',
  'roster.person_id',
  'mark.person_id',
  'amendment.person_id',
  'account.person_id',
  'account_session.account_id',
  'account_token.account_id',
  'account_browser.account_id',
  'account_second_factor.account_id',
  'account_code.account_id',
  'member_change.person_id',
  'import.person_id',
  'person_merge.kept_id',
  'document.author_id',
  'acknowledgement.person_id',
  'acknowledgement_sentence.person_id',
  'notice.person_id',
  'notice_address.person_id',
  'notice_choice.person_id',
  'calendar_link.person_id',
]

const asActor = 'who entered it: the act itself stands in the record of what was done, which its actor reads on every page it concerns'
const asHelped = 'for whom it was entered: the fact itself is shown under its person'

/** Columns that name a person or an account and are not shown, each with the reason. `*` stands for any table. */
export const notHeldColumns: Record<string, string> = {
  '*.recorded_by': asActor,
  '*.on_behalf_of': asHelped,
  'amendment.asked_by': asActor,
  'amendment.answered_by': asActor,
  'acting.ended_by': asActor,
  'account_token.revoked_by': asActor,
  'report_round.opened_by': asActor,
  'submission.submitted_by': asActor,
  'filing_event.actor_id': asActor,
  'report_seal.sealed_by': asActor,
  'question.asked_by': asActor,
  'question_message.author_id': asActor,
  'audit_entry.actor_id': asActor,
  'account_session.acting_id': 'whom this browser acts for; the naming itself is shown',
  'account_credential.account_id': 'a trace of the password that cannot be read back, and keys of other providers',
  'member_change.undone_by': asActor,
  'person_merge.undone_by': asActor,
  'person_merge.gone_id': 'a merge is shown to the person who is kept: the other entry is the same person’s',
  'person.merged_into': 'of an entry that is no longer anybody’s; the merge itself is shown',
  'person_distinct.one_id': 'that two entries are two people, which would name the other',
  'person_distinct.other_id': 'likewise',
  'account_code.given_by': asActor,
  'account_recovery_code.account_id': 'traces of codes that cannot be read back; that the second factor is on is shown',
  'account_pending_sign_in.account_id': 'a sign-in under way, gone within minutes',
  'look_up.person_id': 'how much was looked up by exact numbers in a day, gone within days; the looking up itself is in the record of what was done',
  'guide_hidden.person_id': 'that the first steps were put away: a choice of looks',
  'count_pending.people': 'ids set aside within one transaction',
  'oidc_attempt.account_id': 'a sign-in under way, gone within ten minutes',
  'document.issued_by': asActor,
  'document.withdrawn_by': asActor,
  'document_file.superseded_by': 'a file, not a person',
  'document_recipient.received_by': asActor,
  'document_upload.person_id': 'a file on its way into the register, gone within a day',
  'duty.done_by': 'a record, not a person',
  'duty.waived_by': asActor,
  'duty_laying.started_by': asActor,
  'notice_delivery.person_id': 'how a notice was sent: the notice and the address are shown',
  'notice_delivery.claimed_by': 'a process of the server, not a person',
}
