import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { Tx } from '../../db/open.ts'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import { Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { settleDuties } from '../duties/duties.server.ts'
import { notify } from '../notices/notices.server.ts'
import { contentOf, draftOf, type Draft } from './drafts.server.ts'
import { lockFiling, type FilingHead } from './filing-head.server.ts'
import { notFillable, submissionsOf, type FilingEvent, type Submission } from './filing.server.ts'
import { filingsWords } from './filings.messages.ts'
import type { Consolidation, FilingAcceptance, FilingReturn, FilingSubmission, SubmissionContent } from './filings.schema.ts'
import { refuseSealed } from './rounds.server.ts'
import { sayFinding } from './validation.server.ts'

type Submitted = { submissionId: string; number: number; receipt: Receipt }

/**
 * Hands a unit's report up: its content is frozen as a submission. Sent twice it is one submission, the second gets the first's.
 * Throws NotFound, Forbidden, Refused('version') when the draft changed since it was shown, Refused('form') with the first
 * problem, Refused('reasons.<id>') for a warning without a reason.
 */
export async function submitFiling(ctx: Ctx, input: FilingSubmission): Promise<Submitted> {
  const { tx, viewer } = ctx
  const filing = await lockFiling(tx, input.filingId)
  demand(viewer, 'submit the report', await chainOf(tx, filing.unitId, viewer.today))
  if (filing.isConsolidated) throw new Refused('form', filingsWords.say('submitOfConsolidated'))
  if (filing.state === 'submitted') return alreadySubmitted(tx, filing)
  const closed = notFillable(filing)
  if (closed) throw new Refused('form', closed)
  refuseChanged(filing, input.version)
  const draft = await draftOf(ctx, filing)
  refuseFindings(draft, input.reasons)
  const submission = await freeze(ctx, filing, contentOf(filing, draft, input.reasons))
  await tx
    .updateTable('filing')
    .set({ state: 'submitted', submitted_at: sql`coalesce(submitted_at, clock_timestamp())`, version: sql`version + 1` })
    .where('id', '=', filing.id)
    .execute()
  await happened(ctx, filing, 'submitted')
  await settleDuties(ctx, { unitId: filing.unitId, campaignId: filing.campaignId, kinds: ['report'] })
  const receipt = await note(ctx, { action: 'filing.submitted', unitId: filing.unitId, subjectType: 'submission', subjectId: submission.submissionId, detail: { filing: filing.id, number: submission.number } })
  return { ...submission, receipt }
}

async function alreadySubmitted(tx: Tx, filing: FilingHead): Promise<Submitted> {
  const [last] = await submissionsOf(tx, filing.id)
  const entry = await tx.selectFrom('audit_entry').select('id').where('subject_type', '=', 'submission').where('subject_id', '=', last!.id).orderBy('id').limit(1).executeTakeFirstOrThrow()
  return { submissionId: last!.id, number: last!.number, receipt: entry.id }
}

/** Sends a report back for more work, with what is wrong. Also one that was accepted, until the round is sealed. Throws NotFound, Forbidden, Refused('version' | 'form'). */
export async function returnFiling(ctx: Ctx, { filingId, version, comment }: FilingReturn): Promise<Receipt> {
  const filing = await lockForDecision(ctx, filingId, version)
  await moveTo(ctx, filing, 'returned', comment)
  await notify(ctx.tx, {
    kind: 'filing-returned',
    to: { unitIds: [filing.unitId], roles: ['secretary', 'deputy', 'clerk'] },
    about: { type: 'filing', id: filing.id },
    unitId: filing.unitId,
    values: { title: filing.roundName },
    path: `/filings/${filing.id}`,
    mergeKey: `filing ${filing.id}`,
  })
  return note(ctx, { action: 'filing.returned', unitId: filing.unitId, subjectType: 'filing', subjectId: filing.id })
}

/**
 * Takes a report as it was handed up; from then on it counts in the consolidated one.
 * Throws NotFound, Forbidden, Refused('version') when it was submitted anew or decided by somebody else meanwhile, Refused('form').
 */
export async function acceptFiling(ctx: Ctx, { filingId, version }: FilingAcceptance): Promise<Receipt> {
  const filing = await lockForDecision(ctx, filingId, version)
  if (filing.state === 'accepted') throw new Refused('form', filingsWords.say('alreadyAccepted'))
  await moveTo(ctx, filing, 'accepted')
  return note(ctx, { action: 'filing.accepted', unitId: filing.unitId, subjectType: 'filing', subjectId: filing.id })
}

async function lockForDecision({ tx, viewer }: Ctx, filingId: string, version: number): Promise<FilingHead> {
  const filing = await lockFiling(tx, filingId)
  demand(viewer, 'accept reports', await chainOf(tx, filing.askerId, viewer.today))
  if (filing.isConsolidated) throw new Refused('form', filingsWords.say('submitOfConsolidated'))
  await refuseSealed(tx, filing.roundId)
  refuseChanged(filing, version)
  if (filing.state !== 'submitted' && filing.state !== 'accepted') throw new Refused('form', filingsWords.say('notSubmitted'))
  return filing
}

/**
 * Sums the accepted reports of a round into the asking unit's own, as a submission of it that can be sealed. Units whose report
 * is not accepted are named in it. It can be done again until it is sealed.
 * Throws NotFound, Forbidden, Refused('version' | 'form' | 'reasons.<id>').
 */
export async function consolidate(ctx: Ctx, input: Consolidation): Promise<Submitted> {
  const { tx, viewer } = ctx
  const filing = await lockFiling(tx, input.filingId)
  demand(viewer, 'accept reports', await chainOf(tx, filing.askerId, viewer.today))
  if (!filing.isConsolidated) throw new Refused('form', filingsWords.say('notConsolidated'))
  if (filing.state === 'sealed') throw new Refused('form', filingsWords.say('sealedAlready'))
  refuseChanged(filing, input.version)
  const draft = await draftOf(ctx, filing)
  refuseFindings(draft, input.reasons)
  const submission = await freeze(ctx, filing, contentOf(filing, draft, input.reasons))
  await tx.updateTable('filing').set({ version: sql`version + 1` }).where('id', '=', filing.id).execute()
  await happened(ctx, filing, 'consolidated')
  const receipt = await note(ctx, {
    action: 'round.consolidated',
    unitId: filing.unitId,
    subjectType: 'submission',
    subjectId: submission.submissionId,
    detail: { filing: filing.id, number: submission.number, accepted: draft.accepted, missing: draft.missing.length },
  })
  return { ...submission, receipt }
}

/**
 * What a round was last consolidated to; null before that. `isStale`: reports were accepted or returned, or the draft changed, since.
 */
export async function consolidationOf(tx: Tx, filingId: string): Promise<(Submission & { isStale: boolean }) | null> {
  const [last] = await submissionsOf(tx, filingId)
  if (!last) return null
  const { rows } = await sql<{ isStale: boolean }>`
    select exists (
        select from filing as own
        join filing as other on other.round_id = own.round_id
        join filing_event on filing_event.filing_id = other.id and filing_event.kind in ('accepted', 'returned') and filing_event.at > ${last.submittedAt}
        where own.id = ${filingId})
      or exists (select from filing_value where filing_value.filing_id = ${filingId} and greatest(filing_value.recorded_at, filing_value.superseded_at) > ${last.submittedAt})
      or exists (select from filing_text where filing_text.filing_id = ${filingId} and greatest(filing_text.recorded_at, filing_text.superseded_at) > ${last.submittedAt}) as "isStale"`.execute(tx)
  return { ...last, ...rows[0]! }
}

function refuseChanged(filing: FilingHead, version: number): void {
  if (filing.version !== version) throw new Refused('version', filingsWords.say('changedMeanwhile'))
}

function refuseFindings({ problems, warnings }: Draft, reasons: Record<string, string | undefined>): void {
  const [problem] = problems
  if (problem) throw new Refused('form', sayFinding(problem))
  const unexplained = warnings.find(({ id }) => !reasons[id]?.trim())
  if (unexplained) throw new Refused(`reasons.${unexplained.id}`, (language) => filingsWords.in(language)('reasonNeeded', { sentence: sayFinding(unexplained)(language) }))
}

async function freeze({ tx, viewer }: Ctx, filing: FilingHead, content: SubmissionContent): Promise<{ submissionId: string; number: number }> {
  const submissionId = v7()
  const { number } = await tx
    .insertInto('submission')
    .values({
      id: submissionId,
      filing_id: filing.id,
      number: sql<number>`(select coalesce(max(earlier.number), 0) + 1 from submission as earlier where earlier.filing_id = ${filing.id})`,
      unit_id: filing.unitId,
      content: JSON.stringify(content),
      submitted_by: viewer.personId,
    })
    .returning('number')
    .executeTakeFirstOrThrow()
  const proofs = content.figures.flatMap(({ evidence }) => evidence?.id ?? [])
  if (proofs.length > 0) await tx.updateTable('evidence').set({ handed_up_at: sql`coalesce(handed_up_at, clock_timestamp())` }).where('id', 'in', proofs).execute()
  return { submissionId, number }
}

async function moveTo(ctx: Ctx, filing: FilingHead, state: 'accepted' | 'returned', comment?: string): Promise<void> {
  await ctx.tx.updateTable('filing').set({ state, version: sql`version + 1` }).where('id', '=', filing.id).execute()
  await happened(ctx, filing, state, comment)
  await settleDuties(ctx, { unitId: filing.unitId, campaignId: filing.campaignId, kinds: ['report'] })
}

async function happened({ tx, viewer }: Ctx, filing: FilingHead, kind: FilingEvent['kind'], comment?: string): Promise<void> {
  await tx.insertInto('filing_event').values({ filing_id: filing.id, unit_id: filing.unitId, kind, comment: comment ?? null, actor_id: viewer.personId }).execute()
}
