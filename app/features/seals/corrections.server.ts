import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import { rate, count, type Figure } from '../../figures/figure.ts'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import { Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { figuresOf } from '../indicators/figures.server.ts'
import { sealByCode, type Seal } from './seal-views.server.ts'
import { sealWords } from './seals.messages.ts'
import type { SealCorrection } from './seals.schema.ts'

/**
 * Adds a dated correction beside a sealed figure; the figure itself stays as it was sealed.
 * Throws NotFound, Forbidden, Refused('indicator' | 'numerator' | 'denominator').
 */
export async function addCorrection(ctx: Ctx, input: SealCorrection): Promise<Receipt> {
  const { tx, viewer } = ctx
  const { id } = await sealByCode(tx, input.code)
  await sql`select pg_advisory_xact_lock(hashtext('correct'), hashtext(${id}))`.execute(tx) // of two alike the second is refused
  const seal = await sealByCode(tx, input.code)
  demand(viewer, 'seal the report', await chainOf(tx, seal.unit.id, viewer.today))
  const figure = currentFigures(seal).find((one) => one.key === input.indicator)
  if (!figure) throw new Refused('indicator', sealWords.say('notSealedFigure'))
  if (figure.denominator === null && input.denominator !== undefined) throw new Refused('denominator', sealWords.say('hasNoBase'))
  if (figure.denominator !== null && input.denominator === undefined) throw new Refused('denominator', sealWords.say('needsBase'))
  if (input.denominator !== undefined && input.numerator > input.denominator) throw new Refused('numerator', sealWords.say('overBase'))
  const denominator = input.denominator ?? null
  if (input.numerator === figure.numerator && denominator === figure.denominator) throw new Refused('numerator', sealWords.say('sameNumber'))
  await tx
    .insertInto('seal_correction')
    .values({ seal_id: id, unit_id: seal.unit.id, indicator: input.indicator, numerator: input.numerator, denominator, reason: input.reason, recorded_by: viewer.personId })
    .execute()
  return note(ctx, {
    action: 'seal.corrected',
    unitId: seal.unit.id,
    subjectType: 'seal',
    subjectId: id,
    detail: { code: seal.code, indicator: input.indicator, numerator: input.numerator, denominator },
  })
}

/** Every figure of a seal once, those of the form before those of the report, as last corrected. */
export function currentFigures({ content, corrections }: Pick<Seal, 'content' | 'corrections'>): Figure[] {
  return sealedFigures(content).map((figure) => {
    const last = corrections.findLast((one) => one.indicator === figure.key)
    if (!last) return figure
    return last.denominator === null || figure.base === null ? count(figure.key, last.numerator) : rate(figure.key, last.numerator, last.denominator, figure.base)
  })
}

/** Every figure of a seal once, as it was sealed. */
export function sealedFigures({ report, filing }: Seal['content']): Figure[] {
  const ofForm = (filing?.figures ?? []).map(({ key, numerator, denominator, share, base }): Figure => ({ key, numerator, denominator, share, base }))
  return [...ofForm, ...report.figures.filter((figure) => !ofForm.some((one) => one.key === figure.key))]
}

export type Difference = { key: string; sealed: Figure; current: Figure; today: Figure }

/** Figures that are counted otherwise today for the same day than they were sealed and last corrected: what a correction may be proposed for. */
export async function differencesOf(tx: Tx, seal: Pick<Seal, 'content' | 'corrections' | 'campaign' | 'unit' | 'asOf'>): Promise<Difference[]> {
  const counted = new Map((await figuresOf(tx, { campaignId: seal.campaign.id, asOf: seal.asOf }, seal.unit.id)).map((figure) => [figure.key, figure]))
  const original = new Map(sealedFigures(seal.content).map((figure) => [figure.key, figure]))
  const declared = new Set(seal.content.definitions.filter((one) => one.isDeclared).map((one) => one.key)) // no record counts them
  return currentFigures(seal).flatMap((current) => {
    const today = counted.get(current.key)
    if (!today || declared.has(current.key) || (today.numerator === current.numerator && today.denominator === current.denominator)) return []
    return [{ key: current.key, sealed: original.get(current.key)!, current, today }]
  })
}
