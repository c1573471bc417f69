import { createHash, timingSafeEqual } from 'node:crypto'
import * as client from 'openid-client'
import { v7 } from 'uuid'
import { asSystem, constraintOf, type Db, type Tx } from '../db/open.ts'
import type { Config } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'
import { cookieOf } from './language.ts'
import { ownPath } from './own-path.ts'
import { plainUsername } from './username.ts'

/** Why nobody was signed in or linked; the sign-in page and the page of linking say it in a sentence. */
export const oidcRefusals = ['away', 'lost', 'declined', 'failed', 'unknown', 'linked_elsewhere', 'not_signed_in'] as const
export type OidcRefusal = (typeof oidcRefusals)[number]

type Begun = { url: string; cookie: string } | { refusal: 'away' }
type Finished = { accountId: string; backTo: string; isLinking: boolean } | { refusal: OidcRefusal; backTo: string; isLinking: boolean }

/** An organisation's own sign-in (OpenID Connect). It finds accounts and links them: it never makes an account, a person or a right. */
export type Oidc = {
  /** What the button calls it. */
  name: string
  /** `oidc:` and the issuer: what a linked identity is filed under. */
  provider: string
  /** Where to send the browser, with the cookie that ties what comes back to it. `accountId`: to link that account, not to sign in. */
  begin(asked: { redirectUri: string; backTo: string; accountId?: string | undefined }): Promise<Begun>
  /** What came back, once: the second time the same address is lost. `signedIn` is the account of this browser, for linking. */
  finish(request: Request, signedIn: string | null): Promise<Finished>
}

const usualPatience = 5 // seconds for each request to the provider
const lifetime = 10 * 60 * 1000
const cookieName = 'thong-suot.oidc'
const callback = '/sign-in/oidc/callback'

/** The address that the provider sends people back to: what is registered there. */
export function callbackOf(origin: string): string {
  return new URL(callback, origin).href
}

/** Sign-in through the provider that the settings name; null when they name none. Nothing is asked of it before somebody comes. */
export function openOidc({ db, config, log }: { db: Db; config: Pick<Config, 'oidc'>; log: Log }, patience = usualPatience): Oidc | null {
  const { oidc } = config
  if (!oidc) return null
  const provider = `oidc:${oidc.issuer}`
  let found: Promise<client.Configuration> | null = null

  function discovered(): Promise<client.Configuration> {
    found ??= discover(oidc!, patience).catch((error: unknown) => {
      found = null // it may be back the next time
      throw error
    })
    return found
  }

  async function begin({ redirectUri, backTo, accountId }: Parameters<Oidc['begin']>[0]): Promise<Begun> {
    const configuration = await discovered().catch((error: unknown) => {
      log.warn(told(error), 'the sign-in provider does not answer')
      return null
    })
    if (!configuration) return { refusal: 'away' }
    const [state, nonce, codeVerifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()]
    await asSystem(db, log, 'a sign-in through the provider begins', async (tx) => {
      await tx.deleteFrom('oidc_attempt').where('expires_at', '<', new Date()).execute()
      await tx
        .insertInto('oidc_attempt')
        .values({ state_hash: hashOf(state), nonce, code_verifier: codeVerifier, back_to: ownPath(backTo), account_id: accountId ?? null, expires_at: new Date(Date.now() + lifetime) })
        .execute()
    })
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: scopeFor(oidc!.claim),
      code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    })
    const secure = redirectUri.startsWith('https:') ? '; Secure' : ''
    // Lax: the way back begins on the provider's site, by a plain link.
    return { url: url.href, cookie: `${cookieName}=${state}; Path=/sign-in/oidc; Max-Age=${lifetime / 1000}; HttpOnly; SameSite=Lax${secure}` }
  }

  async function finish(request: Request, signedIn: string | null): Promise<Finished> {
    const url = new URL(request.url)
    const state = url.searchParams.get('state') ?? ''
    const kept = cookieOf(request, cookieName) ?? ''
    const lost = { refusal: 'lost', backTo: '/', isLinking: false } as const
    // Begun in another browser: somebody may want this one to sign in as somebody else.
    if (!state || !timingSafeEqual(hashOf(state), hashOf(kept))) return lost
    const attempt = await asSystem(db, log, 'a sign-in through the provider ends', (tx) =>
      tx.deleteFrom('oidc_attempt').where('state_hash', '=', hashOf(state)).returning(['nonce', 'code_verifier', 'back_to', 'account_id', 'expires_at']).executeTakeFirst(),
    )
    if (!attempt || attempt.expires_at < new Date()) return lost
    const isLinking = attempt.account_id !== null
    const back = { backTo: ownPath(attempt.back_to), isLinking }
    if (url.searchParams.get('error') === 'access_denied') return { refusal: 'declined', ...back }
    let identity: Identity
    try {
      identity = await identityOf(await discovered(), url, { state, nonce: attempt.nonce, codeVerifier: attempt.code_verifier, claim: oidc!.claim })
    } catch (error) {
      const isAway = isUnreachable(error)
      log.warn(told(error), isAway ? 'the sign-in provider does not answer' : 'what the sign-in provider answered was refused')
      return { refusal: isAway ? 'away' : 'failed', ...back }
    }
    if (attempt.account_id && attempt.account_id !== signedIn) return { refusal: 'not_signed_in', ...back }
    const accountId = await asSystem(db, log, 'whose identity with the provider it is', (tx) =>
      attempt.account_id ? link(tx, { provider, accountId: attempt.account_id, subject: identity.subject }) : accountFor(tx, provider, identity),
    ).catch((error: unknown) => {
      if (constraintOf(error) === 'account_has_one_identity_a_provider' || constraintOf(error) === 'account_credential_is_unique') return null
      throw error
    })
    return accountId ? { accountId, ...back } : { refusal: isLinking ? 'linked_elsewhere' : 'unknown', ...back }
  }

  return { name: oidc.name, provider, begin, finish }
}

type Identity = { subject: string; username: string | null }

function discover({ issuer, clientId, clientSecret }: NonNullable<Config['oidc']>, patience: number): Promise<client.Configuration> {
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(new URL(issuer).hostname)
  return client.discovery(new URL(issuer), clientId, undefined, clientSecret ? client.ClientSecretBasic(clientSecret) : client.None(), {
    timeout: patience,
    // Signatures are checked although the token came straight from the provider: TLS may end before it.
    execute: [client.enableNonRepudiationChecks, ...(isLoopback ? [client.allowInsecureRequests] : [])],
  })
}

/** Who the provider says it is: the library checks state, issuer, code, PKCE, signature, audience, times and nonce, and throws. */
async function identityOf(configuration: client.Configuration, url: URL, asked: { state: string; nonce: string; codeVerifier: string; claim: string | null }): Promise<Identity> {
  const tokens = await client.authorizationCodeGrant(configuration, url, { pkceCodeVerifier: asked.codeVerifier, expectedState: asked.state, expectedNonce: asked.nonce, idTokenExpected: true })
  const claims = tokens.claims()!
  if (!asked.claim) return { subject: claims.sub, username: null }
  const hasUserInfo = configuration.serverMetadata().userinfo_endpoint !== undefined
  const all: Record<string, unknown> = asked.claim in claims || !hasUserInfo ? claims : await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)
  const value = all[asked.claim]
  // An address or number that the provider did not check may be anybody's.
  const isProved = !['email', 'phone_number'].includes(asked.claim) || all[`${asked.claim}_verified`] === true
  return { subject: claims.sub, username: typeof value === 'string' && isProved ? value : null }
}

/** The account linked to the identity or, where settings say which claim is the user name, the account of that name, linked from now on. */
async function accountFor(tx: Tx, provider: string, { subject, username }: Identity): Promise<string | null> {
  const linked = await tx.selectFrom('account_credential').select('account_id').where('provider', '=', provider).where('provider_account_id', '=', subject).executeTakeFirst()
  if (linked) return linked.account_id
  if (!username) return null
  const account = await tx.selectFrom('account').select('id').where('username', '=', plainUsername(username)).where('is_disabled', '=', false).executeTakeFirst()
  return account ? link(tx, { provider, accountId: account.id, subject }) : null
}

async function link(tx: Tx, { provider, accountId, subject }: { provider: string; accountId: string; subject: string }): Promise<string> {
  await tx.insertInto('account_credential').values({ id: v7(), account_id: accountId, provider, provider_account_id: subject }).execute()
  const { person_id } = await tx.selectFrom('account').select('person_id').where('id', '=', accountId).executeTakeFirstOrThrow()
  await tx.insertInto('audit_entry').values({ actor_id: person_id, action: 'account.linked', subject_type: 'account', subject_id: person_id, detail: '{}' }).execute()
  return accountId
}

function scopeFor(claim: string | null): string {
  if (claim === null || claim === 'sub') return 'openid'
  return claim === 'email' ? 'openid email' : claim === 'phone_number' ? 'openid phone' : 'openid profile'
}

/** No answer, or none in time; what was answered and is wrong is another matter. */
function isUnreachable(error: unknown): boolean {
  if (error instanceof client.ClientError && error.code === 'OAUTH_TIMEOUT') return true
  if (error instanceof TypeError && error.message === 'fetch failed') return true
  return error instanceof Error && error.cause !== undefined && error.cause !== error && isUnreachable(error.cause)
}

/** What the log gets of an error: an identity that was refused stands whole in its causes. */
function told(error: unknown): { reason: string; cause?: string } {
  if (!(error instanceof Error)) return { reason: 'unknown' }
  return { reason: error.message, ...(error.cause instanceof Error ? { cause: error.cause.message } : {}) }
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
