import { lookup, type LookupAddress } from 'node:dns'
import ipaddr from 'ipaddr.js'
import { Agent, request } from 'undici'
import { trustOf } from '../../platform/client-address.ts'
import { NotSent } from '../../platform/mail.ts'

const patience = 10_000
const mostRead = 64 * 1024

/** Why an address is not called at all; the key of a sentence. */
export type Objection = 'no_address' | 'not_https' | 'has_login' | 'is_private'

/**
 * Why this address would not be called, as far as it says so itself; null when that depends on what its name is looked up as.
 * `allowed` are the addresses of one's own network that the settings name.
 */
export function objectionTo(address: string, allowed: string[]): Objection | null {
  const url = URL.canParse(address) ? new URL(address) : null
  if (!url || !['https:', 'http:'].includes(url.protocol) || !url.hostname) return 'no_address'
  if (url.username || url.password) return 'has_login'
  const literal = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const isOwn = ipaddr.isValid(literal) && isAllowed(literal, allowed)
  if (ipaddr.isValid(literal) && !isOwn && !isPublic(literal)) return 'is_private'
  if (url.protocol === 'http:' && !isOwn && (allowed.length === 0 || ipaddr.isValid(literal))) return 'not_https'
  return null
}

/**
 * Posts a text and gives the status of the answer. Nothing but public addresses and those that are allowed is reached, whatever a name
 * is looked up as; no redirect is followed; ten seconds and 64 KB are the most. Throws NotSent.
 */
export async function postGuarded(address: string, { body, headers, allowed, patienceMs = patience }: { body: string; headers: Record<string, string>; allowed: string[]; patienceMs?: number }): Promise<number> {
  const objection = objectionTo(address, allowed)
  if (objection) throw new NotSent(`the address is not called: ${objection}`, true)
  const isPlain = new URL(address).protocol === 'http:'
  const mayReach = (ip: string) => isAllowed(ip, allowed) || (!isPlain && isPublic(ip))
  const agent = new Agent({ connect: { lookup: guardedLookup(mayReach), timeout: 5000 }, headersTimeout: patienceMs, bodyTimeout: patienceMs })
  try {
    const response = await request(address, { method: 'POST', body, headers, dispatcher: agent, signal: AbortSignal.timeout(patienceMs) })
    let size = 0
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      size += chunk.byteLength
      if (size > mostRead) break // the answer's text is not looked at
    }
    return response.statusCode
  } catch (error) {
    const { name, message, code } = error as Error & { code?: string }
    throw new NotSent(name === 'TimeoutError' || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT' ? 'no answer within ten seconds' : `${code ? `${code}: ` : ''}${message}`.slice(0, 300), false)
  } finally {
    await agent.destroy()
  }
}

type Answer = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void

/** Looks a name up as usual, and refuses it when any of its addresses is not to be reached: the connection goes to what was checked. */
function guardedLookup(mayReach: (ip: string) => boolean) {
  return (hostname: string, options: { family?: number | string; all?: boolean }, answer: Answer): void => {
    lookup(hostname, { all: true, family: options.family === 6 || options.family === 4 ? options.family : 0 }, (error, addresses) => {
      if (error) return answer(error, [])
      if (addresses.length === 0 || !addresses.every(({ address }) => mayReach(address))) {
        return answer(Object.assign(new Error('the name leads to an address that is not called'), { code: 'ENOTALLOWED' }), [])
      }
      return options.all ? answer(null, addresses) : answer(null, addresses[0]!.address, addresses[0]!.family)
    })
  }
}

const isPublic = (ip: string) => ipaddr.process(ip).range() === 'unicast'
const isAllowed = (ip: string, allowed: string[]) => allowed.length > 0 && trustOf(allowed).isTrusted(ipaddr.process(ip).toString())
