import type { Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Campaign } from '../campaigns/campaigns.server.ts'
import type { SubmissionContent } from '../filings/filings.schema.ts'
import { behindFigure } from '../indicators/behind.server.ts'
import { placeAt } from '../units/place.server.ts'
import type { Unit } from '../units/units.server.ts'
import type { FrozenFigure } from './questions.schema.ts'

type Asked = { campaign: Campaign & { openedOn: Day }; unit: Unit; key: string; asOf: Day; part: string | null }

/**
 * The figure that a question is about, as it stands now: counted from the records, or, where units only declare it, as the unit
 * last handed it up by that day. Throws NotFound for a figure or part that there is none of.
 */
export async function figureAsked(ctx: Ctx, asked: Asked): Promise<FrozenFigure> {
  const register = await ctx.tx.selectFrom('indicator').select('is_declared').where('key', '=', asked.key).executeTakeFirst()
  if (!register) throw new NotFound()
  return register.is_declared ? declaredFigure(ctx, asked) : countedFigure(ctx, asked)
}

async function countedFigure(ctx: Ctx, { campaign, unit, key, asOf, part }: Asked): Promise<FrozenFigure> {
  const behind = await behindFigure(ctx, { campaign, place: await placeAt(ctx.tx, unit, asOf), key, asOf, part })
  const { numerator, denominator, base, declared, partName } = behind
  return { numerator, denominator, share: denominator ? numerator / denominator : null, base, declared, partName, partKind: behind.part.kind }
}

async function declaredFigure({ tx }: Ctx, { campaign, unit, key, asOf, part }: Asked): Promise<FrozenFigure> {
  if (part) throw new NotFound()
  const last = await tx
    .selectFrom('submission')
    .innerJoin('filing', 'filing.id', 'submission.filing_id')
    .innerJoin('report_round', 'report_round.id', 'filing.round_id')
    .select('submission.content')
    .where('report_round.campaign_id', '=', campaign.id)
    .where('report_round.as_of', '<=', asOf)
    .where('filing.unit_id', '=', unit.id)
    .orderBy('report_round.as_of', 'desc')
    .orderBy('submission.submitted_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  const figure = (last?.content as SubmissionContent | undefined)?.figures.find((one) => one.key === key)
  if (!figure) throw new NotFound()
  const { numerator, denominator, share, base, declared } = figure
  return { numerator, denominator, share, base, declared, partName: null, partKind: null }
}
