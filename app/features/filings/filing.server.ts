import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import { chainOf, demand, reasonAgainst, type Ctx } from '../../permissions/permissions.ts'
import { showCount } from '../../figures/figure.ts'
import { Refused } from '../../platform/errors.ts'
import type { Sentence } from '../../platform/i18n.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { nameOf, type Registered } from '../indicators/register.server.ts'
import { draftOf, type Draft, type Evidence } from './drafts.server.ts'
import { filingHead, lockFiling, touchFiling, type FilingHead } from './filing-head.server.ts'
import { filingsWords } from './filings.messages.ts'
import type { FilingText, FilingValues, SubmissionContent } from './filings.schema.ts'
import { sectionsOf } from './forms.server.ts'

export type Submission = { id: string; number: number; submittedAt: Date; submittedBy: string | null; content: SubmissionContent }
/** What happened to a filing; a job's doing has no actor and `isJob`. */
export type FilingEvent = { id: string; kind: 'submitted' | 'returned' | 'accepted' | 'extended' | 'consolidated' | 'sealed' | 'reminded'; comment: string | null; at: Date; actor: string | null; isJob: boolean }
/** Why the viewer cannot do it now, by right or by the state of the filing; null: can. */
export type ReasonsAgainst = Record<'fill' | 'submit' | 'return' | 'accept' | 'extend' | 'consolidate', Sentence | null>

/**
 * All that a page about one filing shows. `draft` is null for whoever is no officer of the unit, and while nothing can be changed:
 * then the latest submission, the first of the list, is the report. `timeliness` is by the first submission.
 */
export type FilingView = {
  filing: FilingHead
  timeliness: 'on_time' | 'late' | 'overdue' | 'waiting'
  draft: Draft | null
  submissions: Submission[]
  evidence: (Evidence & { indicator: string | null; savedAt: Date; savedBy: string | null })[]
  events: FilingEvent[]
  reasonsAgainst: ReasonsAgainst
}

/** One filing with everything the viewer may see of it. Throws NotFound. */
export async function filingById(ctx: Ctx, id: string): Promise<FilingView> {
  const { tx } = ctx
  const filing = await filingHead(tx, id)
  const isOpen = filing.isConsolidated ? filing.state !== 'sealed' : isFillable(filing)
  return {
    filing,
    timeliness: timelinessOf(filing),
    draft: filing.isOwn && isOpen ? await draftOf(ctx, filing) : null,
    submissions: await submissionsOf(tx, id),
    evidence: await evidenceOf(tx, id),
    events: await eventsOf(tx, id),
    reasonsAgainst: await reasonsOf(ctx, filing),
  }
}

function timelinessOf({ submittedAt, dueAt }: FilingHead): FilingView['timeliness'] {
  if (submittedAt) return submittedAt <= dueAt ? 'on_time' : 'late'
  return dueAt < new Date() ? 'overdue' : 'waiting'
}

/** What was handed up, the latest first; of a consolidated report, what it was consolidated to. */
export async function submissionsOf(tx: Tx, filingId: string): Promise<Submission[]> {
  const rows = await tx
    .selectFrom('submission')
    .select(['id', 'number', 'submitted_at as submittedAt', sql<string | null>`office_holder_name(submitted_by)`.as('submittedBy'), 'content'])
    .where('filing_id', '=', filingId)
    .orderBy('number', 'desc')
    .execute()
  return rows.map((row) => ({ ...row, content: row.content as SubmissionContent }))
}

async function evidenceOf(tx: Tx, filingId: string): Promise<FilingView['evidence']> {
  const { rows } = await sql<FilingView['evidence'][number]>`
    select evidence.id, evidence.name, evidence.content_type as "contentType", evidence.size_bytes as "sizeBytes", encode(evidence.sha256, 'hex') as sha256,
           (select filing_value.indicator from filing_value where filing_value.evidence_id = evidence.id order by filing_value.recorded_at desc limit 1) as indicator,
           evidence.recorded_at as "savedAt", office_holder_name(evidence.recorded_by) as "savedBy"
    from evidence
    where evidence.filing_id = ${filingId}
    order by evidence.recorded_at desc`.execute(tx)
  return rows
}

async function eventsOf(tx: Tx, filingId: string): Promise<FilingEvent[]> {
  const { rows } = await sql<FilingEvent>`
    select id, kind, comment, at, office_holder_name(actor_id) as actor, actor_id is null as "isJob"
    from filing_event
    where filing_id = ${filingId}
    order by at desc, id desc
    limit 200`.execute(tx)
  return rows
}

async function reasonsOf({ tx, viewer }: Ctx, filing: FilingHead): Promise<ReasonsAgainst> {
  const own = await chainOf(tx, filing.unitId, viewer.today)
  const asker = await chainOf(tx, filing.askerId, viewer.today)
  const acceptance = reasonAgainst(viewer, 'accept reports', asker)
  const isSealed = filing.isConsolidated ? filing.state === 'sealed' : await isRoundSealed(tx, filing.roundId)
  const sealed = isSealed ? filingsWords.say('sealedAlready') : null
  const notSubmitted = filing.state === 'submitted' ? null : filingsWords.say(filing.state === 'accepted' ? 'alreadyAccepted' : 'notSubmitted')
  const ofConsolidated = filing.isConsolidated ? filingsWords.say('submitOfConsolidated') : null
  return {
    fill: reasonAgainst(viewer, 'fill in the report', own) ?? notFillable(filing),
    submit: ofConsolidated ?? reasonAgainst(viewer, 'submit the report', own) ?? notFillable(filing),
    return: ofConsolidated ?? acceptance ?? sealed ?? (filing.state === 'accepted' ? null : notSubmitted),
    accept: ofConsolidated ?? acceptance ?? sealed ?? notSubmitted,
    extend: ofConsolidated ?? reasonAgainst(viewer, 'open a round', asker) ?? sealed,
    consolidate: filing.isConsolidated ? (acceptance ?? sealed) : filingsWords.say('notConsolidated'),
  }
}

async function isRoundSealed(tx: Tx, roundId: string): Promise<boolean> {
  const own = await tx.selectFrom('filing').select('state').where('round_id', '=', roundId).where('is_consolidated', '=', true).executeTakeFirst()
  return own?.state === 'sealed'
}

const isFillable = ({ state }: FilingHead) => state === 'draft' || state === 'returned'

/** Why a filing takes no changes by its unit now; null while it does. */
export function notFillable(filing: FilingHead): Sentence | null {
  if (isFillable(filing)) return null
  return filingsWords.say(filing.state === 'sealed' ? 'sealedAlready' : 'notOpenForFilling')
}

/** The filing, locked, once the viewer may fill it in. Throws NotFound, Forbidden, Refused('form'). */
export async function lockForFilling({ tx, viewer }: Ctx, id: string): Promise<FilingHead> {
  const filing = await lockFiling(tx, id)
  demand(viewer, 'fill in the report', await chainOf(tx, filing.unitId, viewer.today))
  const closed = notFillable(filing)
  if (closed) throw new Refused('form', closed)
  return filing
}

type CurrentValue = { id: string; value: number; evidenceId: string | null; savedBy: string | null }

/**
 * Types declared figures. What changed is superseded, not removed; a figure that somebody else changed since the sheet was
 * shown is refused and nothing is saved. Throws NotFound, Forbidden, Refused('form' | 'values.<key>.value' | 'values.<key>.evidenceId').
 */
export async function saveValues(ctx: Ctx, { filingId, values }: FilingValues): Promise<Receipt> {
  const { tx, viewer, source } = ctx
  const filing = await lockForFilling(ctx, filingId)
  const asked = new Map((await sectionsOf(tx, filing.formId)).flatMap((section) => section.indicators).map((indicator) => [indicator.key, indicator]))
  const current = await currentValues(tx, filing.id)
  let changed = 0
  for (const [key, typed] of Object.entries(values)) {
    const indicator = demandDeclared(asked, key, `values.${key}.value`)
    const before = current.get(key)
    const evidenceId = typed.evidenceId === undefined ? (before?.evidenceId ?? null) : typed.evidenceId === 'none' ? null : typed.evidenceId
    if ((before?.value ?? null) === typed.value && (before?.evidenceId ?? null) === evidenceId) continue
    // what both typed alike is no conflict, and a proof taken off beside an old figure is none either
    if (typed.was !== undefined && typed.was !== (before?.value ?? null) && typed.value !== (before?.value ?? null)) {
      if (typed.value === typed.was) continue // this person left it as it was
      throw new Refused(`values.${key}.value`, changedSince(indicator, before))
    }
    if (evidenceId !== null && evidenceId !== before?.evidenceId) await demandEvidence(tx, filing.id, evidenceId, key)
    if (before) await tx.updateTable('filing_value').set({ superseded_at: sql`clock_timestamp()` }).where('id', '=', before.id).execute()
    if (typed.value !== null) {
      await tx.insertInto('filing_value').values({ filing_id: filing.id, indicator: key, value: typed.value, evidence_id: evidenceId, recorded_by: viewer.personId, source }).execute()
    }
    changed++
  }
  if (changed > 0) await touchFiling(tx, filing.id)
  return note(ctx, { action: 'filing.figures typed', unitId: filing.unitId, subjectType: 'filing', subjectId: filing.id, detail: { changed } })
}

/** The indicator, when the form asks the unit to type it; else Refused(field). */
export function demandDeclared(asked: Map<string, Registered>, key: string, field: string): Registered {
  const indicator = asked.get(key)
  if (!indicator) throw new Refused(field, filingsWords.say('notOnForm', { key }))
  if (!indicator.isDeclared) throw new Refused(field, (language) => filingsWords.in(language)('notDeclared', { name: nameOf(indicator)(language) }))
  return indicator
}

function changedSince(indicator: Registered, before: CurrentValue | undefined): Sentence {
  return (language) => {
    const t = filingsWords.in(language)
    const said = { name: before?.savedBy ?? t('somebody'), figure: nameOf(indicator)(language) }
    return before ? t('valueChanged', { ...said, value: showCount(before.value, language) }) : t('valueCleared', said)
  }
}

async function demandEvidence(tx: Tx, filingId: string, evidenceId: string, key: string): Promise<void> {
  const evidence = await tx.selectFrom('evidence').select('id').where('id', '=', evidenceId).where('filing_id', '=', filingId).executeTakeFirst()
  if (!evidence) throw new Refused(`values.${key}.evidenceId`, filingsWords.say('evidenceOfOthers'))
}

async function currentValues(tx: Tx, filingId: string): Promise<Map<string, CurrentValue>> {
  const rows = await tx
    .selectFrom('filing_value')
    .select(['indicator', 'id', 'value', 'evidence_id as evidenceId', sql<string | null>`office_holder_name(recorded_by)`.as('savedBy')])
    .where('filing_id', '=', filingId)
    .where('superseded_at', 'is', null)
    .execute()
  return new Map(rows.map(({ indicator, ...row }) => [indicator, row]))
}

/**
 * Saves one narrative part as a new version; earlier ones stay. Throws NotFound, Forbidden, Refused('form' | 'sectionId'), and
 * Refused('version') when somebody saved another text since this one was opened: the page then shows both.
 */
export async function saveText(ctx: Ctx, { filingId, sectionId, text, version }: FilingText): Promise<Receipt> {
  const { tx, viewer, source } = ctx
  const filing = await lockForFilling(ctx, filingId)
  const section = (await sectionsOf(tx, filing.formId)).find((one) => one.id === sectionId && one.kind !== 'figures')
  if (!section) throw new Refused('sectionId', filingsWords.say('notNarrative'))
  const current = await tx
    .selectFrom('filing_text')
    .select(['id', 'text', 'version', sql<string | null>`office_holder_name(recorded_by)`.as('savedBy')])
    .where('filing_id', '=', filing.id)
    .where('section_id', '=', sectionId)
    .where('superseded_at', 'is', null)
    .executeTakeFirst()
  const isSame = (current?.text ?? '') === text
  if (!isSame && (current?.version ?? 0) !== version) {
    throw new Refused('version', (language) => filingsWords.in(language)('textChanged', { name: current?.savedBy ?? filingsWords.in(language)('somebody') }))
  }
  if (!isSame) {
    if (current) await tx.updateTable('filing_text').set({ superseded_at: sql`clock_timestamp()` }).where('id', '=', current.id).execute()
    await tx
      .insertInto('filing_text')
      .values({ filing_id: filing.id, section_id: sectionId, text, version: (current?.version ?? 0) + 1, recorded_by: viewer.personId, source })
      .execute()
    await touchFiling(tx, filing.id)
  }
  return note(ctx, { action: 'filing.text written', unitId: filing.unitId, subjectType: 'filing', subjectId: filing.id, detail: { section: sectionId, length: text.length } })
}

export type TextVersion = { version: number; text: string; savedBy: string | null; savedAt: Date; isCurrent: boolean }

/** Every version of one narrative part, the latest first; empty for whoever is no officer of the unit. */
export function textVersions(tx: Tx, filingId: string, sectionId: string): Promise<TextVersion[]> {
  return tx
    .selectFrom('filing_text')
    .select(['version', 'text', sql<string | null>`office_holder_name(recorded_by)`.as('savedBy'), 'recorded_at as savedAt', sql<boolean>`superseded_at is null`.as('isCurrent')])
    .where('filing_id', '=', filingId)
    .where('section_id', '=', sectionId)
    .orderBy('version', 'desc')
    .execute()
}
