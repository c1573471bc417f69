import { createRoute } from '@hono/zod-openapi'
import { asCaller, refusals, Receipt, type Api } from '../../web/api.server.ts'
import type { App } from '../../web/context.ts'
import { openCampaign, prepareCampaign } from './campaigns.server.ts'
import { CampaignInput, CampaignOpening, RosterChange } from './campaigns.schema.ts'
import { changeRoster } from './roster.server.ts'

/** Preparing and opening campaigns, and changing their rosters: the operations that pages call, with their schemas. */
export function campaignsApi(api: Api, app: App): void {
  api.openapi(
    createRoute({
      method: 'post',
      path: '/campaigns',
      tags: ['Campaigns'],
      summary: 'Prepares a campaign',
      request: { body: { content: { 'application/json': { schema: CampaignInput } }, required: true } },
      responses: { 201: receipt('Prepared'), ...refusals },
    }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => prepareCampaign(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/campaigns/openings',
      tags: ['Campaigns'],
      summary: 'Opens a campaign and freezes its roster',
      request: { body: { content: { 'application/json': { schema: CampaignOpening } }, required: true } },
      responses: { 201: receipt('Opened'), ...refusals },
    }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => openCampaign(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/roster-changes',
      tags: ['Campaigns'],
      summary: 'Adds a dated change to a roster',
      request: { body: { content: { 'application/json': { schema: RosterChange } }, required: true } },
      responses: { 201: receipt('Changed'), ...refusals },
    }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => changeRoster(ctx, c.req.valid('json'))) }, 201),
  )
}

function receipt(description: string) {
  return { description, content: { 'application/json': { schema: Receipt } } }
}
