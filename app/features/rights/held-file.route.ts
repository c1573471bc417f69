import type { LoaderFunctionArgs } from 'react-router'
import { appContext } from '../../web/context.ts'
import { download } from '../../web/download.ts'
import { read } from '../../web/read.server.ts'
import { heldFile } from './held-file.server.ts'
import { heldAbout } from './held.server.ts'

/** Everything held about whoever asks, to keep. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const { timeZone } = args.context.get(appContext).config
  return read(args, async (ctx, { url, language }) => {
    const format = url.pathname.endsWith('.json') ? 'json' : 'xlsx'
    return download(await heldFile(await heldAbout(ctx), format, { name: ctx.viewer.name, today: ctx.viewer.today, language, timeZone }))
  })
}
