import { createRoute, z } from '@hono/zod-openapi'
import { HTTPException } from 'hono/http-exception'
import { Forbidden } from '../../platform/errors.ts'
import { addressOf } from '../../web/address.ts'
import { apiWords } from '../../web/api.messages.ts'
import { asCaller, asCallerInPerson, body, demandOwnOrigin, refusals, saved, type Api, type Call } from '../../web/api.server.ts'
import type { App, Session } from '../../web/context.ts'
import { languageOf } from '../../web/language.ts'
import { shutOut } from '../../web/sign-in.api.ts'
import { listAccounts } from './account-list.server.ts'
import { accountWords } from './accounts.messages.ts'
import { AccountChoice, AccountFilter, AccountSettings, accountStates, Activation, CodesInput, OwnCode, PasswordChange, SessionEnd, ShuttingInput } from './accounts.schema.ts'
import { activate } from './activation.server.ts'
import { endSessionsOf, resetSecondFactor, saveAccountSettings, shutAccount } from './administration.server.ts'
import { handOutCodes } from './codes.server.ts'
import { beginSecondFactor, changePassword, confirmSecondFactor, endOwnSessions, ownSessions, proveCode, removeSecondFactor, renewRecoveryCodes } from './own-account.server.ts'
import { proveOneself } from '../../web/own-proof.server.ts'

const Account = z
  .object({
    personId: z.string(),
    name: z.string(),
    unit: z.string().openapi({ description: 'Code of the unit' }),
    username: z.string().nullable(),
    state: z.enum(accountStates),
    hasSecondFactor: z.boolean(),
  })
  .openapi('Account')
const Slip = z.object({ personId: z.string(), name: z.string(), bornYear: z.number().int().nullable(), unitName: z.string(), username: z.string(), code: z.string().openapi({ description: 'Shown this once' }), expiresOn: z.string() }).openapi('ActivationSlip')
const OwnSession = z.object({ id: z.string(), isThis: z.boolean(), createdAt: z.string(), usedAt: z.string(), address: z.string().nullable(), userAgent: z.string().nullable() }).openapi('OwnSession')
const Recovery = z.object({ recovery: z.array(z.string()).openapi({ description: 'Shown this once' }) }).openapi('RecoveryCodes')
const Ended = z.object({ ended: z.number().int() })

/** Accounts, their codes, and one's own: the operations that pages call, with their schemas. */
export function accountsApi(api: Api, app: App): void {
  keptAccounts(api, app)
  ownAccountApi(api, app)
}

function keptAccounts(api: Api, app: App): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/accounts',
      tags: ['Accounts'],
      summary: 'Accounts of a unit and those directly beneath; with words, of everything beneath',
      request: { query: AccountFilter },
      responses: answers('Accounts, fifty a page', z.object({ accounts: z.array(Account), counts: z.record(z.enum(accountStates), z.number().int()), page: z.number().int(), pages: z.number().int() })),
    }),
    async (c) => {
      const { rows, counts, page, pages } = await asCaller(app, c, (ctx) => listAccounts(ctx, c.req.valid('query')))
      return c.json({ accounts: rows.map(({ personId, name, unitCode: unit, username, state, hasSecondFactor }) => ({ personId, name, unit, username, state, hasSecondFactor })), counts, page, pages }, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/activation-codes',
      tags: ['Accounts'],
      summary: 'Hands out one-time codes, with an account to each who has none; earlier codes and passwords stop',
      request: body(CodesInput),
      responses: { 201: json('The codes, this once', z.object({ slips: z.array(Slip), left: z.number().int() })), ...refusals },
    }),
    async (c) => c.json(await asCallerInPerson(app, c, (ctx) => handOutCodes(ctx, { keys: app.auth.keys, config: app.config }, c.req.valid('json'))), 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/account-shuttings', tags: ['Accounts'], summary: 'Shuts an account, or opens it again', request: body(ShuttingInput), responses: saved() }),
    async (c) => c.json({ receipt: await asCallerInPerson(app, c, (ctx) => shutAccount(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/account-session-endings', tags: ['Accounts'], summary: 'Ends every session of an account, without seeing any', request: body(AccountChoice), responses: answers('How many', Ended) }),
    async (c) => c.json(await asCallerInPerson(app, c, (ctx) => endSessionsOf(ctx, c.req.valid('json'))), 200),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/second-factor-resets', tags: ['Accounts'], summary: 'Takes away a second factor that was lost', request: body(AccountChoice), responses: saved() }),
    async (c) => c.json({ receipt: await asCallerInPerson(app, c, (ctx) => resetSecondFactor(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({ method: 'post', path: '/account-settings', tags: ['Accounts'], summary: 'How long codes last, whose office asks for a second factor', request: body(AccountSettings), responses: saved() }),
    async (c) => c.json({ receipt: await asCallerInPerson(app, c, (ctx) => saveAccountSettings(ctx, c.req.valid('json'))) }, 201),
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/activations',
      tags: ['Accounts'],
      summary: 'Takes the code of a slip, sets the password, signs in',
      security: [],
      request: body(Activation),
      responses: {
        200: json('Activated; a code of the second factor is still to come, by POST /sign-in/code', z.object({ next: z.literal('code') })),
        204: { description: 'Activated and signed in' },
        401: refusals[401],
        422: refusals[422],
        429: { ...refusals[401], description: 'Too many wrong codes' },
      },
    }),
    async (c) => {
      demandOwnOrigin(app, c)
      const answer = await activate(app, c.req.valid('json'), { address: addressOf(c), headers: c.req.raw.headers })
      if (answer.step === 'out') return shutOut(c, answer.secondsToWait, accountWords.in(languageOf(c.req.raw))('codeRefused')) as never
      for (const cookie of answer.cookies) c.header('Set-Cookie', cookie, { append: true })
      return answer.step === 'in' ? c.body(null, 204) : c.json({ next: 'code' as const }, 200)
    },
  )
}

function ownAccountApi(api: Api, app: App): void {
  const { keys } = app.auth
  api.openapi(
    createRoute({ method: 'get', path: '/me/sessions', tags: ['Own account'], summary: 'Where the caller is signed in', responses: answers('Sessions', z.object({ sessions: z.array(OwnSession) })) }),
    async (c) => {
      const session = await ownSession(app, c)
      const sessions = await asCaller(app, c, (ctx) => ownSessions(ctx, session))
      return c.json({ sessions: sessions.map((one) => ({ ...one, createdAt: one.createdAt.toISOString(), usedAt: one.usedAt.toISOString() })) }, 200)
    },
  )
  api.openapi(
    createRoute({ method: 'post', path: '/me/session-endings', tags: ['Own account'], summary: 'Ends one of the caller’s sessions, or all but this one', request: body(SessionEnd), responses: answers('How many', Ended) }),
    async (c) => {
      const session = await ownSession(app, c)
      return c.json(await asCaller(app, c, (ctx) => endOwnSessions(ctx, c.req.valid('json'), session)), 200)
    },
  )
  api.openapi(
    createRoute({ method: 'post', path: '/me/password', tags: ['Own account'], summary: 'Another password; every other session ends', request: body(PasswordChange), responses: saved() }),
    async (c) => {
      const session = await ownSession(app, c)
      await proveOneself(app, session, c.req.valid('json').password)
      return c.json({ receipt: await asCaller(app, c, (ctx) => changePassword(ctx, c.req.valid('json'), session)) }, 201)
    },
  )
  api.openapi(
    createRoute({ method: 'post', path: '/me/second-factor', tags: ['Own account'], summary: 'Makes the secret of a second factor', responses: { 201: json('The secret, and its address for apps', z.object({ secret: z.string(), address: z.string() })), ...refusals } }),
    async (c) => {
      await ownSession(app, c)
      return c.json(await asCaller(app, c, (ctx) => beginSecondFactor(ctx, keys)), 201)
    },
  )
  api.openapi(
    createRoute({ method: 'post', path: '/me/second-factor/confirmation', tags: ['Own account'], summary: 'Confirms it by its first code', request: body(OwnCode), responses: { 201: json('Ten recovery codes', Recovery), ...refusals } }),
    async (c) => {
      await ownSession(app, c)
      return c.json(await asCaller(app, c, (ctx) => confirmSecondFactor(ctx, keys, c.req.valid('json'))), 201)
    },
  )
  api.openapi(
    createRoute({ method: 'post', path: '/me/second-factor/recovery-codes', tags: ['Own account'], summary: 'Ten new recovery codes; earlier ones stop', request: body(OwnCode), responses: { 201: json('Ten recovery codes', Recovery), ...refusals } }),
    async (c) => {
      await proveCode(app, await ownSession(app, c), c.req.valid('json').code)
      return c.json(await asCaller(app, c, (ctx) => renewRecoveryCodes(ctx, keys)), 201)
    },
  )
  api.openapi(
    createRoute({ method: 'post', path: '/me/second-factor/removal', tags: ['Own account'], summary: 'Takes it away', request: body(OwnCode), responses: saved() }),
    async (c) => {
      await proveCode(app, await ownSession(app, c), c.req.valid('json').code)
      return c.json({ receipt: await asCaller(app, c, removeSecondFactor) }, 201)
    },
  )
}

/** The caller's own session: a token opens no account. */
async function ownSession(app: App, c: Call): Promise<Session> {
  demandOwnOrigin(app, c)
  if (c.req.header('authorization') !== undefined) throw new Forbidden(accountWords.say('by_session_only'))
  const { session } = await app.auth.sessionOf(c.req.raw.headers)
  if (!session) throw new HTTPException(401, { message: apiWords.in(languageOf(c.req.raw))('not_signed_in') })
  return session
}

function json<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } }
}

function answers<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { 200: json(description, schema), ...refusals }
}
