import type { LoaderFunctionArgs } from 'react-router'
import { appContext } from '../../web/context.ts'
import { sessionOf } from '../../web/visit.server.ts'

/** The stream behind the bell. 204 has a browser not try again: nobody is signed in, or somebody works in another's place. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const session = await sessionOf(args, { isUse: false })
  if (!session || session.actingId || session.mustEnrol) return new Response(null, { status: 204 })
  return args.context.get(appContext).streams.open(session) ?? new Response(null, { status: 503, headers: { 'Retry-After': '60' } })
}
