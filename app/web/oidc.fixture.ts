import { generateKeyPairSync } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import Provider from 'oidc-provider'

/** What the provider knows of a person, by the name typed at its own sign-in. */
export type Claims = Record<string, unknown>

export const client = { clientId: 'thong-suot', clientSecret: 'một-bí-mật-dài'.normalize('NFD').replace(/[^a-z-]/g, '') }

/** A real provider on that port of this machine. `walk` is a person's browser at it: from the address we send it to, to the one it sends back to. */
export async function startProvider(port: number, people: Record<string, Claims>, redirectUris: string[]) {
  const issuer = `http://127.0.0.1:${port}`
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const provider = new Provider(issuer, {
    clients: [{ client_id: client.clientId, client_secret: client.clientSecret, redirect_uris: redirectUris }],
    claims: { openid: ['sub'], profile: ['preferred_username'], email: ['email', 'email_verified'] },
    cookies: { keys: ['one'] },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'one' }] },
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  })
  const stop = await listen(port, provider.callback())
  return { issuer, stop, walk: (address: string, login: string) => walk(address, login, redirectUris) }
}

/** Any server of this machine, such as a provider that lies or says nothing. */
export function listen(port: number, answer: RequestListener): Promise<() => Promise<void>> {
  return new Promise((resolve, reject) => {
    const server: Server = createServer(answer)
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () =>
      resolve(
        () =>
          new Promise((stopped) => {
            server.close(() => stopped())
            server.closeAllConnections()
          }),
      ),
    )
  })
}

async function walk(address: string, login: string, redirectUris: string[]): Promise<string> {
  const jar = new Map<string, string>()
  let next: { url: string; form?: URLSearchParams } = { url: address }
  for (let step = 0; step < 12; step++) {
    const answer = await fetch(next.url, {
      method: next.form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(next.form ? { body: next.form } : {}),
    })
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!
      jar.set(name!, value!)
    }
    const to = answer.headers.get('location')
    if (to) {
      const url = new URL(to, next.url)
      if (redirectUris.some((uri) => url.href.startsWith(uri))) return url.href
      next = { url: url.href }
      continue
    }
    const page = await answer.text()
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1]
    if (!prompt) throw new Error(`the provider said ${answer.status}: ${page.slice(0, 300)}`)
    next = { url: new URL(/action="([^"]+)"/.exec(page)![1]!, next.url).href, form: new URLSearchParams(prompt === 'login' ? { prompt, login, password: 'x' } : { prompt }) }
  }
  throw new Error('the provider asks and asks')
}
