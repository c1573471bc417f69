import type { Context } from 'hono'

type Bindings = { address?: string; incoming?: { socket: { remoteAddress?: string | undefined } } }

/** Where a request comes from, as the server found out; where it stands alone, behind a proxy the last address that was added, else the other end. */
export function addressOf(c: Context, isBehindProxy: boolean): string {
  const { address } = (c.env ?? {}) as Bindings
  if (address) return address
  const forwarded = isBehindProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  return forwarded || ((c.env as Bindings | undefined)?.incoming?.socket.remoteAddress ?? '127.0.0.1')
}
