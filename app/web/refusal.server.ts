import { data } from 'react-router'
import { Forbidden, NotFound, Refused } from '../platform/errors.ts'
import type { Language } from '../platform/i18n.ts'
import type { Log } from '../platform/log.ts'
import { cannotBeStored, databaseIsAway, isHidden } from './database-errors.server.ts'
import { writeWords as words } from './write.messages.ts'

/** What the root's error page gets as `error.data`; the status says the rest. `sentence` is null for a plain 404. */
export type Refusal = { sentence: string | null }

/**
 * What to throw from a loader or action in place of the error: 404, 403, 400 or 503 with the sentence for the reader.
 * Anything else is a bug and stays as it is.
 */
export function refuse(error: unknown, language: Language, log: Log): unknown {
  if (error instanceof NotFound || isHidden(error)) return refusal(null, 404)
  if (error instanceof Forbidden) return refusal(error.sentence(language), 403)
  if (error instanceof Refused) return refusal(error.sentence(language), 400)
  if (cannotBeStored(error)) return refusal(words.in(language)('not_storable'), 400)
  if (databaseIsAway(error)) {
    log.warn({ err: error }, 'a request met a database that is away')
    return refusal(words.in(language)('database_away'), 503, { 'Retry-After': '5' })
  }
  return error
}

function refusal(sentence: string | null, status: number, headers: HeadersInit = {}) {
  return data<Refusal>({ sentence }, { status, headers })
}
