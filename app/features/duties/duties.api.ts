import { createRoute, z } from '@hono/zod-openapi'
import type { Ctx } from '../../permissions/permissions.ts'
import { asCaller, body, refusals, saved, type Api } from '../../web/api.server.ts'
import type { App } from '../../web/context.ts'
import { campaignByCode } from '../campaigns/campaigns.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { DueMode, DutyKind, DutyRuleChange, DutyRuleEnd, DutyRuleInput, DutyWaiver, DutyWaiverUndo, Urging } from './duties.schema.ts'
import { dutiesOfUnit, owedBeneath, ownDuties, statesOfRule, type Duty } from './duties.server.ts'
import { changeRule, endRule, layingsOf, orderDuties, previewChange, previewRule, ruleById, rulesOver, whoOf, type Rule } from './rules.server.ts'
import { urgeUnits } from './urges.server.ts'
import { undoWaiver, waiveDuties } from './waivers.server.ts'

const Count = z.number().int()
const DayOrNone = z.string().nullable()
const State = z.enum(['open', 'late', 'done', 'done_late', 'waived'])

const DutyRow = z
  .object({
    id: z.string(),
    rule: z.string(),
    title: z.string(),
    kind: DutyKind,
    ofHead: z.boolean().openapi({ description: 'Owed by the secretary, not by the unit' }),
    period: z.string().openapi({ description: 'YYYY-MM of what comes every month, else empty' }),
    unit: z.string(),
    unitName: z.string(),
    campaign: z.string(),
    orderedBy: z.string(),
    dueOn: DayOrNone.openapi({ description: 'None until the superior’s document sets it' }),
    state: State,
    doneOn: DayOrNone,
    doneBy: z.object({ what: z.string(), id: z.string() }).nullable().openapi({ description: 'The record that fulfils it' }),
    waivedReason: z.string().nullable(),
  })
  .openapi('Duty')

const RuleRow = z
  .object({
    id: z.string(),
    version: Count,
    title: z.string(),
    kind: DutyKind,
    campaign: z.string(),
    unit: z.string(),
    who: z.string(),
    kinds: z.array(z.string()),
    dueMode: DueMode,
    dueOn: DayOrNone,
    dueDays: Count.nullable(),
    dueMonthday: Count.nullable(),
    fromOn: DayOrNone,
    untilOn: DayOrNone,
    lateNoticeDays: Count.nullable(),
    state: z.enum(['laying', 'active', 'ended']),
  })
  .openapi('DutyRule')

const Part = z.object({ duties: Count, units: Count, first: z.array(z.object({ code: z.string(), name: z.string(), above: z.string().nullable(), period: z.string(), dueOn: DayOrNone, wasDueOn: DayOrNone })) })
const Preview = z.object({ add: Part.optional(), restore: Part.optional(), move: Part.optional(), drop: Part.optional(), kept: Part.optional(), same: Part.optional() }).openapi('DutyPreview')
const Laying = z.object({ reason: z.string(), units: Count, unitsDone: Count, added: Count, moved: Count, dropped: Count, restored: Count, kept: Count, ended: z.boolean() })
const Owed = z.object({ unit: z.string(), kind: DutyKind, isOwn: z.boolean(), wanted: Count, done: Count, late: Count, today: Count, nextDue: DayOrNone, oldestDue: DayOrNone }).openapi('Owed')

const ofUnit = { query: z.object({ unit: z.string().max(64) }) }
const campaignToo = z.string().max(64).optional().openapi({ description: 'A campaign that is told of though it has ended, as of its data day; others that have ended are left out' })
const ofId = { params: z.object({ id: z.uuid() }) }

/** Duties and their rules: the operations that pages call, with their schemas. */
export function dutiesApi(api: Api, app: App): void {
  dutiesSeen(api, app)
  rulesSeen(api, app)
  api.openapi(createRoute({ method: 'post', path: '/duty-rules', tags: ['Duties'], summary: 'Orders a rule; its duties are laid in the background', request: body(DutyRuleInput), responses: { 201: { description: 'Ordered', content: json(z.object({ ruleId: z.string(), receipt: Count })) }, ...refusals } }), async (c) =>
    c.json(await asCaller(app, c, (ctx) => orderDuties(ctx, c.req.valid('json'))), 201),
  )
  api.openapi(createRoute({ method: 'post', path: '/duty-rule-previews', tags: ['Duties'], summary: 'What a rule would do; nothing is kept', request: body(DutyRuleInput), responses: { 200: { description: 'What it would do', content: json(Preview) }, ...refusals } }), async (c) =>
    c.json(await asCaller(app, c, (ctx) => previewRule(ctx, c.req.valid('json'))), 200),
  )
  api.openapi(createRoute({ method: 'post', path: '/duty-rule-changes', tags: ['Duties'], summary: 'Gives a rule other terms; what is done or waived stays', request: body(DutyRuleChange), responses: saved() }), async (c) =>
    c.json({ receipt: await asCaller(app, c, (ctx) => changeRule(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(createRoute({ method: 'post', path: '/duty-rule-change-previews', tags: ['Duties'], summary: 'What a change would add, drop and move; nothing is kept', request: body(DutyRuleChange), responses: { 200: { description: 'What it would do', content: json(Preview) }, ...refusals } }), async (c) =>
    c.json(await asCaller(app, c, (ctx) => previewChange(ctx, c.req.valid('json'))), 200),
  )
  api.openapi(createRoute({ method: 'post', path: '/duty-rule-endings', tags: ['Duties'], summary: 'Ends a rule: what is open is dropped', request: body(DutyRuleEnd), responses: saved() }), async (c) =>
    c.json({ receipt: await asCaller(app, c, (ctx) => endRule(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(createRoute({ method: 'post', path: '/duty-waivers', tags: ['Duties'], summary: 'Lets units off, with the reason', request: body(DutyWaiver), responses: saved() }), async (c) =>
    c.json({ receipt: await asCaller(app, c, (ctx) => waiveDuties(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(createRoute({ method: 'post', path: '/duty-waiver-undoings', tags: ['Duties'], summary: 'Takes waivers back', request: body(DutyWaiverUndo), responses: saved() }), async (c) =>
    c.json({ receipt: await asCaller(app, c, (ctx) => undoWaiver(ctx, c.req.valid('json'))) }, 201),
  )
  const Urged = z.object({ urged: Count, recent: Count.openapi({ description: 'Left out: urged within a day' }), nothingOwed: Count, unreached: Count.openapi({ description: 'Urged, but nobody is on record to receive it' }), receipt: Count })
  api.openapi(createRoute({ method: 'post', path: '/urgings', tags: ['Duties'], summary: 'Urges units: one message each about all they owe', request: body(Urging), responses: { 201: { description: 'Urged', content: json(Urged) }, ...refusals } }), async (c) =>
    c.json(await asCaller(app, c, (ctx) => urgeUnits(ctx, c.req.valid('json'))), 201),
  )
}

function dutiesSeen(api: Api, app: App): void {
  api.openapi(createRoute({ method: 'get', path: '/duties/mine', tags: ['Duties'], summary: 'What the caller owes, soonest due first', request: { query: z.object({ campaign: campaignToo }) }, responses: { 200: { description: 'Duties', content: json(z.array(DutyRow)) }, ...refusals } }), async (c) =>
    c.json((await asCaller(app, c, async (ctx) => ownDuties(ctx, { campaignId: await idOfCampaign(ctx, c.req.valid('query').campaign), most: 200 }))).map(shown), 200),
  )
  api.openapi(createRoute({ method: 'get', path: '/duties', tags: ['Duties'], summary: 'What a unit itself owes, owed or was let off', request: ofUnit, responses: { 200: { description: 'Duties', content: json(z.array(DutyRow)) }, ...refusals } }), async (c) =>
    c.json((await asCaller(app, c, async (ctx) => dutiesOfUnit(ctx, (await unitByCode(ctx.tx, c.req.valid('query').unit)).id))).map(shown), 200),
  )
  api.openapi(
    createRoute({ method: 'get', path: '/duties/beneath', tags: ['Duties'], summary: 'What each unit directly beneath owes, itself and all under it', request: { query: ofUnit.query.extend({ campaign: campaignToo }) }, responses: { 200: { description: 'Counts', content: json(z.array(Owed)) }, ...refusals } }),
    async (c) => {
      const rows = await asCaller(app, c, async (ctx) => {
        const { unit: code, campaign } = c.req.valid('query')
        const unit = await unitByCode(ctx.tx, code)
        const owed = await owedBeneath(ctx, { unitId: unit.id, asOf: ctx.viewer.today, campaignId: await idOfCampaign(ctx, campaign) })
        if (owed.size === 0) return []
        const codes = new Map((await ctx.tx.selectFrom('unit').select(['id', 'code']).where('id', 'in', [...owed.keys()]).execute()).map(({ id, code }) => [id, code]))
        return [...owed].flatMap(([id, all]) => all.map(({ kind, isOwn, wanted, done, late, today, nextDue, oldestDue }) => ({ unit: codes.get(id) ?? '', kind, isOwn, wanted, done, late, today, nextDue, oldestDue })))
      })
      return c.json(rows, 200)
    },
  )
}

const idOfCampaign = async ({ tx }: Ctx, code: string | undefined) => (code ? (await campaignByCode(tx, code)).id : null)

function rulesSeen(api: Api, app: App): void {
  api.openapi(
    createRoute({ method: 'get', path: '/duty-rules', tags: ['Duties'], summary: 'Rules a unit ordered, and those of units above that reach down to it', request: ofUnit, responses: { 200: { description: 'Rules', content: json(z.object({ ordered: z.array(RuleRow), above: z.array(RuleRow) })) }, ...refusals } }),
    async (c) => {
      const { ordered, above } = await asCaller(app, c, async (ctx) => rulesOver(ctx, (await unitByCode(ctx.tx, c.req.valid('query').unit)).id))
      return c.json({ ordered: ordered.map(ruleShown), above: above.map(ruleShown) }, 200)
    },
  )
  const Whole = z.object({ rule: RuleRow, states: z.record(State, Count.optional()), layings: z.array(Laying) }).openapi('DutyRuleWhole')
  api.openapi(createRoute({ method: 'get', path: '/duty-rules/{id}', tags: ['Duties'], summary: 'A rule, how far its units are, and what laying it did', request: ofId, responses: { 200: { description: 'The rule', content: json(Whole) }, ...refusals } }), async (c) => {
    const whole = await asCaller(app, c, async (ctx) => {
      const rule = await ruleById(ctx.tx, c.req.valid('param').id)
      const layings = await layingsOf(ctx.tx, rule.id)
      return {
        rule: ruleShown(rule),
        states: (await statesOfRule(ctx, rule.id)) as Record<z.output<typeof State>, number | undefined>,
        layings: layings.map(({ startedAt: _, endedAt, ...laying }) => ({ ...laying, ended: endedAt !== null })),
      }
    })
    return c.json(whole, 200)
  })
}

function shown({ id, ruleId, title, kind, role, period, unitCode, unitName, campaignCode, ordererName, dueOn, state, doneOn, doneWhat, doneBy, waivedReason }: Duty) {
  return { id, rule: ruleId, title, kind, ofHead: role !== null, period, unit: unitCode, unitName, campaign: campaignCode, orderedBy: ordererName, dueOn, state, doneOn, doneBy: doneWhat && doneBy ? { what: doneWhat, id: doneBy } : null, waivedReason }
}

function ruleShown(rule: Rule) {
  const { id, version, title, kind, campaignCode, unitCode, kinds, dueMode, dueOn, dueDays, dueMonthday, fromOn, untilOn, lateNoticeDays, state } = rule
  return { id, version, title, kind, campaign: campaignCode, unit: unitCode, who: whoOf(rule), kinds, dueMode, dueOn, dueDays, dueMonthday, fromOn, untilOn, lateNoticeDays, state }
}

const json = <Schema extends z.ZodType>(schema: Schema) => ({ 'application/json': { schema } })
