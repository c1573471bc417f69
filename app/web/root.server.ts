import { sql } from 'kysely'
import type { LoaderFunctionArgs } from 'react-router'
import { today, type Day } from '../platform/clock.ts'
import type { Language } from '../platform/i18n.ts'
import type { Viewer } from '../permissions/permissions.ts'
import { ActingOver } from './acting-over.ts'
import { appContext, visitContext, type Who } from './context.ts'
import { databaseIsAway } from './database-errors.server.ts'
import { readFlash, spentFlash, type Flash } from './flash.ts'
import { languageOf, typeOf, type TypeSize } from './language.ts'
import { asPerson, sessionOf } from './visit.server.ts'

/** What every page knows: how the reader wants it, who is signed in, what the last submission told. */
export type RootData = {
  language: Language
  type: TypeSize
  viewer: Viewer | null
  /** Notices that are not read; counted to a hundred. */
  unread: number
  toast: Flash | null
  isDemo: boolean
  today: Day
  path: string // with its query, for links that come back here
}

/** The root's loader. It answers also when the database is away, so that the error page stands in the shell. */
export async function loadRoot(args: LoaderFunctionArgs): Promise<RootData> {
  const { request, context } = args
  const app = context.get(appContext)
  const url = new URL(request.url)
  const toast = readFlash(request)
  if (toast) context.get(visitContext).cookies.push(spentFlash)
  return {
    language: languageOf(request),
    type: typeOf(request),
    ...(await viewerOf(args)),
    toast,
    isDemo: app.config.isDemo,
    today: today(app.config.timeZone),
    path: url.pathname + url.search,
  }
}

type Reader = Pick<RootData, 'viewer' | 'unread'>

async function viewerOf(args: LoaderFunctionArgs): Promise<Reader> {
  try {
    const session = await sessionOf(args)
    const viewerAs = (who: Who) => asPerson(args.context.get(appContext), who, async ({ tx, viewer }): Promise<Reader> => {
        const { rows } = await sql<{ unread: number }>`select count(*) as unread from (select from notice where notice.person_id = ${viewer.personId} and notice.read_at is null limit 100) as unread`.execute(tx)
        return { viewer, unread: rows[0]!.unread }
      })
    if (!session) return nobody
    if (!session.actingId) return await viewerAs(session)
    return await viewerAs(session).catch((error: unknown) => {
      if (error instanceof ActingOver) return viewerAs({ personId: session.personId }) // the page itself leaves the mode and says so
      throw error
    })
  } catch (error) {
    if (databaseIsAway(error)) return nobody
    throw error
  }
}

const nobody: Reader = { viewer: null, unread: 0 }
