import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { hashRaw } from '@node-rs/argon2'
import { passwordCost } from './password.server.ts'

/** What the deployment's secret is good for, each purpose with a key of its own. */
export type Keys = {
  /** Keyed hash of what is random by itself, or need not be kept from who holds the secret. */
  mac(purpose: string, text: string): Buffer
  /** Slow keyed hash of what is short enough to be guessed; equal for equal texts, so that it can be looked up. */
  slowMac(purpose: string, text: string): Promise<Buffer>
  /** Encrypts what must be read again (AES-256-GCM). */
  seal(purpose: string, text: string): string
  /** What `seal` was given. Throws when it was sealed for another purpose, or under another secret. */
  open(purpose: string, sealed: string): string
}

export function openKeys(secret: string): Keys {
  const keyOf = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, 'thong-suot', purpose, 32))

  function mac(purpose: string, text: string): Buffer {
    return createHmac('sha256', keyOf(purpose)).update(text).digest()
  }

  function slowMac(purpose: string, text: string): Promise<Buffer> {
    return hashRaw(text, { ...passwordCost, salt: keyOf(purpose), outputLen: 32 })
  }

  function seal(purpose: string, text: string): string {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', keyOf(purpose), nonce)
    const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString('base64url')
  }

  function open(purpose: string, sealed: string): string {
    const bytes = Buffer.from(sealed, 'base64url')
    const decipher = createDecipheriv('aes-256-gcm', keyOf(purpose), bytes.subarray(0, 12), { authTagLength: 16 })
    decipher.setAuthTag(bytes.subarray(12, 28))
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
  }

  return { mac, slowMac, seal, open }
}
