import type { FileKind } from './media-types.ts'

/** A file that has come whole and was found to be what it may be; not yet attached to anything. */
export type Kept = {
  sha256: Buffer
  /** Bytes. */
  size: number
  kind: FileKind
  mediaType: string
  /** As the sender called it, not yet made safe; '' for none. */
  name: string
  /** Puts the content where it is found by its hash, unless it lies there already. May be called again. */
  place: () => Promise<void>
  /** Forgets what came; what has been placed stays. May be called again. */
  drop: () => Promise<void>
}

/** Whether this is one, and not what a form or JSON could hold. */
export function isKept(value: unknown): value is Kept {
  return typeof value === 'object' && value !== null && 'place' in value && typeof value.place === 'function' && 'sha256' in value
}
