import type { Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Language } from '../../platform/i18n.ts'
import { dayAsked } from '../../web/as-of.ts'
import { campaignByCode, campaignDay, type Campaign } from '../campaigns/campaigns.server.ts'
import { placeOf, type Place } from '../units/place.server.ts'
import { filters, passes, type Filter, type MatrixRow } from './matrix.ts'
import { matrixOf, type Matrix } from './matrix.server.ts'

export type MatrixAsked = { campaign: Campaign; place: Place; asOf: Day; asOfProblem: string | null; open: string[]; filter: Filter; matrix: Matrix; rows: MatrixRow[] }

const mostOpen = 40

/** The matrix that an address asks for: `unit`, `asOf`, `show` and the units opened in place, `open`. Throws NotFound. */
export async function matrixAsked(ctx: Ctx, code: string, url: URL, language: Language): Promise<MatrixAsked> {
  const campaign = await campaignByCode(ctx.tx, code)
  const now = campaignDay(campaign, ctx.viewer.today)
  const day = dayAsked(url, now, language)
  const place = await placeOf(ctx, url.searchParams.get('unit'), day.asOf)
  const open = [...new Set(url.searchParams.getAll('open'))].slice(0, mostOpen)
  const opened = open.length === 0 ? [] : await ctx.tx.selectFrom('unit').select(['id', 'code']).where('code', 'in', open).execute()
  const filter = filters.find((one) => one === url.searchParams.get('show')) ?? 'all'
  const matrix = await matrixOf(ctx.tx, { campaignId: campaign.id, unitId: place.unit.id, asOf: day.asOf, isNow: day.asOf >= now, open: opened.map((unit) => unit.id) })
  return { campaign, place, ...day, open: opened.map((unit) => unit.code), filter, matrix, rows: matrix.rows.filter((row) => passes(row, filter)) }
}

/** The same for files and programs, where a wrong day is refused instead of told. */
export async function exactMatrixAsked(ctx: Ctx, code: string, url: URL, language: Language): Promise<MatrixAsked> {
  const asked = await matrixAsked(ctx, code, url, language)
  if (asked.asOfProblem) throw new NotFound()
  return asked
}
