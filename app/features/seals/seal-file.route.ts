import type { LoaderFunctionArgs } from 'react-router'
import { NotFound } from '../../platform/errors.ts'
import { appContext } from '../../web/context.ts'
import { downloadMade } from '../../web/download.server.ts'
import { read } from '../../web/read.server.ts'
import { reportFormats } from '../reports/report-file.server.ts'
import { sealFile } from './seal-files.server.ts'
import { sealByCode } from './seal-views.server.ts'

/** A sealed report as a file, in the format its address ends with. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const { timeZone } = args.context.get(appContext).config
  const { seal, format, language } = await read(args, async ({ tx }, { params, url, language }) => {
    const format = reportFormats.find((one) => url.pathname.endsWith(`.${one}`))
    if (!format) throw new NotFound()
    return { seal: await sealByCode(tx, params['code'] ?? ''), format, language }
  })
  // written after the transaction has ended: a document takes longer than its numbers
  return downloadMade(args, () => sealFile(seal, format, { language, timeZone }))
}
