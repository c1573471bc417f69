import type { Context } from 'hono'

type Bindings = { incoming?: { socket: { remoteAddress?: string | undefined } } }

/** Where a request comes from: behind a proxy the last address it added, else the other end of the connection. */
export function addressOf(c: Context, isBehindProxy: boolean): string {
  const forwarded = isBehindProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  return forwarded || ((c.env as Bindings | undefined)?.incoming?.socket.remoteAddress ?? '127.0.0.1')
}
