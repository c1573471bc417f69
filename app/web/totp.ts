import { randomInt } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'

const period = 30
const issuer = 'Thông Suốt'

/** A new shared secret, as apps take it when it is typed: base32. */
export function newSecret(): string {
  return new Secret({ size: 20 }).base32
}

/** What the QR code says to the app. */
export function addressOfSecret(secret: string, username: string): string {
  return totpOf(secret, username).toString()
}

/** The half minute in which an app showed this code, the one before or the next; null for a wrong code. */
export function stepOf(secret: string, code: string, now: number = Date.now()): number | null {
  if (!isAppCode(code)) return null
  const delta = totpOf(secret).validate({ token: plainCode(code), timestamp: now, window: 1 })
  return delta === null ? null : Math.floor(now / 1000 / period) + delta
}

/** Six digits, however they are spaced; anything else can only be a recovery code. */
export function isAppCode(typed: string): boolean {
  return /^\d{6}$/.test(plainCode(typed))
}

/** A code as it is compared: without spaces and hyphens, in lower case. */
export function plainCode(typed: string): string {
  return typed.normalize('NFKC').replace(/[\s-]/g, '').toLowerCase()
}

// no 0, 1, l, o, i: they are read wrongly from paper
const letters = 'abcdefghjkmnpqrstuvwxyz23456789'

/** A recovery code, 49 bits: `k7m2p-x9rvd`. */
export function newRecoveryCode(): string {
  const half = () => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('')
  return `${half()}-${half()}`
}

function totpOf(secret: string, label = ''): TOTP {
  return new TOTP({ issuer, label, secret: Secret.fromBase32(secret), digits: 6, period, algorithm: 'SHA1' }) // SHA1: what every app knows
}
