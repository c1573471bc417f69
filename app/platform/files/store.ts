import type { Readable } from 'node:stream'

/** Where contents lie by their hash, 64 hexadecimal digits. Nothing in it is ever changed: a name says what is in it. */
export type Store = {
  /** Before any transaction: what takes long about keeping this draft. */
  prepare: (hash: string, draft: string) => Promise<void>
  /** Durable under its hash when this returns, unless it was there already. `draft` may be gone afterwards. */
  place: (hash: string, draft: string) => Promise<void>
  /** `end` is the last byte, included. Throws NoContent. */
  open: (hash: string, range?: { start: number; end: number }) => Promise<Readable>
  /** Size in bytes and when it was put there; null for none. */
  look: (hash: string) => Promise<{ size: number; at: Date } | null>
  remove: (hash: string) => Promise<void>
  /** Everything that lies there. */
  list: () => AsyncIterable<{ hash: string; at: Date }>
}

/** A row names a content that is not there: somebody has taken it away behind our back. */
export class NoContent extends Error {
  constructor(hash: string) {
    super(`The content ${hash} is not in the store of files.`)
  }
}
