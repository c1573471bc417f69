import type { BetterAuthPlugin } from 'better-auth'
import { APIError, createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { z } from 'zod'

/** A session for an account whose person another provider has proved: called by auth.server.ts, and open under no address. */
export const linkedSignIn = {
  id: 'linked-sign-in',
  endpoints: {
    signInLinked: createAuthEndpoint.serverOnly({ method: 'POST', body: z.object({ accountId: z.uuid() }) }, async (ctx) => {
      const user = await ctx.context.internalAdapter.findUserById(ctx.body.accountId)
      if (!user) throw new APIError('UNAUTHORIZED')
      const session = await ctx.context.internalAdapter.createSession(user.id)
      await setSessionCookie(ctx, { session, user })
      return ctx.json({})
    }),
  },
} satisfies BetterAuthPlugin
