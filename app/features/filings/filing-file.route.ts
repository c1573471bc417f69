import type { LoaderFunctionArgs } from 'react-router'
import { NotFound } from '../../platform/errors.ts'
import { downloadMade } from '../../web/download.server.ts'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { officialFile, officialFormats } from '../documents/typesetting/official-file.server.ts'
import { filingDocument } from './filing-document.server.ts'

/** A report as it was handed up, as a document in the format its address ends with; `?submission=` asks for an earlier one. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const { filing, format } = await read(args, async (ctx, { params, url }) => {
    const format = officialFormats.find((one) => url.pathname.endsWith(`.${one}`))
    const asked = url.searchParams.get('submission')
    if (!format || (asked !== null && !/^\d{1,4}$/.test(asked))) throw new NotFound()
    return { format, filing: await filingDocument(ctx, idOf(params['id']), asked === null ? null : Number(asked)) }
  })
  return downloadMade(args, () => officialFile(filing, format))
}
