import { createRoute, z } from '@hono/zod-openapi'
import { addressOf } from './address.ts'
import { apiWords } from './api.messages.ts'
import { asCaller, demandOwnOrigin, refusals, send, type Api, type Call } from './api.server.ts'
import type { App } from './context.ts'
import { languageOf } from './language.ts'
import { SignInCode } from './sign-in-code.schema.ts'

const SignIn = z.object({ username: z.string().max(200), password: z.string().max(1000) }).openapi('SignIn')
const Me = z
  .object({ name: z.string(), offices: z.array(z.object({ role: z.string(), unit: z.string() })) })
  .openapi('Me')

/** Signing in and out with the same session cookie that pages use. */
export function signInApi(api: Api, app: App): void {
  api.openapi(
    createRoute({
      method: 'post',
      path: '/sign-in',
      tags: ['Sign-in'],
      summary: 'Signs in; the answer sets the session cookie',
      security: [],
      request: { body: { content: { 'application/json': { schema: SignIn } }, required: true } },
      responses: {
        200: { description: 'Right so far; a code is still to come, by POST /sign-in/code with the cookie of this answer', content: { 'application/json': { schema: z.object({ next: z.literal('code') }) } } },
        204: { description: 'Signed in' },
        401: refusals[401],
        422: refusals[422],
        429: { ...refusals[401], description: 'Too many wrong attempts' },
      },
    }),
    async (c) => {
      demandOwnOrigin(app, c)
      const t = apiWords.in(languageOf(c.req.raw))
      const { username, password } = c.req.valid('json')
      const answer = await app.auth.signIn({ username, password, address: addressOf(c), headers: c.req.raw.headers })
      if (answer.step === 'out') return shutOut(c, answer.secondsToWait, t('wrong_sign_in')) as never
      for (const cookie of answer.cookies) c.header('Set-Cookie', cookie, { append: true })
      return answer.step === 'in' ? c.body(null, 204) : c.json({ next: 'code' as const }, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/sign-in/code',
      tags: ['Sign-in'],
      summary: 'The second step: six digits of an app, or a recovery code',
      security: [],
      request: { body: { content: { 'application/json': { schema: SignInCode.openapi('SignInCode') } }, required: true } },
      responses: { 204: { description: 'Signed in' }, 401: refusals[401], 422: refusals[422], 429: { ...refusals[401], description: 'Too many wrong attempts' } },
    }),
    async (c) => {
      demandOwnOrigin(app, c)
      const t = apiWords.in(languageOf(c.req.raw))
      const answer = await app.auth.enterCode({ ...c.req.valid('json'), address: addressOf(c), headers: c.req.raw.headers })
      if (answer.step === 'out') return shutOut(c, answer.secondsToWait, t('wrong_code')) as never
      if (answer.step !== 'in') return send(c, 401, t('sign_in_first')) as never
      for (const cookie of answer.cookies) c.header('Set-Cookie', cookie, { append: true })
      return c.body(null, 204)
    },
  )
  api.openapi(
    createRoute({ method: 'post', path: '/sign-out', tags: ['Sign-in'], summary: 'Ends the session', responses: { 204: { description: 'Signed out' } } }),
    async (c) => {
      demandOwnOrigin(app, c)
      for (const cookie of await app.auth.signOut(c.req.raw.headers)) c.header('Set-Cookie', cookie, { append: true })
      return c.body(null, 204)
    },
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/me',
      tags: ['Sign-in'],
      summary: 'Who is signed in, with the offices held today',
      responses: { 200: { description: 'The person', content: { 'application/json': { schema: Me } } }, ...refusals },
    }),
    async (c) => {
      const me = await asCaller(app, c, async ({ viewer }) => ({
        name: viewer.name,
        offices: viewer.offices.map((office) => ({ role: office.role, unit: office.unitName })),
      }))
      return c.json(me, 200)
    },
  )
}

/** Not in: a 429 with how long to wait, or a 401 with that sentence. Codes of accounts answer the same. */
export function shutOut(c: Call, secondsToWait: number, sentence: string): Response {
  if (secondsToWait === 0) return send(c, 401, sentence)
  c.header('Retry-After', String(secondsToWait))
  return send(c, 429, apiWords.in(languageOf(c.req.raw))('too_many_attempts', { seconds: secondsToWait }))
}
