import type { Context } from 'hono'

type Bindings = { address?: string; incoming?: { socket: { remoteAddress?: string | undefined } } }

/** Where a call comes from, as the server found out, who knows its proxies; where the API stands alone, the other end of the connection. */
export function addressOf(c: Context): string {
  const { address, incoming } = (c.env ?? {}) as Bindings
  return address ?? incoming?.socket.remoteAddress ?? '127.0.0.1'
}
