import { randomBytes } from 'node:crypto'
import { betterAuth } from 'better-auth'
import { APIError } from 'better-auth/api'
import { username as byUsername } from 'better-auth/plugins/username'
import { v7 } from 'uuid'
import { asSystem, type Db } from '../db/open.ts'
import { secret, type Config } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'
import { openAttempts } from './attempts.server.ts'
import type { Session } from './context.ts'
import { longestPassword } from './password-length.ts'
import { hashPassword, isPassword } from './password.server.ts'
import { canBeUsername, plainUsername } from './username.ts'

/** Who signs in: what was typed, and the address it came from. */
export type SignIn = { username: string; password: string; address: string; userAgent: string | null }

/** Signed in, with the cookies to set; or not, and how long to wait when there were too many attempts (0: try again now). */
export type SignInAnswer = { isIn: true; cookies: string[] } | { isIn: false; secondsToWait: number }

/** Sign-in and sessions; what they are made with stays in this file. */
export type Auth = {
  signIn(attempt: SignIn): Promise<SignInAnswer>
  /** Ends the session of that browser; returns the cookies that clear it. */
  signOut(headers: Headers): Promise<string[]>
  /** Whose session the cookie names; `cookies` prolong it once a day. */
  sessionOf(headers: Headers): Promise<{ session: Session | null; cookies: string[] }>
}

// A hall shares one address, a family one phone; only failures count.
const mostFailuresOfAccount = 10
const mostFailuresOfAddress = 200
const day = 24 * 60 * 60

/** Opens sign-in on a migrated database. */
export async function openAuth({ db, config, log }: { db: Db; config: Config; log: Log }): Promise<Auth> {
  const auth = configure({ db, config, log, secret: secret('SECRET') ?? (await keptSecret(db, log)) })
  await auth.$context // fails here, not at the first sign-in
  const attempts = openAttempts()

  async function signIn({ username, password, address, userAgent }: SignIn): Promise<SignInAnswer> {
    const plain = plainUsername(username)
    const limits = [[`account ${plain}`, mostFailuresOfAccount], [`address ${address}`, mostFailuresOfAddress]] as const
    const secondsToWait = Math.max(...limits.map(([key, most]) => attempts.secondsToWait(key, most)))
    if (secondsToWait > 0) return { isIn: false, secondsToWait }
    try {
      const headers = new Headers({ 'x-client-address': address, ...(userAgent ? { 'user-agent': userAgent } : {}) })
      const answer = await auth.api.signInUsername({ body: { username: plain, password, rememberMe: true }, headers, returnHeaders: true })
      attempts.forget(limits[0][0])
      return { isIn: true, cookies: answer.headers.getSetCookie() }
    } catch (error) {
      if (!(error instanceof APIError) || error.statusCode >= 500) throw error
      for (const [key] of limits) attempts.countFailure(key)
      return { isIn: false, secondsToWait: 0 }
    }
  }

  async function signOut(headers: Headers): Promise<string[]> {
    const answer = await auth.api.signOut({ headers, returnHeaders: true })
    return answer.headers.getSetCookie()
  }

  async function sessionOf(headers: Headers): Promise<{ session: Session | null; cookies: string[] }> {
    if (!headers.get('cookie')?.includes(cookiePrefix)) return { session: null, cookies: [] }
    const answer = await auth.api.getSession({ headers, returnHeaders: true })
    const found = answer.response
    if (!found || found.user.isDisabled) return { session: null, cookies: [] }
    return { session: { personId: found.user.personId, accountId: found.user.id }, cookies: answer.headers.getSetCookie() }
  }

  return { signIn, signOut, sessionOf }
}

const cookiePrefix = 'thong-suot'

/** Name of the cookie that holds the session; browsers give the prefix to https alone. */
export function sessionCookie(publicUrl: string | null): string {
  return `${publicUrl?.startsWith('https:') ? '__Secure-' : ''}${cookiePrefix}.session_token`
}

function configure({ db, config, log, secret }: { db: Db; config: Config; log: Log; secret: string }) {
  return betterAuth({
    appName: 'Thông Suốt',
    baseURL: config.publicUrl ?? `http://${config.host}:${config.port}`,
    secret,
    database: { db, type: 'postgres' },
    telemetry: { enabled: false },
    logger: { log: (level, message) => log.debug({ from: 'sign-in', level }, message) }, // what fails is thrown as well
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 1, // signing in with a short one is simply wrong; accounts.server.ts sets the rule for new ones
      maxPasswordLength: longestPassword,
      password: { hash: hashPassword, verify: ({ hash, password }) => isPassword(hash, password) },
    },
    rateLimit: { enabled: false }, // counted above, where the pages go through too
    user: {
      modelName: 'account',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
      additionalFields: {
        personId: { type: 'string', required: true, input: false, fieldName: 'person_id' },
        isDisabled: { type: 'boolean', required: true, input: false, fieldName: 'is_disabled' },
      },
    },
    session: {
      modelName: 'account_session',
      fields: { userId: 'account_id', expiresAt: 'expires_at', ipAddress: 'ip_address', userAgent: 'user_agent', createdAt: 'created_at', updatedAt: 'updated_at' },
      expiresIn: 14 * day,
      updateAge: day,
    },
    account: {
      modelName: 'account_credential',
      fields: {
        userId: 'account_id',
        providerId: 'provider',
        accountId: 'provider_account_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: { modelName: 'account_verification', fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' } },
    plugins: [
      byUsername({
        minUsernameLength: 3,
        maxUsernameLength: 60,
        usernameNormalization: plainUsername,
        usernameValidator: canBeUsername,
        validationOrder: { username: 'post-normalization' },
        schema: { user: { fields: { displayUsername: 'display_username' } } },
      }),
    ],
    databaseHooks: {
      session: {
        create: {
          // Only who knew the password comes this far, and still hears the same as everybody else.
          before: async (session) => {
            const account = await db.selectFrom('account').select('is_disabled').where('id', '=', session.userId).executeTakeFirst()
            if (account?.is_disabled !== false) throw new APIError('UNAUTHORIZED')
          },
        },
      },
    },
    advanced: {
      cookiePrefix,
      useSecureCookies: config.publicUrl?.startsWith('https:') ?? false,
      database: { generateId: () => v7(), validateSchema: false },
      ipAddress: { ipAddressHeaders: ['x-client-address'] },
    },
  })
}

/** The secret that signs session cookies: made once a database, so that sessions outlive a restart. */
function keptSecret(db: Db, log: Log): Promise<string> {
  return asSystem(db, log, 'the secret that signs session cookies', async (tx) => {
    await tx
      .insertInto('deployment_secret')
      .values({ key: 'auth', value: randomBytes(32).toString('base64url') })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const { value } = await tx.selectFrom('deployment_secret').select('value').where('key', '=', 'auth').executeTakeFirstOrThrow()
    return value
  })
}
