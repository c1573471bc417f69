import { createRoute, z } from '@hono/zod-openapi'
import { asCaller, body, Receipt, refusals, type Api } from '../../web/api.server.ts'
import type { App } from '../../web/context.ts'
import { addUnit, editUnit, endUnit, moveUnit, undoUnitEnd } from './keep-units.server.ts'
import { NewUnit, UnitEdit, UnitEnd, UnitEndUndo, UnitMove } from './units.schema.ts'
import { officeHolders, searchUnits, successionOf, trailOf, unitByCode, unitsBeneath, type Unit } from './units.server.ts'

const UnitName = z.object({ code: z.string(), name: z.string(), kind: z.string() }).openapi('UnitName')
const UnitAnswer = UnitName.extend({
  organisationName: z.string().nullable(),
  symbol: z.string().nullable(),
  place: z.string().nullable(),
  above: z.array(UnitName).openapi({ description: 'From the top of the tree down' }),
  beneath: z.array(UnitName),
  offices: z.array(z.object({ role: z.string(), title: z.string().nullable(), name: z.string().nullable(), since: z.string() })),
  endedOn: z.string().nullable(),
  successors: z.array(UnitName),
}).openapi('Unit')

const Ended = Receipt.extend({ endingId: z.uuid(), members: z.number().int(), units: z.number().int(), campaigns: z.number().int() })
const AsOf = z.iso.date().openapi({ description: 'As of which day, YYYY-MM-DD; today when left out', example: '2021-06-30' })

/** Units of the tree. */
export function unitsApi(api: Api, app: App): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/units',
      tags: ['Units'],
      summary: 'Units whose name or code has every word of q, without marks, at most 50',
      request: { query: z.object({ q: z.string().max(200).default('') }) },
      responses: { 200: { description: 'Units', content: { 'application/json': { schema: z.object({ units: z.array(UnitName) }) } } }, ...refusals },
    }),
    async (c) => {
      const { q } = c.req.valid('query')
      const units = await asCaller(app, c, ({ tx }) => searchUnits(tx, q, 50))
      return c.json({ units: units.map(named) }, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/units/{code}',
      tags: ['Units'],
      summary: 'One unit as of a day',
      request: { params: z.object({ code: z.string().max(64) }), query: z.object({ asOf: AsOf.optional() }) },
      responses: { 200: { description: 'The unit', content: { 'application/json': { schema: UnitAnswer } } }, ...refusals },
    }),
    async (c) => {
      const { code } = c.req.valid('param')
      const answer = await asCaller(app, c, async ({ tx, viewer }) => {
        const day = c.req.valid('query').asOf ?? viewer.today
        const unit = await unitByCode(tx, code)
        const succession = await successionOf(tx, unit.id)
        return {
          ...named(unit),
          organisationName: unit.organisationName,
          symbol: unit.symbol,
          place: unit.place,
          above: (await trailOf(tx, unit.id, day)).slice(0, -1).map(named),
          beneath: (await unitsBeneath(tx, unit.id, day)).map(named),
          offices: await officeHolders(tx, unit.id, day),
          endedOn: succession?.endedOn ?? null,
          successors: succession?.successors.map(named) ?? [],
        }
      })
      return c.json(answer, 200)
    },
  )
}

/** Adding, naming, moving and ending units, by the operations that pages call. */
export function unitChangesApi(api: Api, app: App): void {
  api.openapi(
    createRoute({ method: 'post', path: '/units', tags: ['Units'], summary: 'Adds a unit under another', request: body(NewUnit), responses: saved(Receipt.extend({ code: z.string() })) }),
    async (c) => {
      const { code, receipt } = await asCaller(app, c, (ctx) => addUnit(ctx, c.req.valid('json')))
      return c.json({ code, receipt }, 201)
    },
  )
  api.openapi(
    createRoute({ method: 'post', path: '/unit-edits', tags: ['Units'], summary: 'Changes what a unit is called', request: body(UnitEdit), responses: saved(Receipt) }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => editUnit(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/unit-moves', tags: ['Units'], summary: 'Puts a unit under another from a day on', request: body(UnitMove), responses: saved(Receipt) }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => moveUnit(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/unit-endings',
      tags: ['Units'],
      summary: 'Ends a unit; members, units beneath and rosters under way go to the successor',
      request: body(UnitEnd),
      responses: saved(Ended),
    }),
    async (c) => c.json(await asCaller(app, c, (ctx) => endUnit(ctx, c.req.valid('json'))), 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/unit-restorations', tags: ['Units'], summary: 'Takes the end of a unit back, within thirty days and as long as nothing of it was changed since', request: body(UnitEndUndo), responses: saved(Ended) }),
    async (c) => c.json(await asCaller(app, c, (ctx) => undoUnitEnd(ctx, c.req.valid('json'))), 201),
  )
}

function saved<Schema extends z.ZodType>(schema: Schema) {
  return { 201: { description: 'Saved', content: { 'application/json': { schema } } }, ...refusals }
}

function named({ code, name, kind }: Unit) {
  return { code, name, kind }
}
