import { sql } from 'kysely'
import type { LoaderFunctionArgs } from 'react-router'
import { ActingOver } from '../../web/acting-over.ts'
import { appContext } from '../../web/context.ts'
import { asPerson, sessionOf } from '../../web/visit.server.ts'

/** How many notices are unread, for pages whose stream is cut. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const session = await sessionOf(args, { isUse: false })
  if (!session || session.mustEnrol) return Response.json({}, { status: 401 })
  try {
    const unread = await asPerson(args.context.get(appContext), session, async ({ tx, viewer }) => {
      const { rows } = await sql<{ unread: number }>`select count(*) as unread from (select from notice where notice.person_id = ${viewer.personId} and notice.read_at is null limit 100) as unread`.execute(tx)
      return rows[0]!.unread
    })
    return Response.json({ unread })
  } catch (error) {
    if (error instanceof ActingOver) return Response.json({}, { status: 401 })
    throw error
  }
}
