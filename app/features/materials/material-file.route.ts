import type { Route } from './+types/material-file.route'
import { NotFound } from '../../platform/errors.ts'
import { serveFile } from '../../platform/files/serve.ts'
import { appContext } from '../../web/context.ts'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { materialFileOf } from './material-views.server.ts'

/** The file of a version: pictures, sound and PDF may be shown, all else is saved. */
export const loader = async (args: Route.LoaderArgs) => {
  const file = await read(args, async (ctx, { params, url }) => {
    const found = await materialFileOf(ctx.tx, idOf(params.id), Number(url.searchParams.get('version')) || null)
    if (!found) throw new NotFound()
    return found
  })
  return serveFile(args.context.get(appContext).files, file, args.request, { isInline: true })
}
