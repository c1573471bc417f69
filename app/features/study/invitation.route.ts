import type { LoaderFunctionArgs } from 'react-router'
import { NotFound } from '../../platform/errors.ts'
import { downloadMade } from '../../web/download.server.ts'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { officialFile, officialFormats } from '../documents/typesetting/official-file.server.ts'
import { invitationTo } from './invitation.server.ts'

/** The invitation to a session, in the format its address ends with. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const { invitation, format } = await read(args, async (ctx, { url, params }) => {
    const format = officialFormats.find((one) => url.pathname.endsWith(`.${one}`))
    if (!format) throw new NotFound()
    return { format, invitation: await invitationTo(ctx, idOf(params['id'])) }
  })
  return downloadMade(args, () => officialFile(invitation, format))
}
