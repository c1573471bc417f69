import type { LoaderFunctionArgs } from 'react-router'
import { serveFile } from '../../../platform/files/serve.ts'
import { appContext } from '../../../web/context.ts'
import { idOf } from '../../../web/params.server.ts'
import { read } from '../../../web/read.server.ts'
import { documentFile } from '../files.server.ts'

/** A file of a document: shown where its kind may be, else a download. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const file = await read(args, ({ tx }, { params }) => documentFile(tx, idOf(params['id']), idOf(params['file'])))
  return serveFile(args.context.get(appContext).files, file, args.request, { isInline: new URL(args.request.url).searchParams.has('show') })
}
