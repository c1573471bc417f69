import type { LoaderFunctionArgs } from 'react-router'
import { NotFound } from '../../platform/errors.ts'
import { download } from '../../web/download.ts'
import { read } from '../../web/read.server.ts'
import { templateOf } from './export.server.ts'
import { fileOf } from './files.server.ts'
import { importKinds } from './imports.schema.ts'

/** An empty list of a kind, with headings, an example and how to fill it in. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const { grids, kind } = await read(args, (_, { params, language }) => {
    const named = importKinds.find((one) => `${one}.xlsx` === params['file'])
    if (!named) throw new NotFound()
    return Promise.resolve({ grids: templateOf(named, language), kind: named })
  })
  return download(await fileOf(grids, 'xlsx', `mau-${kind}`))
}
