import type { Context } from 'hono'
import type { App } from './web/context.ts'

// Style attributes are share bars' widths; style elements and scripts within a page are refused.
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "frame-ancestors 'none'",
  "form-action 'self'",
  "base-uri 'none'",
].join('; ')
// swagger-ui lays style elements into its page; it runs no inline script either.
const docsPolicy = pagePolicy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")

const always = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
}

/** What every answer tells the browser: run nothing foreign, be framed nowhere, tell nobody where one came from. */
export function guarded({ config }: Pick<App, 'config'>) {
  const isSecure = config.publicUrl?.startsWith('https:') ?? false
  return async (c: Context, next: () => Promise<void>) => {
    await next()
    const { headers } = c.res
    if (!headers.has('Content-Security-Policy')) headers.set('Content-Security-Policy', c.req.path.startsWith('/api/docs') ? docsPolicy : pagePolicy)
    for (const [name, value] of Object.entries(always)) headers.set(name, value)
    if (isSecure) headers.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains')
  }
}
