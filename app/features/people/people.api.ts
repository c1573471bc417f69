import { createRoute, z } from '@hono/zod-openapi'
import { asCaller, body, Receipt, refusals, type Api } from '../../web/api.server.ts'
import type { App } from '../../web/context.ts'
import { unitByCode } from '../units/units.server.ts'
import { addMember, changeStatus, editPerson, endExemption, endMembership, exemptMember, transferMember, undoChange } from './members.server.ts'
import { duplicatePairs, mergePeople, tellApart, undoMerge } from './merges.server.ts'
import { appoint, endOffice } from './offices.server.ts'
import { recordOf } from './own-record.server.ts'
import { membersOf, officesOfUnit, particularsOf, searchPeople } from './people.server.ts'
import { Appointment, ChangeUndo, Distinction, Exemption, ExemptionEnd, MembershipEnd, Merge, MergeUndo, NewMember, OfficeEnd, PersonEdit, StatusChange, Transfer } from './people.schema.ts'

const onOnePage = 100
const Found = z
  .object({ personId: z.string(), name: z.string(), bornOn: z.string().nullable(), cardNumber: z.string().nullable(), unitCode: z.string().nullable(), unitName: z.string().nullable(), aboveName: z.string().nullable() })
  .openapi('FoundPerson')
const Member = z
  .object({ personId: z.string(), name: z.string(), bornOn: z.string().nullable(), cardNumber: z.string().nullable(), status: z.string(), since: z.string().nullable(), roles: z.array(z.string()) })
  .openapi('Member')
const During = { from: z.string().nullable(), until: z.string().nullable().openapi({ description: 'The first day on which it holds no more' }) }
const PersonWhole = z
  .object({
    personId: z.string(),
    version: z.number().int(),
    name: z.string(),
    cardNumber: z.string().nullable(),
    bornOn: z.string().nullable(),
    gender: z.string().nullable(),
    phone: z.string().nullable(),
    memberships: z.array(z.object({ unitCode: z.string(), unitName: z.string(), status: z.string(), exemptReason: z.string().nullable(), ...During })),
    offices: z.array(z.object({ role: z.string(), title: z.string().nullable(), unitCode: z.string(), unitName: z.string(), ...During })),
  })
  .openapi('Person')
const Changed = z.object({ personId: z.string(), changeId: z.string().openapi({ description: 'Takes it back, see /member-change-undoings' }), receipt: z.number().int() }).openapi('MemberChanged')
const Page = z.coerce.number().int().min(1).max(1000).default(1)

/** People, their memberships and offices: the operations that pages call, with their schemas. */
export function peopleApi(api: Api, app: App): void {
  readsApi(api, app)
  changesApi(api, app)
  api.openapi(
    createRoute({ method: 'post', path: '/people/edits', tags: ['People'], summary: 'Puts right what is held about a person', request: body(PersonEdit), responses: saved(Receipt) }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => editPerson(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/offices', tags: ['People'], summary: 'Gives a person an office in a unit', request: body(Appointment), responses: saved(Receipt.extend({ officeId: z.string() })) }),
    async (c) => c.json(await asCaller(app, c, (ctx) => appoint(ctx, c.req.valid('json'))), 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/office-endings', tags: ['People'], summary: 'Ends an office', request: body(OfficeEnd), responses: saved(Receipt) }),
    async (c) => c.json({ receipt: (await asCaller(app, c, (ctx) => endOffice(ctx, c.req.valid('json')))).receipt }, 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/people/merges', tags: ['People'], summary: 'Makes one of two entries of one person', request: body(Merge), responses: saved(Receipt.extend({ mergeId: z.string() })) }),
    async (c) => c.json(await asCaller(app, c, (ctx) => mergePeople(ctx, c.req.valid('json'))), 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/people/merge-undoings', tags: ['People'], summary: 'Gives each of two merged entries back what it had', request: body(MergeUndo), responses: saved(Receipt) }),
    async (c) => c.json({ receipt: (await asCaller(app, c, (ctx) => undoMerge(ctx, c.req.valid('json')))).receipt }, 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/people/distinctions', tags: ['People'], summary: 'Remembers that two entries which look alike are two people', request: body(Distinction), responses: saved(Receipt) }),
    async (c) => c.json({ receipt: await asCaller(app, c, (ctx) => tellApart(ctx, c.req.valid('json'))) }, 201),
  )
}

function changesApi(api: Api, app: App): void {
  api.openapi(
    createRoute({ method: 'post', path: '/people', tags: ['People'], summary: 'Adds a member to a unit; people who look alike are refused until isAnother says otherwise', request: body(NewMember), responses: saved(Changed) }),
    async (c) => c.json(await asCaller(app, c, (ctx) => addMember(ctx, c.req.valid('json'))), 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/transfers', tags: ['People'], summary: 'Moves a member to another unit from a day on', request: body(Transfer), responses: saved(Changed) }),
    async (c) => c.json(await asCaller(app, c, (ctx) => transferMember(ctx, c.req.valid('json'))), 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/exemptions', tags: ['People'], summary: 'Exempts a member from work and activities; the cell decides', request: body(Exemption), responses: saved(Changed) }),
    async (c) => c.json(await asCaller(app, c, (ctx) => exemptMember(ctx, c.req.valid('json'))), 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/exemption-endings', tags: ['People'], summary: 'Ends an exemption', request: body(ExemptionEnd), responses: saved(Changed) }),
    async (c) => c.json(await asCaller(app, c, (ctx) => endExemption(ctx, c.req.valid('json'))), 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/status-changes', tags: ['People'], summary: 'Full membership after probation, or another kind of participant', request: body(StatusChange), responses: saved(Changed) }),
    async (c) => c.json(await asCaller(app, c, (ctx) => changeStatus(ctx, c.req.valid('json'))), 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/membership-endings', tags: ['People'], summary: 'Ends a membership', request: body(MembershipEnd), responses: saved(Changed) }),
    async (c) => c.json(await asCaller(app, c, (ctx) => endMembership(ctx, c.req.valid('json'))), 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/member-change-undoings', tags: ['People'], summary: 'Takes back the last change of a person’s memberships', request: body(ChangeUndo), responses: saved(Receipt) }),
    async (c) => c.json({ receipt: (await asCaller(app, c, (ctx) => undoChange(ctx, c.req.valid('json')))).receipt }, 201),
  )
}

function readsApi(api: Api, app: App): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/people',
      tags: ['People'],
      summary: `People the caller sees whose name or card number has every word of q, without marks and in any order, at most ${onOnePage} a page; total counts to five hundred, and isMore says that there are more`,
      request: { query: z.object({ q: z.string().max(200).default(''), page: Page }) },
      responses: { 200: answer(z.object({ total: z.number().int(), isMore: z.boolean(), people: z.array(Found) })), ...refusals },
    }),
    async (c) => {
      const { q, page } = c.req.valid('query')
      return c.json(await asCaller(app, c, ({ tx }) => searchPeople(tx, q, { limit: onOnePage, offset: (page - 1) * onOnePage })), 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/people/{id}',
      tags: ['People'],
      summary: 'One person with memberships and offices, as far as the caller sees them',
      request: { params: z.object({ id: z.uuid() }) },
      responses: { 200: answer(PersonWhole), ...refusals },
    }),
    async (c) => {
      const whole = await asCaller(app, c, async (ctx) => {
        const person = await particularsOf(ctx.tx, c.req.valid('param').id)
        const { memberships, offices } = await recordOf(ctx, person.personId)
        return { ...person, memberships, offices: offices.map(({ role, title, unitCode, unitName, from, until }) => ({ role, title, unitCode, unitName, from, until })) }
      })
      return c.json(whole, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/units/{code}/members',
      tags: ['People'],
      summary: `Members of a unit on a day in Vietnamese order of names, at most ${onOnePage} a page; nobody for whoever may not see names`,
      request: { params: z.object({ code: z.string().max(64) }), query: z.object({ asOf: z.iso.date().optional().openapi({ description: 'Today when left out' }), page: Page }) },
      responses: {
        200: answer(
          z.object({
            asOf: z.string(),
            total: z.number().int(),
            members: z.array(Member),
            offices: z.array(z.object({ officeId: z.string(), version: z.number().int(), role: z.string(), title: z.string().nullable(), name: z.string().nullable(), since: z.string().nullable(), until: z.string().nullable() })),
          }),
        ),
        ...refusals,
      },
    }),
    async (c) => {
      const { page, ...query } = c.req.valid('query')
      const list = await asCaller(app, c, async (ctx) => {
        const unit = await unitByCode(ctx.tx, c.req.valid('param').code)
        const asOf = query.asOf ?? ctx.viewer.today
        const { members, total } = await membersOf(ctx.tx, { unitId: unit.id, asOf, limit: onOnePage, offset: (page - 1) * onOnePage })
        const offices = await officesOfUnit(ctx, unit.id, asOf)
        return { asOf, total, members, offices: offices.map(({ officeId, version, role, title, name, since, until }) => ({ officeId, version, role, title, name, since, until })) }
      })
      return c.json(list, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/duplicates',
      tags: ['People'],
      summary: 'Pairs of entries the caller sees that look like one person, at most 50 a page',
      request: { query: z.object({ page: Page }) },
      responses: { 200: answer(z.object({ total: z.number().int(), pairs: z.array(z.object({ by: z.string(), oneId: z.string(), otherId: z.string() })) })), ...refusals },
    }),
    async (c) => {
      const { pairs, total } = await asCaller(app, c, ({ tx }) => duplicatePairs(tx, { limit: 50, offset: (c.req.valid('query').page - 1) * 50 }))
      return c.json({ total, pairs: pairs.map(({ by, one, other }) => ({ by, oneId: one.personId, otherId: other.personId })) }, 200)
    },
  )
}

function saved<Schema extends z.ZodType>(schema: Schema) {
  return { 201: { description: 'Saved', content: { 'application/json': { schema } } }, ...refusals }
}

function answer<Schema extends z.ZodType>(schema: Schema) {
  return { description: 'What was asked for', content: { 'application/json': { schema } } }
}
