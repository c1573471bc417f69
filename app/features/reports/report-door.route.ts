import { redirect, type LoaderFunctionArgs } from 'react-router'
import { read } from '../../web/read.server.ts'
import { currentCampaign, listCampaigns } from '../campaigns/campaigns.server.ts'

/** `/report` in the top bar: the report of the campaign asked for or the current one; without any, the campaigns. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const to = await read(args, async ({ tx }, { url }) => {
    const campaign = (await currentCampaign(tx, url.searchParams.get('campaign'))) ?? (await listCampaigns(tx))[0]
    url.searchParams.delete('campaign')
    return campaign ? `/campaigns/${campaign.code}/report${url.search}` : '/campaigns'
  })
  return redirect(to)
}
