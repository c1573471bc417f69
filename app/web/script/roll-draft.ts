import { statuses, type MarkStatus } from '../roll-count.ts'

/** What is marked for one person; null while nothing is. */
export type Mark = { status: MarkStatus | null; reason: string }
/** Marks by person. */
export type Marks = Record<string, Mark>

/**
 * Unsaved marks as they lie on the device. `version` is that of the saved roll they were begun on; `isPending` says that the
 * person has pressed Save and the sending failed.
 */
export type Draft = { marks: Marks; version: string; at: string; isPending: boolean }

const prefix = 'roll:'
/** Drafts of forms other than rolls. */
export const formPrefix = 'form:'
const daysKept = 30

/** Where the draft of this person for this sitting lies; another person on the same device has another. */
export function keyOf(viewerId: string, sitting: string): string {
  return `${prefix}${viewerId}:${sitting}`
}

/** Every draft on the device, of whomever. */
export function isDraftKey(key: string): boolean {
  return key.startsWith(prefix) || key.startsWith(formPrefix)
}

/** Reads what was stored; null when nothing, broken, or left for more than thirty days. */
export function readDraft(stored: string | null, now: Date): Draft | null {
  try {
    const draft = JSON.parse(stored ?? 'null') as Partial<Draft> | null
    if (!draft || typeof draft.marks !== 'object' || draft.marks === null || typeof draft.at !== 'string') return null
    const age = now.getTime() - Date.parse(draft.at)
    if (!(age < daysKept * 24 * 3600 * 1000)) return null
    return { marks: cleaned(draft.marks), version: String(draft.version ?? ''), at: draft.at, isPending: draft.isPending === true }
  } catch {
    return null
  }
}

function cleaned(marks: Marks): Marks {
  const clean: Marks = {}
  for (const [person, mark] of Object.entries(marks)) {
    if (!mark || typeof mark !== 'object') continue
    clean[person] = { status: statuses.find((status) => status === mark.status) ?? null, reason: typeof mark.reason === 'string' ? mark.reason : '' }
  }
  return clean
}

/** Whether two sheets say the same; a reason counts only where somebody is not simply present. */
export function isSame(a: Marks, b: Marks): boolean {
  const people = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...people].every((person) => a[person]?.status === b[person]?.status && reasonOf(a[person]) === reasonOf(b[person]))
}

const reasonOf = (mark: Mark | undefined) => (mark === undefined || mark.status === null || mark.status === 'present' ? '' : mark.reason.trim())

/**
 * The draft laid over the list as it is now: people who left the list are dropped, people who came keep what the page shows.
 * `isListChanged` says that one of both happened.
 */
export function restore(draft: Draft, shown: Marks): { marks: Marks; isListChanged: boolean } {
  const marks: Marks = {}
  for (const [person, mark] of Object.entries(shown)) marks[person] = draft.marks[person] ?? mark
  const isListChanged = Object.keys(draft.marks).length !== Object.keys(shown).length || Object.keys(shown).some((person) => !draft.marks[person])
  return { marks, isListChanged }
}

/** Everybody present but those who need not come; reasons given before stay, in case somebody is set back. */
export function allPresent(marks: Marks, optional: ReadonlySet<string> = new Set()): Marks {
  return Object.fromEntries(Object.entries(marks).map(([person, mark]) => [person, optional.has(person) ? mark : { ...mark, status: 'present' as const }]))
}

/** What to do with the answer to a sent roll. All but "saved" leave the draft; "away" is tried again by itself. */
export type Outcome = 'saved' | 'refused' | 'signed-out' | 'away'

/** Saved is only what the server answered with a redirect to another page than signing in. */
export function outcomeOf(answer: { status: number; isRedirected: boolean; path: string }): Outcome {
  if (answer.status === 401 || answer.path.startsWith('/sign-in')) return 'signed-out'
  if (answer.status >= 500) return 'away'
  return answer.isRedirected && answer.status < 400 ? 'saved' : 'refused'
}
