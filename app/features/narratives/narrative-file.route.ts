import type { LoaderFunctionArgs } from 'react-router'
import { readDay } from '../../platform/clock.ts'
import { NotFound } from '../../platform/errors.ts'
import { downloadMade } from '../../web/download.server.ts'
import { read } from '../../web/read.server.ts'
import { campaignByCode, defaultDay } from '../campaigns/campaigns.server.ts'
import { placeOf } from '../units/place.server.ts'
import { narrativeFile, narrativeFormats } from './narrative-file.server.ts'
import { buildNarrative } from './narratives.server.ts'

/** The narrative report of the page beside it, as a file in the format its address ends with. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const { narrative, format } = await read(args, async (ctx, { url, params }) => {
    const format = narrativeFormats.find((one) => url.pathname.endsWith(`.${one}`))
    const typed = url.searchParams.get('asOf')
    const day = typed ? readDay(typed) : null
    if (!format || (typed && !day)) throw new NotFound()
    const campaign = await campaignByCode(ctx.tx, params['campaign'] ?? '')
    const asOf = day ?? defaultDay(campaign, ctx.viewer.today)
    const { unit } = await placeOf(ctx, url.searchParams.get('unit'), asOf)
    return { format, narrative: await buildNarrative(ctx.tx, { campaignCode: campaign.code, unitCode: unit.code, asOf }) }
  })
  // written after the transaction has ended: a document takes longer than its numbers
  return downloadMade(args, () => narrativeFile(narrative, format))
}
