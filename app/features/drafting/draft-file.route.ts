import type { LoaderFunctionArgs } from 'react-router'
import { NotFound } from '../../platform/errors.ts'
import { downloadMade } from '../../web/download.server.ts'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { officialFile, officialFormats } from '../documents/typesetting/official-file.server.ts'
import { draftedDocument } from './draft-document.server.ts'

/** A document that was written here, in the format its address ends with. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const { made, format } = await read(args, async (ctx, { params, url }) => {
    const format = officialFormats.find((one) => url.pathname.endsWith(`.${one}`))
    if (!format) throw new NotFound()
    return { format, made: await draftedDocument(ctx, idOf(params['id'])) }
  })
  return downloadMade(args, () => officialFile(made, format))
}
