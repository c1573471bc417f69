import { createRoute, z } from '@hono/zod-openapi'
import { asCaller, body, refusals, saved, type Api } from '../../web/api.server.ts'
import type { App } from '../../web/context.ts'
import { campaignByCode, defaultDay } from '../campaigns/campaigns.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { declareTotals, withdrawDeclaration } from './declarations.server.ts'
import { recordHeadCounts, sheetOf, sittingById, sittingsOf, takeRoll } from './rolls.server.ts'
import { sessionById, sessionStates, talliesOf, topicsOf } from './session-views.server.ts'
import { cancelSession, holdSession } from './sessions.server.ts'
import { Declaration, DeclarationWithdrawal, HeadCounts, MarkStatus, Roll, Session, SessionCancellation, SessionKind } from './study.schema.ts'

const SheetLine = z
  .object({
    personId: z.string(),
    name: z.string(),
    bornOn: z.string().nullable(),
    unitName: z.string(),
    isExempt: z.boolean(),
    status: MarkStatus.nullable(),
    reason: z.string().nullable(),
  })
  .openapi('SheetLine')

const SessionRow = z
  .object({
    id: z.string(),
    unitName: z.string(),
    kind: SessionKind,
    name: z.string(),
    place: z.string().nullable(),
    isVenue: z.boolean().openapi({ description: 'Part of a conference of a unit above' }),
    isCancelled: z.boolean(),
    firstDay: z.string(),
    lastDay: z.string(),
    sittings: z.number().int(),
    sittingsTaken: z.number().int().openapi({ description: 'Those whose roll has at least one mark' }),
  })
  .openapi('SessionRow')

const People = z.number().int()
const SessionWhole = z
  .object({
    id: z.string(),
    campaign: z.string(),
    unit: z.string(),
    kind: SessionKind,
    name: z.string(),
    place: z.string().nullable(),
    isCancelled: z.boolean(),
    partOf: z.string().nullable().openapi({ description: 'Id of the conference that this is a venue of' }),
    categories: z.array(z.string()).openapi({ description: 'Names of those it is for; everybody when empty' }),
    sittings: z.array(
      z.object({
        id: z.string(),
        position: z.number().int(),
        heldOn: z.string(),
        startsAt: z.string().nullable(),
        endsAt: z.string().nullable(),
        topics: z.array(z.object({ id: z.string(), name: z.string() })),
        marks: z.object({ present: People, late: People, excused: People, absent: People }),
      }),
    ),
  })
  .openapi('SessionWhole')

const onOnePage = 100

const Sheet = z.object({ sittingId: z.string(), heldOn: z.string(), name: z.string(), unit: z.string(), lines: z.array(SheetLine) }).openapi('Sheet')

/** Sessions, rolls, head counts and declarations: the operations that pages call, with their schemas. */
export function studyApi(api: Api, app: App): void {
  sessionsSeen(api, app)
  api.openapi(
    createRoute({
      method: 'post',
      path: '/sessions',
      tags: ['Study'],
      summary: 'Holds a conference or class with its sittings',
      request: body(Session),
      responses: {
        201: {
          description: 'Held',
          content: { 'application/json': { schema: z.object({ sessionId: z.string(), sittingIds: z.array(z.string()), receipt: z.number().int() }) } },
        },
        ...refusals,
      },
    }),
    async (c) => c.json(await asCaller(app, c, (ctx) => holdSession(ctx, c.req.valid('json'))), 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/session-cancellations', tags: ['Study'], summary: 'Cancels a session', request: body(SessionCancellation), responses: saved() }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => cancelSession(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/sittings/{id}/roll',
      tags: ['Study'],
      summary: 'The sheet of a sitting: everyone the caller may mark, with the current mark',
      request: { params: z.object({ id: z.uuid() }), query: z.object({ unit: z.string().max(64).optional() }) },
      responses: { 200: { description: 'The sheet', content: { 'application/json': { schema: Sheet } } }, ...refusals },
    }),
    async (c) => {
      const sheet = await asCaller(app, c, async (ctx) => {
        const sitting = await sittingById(ctx.tx, c.req.valid('param').id)
        const lines = await sheetOf(ctx, sitting, c.req.valid('query').unit)
        return {
          sittingId: sitting.id,
          heldOn: sitting.heldOn,
          name: sitting.name,
          unit: sitting.unitCode,
          lines: lines.map(({ personId, name, bornOn, unitName, isExempt, status, reason }) => ({ personId, name, bornOn, unitName, isExempt, status, reason })),
        }
      })
      return c.json(sheet, 200)
    },
  )
  api.openapi(
    createRoute({ method: 'post', path: '/rolls', tags: ['Study'], summary: 'Takes a roll: one mark a person, the later supersedes', request: body(Roll), responses: saved() }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => takeRoll(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/head-counts', tags: ['Study'], summary: 'Counts non-members at a sitting, by kind', request: body(HeadCounts), responses: saved() }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => recordHeadCounts(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/declarations', tags: ['Study'], summary: 'Declares totals of a unit that keeps no rolls', request: body(Declaration), responses: saved() }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => declareTotals(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/declaration-withdrawals', tags: ['Study'], summary: 'Withdraws the declared totals of a unit', request: body(DeclarationWithdrawal), responses: saved() }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => withdrawDeclaration(ctx, c.req.valid('json'))) }, 201),
  )
}

function sessionsSeen(api: Api, app: App): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/sessions',
      tags: ['Study'],
      summary: `Sessions at or beneath a unit, the latest first, at most ${onOnePage} a page`,
      request: {
        query: z.object({
          campaign: z.string().max(64).openapi({ description: 'Code of the campaign', example: 'nq-dai-hoi-xiii' }),
          unit: z.string().max(64).openapi({ description: 'Code of the unit', example: 'can-tho' }),
          page: z.coerce.number().int().min(1).max(10_000).default(1),
        }),
      },
      responses: { 200: { description: 'Sessions', content: { 'application/json': { schema: z.object({ total: z.number().int(), sessions: z.array(SessionRow) }) } } }, ...refusals },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const { sessions, total } = await asCaller(app, c, async ({ tx, viewer }) => {
        const campaign = await campaignByCode(tx, query.campaign)
        const unit = await unitByCode(tx, query.unit)
        const where = { campaignId: campaign.id, unitId: unit.id, treeDay: defaultDay(campaign, viewer.today), until: null, beneath: true }
        return sessionStates(tx, { ...where, limit: onOnePage, offset: (query.page - 1) * onOnePage })
      })
      const rows = sessions.map(({ id, unitName, kind, name, place, isVenue, isCancelled, firstDay, lastDay, sittings, sittingsTaken }) => ({ id, unitName, kind, name, place, isVenue, isCancelled, firstDay, lastDay, sittings, sittingsTaken }))
      return c.json({ total, sessions: rows }, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/sessions/{id}',
      tags: ['Study'],
      summary: 'One session with its sittings, their topics and how many were marked',
      request: { params: z.object({ id: z.uuid() }) },
      responses: { 200: { description: 'The session', content: { 'application/json': { schema: SessionWhole } } }, ...refusals },
    }),
    async (c) => {
      const whole = await asCaller(app, c, async ({ tx }) => {
        const { id, campaignCode, unitCode, kind, name, place, isCancelled, whole: conference, categories } = await sessionById(tx, c.req.valid('param').id)
        const sittings = await sittingsOf(tx, id)
        const ids = sittings.map((sitting) => sitting.id)
        const [tallies, topics] = [await talliesOf(tx, ids), await topicsOf(tx, ids)]
        return {
          id,
          campaign: campaignCode,
          unit: unitCode,
          kind,
          name,
          place,
          isCancelled,
          partOf: conference?.id ?? null,
          categories,
          sittings: sittings.map((sitting) => ({
            id: sitting.id,
            position: sitting.position,
            heldOn: sitting.heldOn,
            startsAt: sitting.startsAt,
            endsAt: sitting.endsAt,
            topics: (topics.get(sitting.id) ?? []).map((topic) => ({ id: topic.id, name: topic.name })),
            marks: tallies.get(sitting.id)!,
          })),
        }
      })
      return c.json(whole, 200)
    },
  )
}
