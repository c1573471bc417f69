import { randomBytes } from 'node:crypto'
import { betterAuth } from 'better-auth'
import { APIError } from 'better-auth/api'
import { sql } from 'kysely'
import { v7 } from 'uuid'
import { asSystem, type Db } from '../db/open.ts'
import { today } from '../platform/clock.ts'
import { secret, usualSessions, type Config } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'
import { linkedSignIn } from './linked-sign-in.server.ts'
import { openAttempts, type Attempts } from './attempts.server.ts'
import { openBrowsers } from './browsers.server.ts'
import type { Session } from './context.ts'
import { openKeys, type Keys } from './keys.server.ts'
import { openOidc, type Oidc } from './oidc.server.ts'
import { isNoPassword, isPassword } from './password.server.ts'
import { openSecondStep } from './second-step.server.ts'
import { plainUsername } from './username.ts'

/** Where somebody knocks: the address it comes from, and what the browser sends along. */
export type Knock = { address: string; headers: Headers }

/** Who signs in: what was typed. */
export type SignIn = Knock & { username: string; password: string }

/** The six digits of an app, or a recovery code; and whether this browser is not to be asked again for thirty days. */
export type SecondStep = Knock & { code: string; isTrusted: boolean }

/**
 * Signed in, with the cookies to set; right so far, but a code is still to come; or not in, and how long to wait when there were too
 * many attempts (0: try again now).
 */
export type SignInAnswer = { step: 'in'; cookies: string[] } | { step: 'code'; cookies: string[] } | { step: 'out'; secondsToWait: number }

/** Sign-in and sessions; what they are made with stays in this file. */
export type Auth = {
  signIn(attempt: SignIn): Promise<SignInAnswer>
  /** The second step; 'over' when its ten minutes have passed, or the password was never right. */
  enterCode(attempt: SecondStep): Promise<SignInAnswer | { step: 'over' }>
  /** Lets in whom a password or an activation code has proved, once the second factor is right too where there is one. */
  admit(accountId: string, knock: Knock): Promise<SignInAnswer>
  /** Signs in whom an organisation's own provider vouched for; null when the account is shut. */
  signInLinked(vouched: { accountId: string; address: string; userAgent: string | null }): Promise<{ cookies: string[] } | null>
  /** Ends the session of that browser; returns the cookies that clear it. */
  signOut(headers: Headers): Promise<string[]>
  /** Whose session the cookie names; `cookies` prolong it once a day. `isUse` false: an open page asks by itself, which keeps nobody signed in. */
  sessionOf(headers: Headers, isUse?: boolean): Promise<{ session: Session | null; cookies: string[] }>
  /** Which of these sessions are still in force; asking is no use of them. */
  inForce(sessionIds: string[]): Promise<Set<string>>
  /** Takes a code of this account's second factor, once; null when it was right, else how long to wait. */
  takeCode(accountId: string, code: string): Promise<{ secondsToWait: number } | null>
  /** The organisation's own sign-in; null when settings name none. */
  oidc: Oidc | null
  /** Of every attempt at a secret, here and in features. */
  attempts: Attempts
  keys: Keys
}

const day = 24 * 60 * 60

/** Opens sign-in on a migrated database. */
export async function openAuth({ db, config, log }: { db: Db; config: Config; log: Log }): Promise<Auth> {
  const deploymentSecret = secret('SECRET') ?? (await keptSecret(db, log))
  const auth = configure({ db, config, log, secret: deploymentSecret })
  await auth.$context // fails here, not at the first sign-in
  const keys = openKeys(deploymentSecret)
  const attempts = openAttempts({ db, keys })
  const browsers = openBrowsers({ db, keys, isSecure: isSecure(config) })
  const secondStep = openSecondStep({ db, keys, isSecure: isSecure(config) })

  async function signIn({ username, password, ...knock }: SignIn): Promise<SignInAnswer> {
    const plain = plainUsername(username)
    const account = await accountNamed(plain)
    // In a browser that signed in before, only its own failures count: nobody else can shut its owner out.
    const known = await browsers.known(account?.id ?? null, knock.headers)
    const attempt = await attempts.begin(known ? { at: `password ${plain} ${known}`, address: null } : { at: `password ${plain}`, address: knock.address })
    if (!('failed' in attempt)) return { step: 'out', secondsToWait: attempt.secondsToWait }
    const isRight = await (account?.password ? isPassword(account.password, password) : isNoPassword(password))
    if (!isRight || !account || account.is_disabled) {
      await attempt.failed()
      return { step: 'out', secondsToWait: 0 }
    }
    await attempt.succeeded()
    return admit(account.id, knock)
  }

  function accountNamed(plain: string) {
    return db
      .selectFrom('account')
      .leftJoin('account_credential', (join) => join.onRef('account_credential.account_id', '=', 'account.id').on('account_credential.provider', '=', 'credential'))
      .select(['account.id', 'account.is_disabled', 'account_credential.password'])
      .where('account.username', '=', plain)
      .executeTakeFirst()
  }

  async function admit(accountId: string, knock: Knock): Promise<SignInAnswer> {
    if ((await secondStep.isAsked(accountId)) && !(await browsers.isTrusted(accountId, knock.headers))) {
      return { step: 'code', cookies: [await secondStep.await(accountId)] }
    }
    return begin(accountId, knock)
  }

  async function enterCode({ code, isTrusted, ...knock }: SecondStep): Promise<SignInAnswer | { step: 'over' }> {
    const accountId = await secondStep.awaited(knock.headers)
    if (!accountId) return { step: 'over' }
    const wrong = await takeCode(accountId, code)
    if (wrong) return { step: 'out', ...wrong }
    const answer = await begin(accountId, knock, isTrusted)
    return answer.step === 'in' ? { step: 'in', cookies: [...answer.cookies, await secondStep.end(knock.headers)] } : answer
  }

  async function takeCode(accountId: string, code: string): Promise<{ secondsToWait: number } | null> {
    const attempt = await attempts.begin({ at: `code ${accountId}`, address: null })
    if (!('failed' in attempt)) return attempt
    if (!(await secondStep.take(accountId, code))) {
      await attempt.failed()
      return { secondsToWait: 0 }
    }
    await attempt.succeeded()
    return null
  }

  async function begin(accountId: string, knock: Knock, isTrusted = false): Promise<SignInAnswer> {
    const answer = await signInLinked({ accountId, address: knock.address, userAgent: knock.headers.get('user-agent') })
    if (!answer) return { step: 'out', secondsToWait: 0 }
    return { step: 'in', cookies: [...answer.cookies, await browsers.remember(accountId, knock.headers, isTrusted)] }
  }

  async function signInLinked({ accountId, address, userAgent }: { accountId: string; address: string; userAgent: string | null }) {
    try {
      const headers = new Headers({ 'x-client-address': address, ...(userAgent ? { 'user-agent': userAgent } : {}) })
      const answer = await auth.api.signInLinked({ body: { accountId }, headers, returnHeaders: true })
      return { cookies: answer.headers.getSetCookie() }
    } catch (error) {
      if (!(error instanceof APIError) || error.statusCode >= 500) throw error
      return null
    }
  }

  async function signOut(headers: Headers): Promise<string[]> {
    const answer = await auth.api.signOut({ headers, returnHeaders: true })
    return answer.headers.getSetCookie()
  }

  async function sessionOf(headers: Headers, isUse = true): Promise<{ session: Session | null; cookies: string[] }> {
    if (!headers.get('cookie')?.includes(`${cookiePrefix}.session_token=`)) return { session: null, cookies: [] }
    const answer = await auth.api.getSession({ headers, returnHeaders: true })
    const found = answer.response
    if (!found || found.user.isDisabled) return { session: null, cookies: [] }
    const { isOver, mustEnrol } = await use(found.session.id, isUse)
    if (isOver) return { session: null, cookies: await signOut(headers) }
    const session = { personId: found.user.personId, accountId: found.user.id, sessionId: found.session.id, actingId: found.session.actingId ?? null, mustEnrol }
    return { session, cookies: answer.headers.getSetCookie() }
  }

  async function inForce(sessionIds: string[]): Promise<Set<string>> {
    const { officeHours, officeIdleMinutes, memberDays } = { ...usualSessions, ...config.sessions }
    await sql`select end_stale_sessions(${sessionIds}::uuid[], ${today(config.timeZone)}, ${officeHours}, ${officeIdleMinutes}, ${memberDays * 24})`.execute(db)
    const { rows } = await sql<{ id: string }>`
      select account_session.id
      from account_session
      join account on account.id = account_session.account_id and not account.is_disabled
      where account_session.id = any (${sessionIds}::uuid[]) and account_session.expires_at > now()`.execute(db)
    return new Set(rows.map((row) => row.id))
  }

  async function use(sessionId: string, isUse: boolean): Promise<{ isOver: boolean; mustEnrol: boolean }> {
    const { officeHours, officeIdleMinutes, memberDays } = { ...usualSessions, ...config.sessions }
    const { rows } = await sql<{ isOver: boolean; mustEnrol: boolean }>`
      select is_over as "isOver", must_enrol as "mustEnrol"
      from use_session(${sessionId}, ${today(config.timeZone)}, ${officeHours}, ${officeIdleMinutes}, ${memberDays * 24}, ${isUse})`.execute(db)
    return rows[0]!
  }

  return { signIn, enterCode, admit, signInLinked, signOut, sessionOf, inForce, takeCode, attempts, keys, oidc: openOidc({ db, config, log }) }
}

const cookiePrefix = 'thong-suot'

/** Name of the cookie that holds the session; browsers give the prefix to https alone. */
export function sessionCookie(publicUrl: string | null): string {
  return `${isSecure({ publicUrl }) ? '__Secure-' : ''}${cookiePrefix}.session_token`
}

const isSecure = ({ publicUrl }: Pick<Config, 'publicUrl'>) => publicUrl?.startsWith('https:') ?? false

function configure({ db, config, log, secret }: { db: Db; config: Config; log: Log; secret: string }) {
  return betterAuth({
    appName: 'Thông Suốt',
    baseURL: config.publicUrl ?? `http://${config.host}:${config.port}`,
    secret,
    database: { db, type: 'postgres' },
    telemetry: { enabled: false },
    logger: { log: (level, message) => log.debug({ from: 'sign-in', level }, message) }, // what fails is thrown as well
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
      additionalFields: { actingId: { type: 'string', required: false, input: false, fieldName: 'acting_id' } },
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
    plugins: [linkedSignIn],
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
      useSecureCookies: isSecure(config),
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
