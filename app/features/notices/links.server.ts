import { timingSafeEqual } from 'node:crypto'
import type { App } from '../../web/context.ts'

/** What a link of a letter is good for, without signing in. */
export type LinkUse = 'confirm' | 'unsubscribe'

/** A link that the deployment has signed for one use of one address. It holds no name and no address. */
export function linkOf(app: Pick<App, 'auth' | 'config'>, use: LinkUse, addressId: string): string {
  return `${app.config.publicUrl ?? ''}/notices/${use}?of=${addressId}.${signatureOf(app, use, addressId)}`
}

/** The address that such a link was signed for; null for one that was not, or for another use. */
export function addressOf(app: Pick<App, 'auth'>, use: LinkUse, token: string | null): string | null {
  const parts = /^([0-9a-f-]{36})\.([A-Za-z0-9_-]{43})$/.exec(token ?? '')
  if (!parts) return null
  const [, addressId, given] = parts as unknown as [string, string, string]
  return timingSafeEqual(Buffer.from(given), Buffer.from(signatureOf(app, use, addressId))) ? addressId : null
}

const signatureOf = ({ auth }: Pick<App, 'auth'>, use: LinkUse, addressId: string) => auth.keys.mac(`notice-${use}`, addressId).toString('base64url')
