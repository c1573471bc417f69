import type { LoaderFunctionArgs } from 'react-router'
import { NotFound } from '../../platform/errors.ts'
import { download } from '../../web/download.ts'
import { read } from '../../web/read.server.ts'
import { exportOf } from './export.server.ts'
import { fileOf } from './files.server.ts'
import { FileFormat, ImportKind } from './imports.schema.ts'

/** What there is today of a kind, as a file that can be loaded again. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const { grids, kind, format } = await read(args, async (ctx, { params, url, language }) => {
    const [name, ending] = (params['file'] ?? '').split('.')
    const [asked, as] = [ImportKind.safeParse(name), FileFormat.safeParse(ending)]
    if (!asked.success || !as.success) throw new NotFound()
    return { grids: await exportOf(ctx, asked.data, url.searchParams.get('unit') || null, language), kind: asked.data, format: as.data }
  })
  return download(await fileOf(grids, format, kind))
}
