import { createRoute, z } from '@hono/zod-openapi'
import { addressOf } from './address.ts'
import { apiWords } from './api.messages.ts'
import { asCaller, demandOwnOrigin, refusals, send, type Api } from './api.server.ts'
import type { App } from './context.ts'
import { languageOf } from './language.ts'

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
      responses: { 204: { description: 'Signed in' }, 401: refusals[401], 422: refusals[422], 429: { ...refusals[401], description: 'Too many wrong attempts' } },
    }),
    async (c) => {
      demandOwnOrigin(app, c)
      const t = apiWords.in(languageOf(c.req.raw))
      const { username, password } = c.req.valid('json')
      const answer = await app.auth.signIn({ username, password, address: addressOf(c, app.config.publicUrl !== null), userAgent: c.req.header('user-agent') ?? null })
      if (!answer.isIn && answer.secondsToWait > 0) {
        c.header('Retry-After', String(answer.secondsToWait))
        return send(c, 429, t('too_many_attempts', { seconds: answer.secondsToWait })) as never
      }
      if (!answer.isIn) return send(c, 401, t('wrong_sign_in')) as never
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
