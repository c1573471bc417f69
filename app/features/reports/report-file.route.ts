import type { LoaderFunctionArgs } from 'react-router'
import { readDay } from '../../platform/clock.ts'
import { NotFound } from '../../platform/errors.ts'
import { downloadMade } from '../../web/download.server.ts'
import { read } from '../../web/read.server.ts'
import { campaignByCode, defaultDay } from '../campaigns/campaigns.server.ts'
import { placeOf } from '../units/place.server.ts'
import { reportFile, reportFormats } from './report-file.server.ts'
import { buildReport } from './reports.server.ts'

/** The report of the page beside it, as a file in the format its address ends with. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const { report, format, language } = await read(args, async ({ tx, viewer, source }, asked) => {
    const { url } = asked
    const wanted = reportFormats.find((one) => url.pathname.endsWith(`.${one}`))
    const asOf = readDay(url.searchParams.get('asOf') ?? '')
    if (!wanted || (url.searchParams.has('asOf') && !asOf)) throw new NotFound()
    const campaign = await campaignByCode(tx, asked.params['campaign'] ?? '')
    const day = asOf ?? defaultDay(campaign, viewer.today)
    const { unit } = await placeOf({ tx, viewer, source }, url.searchParams.get('unit'), day)
    const resolutionCode = url.searchParams.get('resolution') ?? undefined
    return { format: wanted, language: asked.language, report: await buildReport(tx, { campaignCode: campaign.code, unitCode: unit.code, asOf: day, resolutionCode }) }
  })
  // written after the transaction has ended: a document takes longer than its numbers
  return downloadMade(args, () => reportFile(report, format, language))
}
