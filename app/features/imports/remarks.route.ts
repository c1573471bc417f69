import type { LoaderFunctionArgs } from 'react-router'
import { idOf } from '../../web/params.server.ts'
import { download } from '../../web/download.ts'
import { read } from '../../web/read.server.ts'
import { fileOf } from './files.server.ts'
import { remarksOf } from './remarks.server.ts'

/** The rows that were brought, with what is wrong beside each: to be corrected and brought again. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const { grids } = await read(args, (ctx, { params, url, language }) => remarksOf(ctx, idOf(params['id']), !url.searchParams.has('all'), language))
  return download(await fileOf(grids, 'xlsx', 'dong-can-sua'))
}
