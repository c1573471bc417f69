import { createRoute, z } from '@hono/zod-openapi'
import { asCaller, refusals, type Api } from '../../web/api.server.ts'
import type { App } from '../../web/context.ts'
import { openCampaignByCode } from '../campaigns/campaigns.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { figuresOf } from './figures.server.ts'

const Figure = z
  .object({
    key: z.string().openapi({ example: 'studied' }),
    numerator: z.number().int(),
    denominator: z.number().int().nullable().openapi({ description: 'null for a plain count' }),
    share: z.number().nullable().openapi({ description: '0..1, not rounded; null for a plain count or an empty base' }),
    base: z.string().nullable().openapi({ description: 'The figure that is the denominator' }),
  })
  .openapi('Figure')

/** The figures of a unit in a campaign. */
export function indicatorsApi(api: Api, app: App): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/campaigns/{code}/figures',
      tags: ['Figures'],
      summary: 'Every figure of a unit as of a day',
      request: {
        params: z.object({ code: z.string().max(64).openapi({ example: 'nq-dai-hoi-xiii' }) }),
        query: z.object({
          unit: z.string().max(64).openapi({ description: 'Code of the unit', example: 'can-tho' }),
          asOf: z.iso.date().openapi({ example: '2021-06-30' }),
          knownAt: z.iso.datetime({ offset: true }).optional().openapi({ description: 'Counted from the records as they were known at that instant' }),
        }),
      },
      responses: {
        200: {
          description: 'The figures',
          content: { 'application/json': { schema: z.object({ unit: z.string(), asOf: z.string(), figures: z.array(Figure) }) } },
        },
        ...refusals,
      },
    }),
    async (c) => {
      const { code } = c.req.valid('param')
      const { unit: unitCode, asOf, knownAt } = c.req.valid('query')
      const figures = await asCaller(app, c, async ({ tx }) => {
        const campaign = await openCampaignByCode(tx, code)
        const unit = await unitByCode(tx, unitCode)
        return figuresOf(tx, { campaignId: campaign.id, asOf, knownAt: knownAt ? new Date(knownAt) : undefined }, unit.id)
      })
      return c.json({ unit: unitCode, asOf, figures }, 200)
    },
  )
}
