import { createRoute, z } from '@hono/zod-openapi'
import { asCaller, refusals, Receipt, type Api } from '../../web/api.server.ts'
import type { App } from '../../web/context.ts'
import { NotFound } from '../../platform/errors.ts'
import { unitByCode } from '../units/units.server.ts'
import { campaignByCode, defaultDay, listCampaigns, openCampaign, partsOf, prepareCampaign, type Campaign as CampaignRow } from './campaigns.server.ts'
import { CampaignInput, CampaignOpening, RosterChange, RosterTaking } from './campaigns.schema.ts'
import { takeIntoRoster } from './roster-drift.server.ts'
import { rosterCounts, rosterPage } from './roster-views.server.ts'
import { changeRoster } from './roster.server.ts'

const Campaign = z
  .object({
    code: z.string(),
    name: z.string(),
    unit: z.string().openapi({ description: 'Code of the unit that runs it' }),
    studyFrom: z.string(),
    studyTo: z.string(),
    dataDay: z.string(),
    openedOn: z.string().nullable().openapi({ description: 'null while it is being prepared' }),
  })
  .openapi('Campaign')
const CampaignWhole = Campaign.extend({
  resolutions: z.array(z.object({ code: z.string(), name: z.string(), topics: z.array(z.object({ id: z.string(), name: z.string() })) })),
  categories: z.array(z.object({ key: z.string(), name: z.string(), isDefault: z.boolean().openapi({ description: 'Takes everyone without a category of their own' }) })),
}).openapi('CampaignWhole')
const Roster = z
  .object({
    unit: z.string(),
    asOf: z.string(),
    expected: z.number().int().openapi({ description: 'Who must study, of the unit and everything beneath it' }),
    exempt: z.number().int(),
    total: z.number().int().openapi({ description: 'People on the unit’s own roster whom the caller may see by name' }),
    people: z.array(
      z.object({ personId: z.string(), name: z.string(), bornOn: z.string().nullable(), category: z.string(), mustStudy: z.boolean(), exemptReason: z.string().nullable(), studiedOn: z.string().nullable() }),
    ),
  })
  .openapi('Roster')

const onOnePage = 500
const ofCode = z.object({ code: z.string().max(64).openapi({ example: 'nq-dai-hoi-xiii' }) })

/** Campaigns and their rosters: seeing, preparing, opening and changing them, by the operations that pages call, with their schemas. */
export function campaignsApi(api: Api, app: App): void {
  readsApi(api, app)
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
  api.openapi(
    createRoute({
      method: 'post',
      path: '/roster-takings',
      tags: ['Campaigns'],
      summary: 'Takes changes of the organisation since the roster was frozen into the roster of a unit',
      request: { body: { content: { 'application/json': { schema: RosterTaking } }, required: true } },
      responses: { 201: receipt('Taken'), ...refusals },
    }),
    async (c) => c.json({ receipt: (await asCaller(app, c, (ctx) => takeIntoRoster(ctx, c.req.valid('json')))).receipt }, 201),
  )
}

function readsApi(api: Api, app: App): void {
  api.openapi(
    createRoute({ method: 'get', path: '/campaigns', tags: ['Campaigns'], summary: 'Campaigns the caller sees', responses: { 200: answer(z.object({ campaigns: z.array(Campaign) })), ...refusals } }),
    async (c) => c.json({ campaigns: (await asCaller(app, c, ({ tx }) => listCampaigns(tx))).map(shown) }, 200),
  )
  api.openapi(
    createRoute({ method: 'get', path: '/campaigns/{code}', tags: ['Campaigns'], summary: 'One campaign with its resolutions, topics and categories', request: { params: ofCode }, responses: { 200: answer(CampaignWhole), ...refusals } }),
    async (c) => {
      const whole = await asCaller(app, c, async ({ tx }) => {
        const campaign = await campaignByCode(tx, c.req.valid('param').code)
        const { resolutions, topics, categories } = await partsOf(tx, campaign.id)
        const topicsIn = (id: string) => topics.filter((topic) => topic.resolutionId === id).map((topic) => ({ id: topic.id, name: topic.name }))
        return { ...shown(campaign), resolutions: resolutions.map(({ id, code, name }) => ({ code, name, topics: topicsIn(id) })), categories }
      })
      return c.json(whole, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/campaigns/{code}/roster',
      tags: ['Campaigns'],
      summary: `Who must study in a unit as of a day, at most ${onOnePage} people a page; no people for whoever may not see names`,
      request: {
        params: ofCode,
        query: z.object({
          unit: z.string().max(64).openapi({ description: 'Code of the unit', example: 'can-tho' }),
          asOf: z.iso.date().optional().openapi({ description: 'The day that pages stand at when left out', example: '2021-06-30' }),
          page: z.coerce.number().int().min(1).max(1000).default(1),
        }),
      },
      responses: { 200: answer(Roster), ...refusals },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const roster = await asCaller(app, c, async ({ tx, viewer }) => {
        const campaign = await campaignByCode(tx, c.req.valid('param').code)
        const unit = await unitByCode(tx, query.unit)
        const asOf = query.asOf ?? defaultDay(campaign, viewer.today)
        const counts = (await rosterCounts(tx, campaign.id, [unit.id], asOf)).get(unit.id)
        if (!counts) throw new NotFound()
        const { people, total } = await rosterPage(tx, { campaignId: campaign.id, unitId: unit.id, asOf, limit: onOnePage, offset: (query.page - 1) * onOnePage })
        return { unit: unit.code, asOf, expected: counts.expected, exempt: counts.exempt, total, people: people.map(({ categoryKey, ...person }) => ({ ...person, category: categoryKey })) }
      })
      return c.json(roster, 200)
    },
  )
}

function shown({ code, name, unitCode, studyFrom, studyTo, dataDay, openedOn }: CampaignRow) {
  return { code, name, unit: unitCode, studyFrom, studyTo, dataDay, openedOn }
}

function answer<Schema extends z.ZodType>(schema: Schema) {
  return { description: 'What was asked for', content: { 'application/json': { schema } } }
}

function receipt(description: string) {
  return { description, content: { 'application/json': { schema: Receipt } } }
}
