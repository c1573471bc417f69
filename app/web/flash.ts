import { cookieOf } from './language.ts'

/** What the page after a submission says once: that it is saved, under which number, and the form that takes it back. */
export type Flash = { sentence: string; receipt: number | null; undo?: Undo | null }
export type Undo = { action: string; fields: Record<string, string> }

const name = 'flash'
const ends = 'Path=/; HttpOnly; SameSite=Lax'

/** Set-Cookie with what the next page says; it lasts a minute. */
export function flashCookie({ sentence, receipt, undo }: Flash): string {
  return `${name}=${encodeURIComponent(JSON.stringify([sentence, receipt, undo ?? null]))}; Max-Age=60; ${ends}`
}

/** Set-Cookie that removes it, once a page has shown it. */
export const spentFlash = `${name}=; Max-Age=0; ${ends}`

/** What the last submission left to say; null when nothing, or nothing readable. */
export function readFlash(request: Request): Flash | null {
  try {
    const [sentence, receipt, undo] = JSON.parse(cookieOf(request, name) ?? '[]') as [string?, number?, (Undo | null)?]
    return typeof sentence === 'string' ? { sentence, receipt: typeof receipt === 'number' ? receipt : null, undo: undo ?? null } : null
  } catch {
    return null
  }
}
