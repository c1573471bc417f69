import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { Tx } from '../../db/open.ts'
import { chainOf, demand, reasonAgainst, type Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { campaignByCode } from '../campaigns/campaigns.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { dutyWords } from './duties.messages.ts'
import { writtenIn } from './rule-choices.server.ts'
import type { DutyKind, DutyRuleChange, DutyRuleEnd, DutyRuleInput, DutyWho } from './duties.schema.ts'

/** One unit of a preview, with its due day and the one it had. */
export type PreviewLine = { code: string; name: string; above: string | null; period: string; dueOn: Day | null; wasDueOn: Day | null }
export type PreviewPart = { duties: number; units: number; first: PreviewLine[] }
export type Change = 'add' | 'restore' | 'move' | 'drop' | 'kept' | 'same'
/** What a rule would do before anything happens; a change nobody is concerned by is left out. */
export type Preview = Partial<Record<Change, PreviewPart>>

export type RuleState = 'laying' | 'active' | 'ended'
/** A rule as it is kept; `kinds`, `depthTo` and `ownMembers` say which units. */
export type Rule = {
  id: string
  version: number
  campaignId: string
  campaignCode: string
  campaignName: string
  unitId: string
  unitCode: string
  unitName: string
  basisId: string | null
  basisNumber: string | null
  kind: DutyKind
  title: string
  kinds: string[]
  depthFrom: number
  depthTo: number | null
  ownMembers: boolean
  detail: { type?: string; superiorType?: string; roundId?: string; formId?: string; measure?: 'all' | 'held' }
  dueMode: 'day' | 'after_basis' | 'after_superior' | 'monthly'
  dueOn: Day | null
  dueDays: number | null
  dueMonthday: number | null
  fromOn: Day | null
  untilOn: Day | null
  lateNoticeDays: number | null
  state: RuleState
  recordedAt: Date
}

/** The progress or the result of laying a rule over the tree. */
export type Laying = {
  reason: 'made' | 'changed' | 'ended' | 'organisation'
  units: number
  unitsDone: number
  added: number
  moved: number
  dropped: number
  restored: number
  kept: number
  startedAt: Date
  endedAt: Date | null
}

/** What `preview_duties` and the table take: the input as a row. */
type Row = {
  id: string
  campaign_id: string
  unit_id: string
  basis_id: string | null
  kind: DutyKind
  title: string
  role: string | null
  kinds: string[]
  depth_from: number
  depth_to: number | null
  own_members: boolean
  detail: string
  due_mode: string
  due_on: Day | null
  due_days: number | null
  due_monthday: number | null
  from_on: Day | null
  until_on: Day | null
  late_notice_days: number | null
}

/** What making the rule would do: how many units get a duty, and the first twenty. Throws NotFound, Forbidden, Refused. */
export async function previewRule(ctx: Ctx, input: DutyRuleInput): Promise<Preview> {
  return previewOf(ctx, await rowOf(ctx, input, await placeOfRule(ctx, input)))
}

/** What the change would add, drop, move, and what stays as done or waived. Throws NotFound, Forbidden, Refused. */
export async function previewChange(ctx: Ctx, input: DutyRuleChange): Promise<Preview> {
  const rule = await ruleById(ctx.tx, input.ruleId)
  demand(ctx.viewer, 'order duties', await chainOf(ctx.tx, rule.unitId, ctx.viewer.today))
  return previewOf(ctx, await rowOf(ctx, { ...input, kind: rule.kind }, rule))
}

/** What ending a rule would drop and what stays. Throws NotFound, Forbidden. */
export async function previewEnd(ctx: Ctx, ruleId: string): Promise<Preview> {
  const { tx, viewer } = ctx
  const rule = await ruleById(tx, ruleId)
  demand(viewer, 'order duties', await chainOf(tx, rule.unitId, viewer.today))
  return readPreview(ctx, sql`(select to_jsonb(duty_rule) || '{"state":"ended"}' from duty_rule where duty_rule.id = ${ruleId}::uuid)`)
}

const previewOf = (ctx: Ctx, { detail, ...row }: Row) => readPreview(ctx, sql`${JSON.stringify({ ...row, detail: JSON.parse(detail), state: 'active' })}::jsonb`)

async function readPreview({ tx, viewer }: Ctx, rule: ReturnType<typeof sql>): Promise<Preview> {
  const { rows } = await sql<PreviewPart & { change: Change }>`
    select change, duties, units, first from preview_duties(${rule}, ${viewer.today}::date)`.execute(tx)
  return Object.fromEntries(rows.map(({ change, ...part }) => [change, part]))
}

/**
 * Orders a rule; its duties are laid in the background. Sent twice with one id it is one rule.
 * Throws NotFound, Forbidden, Refused('basisId' | 'roundId' | 'formId' | 'kinds' | 'who').
 */
export async function orderDuties(ctx: Ctx, input: DutyRuleInput): Promise<{ ruleId: string; receipt: Receipt }> {
  const { tx, viewer, source } = ctx
  const place = await placeOfRule(ctx, input)
  const row = await rowOf(ctx, input, place)
  const inserted = await tx
    .insertInto('duty_rule')
    .values({ ...row, recorded_by: viewer.personId, source })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows !== 0n) await beginLaying(ctx, row.id, 'made')
  else await ruleById(tx, row.id)
  const receipt = await note(ctx, { action: 'duties.ordered', unitId: place.unitId, subjectType: 'duty_rule', subjectId: row.id, detail: { kind: input.kind, dueMode: input.dueMode } })
  return { ruleId: row.id, receipt }
}

/** Gives a rule other terms: what is open follows, what is done or waived stays as it was. Throws NotFound, Forbidden, Refused('version' | …). */
export async function changeRule(ctx: Ctx, input: DutyRuleChange): Promise<Receipt> {
  const { tx } = ctx
  const rule = await lockRule(ctx, input.ruleId, input.version)
  const { id, campaign_id: _, unit_id: __, kind: ___, role: ____, ...terms } = await rowOf(ctx, { ...input, kind: rule.kind }, rule)
  await tx.updateTable('duty_rule').set({ ...terms, state: 'laying', version: sql`version + 1` }).where('id', '=', id).execute()
  await beginLaying(ctx, id, 'changed')
  return note(ctx, { action: 'duties.changed', unitId: rule.unitId, subjectType: 'duty_rule', subjectId: id, detail: { kind: rule.kind, dueMode: input.dueMode, version: rule.version + 1 } })
}

/** Ends a rule: nobody owes what is still open of it; what is done or waived stays. Throws NotFound, Forbidden, Refused('version'). */
export async function endRule(ctx: Ctx, { ruleId, version }: DutyRuleEnd): Promise<Receipt> {
  const rule = await lockRule(ctx, ruleId, version)
  await ctx.tx.updateTable('duty_rule').set({ state: 'ended', version: sql`version + 1` }).where('id', '=', ruleId).execute()
  await beginLaying(ctx, ruleId, 'ended')
  return note(ctx, { action: 'duties.ended', unitId: rule.unitId, subjectType: 'duty_rule', subjectId: ruleId })
}

async function lockRule({ tx, viewer }: Ctx, ruleId: string, version: number): Promise<Rule> {
  const locked = await tx.selectFrom('duty_rule').select('id').where('id', '=', ruleId).forUpdate().executeTakeFirst()
  if (!locked) throw new NotFound()
  const rule = await ruleById(tx, ruleId)
  demand(viewer, 'order duties', await chainOf(tx, rule.unitId, viewer.today))
  if (rule.version !== version) throw new Refused('version', dutyWords.say('changedMeanwhile'))
  if (rule.state === 'ended') throw new Refused('form', dutyWords.say('endedAlready'))
  return rule
}

const beginLaying = ({ tx, viewer }: Ctx, ruleId: string, reason: Laying['reason']) =>
  sql`select begin_laying(${ruleId}::uuid, ${reason}, ${viewer.today}::date, ${viewer.personId}::uuid)`.execute(tx)

async function placeOfRule({ tx, viewer }: Ctx, input: Pick<DutyRuleInput, 'unitCode' | 'campaignCode'>): Promise<{ unitId: string; campaignId: string }> {
  const unit = await unitByCode(tx, input.unitCode)
  demand(viewer, 'order duties', await chainOf(tx, unit.id, viewer.today))
  return { unitId: unit.id, campaignId: (await campaignByCode(tx, input.campaignCode)).id }
}

type Terms = Omit<DutyRuleInput, 'unitCode' | 'campaignCode' | 'id'> & { id?: string | undefined; ruleId?: string }

async function rowOf({ tx }: Ctx, input: Terms, { unitId, campaignId }: { unitId: string; campaignId: string }): Promise<Row> {
  await refuseUnknown(tx, input, campaignId)
  const isMonthly = input.dueMode === 'monthly'
  const isAfter = input.dueMode === 'after_basis' || input.dueMode === 'after_superior'
  return {
    id: input.ruleId ?? input.id ?? v7(),
    campaign_id: campaignId,
    unit_id: unitId,
    basis_id: input.basisId ?? null,
    kind: input.kind,
    title: input.title,
    role: input.kind === 'personal_plan' ? 'secretary' : null,
    ...unitsOf(input),
    detail: JSON.stringify(detailOf(input)),
    due_mode: input.dueMode,
    due_on: input.dueMode === 'day' ? (input.dueOn ?? null) : null,
    due_days: isAfter ? (input.dueDays ?? null) : null,
    due_monthday: isMonthly ? (input.dueMonthday ?? null) : null,
    from_on: isMonthly ? (input.fromOn ?? null) : null,
    until_on: isMonthly ? (input.untilOn ?? null) : null,
    late_notice_days: input.lateNoticeDays ?? null,
  }
}

function unitsOf({ who, kinds, directOnly, includesSelf }: Pick<Terms, 'who' | 'kinds' | 'directOnly' | 'includesSelf'>) {
  const named = { cells: ['cell'], caucuses: ['caucus'], kinds, direct: [], all: [], with_members: [] } satisfies Record<DutyWho, string[]>
  const isDirect = who === 'direct' || (who === 'kinds' && directOnly)
  return { kinds: [...new Set(named[who])], depth_from: includesSelf ? 0 : 1, depth_to: isDirect ? 1 : null, own_members: who === 'with_members' }
}

/** The choice that a rule's units were made by. */
export function whoOf({ kinds, depthTo, ownMembers }: Pick<Rule, 'kinds' | 'depthTo' | 'ownMembers'>): DutyWho {
  if (ownMembers) return 'with_members'
  if (kinds.length === 0) return depthTo === 1 ? 'direct' : 'all'
  const only = kinds.length === 1 && depthTo === null ? kinds[0] : null
  return only === 'cell' ? 'cells' : only === 'caucus' ? 'caucuses' : 'kinds'
}

function detailOf({ kind, documentType, superiorType, roundId, formId, measure, dueMode }: Terms) {
  const setBy = dueMode === 'after_superior' && superiorType ? { superiorType } : {}
  if (kind === 'document') return { type: documentType, ...setBy }
  if (kind === 'report') return { ...(roundId ? { roundId } : { formId }), ...setBy }
  return kind === 'study' ? { measure: measure ?? 'all', ...setBy } : setBy
}

async function refuseUnknown(tx: Tx, input: Terms, campaignId: string): Promise<void> {
  if (input.basisId) {
    const basis = await tx.selectFrom('document').select('state').where('id', '=', input.basisId).executeTakeFirst()
    if (!basis || basis.state === 'draft') throw new Refused('basisId', dutyWords.say('unknownBasis'))
  }
  for (const [field, type] of [['documentType', input.documentType], ['superiorType', input.superiorType]] as const) {
    if (type && !(await tx.selectFrom('document_type').select('key').where('key', '=', type).executeTakeFirst())) throw new Refused(field, dutyWords.say('unknownType'))
  }
  if (input.roundId && !(await tx.selectFrom('report_round').select('id').where('id', '=', input.roundId).where('campaign_id', '=', campaignId).executeTakeFirst())) throw new Refused('roundId', dutyWords.say('unknownRound'))
  if (input.formId && !(await tx.selectFrom('report_form').select('id').where('id', '=', input.formId).where('campaign_id', '=', campaignId).executeTakeFirst())) throw new Refused('formId', dutyWords.say('unknownForm'))
  const known = input.kinds.length === 0 ? [] : await tx.selectFrom('unit_kind').select('key').where('key', 'in', input.kinds).execute()
  if (known.length < new Set(input.kinds).size) throw new Refused('kinds', dutyWords.say('unknownKinds'))
  const reason = reasonAgainstMembers(input)
  if (reason) throw new Refused('who', reason)
}

/** Who has no members has nobody to study. */
function reasonAgainstMembers({ kind, who }: Terms) {
  return kind === 'study' && who === 'caucuses' ? dutyWords.say('caucusesHaveNoMembers') : null
}

const rules = (tx: Tx) =>
  tx
    .selectFrom('duty_rule')
    .innerJoin('unit', 'unit.id', 'duty_rule.unit_id')
    .innerJoin('campaign', 'campaign.id', 'duty_rule.campaign_id')
    .leftJoin('document as basis', 'basis.id', 'duty_rule.basis_id')
    .select([
      'duty_rule.id',
      'duty_rule.version',
      'duty_rule.campaign_id as campaignId',
      'campaign.code as campaignCode',
      'campaign.name as campaignName',
      'duty_rule.unit_id as unitId',
      'unit.code as unitCode',
      'unit.name as unitName',
      'duty_rule.basis_id as basisId',
      writtenIn('basis').as('basisNumber'),
      'duty_rule.kind',
      'duty_rule.title',
      'duty_rule.kinds',
      'duty_rule.depth_from as depthFrom',
      'duty_rule.depth_to as depthTo',
      'duty_rule.own_members as ownMembers',
      'duty_rule.detail',
      'duty_rule.due_mode as dueMode',
      'duty_rule.due_on as dueOn',
      'duty_rule.due_days as dueDays',
      'duty_rule.due_monthday as dueMonthday',
      'duty_rule.from_on as fromOn',
      'duty_rule.until_on as untilOn',
      'duty_rule.late_notice_days as lateNoticeDays',
      'duty_rule.state',
      'duty_rule.recorded_at as recordedAt',
    ])
    .$castTo<Rule>()

/** One rule. Throws NotFound. */
export async function ruleById(tx: Tx, id: string): Promise<Rule> {
  const rule = await rules(tx).where('duty_rule.id', '=', id).executeTakeFirst()
  if (!rule) throw new NotFound()
  return rule
}

/** Rules that the unit ordered, and those of units above that reach down to it; the newest first, ended ones last. */
export async function rulesOver({ tx, viewer }: Ctx, unitId: string): Promise<{ ordered: Rule[]; above: Rule[] }> {
  const all = await rules(tx)
    .where(sql<boolean>`duty_rule.unit_id in (select unit_ancestor.ancestor_id from unit_ancestor where unit_ancestor.unit_id = ${unitId}::uuid and unit_ancestor.standing @> ${viewer.today}::date)`)
    .orderBy(sql`duty_rule.state = 'ended'`)
    .orderBy('duty_rule.recorded_at', 'desc')
    .orderBy('duty_rule.id')
    .limit(200)
    .execute()
  return { ordered: all.filter((rule) => rule.unitId === unitId), above: all.filter((rule) => rule.unitId !== unitId) }
}

/** Layings of a rule, the latest first. */
export function layingsOf(tx: Tx, ruleId: string, most = 10): Promise<Laying[]> {
  return tx
    .selectFrom('duty_laying')
    .select(['reason', 'units', 'units_done as unitsDone', 'added', 'moved', 'dropped', 'restored', 'kept', 'started_at as startedAt', 'ended_at as endedAt'])
    .where('rule_id', '=', ruleId)
    .orderBy('started_at', 'desc')
    .limit(most)
    .$castTo<Laying>()
    .execute()
}

/** Rules of the viewer's units that are being laid now, with how far they are: found again at home. */
export async function layingNow({ tx }: Ctx): Promise<{ ruleId: string; title: string; units: number; unitsDone: number }[]> {
  return tx
    .selectFrom('duty_laying')
    .innerJoin('duty_rule', 'duty_rule.id', 'duty_laying.rule_id')
    .select(['duty_rule.id as ruleId', 'duty_rule.title', 'duty_laying.units', 'duty_laying.units_done as unitsDone'])
    .where('duty_laying.ended_at', 'is', null)
    .where('duty_laying.reason', '<>', 'organisation')
    .where(sql<boolean>`duty_rule.unit_id in (select viewer_office_units())`)
    .orderBy('duty_laying.started_at')
    .execute()
}

/** Why the viewer may not order duties for what stands beneath the unit; null when the viewer may. */
export async function reasonAgainstOrdering({ tx, viewer }: Ctx, unitId: string) {
  return reasonAgainst(viewer, 'order duties', await chainOf(tx, unitId, viewer.today))
}
