import type { LoaderFunctionArgs } from 'react-router'
import { NotFound } from '../../platform/errors.ts'
import { serveFile } from '../../platform/files/serve.ts'
import { appContext } from '../../web/context.ts'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { evidenceFile } from './evidence.server.ts'

/** A proof as it was attached: a download, for the file comes from outside and is never to run here. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const file = await read(args, async ({ tx }, { params }) => {
    const own = await tx.selectFrom('evidence').select('id').where('id', '=', idOf(params['evidenceId'])).where('filing_id', '=', idOf(params['id'])).executeTakeFirst()
    if (!own) throw new NotFound()
    return evidenceFile(tx, own.id)
  })
  return serveFile(args.context.get(appContext).files, file, args.request)
}
