import type pg from 'pg'
import { createContext } from 'react-router'
import type { Db } from '../db/open.ts'
import type { Config } from '../platform/config.ts'
import type { Files } from '../platform/files/files.ts'
import type { Live } from '../platform/live.ts'
import type { Log } from '../platform/log.ts'
import type { Mail } from '../platform/mail.ts'
import type { Queue } from '../platform/queue.ts'
import type { Auth } from './auth.server.ts'
import type { DutyButtons } from './duty-button.ts'
import type { Streams } from './streams.server.ts'

/** What one running server has: handed on, never kept in a module, since pages and API load their own copies of modules. */
export type App = { db: Db; pool: pg.Pool; config: Config; log: Log; auth: Auth; files: Files; mail: Mail; queue: Queue; live: Live; streams: Streams; dutyButtons: DutyButtons }

export const appContext = createContext<App>()

/** One request: its number in the log, where it comes from, who signed in once that was asked, cookies to send along. */
export type Visit = {
  requestId: string
  address: string
  session?: Promise<Session | null>
  cookies: string[]
}

/**
 * Whose browser it is, and the naming by which that person acts for another in it; null: for nobody. `mustEnrol`: an office asks for
 * a second factor that is not there yet, and nothing else is open until it is.
 */
export type Session = { personId: string; accountId: string; sessionId: string; actingId: string | null; mustEnrol: boolean }

/** Whose rights a request has: those of a session, or of a token. */
export type Who = { personId: string; actingId?: string | null; token?: string }

export const visitContext = createContext<Visit>()
